"""What changed from one round to another: who came and went, who has another mentor, who gained and who lost."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.policy import Actor
from matching import queries
from matching.explaining.people import nameless
from matching.models import Round
from matching.rules import Component


@dataclass(frozen=True)
class Sides:
    """What one round proposed.

    Attributes:
        pairs: The mentor of each person with a proposal, with the fit of the two.
        waiting: Who was left waiting.
        mentors: Who was ready; None where the record of the round is gone.
    """

    pairs: Mapping[uuid.UUID, tuple[uuid.UUID, int]]
    waiting: frozenset[uuid.UUID]
    mentors: frozenset[uuid.UUID] | None

    @property
    def people(self) -> frozenset[uuid.UUID]:
        """Everybody who stood in the round."""
        return self.waiting | self.pairs.keys()


@dataclass(frozen=True)
class Change:
    """Somebody with another mentor, or with one in only one of the rounds.

    Attributes:
        mentee_id: Who.
        name: Their name.
        before: Name of the mentor in the earlier round; empty for none.
        after: Name of the mentor in the later round; empty for none.
        fit_before: The fit with the first; 0 for none.
        fit_after: The fit with the second; 0 for none.
    """

    mentee_id: uuid.UUID
    name: str
    before: str
    after: str
    fit_before: int
    fit_after: int


@dataclass(frozen=True)
class Comparison:
    """Two rounds beside one another.

    Attributes:
        is_same_question: Whether both were reckoned from exactly the same; None where it cannot be told.
        weights: Components whose weight changed, with both weights.
        joined: People who stand only in the later round.
        departed: People who stand only in the earlier one.
        mentors_joined: Mentors who were ready only in the later one; None where a record is gone.
        mentors_departed: Mentors who were ready only in the earlier one; None likewise.
        kept: How many people have the same mentor in both.
        moved: People with another mentor.
        gained: People who waited in the earlier round and have a proposal in the later one.
        lost: People who had a proposal in the earlier round and wait in the later one.
        proposals: How many pairs each proposes.
        waiting: How many people each leaves waiting.
    """

    is_same_question: bool | None
    weights: Sequence[tuple[Component, int, int]]
    joined: Sequence[str]
    departed: Sequence[str]
    mentors_joined: Sequence[str] | None
    mentors_departed: Sequence[str] | None
    kept: int
    moved: Sequence[Change]
    gained: Sequence[Change]
    lost: Sequence[Change]
    proposals: tuple[int, int]
    waiting: tuple[int, int]


def compare(session: Session, by: Actor, one: Round, other: Round) -> Comparison:
    """Compare two finished rounds; nothing confidential of anybody is opened for it.

    Args:
        session: To read with.
        by: Who reads.
        one: The earlier round.
        other: The later round.
    """
    before, after = _both_sides(session, by, one, other)
    mentor_ids = _mentors_of(before) | _mentors_of(after)
    names = queries.name_everybody(session, by, before.people | after.people | mentor_ids)
    both = sorted(before.people & after.people, key=lambda each: (names.get(each, ""), each))
    changes = [_change(each, before, after, names) for each in both]
    return Comparison(
        is_same_question=one.inputs_digest == other.inputs_digest
        if one.inputs_digest and other.inputs_digest
        else None,
        weights=_weights(one, other),
        joined=_names(after.people - before.people, names),
        departed=_names(before.people - after.people, names),
        mentors_joined=_only(after, before, names),
        mentors_departed=_only(before, after, names),
        kept=sum(before.pairs[each][0] == after.pairs[each][0] for each in before.pairs.keys() & after.pairs.keys()),
        moved=[
            change
            for change in changes
            if change.before and change.after and before.pairs[change.mentee_id][0] != after.pairs[change.mentee_id][0]
        ],
        gained=[change for change in changes if change.after and not change.before],
        lost=[change for change in changes if change.before and not change.after],
        proposals=(len(before.pairs), len(after.pairs)),
        waiting=(len(before.waiting), len(after.waiting)),
    )


def _both_sides(session: Session, by: Actor, one: Round, other: Round) -> tuple[Sides, Sides]:
    """Read what two rounds proposed and who stood in them."""
    ids = (one.id, other.id)
    pairs, waiting = queries.list_pairs(session, by, ids), queries.list_left_waiting(session, by, ids)
    ready = queries.mentor_ids_of_rounds(session, by, ids)
    first, second = (
        Sides(
            pairs={pair.mentee_id: (pair.volunteer_id, pair.fit) for pair in pairs if pair.round_id == each},
            waiting=frozenset(row.mentee_id for row in waiting if row.round_id == each),
            mentors=ready.get(each),
        )
        for each in ids
    )
    return first, second


def _mentors_of(sides: Sides) -> frozenset[uuid.UUID]:
    """Gather the mentors that a page may name."""
    return (sides.mentors or frozenset()) | {mentor for mentor, _fit in sides.pairs.values()}


def _change(
    mentee_id: uuid.UUID,
    before: Sides,
    after: Sides,
    names: Mapping[uuid.UUID, str],
) -> Change:
    """Tell what one person has in each round."""
    first, second = before.pairs.get(mentee_id), after.pairs.get(mentee_id)
    return Change(
        mentee_id,
        names.get(mentee_id) or nameless(),
        (names.get(first[0]) or nameless()) if first else "",
        (names.get(second[0]) or nameless()) if second else "",
        first[1] if first else 0,
        second[1] if second else 0,
    )


def _weights(one: Round, other: Round) -> list[tuple[Component, int, int]]:
    """List the components that count differently."""
    both = [(part, one.weights.get(part.value, 0), other.weights.get(part.value, 0)) for part in Component]
    return [(part, before, after) for part, before, after in both if before != after]


def _only(these: Sides, those: Sides, names: Mapping[uuid.UUID, str]) -> list[str] | None:
    """Name the mentors who were ready in one round only; None where it cannot be told."""
    if these.mentors is None or those.mentors is None:
        return None
    return _names(these.mentors - those.mentors, names)


def _names(ids: frozenset[uuid.UUID], names: Mapping[uuid.UUID, str]) -> list[str]:
    """Name some people in the order of the alphabet."""
    return sorted(names.get(each) or nameless() for each in ids)
