"""Whether groups of people are proposed alike, with an interval that says how far chance alone could go.

The groups are those by which the house may look: need, risk, area, language and stated need. What a round does not know
of anybody, such as race, faith or health, it cannot count, and the matching never sees it.
"""

import math
import uuid
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext

from foundation.language import words_for
from matching.engine import ANY_CODE, NOBODY
from matching.explaining.people import coarse_place
from matching.explaining.recalling import Recalled
from matching.gathering import ACCEPTED
from mentees.rules import RiskLevel, StatedGender

SMALL_GROUP = 10
"""Of fewer people than this nothing can be said: one person more or less changes everything."""

MOST_AREAS = 8

Z_95 = 1.959964
"""Within this many standard deviations lie 95 of 100 outcomes of chance."""


@dataclass(frozen=True)
class Group:
    """Some people of a round.

    Attributes:
        name: Who they are.
        people: How many waited.
        proposed: How many have a proposal.
        low: Where their true rate may lie at least, 0 to 1.
        high: Where it may lie at most.
        is_small: Whether they are too few to judge.
        is_behind: Whether they are proposed less often than everybody, beyond what chance explains.
    """

    name: str
    people: int
    proposed: int
    low: float
    high: float
    is_small: bool
    is_behind: bool

    @property
    def rate(self) -> float:
        """The share that has a proposal, 0 to 1."""
        return self.proposed / self.people


@dataclass(frozen=True)
class Grouping:
    """Everybody of a round, sorted by one thing.

    Attributes:
        title: By what.
        groups: The groups, in the order in which they are shown.
    """

    title: str
    groups: Sequence[Group]


def wilson(successes: int, number: int) -> tuple[float, float]:
    """Tell between which shares the truth lies with 95 of 100, having seen some successes.

    **Source:** Wilson, "Probable inference, the law of succession, and statistical inference", *Journal of the American
    Statistical Association* 22 (1927); it stays within 0 and 1 and holds for few people too.
    """
    if not number:
        return 0.0, 1.0
    share, square = successes / number, Z_95**2
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = Z_95 / (1 + square / number) * math.sqrt(share * (1 - share) / number + square / (4 * number**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def fairness(recalled: Recalled, areas: Mapping[uuid.UUID, str]) -> list[Grouping]:
    """Count how often each group is proposed; things by which everybody is alike are left out.

    Args:
        recalled: The round.
        areas: Where each person can be met, by their record.
    """
    people = recalled.memory.scored.mentees
    has_mentor = [bool(column != NOBODY) for column in recalled.memory.mentor_of]
    sorted_by: list[tuple[str, Sequence[Hashable], Mapping[Hashable, str]]] = [
        (gettext("Need"), [bool(each) for each in recalled.memory.urgent], _need_names()),
        (gettext("Risk of serious harm"), [int(level) for level in people.rosh_level], _risk_names()),
        (gettext("Language"), _languages(recalled), _language_names()),
        (gettext("Stated need"), [int(code) for code in people.accepted_codes], _stated_names()),
        (gettext("Area"), *_areas(recalled, areas)),
    ]
    found = [Grouping(title, _count(keys, has_mentor, names)) for title, keys, names in sorted_by]
    return [grouping for grouping in found if len(grouping.groups) > 1]


def _count(keys: Sequence[Hashable], has_mentor: Sequence[bool], names: Mapping[Hashable, str]) -> list[Group]:
    """Count one way of sorting, in the order of the names."""
    everybody = Counter(keys)
    proposed = Counter(key for key, is_proposed in zip(keys, has_mentor, strict=True) if is_proposed)
    overall = sum(has_mentor) / max(1, len(has_mentor))
    return [_group(names[key], everybody[key], proposed[key], overall) for key in names if everybody[key]]


def _group(name: str, people: int, proposed: int, overall: float) -> Group:
    """Judge one group as far as it can be judged."""
    low, high = wilson(proposed, people)
    is_small = people < SMALL_GROUP
    return Group(name, people, proposed, low, high, is_small, is_behind=not is_small and high < overall)


def _need_names() -> dict[Hashable, str]:
    """Name the bands of need."""
    return {True: gettext("Highest need"), False: gettext("Other needs")}


def _risk_names() -> dict[Hashable, str]:
    """Name the levels of risk."""
    return {int(level): words_for(level) for level in RiskLevel}


def _language_names() -> dict[Hashable, str]:
    """Name who speaks the language that most mentors speak."""
    return {
        True: gettext("Speaks the language of most mentors"),
        False: gettext("Needs another language or an interpreter"),
    }


def _stated_names() -> dict[Hashable, str]:
    """Name what people asked of their mentor."""
    return {
        ACCEPTED[StatedGender.WOMAN]: gettext("Asked for a woman"),
        ACCEPTED[StatedGender.MAN]: gettext("Asked for a man"),
        int(ANY_CODE): gettext("Asked for neither"),
    }


def common_language(recalled: Recalled) -> int:
    """Find the language that most mentors speak, or most people where no mentor is, as a set of one bit; 0 for none."""
    scored = recalled.memory.scored
    spoken = scored.mentors.languages if len(scored.mentors) else scored.mentees.languages
    bits = [1 << bit for bit in recalled.memory.codings["languages"].values()]
    return max(bits, key=lambda bit: int(np.count_nonzero(spoken & np.uint64(bit))), default=0)


def _languages(recalled: Recalled) -> list[Hashable]:
    """Tell of each person whether they speak the language of most mentors."""
    usual = common_language(recalled)
    return [bool(int(languages) & usual) for languages in recalled.memory.scored.mentees.languages]


def _areas(recalled: Recalled, areas: Mapping[uuid.UUID, str]) -> tuple[list[Hashable], dict[Hashable, str]]:
    """Sort people by postcode district or town, the largest first; small ones are put together."""
    places = [coarse_place(areas.get(each, "")).split(" ")[0] or None for each in recalled.mentee_ids]
    largest = [place for place, count in Counter(filter(None, places)).most_common() if count > 1][:MOST_AREAS]
    keys: list[Hashable] = [place if place in largest or place is None else "" for place in places]
    names: dict[Hashable, str] = {place: place for place in largest}
    return keys, {**names, "": gettext("Elsewhere"), None: gettext("Place not known")}
