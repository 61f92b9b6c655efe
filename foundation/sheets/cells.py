"""What one cell can say: text, numbers, days, yes or no, one or several of a list, a week. Anything else is refused."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import Final, TypeVar

import email_validator
from babel import Locale

from foundation import places
from foundation.language import LANGUAGES, _

Value = TypeVar("Value")
Code = TypeVar("Code", bound=str)
Member = TypeVar("Member", bound=Enum)
Read = Callable[[str], Value]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LOST: Final = "\ufffd"
_SEPARATORS: Final = re.compile(r"[;\n|]+")
_SHOWN: Final = 40
LONGEST_CELL: Final = 5000

_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "si", "✓"})
_NO: Final = frozenset({"no", "n", "false", "0", "nee", "-"})

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SERIAL: Final = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_SERIAL_ZERO: Final = date(1899, 12, 30)
"""Excel's day 0, moved so that all days after its invented 29 February 1900 are right."""
_SERIALS: Final = range(32_874, 73_416)
"""From 1990 to 2100: other numbers of five digits are no days that anybody imports."""
_CLOCK: Final = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
_YEAR_FIRST: Final = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_CLOCK}")
_EIGHT_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_FIRST: Final = re.compile(rf"([0-9]{{1,2}})[-/. ]+([0-9]{{1,2}})[-/. ]+([0-9]{{4}}|[0-9]{{2}}){_CLOCK}")
_MONTH_NAMED: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|º|°)?[-/. ]*([^\W\d_]+)[-/., ]*([0-9]{4}|[0-9]{2})")

KM_PER_MILE: Final = 1.609344
_FEWEST_METRES: Final = 100


class Unfit(ValueError):
    """A cell does not say what its column asks for.

    Args:
        reason: A sentence that says what is wrong and what to write instead.
    """

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))


def folded(text: str) -> str:
    """Reduce a word to what its spellings share: no accents, capitals, spaces or punctuation."""
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letter for letter in "".join(letters).casefold() if letter.isalnum())


def shown(text: str) -> str:
    """Shorten what stands in a cell for a sentence about it."""
    line = " ".join(_CONTROL.sub("?", text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that somebody may have meant."""
    by_key = {folded(name): name for name in known}
    found = difflib.get_close_matches(folded(word), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def require_text(text: str) -> None:
    """Refuse what no keyboard types and no database keeps.

    Raises:
        Unfit: There is a control character, or a letter was lost when the file was saved.
    """
    if len(text) > LONGEST_CELL:
        raise Unfit(_("Use %(number)s characters or fewer.", number=LONGEST_CELL))
    if _LOST in text:
        raise Unfit(_("A letter of “%(text)s” was lost when the file was saved. Type it again.", text=shown(text)))
    if _CONTROL.search(text):
        raise Unfit(_("There is a character here that is no letter, number or sign. Type the cell again."))


def text_of(longest: int) -> Read[str]:
    """Make a reader of text up to a length."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise Unfit(_("Use %(number)s characters or fewer.", number=longest))
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))

    return read


def line_of(longest: int) -> Read[str]:
    """Make a reader of one line of text: line breaks become spaces."""
    read_text = text_of(longest)
    return lambda text: " ".join(read_text(text).split())


def email(text: str) -> str:
    """Read an e-mail address, checked for its form alone, as forms do."""
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        message = _("“%(text)s” is no email address. Write it like name@example.com.", text=shown(text))
        raise Unfit(message) from error
    return text_of(254)(text)


def number(least: int, most: int, *units: str) -> Read[int]:
    """Make a reader of whole numbers within bounds, whose unit may be written too."""
    pattern = re.compile(
        rf"([0-9]{{1,6}})(?:[.,]0+)?\s*(?:{'|'.join(map(re.escape, units)) or '$'})?\.?", re.IGNORECASE
    )

    def read(text: str) -> int:
        found = pattern.fullmatch(text) if text.isascii() else None
        if found is None or not least <= int(found[1]) <= most:
            raise Unfit(
                _(
                    "“%(text)s” is no whole number from %(least)s to %(most)s.",
                    text=shown(text),
                    least=least,
                    most=most,
                )
            )
        return int(found[1])

    return read


def yes_or_no(text: str) -> bool:
    """Read a yes or a no."""
    key = folded(text) or text.strip()
    if key in _YES or key in _NO:
        return key in _YES
    raise Unfit(_("Write yes or no, and not “%(text)s”.", text=shown(text)))


def day(text: str) -> date:
    """Read a day: year first, or day first, or with the month's name, or as Excel counts days.

    `03/04/2026` is 3 April: the month never stands first. Two digits of a year are of this century.

    Raises:
        Unfit: It is no day, or lies outside of 1900 to 2100.
    """
    try:
        found = _day(text)
    except ValueError as error:
        message = _("“%(text)s” is no day. Write it like 2026-03-27 or 27/03/2026, the day first.", text=shown(text))
        raise Unfit(message) from error
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Unfit(_("“%(text)s” lies too far away. Check the year.", text=shown(text)))
    return found


