"""What kind of mentor would help most: imagined mentors are scored like real ones and priced by the plan, exactly.

Each imagined mentor has one place, no experience and no special skill, lives where somebody waits, and is free at one
of three usual times of the week. Of several that would help as much the one that asks for least is shown.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import NOBODY, Aims, MentorArrays, Plan, Reading, lexicographic, score
from matching.explaining.fairness import common_language
from matching.explaining.recalling import Recalled
from matching.gathering import ACCEPTED, GENDER_CODES
from mentees.rules import StatedGender
from mentors.rules import Gender

MOST_ADVICE = 5
MOST_AREAS = 12
MOST_LANGUAGES = 3

TRAVEL_KM = 15.0
"""How far an imagined mentor would travel: what the application form offers at first."""

LARGEST_FIT = 1000

WEEKDAYS, WEEK = 5, 7
DAYTIME = sum(0b011 << 3 * day for day in range(WEEKDAYS))
EVENINGS = sum(0b100 << 3 * day for day in range(WEEKDAYS))
WEEKENDS = sum(0b111 << 3 * day for day in range(WEEKDAYS, WEEK))
TIMES = (EVENINGS, DAYTIME, WEEKENDS)

STATED = {StatedGender.WOMAN: Gender.WOMAN, StatedGender.MAN: Gender.MAN}


@dataclass(frozen=True)
class Profile:
    """A kind of mentor.

    Attributes:
        level: The risk they would have to be cleared for.
        slots: When they would be free.
        language: A language beside the usual one; None where none is needed.
        gender: Their gender, where people stated a need; None where it does not matter.
        row: Somebody who waits and where the mentor would live; None where no place is known.
    """

    level: int
    slots: int
    language: str | None
    gender: Gender | None
    row: int | None


@dataclass(frozen=True)
class Advice:
    """One kind of mentor who would help.

    Attributes:
        profile: The kind.
        could_serve: How many of the people who wait such a mentor could take.
        gain: What one place with such a mentor would gain.
    """

    profile: Profile
    could_serve: int
    gain: Reading


def advise(recalled: Recalled, *, most: int = MOST_ADVICE) -> list[Advice]:
    """Find a few kinds of mentors that would help different people who wait, the most helpful first.

    Args:
        recalled: The round.
        most: How many to find.
    """
    waiting = np.flatnonzero(recalled.memory.mentor_of == NOBODY)
    if not waiting.size:
        return []
    kinds = _profiles(recalled, waiting)
    allowed, values, aims = _price(recalled, kinds)
    reach = allowed[waiting]
    chosen: list[Advice] = []
    unserved = np.ones(waiting.size, dtype=np.bool_)
    gains = [aims.read(int(value)) for value in values]
    while len(chosen) < most:
        fresh = np.count_nonzero(reach[unserved], axis=0)
        best = max(
            range(len(kinds)),
            key=lambda kind: (int(fresh[kind]) > 0, gains[kind].high_need, int(fresh[kind]), int(values[kind])),
        )
        if gains[best].served < 1 or (chosen and not fresh[best]):
            break
        chosen.append(Advice(kinds[best], int(np.count_nonzero(reach[:, best])), gains[best]))
        unserved &= ~reach[:, best]
    return chosen


def _price(recalled: Recalled, kinds: list[Profile]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any], Aims]:
    """Score every kind for everybody, and tell what one place of each would gain."""
    memory = recalled.memory
    scored = score(
        memory.scored.mentees,
        _as_mentors(recalled, kinds),
        memory.scored.weights,
        yardsticks=memory.scored.yardsticks,
        exclusion_areas=memory.areas,
    )
    aims = _with_room(recalled)
    encoded = (
        scored.fit.astype(np.int64) + (aims.per_person + aims.per_high_need * memory.urgent.astype(np.int64))[:, None]
    )
    values = Plan(aims.problem, memory.mentor_of).recruit_value(np.where(scored.allowed, encoded, 0))
    return scored.allowed, values, aims


def _with_room(recalled: Recalled) -> Aims:
    """Write the order of aims so that one pair more can be read from it, even where there is no mentor at all.

    A column that everybody is forbidden stands for the place that is imagined: it changes no plan, and makes the
    numbers of the order wide enough.
    """
    memory = recalled.memory
    people = memory.scored.fit.shape[0]
    fit = np.hstack([memory.scored.fit, np.full((people, 1), LARGEST_FIT, memory.scored.fit.dtype)])
    allowed = np.hstack([memory.plan.problem.allowed, np.zeros((people, 1), np.bool_)])
    capacity = np.append(memory.capacity, 1)
    return lexicographic(fit, allowed, capacity, high_need=memory.urgent, pinned=memory.plan.problem.pinned)


def _profiles(recalled: Recalled, waiting: npt.NDArray[np.int64]) -> list[Profile]:
    """List kinds of mentors that could suit those who wait, beginning with what asks for least."""
    people = recalled.memory.scored.mentees
    levels = sorted({int(level) for level in people.rosh_level[waiting]})
    codes = {int(code) for code in people.accepted_codes[waiting]}
    genders = [None, *(gender for stated, gender in STATED.items() if ACCEPTED[stated] in codes)]
    wanted = product(genders, _languages(recalled, waiting), levels, TIMES, _places(recalled, waiting))
    return [Profile(level, slots, language, gender, row) for gender, language, level, slots, row in wanted]


def _languages(recalled: Recalled, waiting: npt.NDArray[np.int64]) -> list[str | None]:
    """List the languages of those who wait and do not speak the usual one, the most frequent first."""
    usual, people = common_language(recalled), recalled.memory.scored.mentees
    names = {1 << bit: code for code, bit in recalled.memory.codings["languages"].items()}
    counts = Counter(
        names[bit]
        for row in waiting
        if not int(people.languages[row]) & usual and not people.interpreter_agreed[row]
        for bit in names
        if int(people.languages[row]) & bit
    )
    return [None, *(code for code, _count in counts.most_common(MOST_LANGUAGES))]


def _places(recalled: Recalled, waiting: npt.NDArray[np.int64]) -> list[int | None]:
    """List where those who wait are, most of them first; each place is named by one of them."""
    people = recalled.memory.scored.mentees
    places: dict[tuple[float, float], list[int]] = {}
    for row in waiting:
        north, east = float(people.latitude[row]), float(people.longitude[row])
        if not np.isnan(north) and not np.isnan(east):
            places.setdefault((north, east), []).append(int(row))
    ordered = sorted(places.values(), key=lambda rows: (-len(rows), rows[0]))
    return [rows[0] for rows in ordered[:MOST_AREAS]] or [None]


def _as_mentors(recalled: Recalled, kinds: list[Profile]) -> MentorArrays:
    """Write kinds of mentors as a side of a round."""
    people, usual = recalled.memory.scored.mentees, common_language(recalled)
    bits = recalled.memory.codings["languages"]
    nowhere = float("nan")
    return MentorArrays(
        slots=np.array([kind.slots for kind in kinds], dtype=np.uint32),
        languages=np.array(
            [usual | (1 << bits[kind.language] if kind.language else 0) for kind in kinds], dtype=np.uint64
        ),
        latitude=np.array([nowhere if kind.row is None else people.latitude[kind.row] for kind in kinds]),
        longitude=np.array([nowhere if kind.row is None else people.longitude[kind.row] for kind in kinds]),
        travel_limit_km=np.full(len(kinds), TRAVEL_KM, dtype=np.float32),
        cleared_level=np.array([kind.level for kind in kinds], dtype=np.int8),
        code=np.array([-1 if kind.gender is None else GENDER_CODES[kind.gender] for kind in kinds], dtype=np.int8),
    )
