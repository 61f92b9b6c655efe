"""The times at which somebody is free, in the words that people write into a cell."""

import re
from collections.abc import Iterator
from typing import Final

from foundation.fields import DAYS, PARTS
from foundation.language import _
from foundation.sheets.cells import Unfit, shown

WHOLE_WEEK: Final = 2 ** (DAYS * len(PARTS)) - 1
_ALL_DAYS: Final = frozenset(range(DAYS))
_ALL_PARTS: Final = frozenset(range(len(PARTS)))

_DAY_WORDS: Final = (
    ("mon", "monday", "mondays"),
    ("tue", "tues", "tuesday", "tuesdays"),
    ("wed", "weds", "wednesday", "wednesdays"),
    ("thu", "thur", "thurs", "thursday", "thursdays"),
    ("fri", "friday", "fridays"),
    ("sat", "saturday", "saturdays"),
    ("sun", "sunday", "sundays"),
)
_PART_WORDS: Final = (
    ("morning", "mornings", "am"),
    ("afternoon", "afternoons", "pm"),
    ("evening", "evenings", "eve", "eves", "night", "nights"),
)
_GROUPS_OF_DAYS: Final = {
    "weekday": frozenset(range(5)),
    "weekdays": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    "weekends": frozenset({5, 6}),
}
_PHRASES: Final = (
    (re.compile(r"\b(?:any ?time|all day|whole day)s?\b"), " allday "),
    (re.compile(r"\bday ?times?\b"), " daytime "),
    (re.compile(r"\b(?:any ?day|every ?day|all days|all week|whole week|seven days|7 days|daily)\b"), " anyday "),
    (re.compile(r"\b(?:always|flexible|any|all)\b"), " anyday "),
    (re.compile(r"\bweek (?=days?\b|ends?\b)"), "week"),
    (re.compile(r"\s+(?:to|until|till)\s+|\s*[-\u2013\u2014]\s*"), " to "),
)
_NOISE: Final = frozenset({"on", "in", "the", "every", "each", "during", "free", "available"})
_JOINS: Final = frozenset({"and", "&", "+", ",", "/"})
_TOKEN: Final = re.compile(r"[^\s,&+/.:]+|[,&+/]")
_SINGLE_DAYS: Final = {word: day for day, words in enumerate(_DAY_WORDS) for word in words}
_DAYS_BY_WORD: Final = (
    {word: frozenset({day}) for word, day in _SINGLE_DAYS.items()} | _GROUPS_OF_DAYS | {"anyday": _ALL_DAYS}
)
_PARTS_BY_WORD: Final = {word: frozenset({part}) for part, words in enumerate(_PART_WORDS) for word in words} | {
    "allday": _ALL_PARTS,
    "daytime": frozenset({0, 1}),
}


def week(text: str) -> int:
    """Read when somebody is free, such as `Mon evening; Tue morning`, `weekday evenings` or `any`.

    Semicolons and line breaks part one time from the next. Within a time, days before a part of the day share it:
    `Mon, Tue evening` is two evenings. A day without a part is the whole day, a part without a day is every day's.

    Returns:
        The week as `WeekField` keeps it.

    Raises:
        Unfit: A word is not known, or the words can be read in two ways.
    """
    slots = 0
    for time in re.split(r"[;\n|]+", text.casefold()):
        try:
            slots |= _slots(_plain(time))
        except ValueError as error:
            raise Unfit(
                _(
                    "“%(text)s” cannot be read as times. "
                    "Write them like “Mon evening; Tue morning” or “weekday evenings”.",
                    text=shown(time),
                )
            ) from error
    return slots


def _plain(time: str) -> list[str]:
    """Cut one time into words, with set phrases made one word."""
    for pattern, word in _PHRASES:
        time = pattern.sub(word, time)
    return [token for token in _TOKEN.findall(time) if token not in _NOISE]


def _slots(tokens: list[str]) -> int:
    """Read the words of one time, or raise ValueError."""
    slots = 0
    days: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()
    for kind, found in _steps(tokens):
        if kind == "days":
            if parts:
                slots |= _bits(days, parts)
                days, parts = frozenset(), frozenset()
            if days and _ALL_DAYS in (days, found):
                raise ValueError  # “Monday, any” may mean any time on Monday, or any day.
            days |= found
        else:
            parts |= found
    return slots | _bits(days, parts)


def _steps(tokens: list[str]) -> Iterator[tuple[str, frozenset[int]]]:
    """Walk over the days and parts of one time, ranges of days made one, or raise ValueError."""
    before = ""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        kind = "days" if token in _DAYS_BY_WORD else "parts" if token in _PARTS_BY_WORD else ""
        if tokens[position + 1 : position + 2] == ["to"]:
            last = tokens[position + 2] if position + 2 < len(tokens) else ""
            yield "days", _range(token, last)
            position += 3
            before = "days"
            continue
        if not kind and token not in _JOINS:
            raise ValueError(token)
        if (before, kind) == ("days and", "parts"):
            raise ValueError  # “weekends and evenings” may mean the evenings of weekends, or both.
        if kind:
            yield kind, (_DAYS_BY_WORD if kind == "days" else _PARTS_BY_WORD)[token]
        before = kind or (f"{before} and" if before and not before.endswith(" and") else before)
        position += 1


def _range(first: str, last: str) -> frozenset[int]:
    """Read a range of single days, such as Monday to Friday or Friday to Monday."""
    begin, end = _SINGLE_DAYS.get(first), _SINGLE_DAYS.get(last)
    if begin is None or end is None:
        raise ValueError(first)
    return frozenset((begin + step) % DAYS for step in range((end - begin) % DAYS + 1))


def _bits(days: frozenset[int], parts: frozenset[int]) -> int:
    """Gather days and parts into one number; whichever is not said means all of them."""
    if not days and not parts:
        return 0
    chosen = ((day, part) for day in days or _ALL_DAYS for part in parts or _ALL_PARTS)
    return sum(1 << day * len(PARTS) + part for day, part in chosen)
