"""From records to arrays: what the engine needs to know of the people who wait and the mentors who are ready.

The engine sees numbers and sets of bits, never a name. This file gives each code its bit, and finds the pairs that are
barred because of who the two people are.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matching import queries
from matching.engine import ANY_CODE, ExclusionAreas, MenteeArrays, MentorArrays, Scored, score
from matching.models import Proposal, RoundChoice
from matching.rules import DECLINE_REMEMBERED, NEVER_LIFTED, SKILL_HELPS, ChoiceKind, Component, ProposalState, Veto
from mentees.models import Mentee
from mentees.rules import NeedBand, RiskLevel, StatedGender, highest_level, need_band, normalise_name
from mentoring.models import Match
from mentoring.rules import EndReason, MatchState
from mentors.models import Volunteer
from mentors.queries import list_vetted
from mentors.rules import Gender, Skill

MOST_BITS = 63
DAYS_PER_MONTH = 30.4

GENDER_CODES: Mapping[Gender, int] = {Gender.WOMAN: 0, Gender.MAN: 1, Gender.OTHER: 2, Gender.NOT_SAID: -1}
ACCEPTED: Mapping[StatedGender, int] = {StatedGender.WOMAN: 1 << 0, StatedGender.MAN: 1 << 1}

Pairs = list[tuple[int, int]]
IdPair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class People:
    """Both sides of a round with what binds them to one another.

    Attributes:
        mentees: People waiting, in the order of the rows.
        volunteers: Mentors ready, in the order of the columns.
        places: Free places of each mentor, in the same order.
        history: Earlier matches and declined proposals of these people.
        on: The day of the round.
    """

    mentees: Sequence[Mentee]
    volunteers: Sequence[Volunteer]
    places: Sequence[int]
    history: "History"
    on: date

    @property
    def urgent(self) -> npt.NDArray[np.bool_]:
        """Who is in the highest band of need, shape ``(n_mentees,)``."""
        return np.array(
            [need_band(row.needs, row.release_on, self.on) is NeedBand.HIGHEST for row in self.mentees], dtype=np.bool_
        )


@dataclass(frozen=True)
class History:
    """What happened between people before.

    Attributes:
        met: Pairs of mentee and volunteer ids who have met in a match that ended well enough to go on.
        declined: Pairs that staff or the mentor declined lately.
        months: Months of mentoring so far, by volunteer.
        lifted: Rules that a senior has lifted, by pair.
        vetted: Establishments that have vetted mentors with effect today, by volunteer.
    """

    met: frozenset[tuple[uuid.UUID, uuid.UUID]]
    declined: frozenset[tuple[uuid.UUID, uuid.UUID]]
    months: Mapping[uuid.UUID, float]
    lifted: Mapping[IdPair, frozenset[str]] = field(default_factory=dict)
    vetted: Mapping[uuid.UUID, frozenset[uuid.UUID]] = field(default_factory=dict)


def read_history(session: Session, scheme_id: uuid.UUID, at: datetime, on: date) -> History:
    """Read what happened between people of a scheme before: five statements, whatever the size."""
    matches = session.execute(
        select(
            Match.mentee_id,
            Match.volunteer_id,
            Match.state,
            Match.starts_on,
            Match.closed_on,
            Match.end_reason,
            Match.changed_at,
        )
        .where(Match.scheme_id == scheme_id)
        .order_by(Match.id)
    ).all()
    since = at - DECLINE_REMEMBERED
    months: dict[uuid.UUID, float] = {}
    met, declined = set(), _declined_by_staff(session, scheme_id, since, on)
    for row in matches:
        pair = (row.mentee_id, row.volunteer_id)
        if row.state is MatchState.DECLINED and row.changed_at >= since:
            declined.add(pair)
        if row.starts_on is not None:
            days = max(0, ((row.closed_on or on) - row.starts_on).days)
            months[row.volunteer_id] = months.get(row.volunteer_id, 0.0) + days / DAYS_PER_MONTH
            if row.end_reason is not EndReason.RISK_CHANGED:
                met.add(pair)
    lifted: dict[IdPair, frozenset[str]] = {}
    for lift in queries.list_lifts(session, scheme_id, on):
        of_pair = lift.mentee_id, lift.volunteer_id
        lifted[of_pair] = lifted.get(of_pair, frozenset()) | frozenset(lift.vetoes)
    return History(frozenset(met), frozenset(declined), months, lifted, list_vetted(session, scheme_id, on))


def _declined_by_staff(session: Session, scheme_id: uuid.UUID, since: datetime, on: date) -> set[IdPair]:
    """Read which pairs staff do not want to see proposed: until the day they named, as long as they stand by it."""
    chosen = (
        select(RoundChoice.mentee_id, RoundChoice.volunteer_id)
        .where(
            RoundChoice.scheme_id == scheme_id,
            RoundChoice.kind == ChoiceKind.DECLINE,
            RoundChoice.ended_at.is_(None),
            RoundChoice.until_on > on,
        )
        .order_by(RoundChoice.id)
    )
    # Proposals that were declined before a day could be named are remembered for as long as it was then.
    has_day = exists().where(
        RoundChoice.round_id == Proposal.round_id,
        RoundChoice.kind == ChoiceKind.DECLINE,
        RoundChoice.mentee_id == Proposal.mentee_id,
        RoundChoice.volunteer_id == Proposal.volunteer_id,
    )
    without_day = (
        select(Proposal.mentee_id, Proposal.volunteer_id)
        .where(
            Proposal.scheme_id == scheme_id,
            Proposal.state == ProposalState.DECLINED,
            Proposal.decided_at >= since,
            ~has_day,
        )
        .order_by(Proposal.id)
    )
    rows = [*session.execute(chosen), *session.execute(without_day)]
    return {(row.mentee_id, row.volunteer_id) for row in rows}


def score_people(people: People, weights: Mapping[Component, int]) -> Scored:
    """Score every pair and note every rule that forbids it.

    Args:
        people: Both sides.
        weights: How much each component counts.
    """
    mentees, mentors = _arrays(people)
    scored = score(
        mentees,
        mentors,
        {component.value: float(weights.get(component, 0)) for component in Component},
        exclusion_areas=exclusion_areas_of(people.mentees),
        barred=_barred(people),
        met_before=_as_pairs(_known_pairs(people, people.history.met)),
    )
    _lift(scored, people)
    return scored


def _lift(scored: Scored, people: People) -> None:
    """Take away the rules that a senior has lifted for single pairs, but never those that nobody lifts."""
    rows = {mentee.id: row for row, mentee in enumerate(people.mentees)}
    columns = {volunteer.id: column for column, volunteer in enumerate(people.volunteers)}
    for (mentee_id, volunteer_id), vetoes in people.history.lifted.items():
        if mentee_id in rows and volunteer_id in columns:
            liftable = vetoes - {veto.value for veto in NEVER_LIFTED}
            bits = sum(1 << bit for bit, name in enumerate(scored.veto_names) if name in liftable)
            scored.vetoes[rows[mentee_id], columns[volunteer_id]] &= np.uint16(0xFFFF ^ bits)


def highest_risk(mentee: Mentee) -> RiskLevel:
    """Tell a person's highest risk of serious harm; while none is on record it counts as very high."""
    level = highest_level(risk.level for risk in mentee.risks)
    return RiskLevel.VERY_HIGH if level is None else level


