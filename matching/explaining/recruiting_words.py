"""Advice about recruiting, in the words in which one would ask for a volunteer."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from foundation.language import language_name, words_for
from matching.explaining.recruiting import DAYTIME, EVENINGS, Advice
from mentors.rules import Gender, Rosh


@dataclass(frozen=True)
class Wanted:
    """One piece of advice as it is read.

    Attributes:
        who: The kind of mentor.
        could_serve: How many people who wait could go to them.
        gains: What that would gain, in sentences.
    """

    who: str
    could_serve: int
    gains: list[str]


def tell_advice(advice: Advice, place: str) -> Wanted:
    """Say whom to look for and what it would bring.

    Args:
        advice: What was found.
        place: Where the mentor would live, by sector or town; empty where it is not known.
    """
    return Wanted(_who(advice, place), advice.could_serve, _gains(advice))


def _who(advice: Advice, place: str) -> str:
    """Describe the mentor as a list of what is asked."""
    profile = advice.profile
    asked = [gettext("cleared for %(level)s risk", level=words_for(Rosh(profile.level)).lower())]
    if place:
        asked.append(gettext("around %(place)s", place=place))
    asked.append(_time(profile.slots))
    if profile.language:
        asked.append(gettext("who speaks %(language)s", language=language_name(profile.language)))
    if profile.gender is not None:
        asked.append(
            gettext("a woman, as was asked for")
            if profile.gender is Gender.WOMAN
            else gettext("a man, as was asked for")
        )
    return gettext("One more mentor: %(asked)s", asked=", ".join(asked))


def _time(slots: int) -> str:
    """Say when they would be free."""
    if slots == EVENINGS:
        return gettext("free on weekday evenings")
    if slots == DAYTIME:
        return gettext("free in the daytime on weekdays")
    return gettext("free at weekends")


def _gains(advice: Advice) -> list[str]:
    """Say what one place would bring, and what more of them would."""
    gain, most = advice.gain, advice.could_serve
    said = [
        ngettext(
            "One place would give %(num)s more person a mentor.",
            "One place would give %(num)s more people a mentor.",
            gain.served,
        )
    ]
    if gain.high_need > 0:
        said.append(gettext("It would be somebody of the highest need."))
    if most > 1:
        said.append(gettext("Each further place would serve one more, up to %(most)s.", most=most))
    if not most:
        said.append(gettext("It would free a place with another mentor."))
    return said