def _day(text: str) -> date:
    """Read a day in any of its shapes, or raise ValueError."""
    if text.isascii():
        if (serial := _SERIAL.fullmatch(text)) and int(serial[1]) in _SERIALS:
            return _SERIAL_ZERO + timedelta(days=int(serial[1]))
        if parts := _YEAR_FIRST.fullmatch(text):
            return date(int(parts[1]), int(parts[3]), int(parts[4]))
        if parts := _EIGHT_DIGITS.fullmatch(text):
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        if parts := _DAY_FIRST.fullmatch(text):
            return date(_year(parts[3]), int(parts[2]), int(parts[1]))
    if parts := _MONTH_NAMED.fullmatch(text):
        return date(_year(parts[3]), _months().get(folded(parts[2]), 0), int(parts[1]))
    raise ValueError(text)


def _year(text: str) -> int:
    """Read a year of four digits, or of two in this century."""
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 - digits of a century.


@cache
def _months() -> dict[str, int]:
    """Number the months by their names, long and short, in the languages of the portal."""
    named = {"sept": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                months = Locale(language).months[context][width]
                named |= {folded(name): month for month, name in months.items()}
    return named


def choice(words: Mapping[str, Value]) -> Read[Value]:
    """Make a reader of one of several, each by any of its words."""
    by_key = {folded(word): member for word, member in words.items()}

    def read(text: str) -> Value:
        key = folded(text)
        if key in by_key:
            return by_key[key]
        raise Unfit(_unknown(text, words))

    return read


def many(words: Mapping[str, Code]) -> Read[tuple[Code, ...]]:
    """Make a reader of any of several, as sorted codes; words may themselves hold commas."""
    by_key = {folded(word): code for word, code in words.items()}
    longest = max(word.count(",") for word in words) + 1

    def read(text: str) -> tuple[Code, ...]:
        found: set[Code] = set()
        for part in _SEPARATORS.split(text):
            pieces = part.split(",")
            while pieces:
                # The longest run of pieces that is one word: “education, skills and work” is one, not two.
                runs = (folded("".join(pieces[:size])) for size in range(longest, 0, -1))
                size, key = next(((longest - n, key) for n, key in enumerate(runs) if key in by_key), (1, ""))
                if key:
                    found.add(by_key[key])
                elif pieces[0].strip():
                    raise Unfit(_unknown(pieces[0].strip(), words))
                pieces = pieces[size:]
        return tuple(sorted(found))

    return read


def _unknown(text: str, words: Mapping[str, object]) -> object:
    """Say that a word is not one of those asked for, with the one that may be meant."""
    meant = nearest(text, words)
    if meant is not None:
        return _("“%(text)s” is not known here. Did you mean “%(meant)s”?", text=shown(text), meant=meant)
    first_words = list({member: word for word, member in reversed(list(words.items()))}.values())[::-1]
    return _("“%(text)s” is not known here. Write %(words)s.", text=shown(text), words=" / ".join(first_words))


def words_of(members: Iterable[Member], also: Mapping[str, Member] | None = None) -> dict[str, Member]:
    """List the words for the members of an enum: its values, its names, and others that people write."""
    listed = list(members)
    words = {str(member.value): member for member in listed if isinstance(member.value, str)}
    words |= {member.name.replace("_", " ").lower(): member for member in listed}
    return words | dict(also or {})


def languages_of(codes: Iterable[str]) -> dict[str, str]:
    """List the words for languages: their code, and their name in the portal's languages and in their own."""
    words: dict[str, str] = {}
    for code in codes:
        for speaker in ("en", code, *LANGUAGES):
            words.setdefault(str(Locale.parse(speaker).languages.get(code, code)), code)
        words[code] = code
    return words


def split(text: str) -> list[str]:
    """Split a cell that lists things with words of their own: by semicolons and line breaks, never by commas."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def distance_km(text: str) -> float:
    """Read a distance such as `2 km`, `2.5km`, `500 m` or `1 mile`.

    Raises:
        Unfit: It is none.
    """
    found = re.fullmatch(r"([0-9]{1,5}(?:[.,][0-9]{1,3})?)\s*(km|m|metres|miles|mile|mi)", text.strip(), re.IGNORECASE)
    if found is None:
        raise Unfit(_("“%(text)s” is no distance. Write it like 2 km.", text=shown(text)))
    distance, unit = float(found[1].replace(",", ".")), found[2].lower()
    if unit == "m" and distance < _FEWEST_METRES:
        # On British roads “5 m” is five miles, and an area that must be kept away from may not shrink to nothing.
        raise Unfit(_("“%(text)s” may mean metres or miles. Write km or miles.", text=shown(text)))
    return round(distance * {"km": 1.0, "m": 0.001, "metres": 0.001}.get(unit, KM_PER_MILE), 3)


def is_misspelt_place(text: str, country: str) -> bool:
    """Whether a text tries to be a British postcode and fails; a town without a digit is no such try."""
    if country != "GB" or not any(letter.isdigit() for letter in text):
        return False
    return not places.is_postcode_well_formed(text) and places.locate(text, country) is None