def helps_with(volunteer: Volunteer) -> set[str]:
    """Tell which needs a mentor can help with: pathways by their skills, and experience of their own."""
    pathways = {SKILL_HELPS[Skill(code)].value for code in volunteer.skills if code in set(Skill)}
    return pathways | {f"lived:{code}" for code in volunteer.lived_experience}


def asks_for(mentee: Mentee) -> set[str]:
    """Tell what a person would like help with, and which experience they wish a mentor had."""
    return {*mentee.needs, *(f"lived:{code}" for code in mentee.wanted_experience)}


def codings_of(people: People) -> dict[str, dict[str, int]]:
    """Give each language, need and interest that somebody who waits names a bit of its own, in this order."""
    mentees = people.mentees
    return {
        "languages": _bits(mentee.languages for mentee in mentees),
        "needs": _bits(asks_for(mentee) for mentee in mentees),
        "interests": _bits(mentee.interests for mentee in mentees),
    }


def _arrays(people: People) -> tuple[MenteeArrays, MentorArrays]:
    """Write both sides as arrays; each code that a mentee names gets a bit of its own."""
    mentees, volunteers = people.mentees, people.volunteers
    languages, needs, interests = codings_of(people).values()
    establishments = _place_bits(_inside(mentees))
    asking = MenteeArrays(
        slots=_numbers([mentee.slots for mentee in mentees], np.uint32),
        languages=_sets([mentee.languages for mentee in mentees], languages),
        latitude=_coordinates([mentee.latitude for mentee in mentees]),
        longitude=_coordinates([mentee.longitude for mentee in mentees]),
        travel_limit_km=_numbers([mentee.travel_km for mentee in mentees], np.float32),
        rosh_level=_numbers([highest_risk(mentee) for mentee in mentees], np.int8),
        interpreter_agreed=_numbers([mentee.has_interpreter for mentee in mentees], np.bool_),
        accepted_codes=_numbers(
            [ACCEPTED[mentee.stated_gender] if mentee.stated_gender else ANY_CODE for mentee in mentees], np.uint64
        ),
        needs=_sets([asks_for(mentee) for mentee in mentees], needs),
        interests=_sets([mentee.interests for mentee in mentees], interests),
        prison=_sets(_inside(mentees), establishments),
    )
    ready = MentorArrays(
        slots=_numbers([volunteer.slots for volunteer in volunteers], np.uint32),
        languages=_sets([volunteer.languages for volunteer in volunteers], languages),
        latitude=_coordinates([volunteer.latitude for volunteer in volunteers]),
        longitude=_coordinates([volunteer.longitude for volunteer in volunteers]),
        travel_limit_km=_numbers([volunteer.travel_km for volunteer in volunteers], np.float32),
        cleared_level=_numbers(
            [-1 if volunteer.cleared_rosh is None else volunteer.cleared_rosh for volunteer in volunteers], np.int8
        ),
        experience_months=_numbers([people.history.months.get(row.id, 0.0) for row in volunteers], np.float32),
        code=_numbers([GENDER_CODES[volunteer.gender] for volunteer in volunteers], np.int8),
        skills=_sets([helps_with(volunteer) for volunteer in volunteers], needs),
        interests=_sets([volunteer.interests for volunteer in volunteers], interests),
        cleared_prisons=_sets(
            [[place.hex for place in people.history.vetted.get(row.id, ())] for row in volunteers],
            {place: bit for place, bit in establishments.items() if bit < MOST_BITS},
        ),
    )
    return asking, ready


