"""What other choices cost, in sentences: people first, then fit as a share of the whole."""

from collections.abc import Callable, Iterable

from flask_babel import format_decimal, gettext, ngettext

from matching.explaining.choices import Difference
from matching.explaining.people import Names

MOST_NAMED = 5
SMALLEST_PERCENT = 0.1


def tell_price(difference: Difference, names: Names, total_fit: int) -> list[str]:
    """Say what would be lost, beginning with the people whom it would cost most."""
    if difference.is_free:
        return [gettext("Nothing would be lost: all pairs together would fit as well.")]
    said = [*_waiting(difference, names), *_served(difference, names)]
    if difference.cost.high_need > 0:
        said.append(gettext("Fewer people of the highest need would have a mentor."))
    if difference.cost.fit:
        said.append(_fit(difference.cost.fit, total_fit))
    return said


def tell_waiting(difference: Difference, names: Names, total_fit: int) -> list[str]:
    """Say what would be lost if somebody waited who has a mentor in the round."""
    if difference.cost.served > 0:
        said = [
            ngettext(
                "%(num)s person fewer would have a mentor.",
                "%(num)s people fewer would have a mentor.",
                difference.cost.served,
            )
        ]
    else:
        said = [gettext("Just as many people would have a mentor.")]
    return said + tell_price(difference, names, total_fit)


def tell_moves(difference: Difference, names: Names) -> list[str]:
    """Say who would go to whom instead."""
    moves = difference.swapped
    said = [
        gettext(
            "%(person)s would go to %(after)s instead of %(before)s.",
            person=names.person(move.row).name,
            after=names.mentor(move.after).name,
            before=names.mentor(move.before).name,
        )
        for move in moves[:MOST_NAMED]
    ]
    if (rest := len(moves) - MOST_NAMED) > 0:
        said.append(ngettext("%(num)s more person would move.", "%(num)s more people would move.", rest))
    return said


def percent_of(part: int, whole: int) -> str:
    """Write a part as a share of the whole, to a tenth."""
    percent = 100 * part / max(1, whole)
    if percent < SMALLEST_PERCENT:
        return gettext("less than %(number)s %%", number=format_decimal(SMALLEST_PERCENT))
    return gettext("%(number)s %%", number=format_decimal(percent, format="#,##0.#"))


def listed(things: Iterable[str]) -> str:
    """Put things in a row as people say it: a, b and c; of many the first, and how many more."""
    all_things = list(things)
    if len(all_things) > MOST_NAMED:
        rest = len(all_things) - MOST_NAMED + 1
        all_things = [*all_things[: MOST_NAMED - 1], ngettext("%(num)s other", "%(num)s others", rest)]
    if len(all_things) < 2:  # noqa: PLR2004 - two are joined by a word.
        return "".join(all_things)
    return gettext("%(first)s and %(last)s", first=", ".join(all_things[:-1]), last=all_things[-1])


def _waiting(difference: Difference, names: Names) -> list[str]:
    """Say who would wait."""
    return _said(
        difference.left_waiting,
        names,
        lambda who, count: ngettext(
            "It would leave one person waiting: %(who)s.",
            "It would leave %(num)s people waiting: %(who)s.",
            count,
            who=who,
        ),
    )


def _served(difference: Difference, names: Names) -> list[str]:
    """Say who would have a mentor instead."""
    return _said(
        difference.newly_served,
        names,
        lambda who, count: ngettext(
            "%(who)s would have a mentor, who stays waiting in this round.",
            "%(who)s would have a mentor, who stay waiting in this round.",
            count,
            who=who,
        ),
    )


def _said(rows: tuple[int, ...], names: Names, sentence: Callable[[str, int], str]) -> list[str]:
    """Make one sentence about some people, or none about nobody."""
    if not rows:
        return []
    return [sentence(listed(names.person(row).name for row in rows), len(rows))]


def _fit(lost: int, total_fit: int) -> str:
    """Say what happens to the fit of all pairs together."""
    if lost > 0:
        return gettext("It would cost %(share)s of the total fit.", share=percent_of(lost, total_fit))
    return gettext("The total fit would rise by %(share)s.", share=percent_of(-lost, total_fit))