def _inside(mentees: Sequence[Mentee]) -> list[list[str]]:
    """Tell for each person in which establishment they are; an empty list for whoever is out or nobody knows where.

    A place that nobody has recorded forbids nobody: that is for a person to find out, not for the round to assume.
    """
    return [[mentee.establishment_id.hex] if mentee.establishment_id else [] for mentee in mentees]


def _barred(people: People) -> dict[str, npt.NDArray[np.int64]]:
    """Find the pairs that may not be because of who the two are."""
    return {
        Veto.CONTACT_BAN.value: _as_pairs(_banned_pairs(people)),
        Veto.SAME_PERSON.value: _as_pairs(_same_people(people)),
        Veto.DECLINED_BEFORE.value: _as_pairs(_known_pairs(people, people.history.declined)),
    }


def _banned_pairs(people: People) -> Pairs:
    """Find mentors whom somebody's contact ban names, by their record or by their name."""
    by_person = _index(volunteer.person_id for volunteer in people.volunteers)
    by_name = _index(normalise_name(volunteer.person.name) for volunteer in people.volunteers)
    return [
        (row, column)
        for row, mentee in enumerate(people.mentees)
        for ban in mentee.contact_bans
        for column in {*by_person.get(ban.banned_person_id, ()), *by_name.get(normalise_name(ban.name), ())}
    ]


def _same_people(people: People) -> Pairs:
    """Find people who are on both sides: somebody mentored today who mentors others."""
    by_person = _index(volunteer.person_id for volunteer in people.volunteers)
    return [
        (row, column) for row, mentee in enumerate(people.mentees) for column in by_person.get(mentee.person_id, ())
    ]


def _known_pairs(people: People, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> Pairs:
    """Turn pairs of ids into pairs of row and column; those who are not in this round are left out."""
    rows = {mentee.id: row for row, mentee in enumerate(people.mentees)}
    columns = {volunteer.id: column for column, volunteer in enumerate(people.volunteers)}
    return sorted((rows[one], columns[other]) for one, other in pairs if one in rows and other in columns)


def exclusion_areas_of(mentees: Sequence[Mentee]) -> ExclusionAreas:
    """Gather the circles that people must not enter."""
    found = [(row, area) for row, mentee in enumerate(mentees) for area in mentee.exclusion_areas]
    return ExclusionAreas(
        mentee=_numbers([row for row, _area in found], np.int64),
        latitude=_numbers([area.latitude for _row, area in found], np.float64),
        longitude=_numbers([area.longitude for _row, area in found], np.float64),
        radius_km=_numbers([area.radius_km for _row, area in found], np.float64),
    )


def _index(keys: Iterable[object]) -> dict[object, list[int]]:
    """Tell at which places each key stands."""
    places: dict[object, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return places


def _bits(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    """Give each code its bit, the most frequent first.

    Codes beyond the last bit get none: they then count as shared by nobody, which forbids and never allows.
    """
    counts: dict[str, int] = {}
    for group in groups:
        for code in group:
            counts[code] = counts.get(code, 0) + 1
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    return {code: bit for bit, code in enumerate(ordered[:MOST_BITS])}


def _place_bits(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    """Give each establishment its bit; those beyond the last one share a bit that no mentor gets, which forbids."""
    bits = _bits(groups)
    return {code: bits.get(code, MOST_BITS) for group in groups for code in group}


def _sets(groups: Sequence[Iterable[str]], bits: Mapping[str, int]) -> npt.NDArray[np.uint64]:
    """Write groups of codes as sets of bits."""
    return _numbers([sum(1 << bits[code] for code in set(group) if code in bits) for group in groups], np.uint64)


def _numbers(values: Sequence[object], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Write a column."""
    return np.array(values, dtype=dtype)


def _coordinates(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    """Write a column of degrees, in which nobody knows is not a number."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _as_pairs(pairs: Pairs) -> npt.NDArray[np.int64]:
    """Write pairs as rows of row and column, shape ``(n_pairs, 2)``."""
    return np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
