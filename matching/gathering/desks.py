"""The desk on which a finished round lies: its record, what staff chose in it, and what is proposed now."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from sqlalchemy.orm import Session

from accounts.policy import Actor
from matching import queries
from matching.gathering.records import Remembered, unpack
from matching.gathering.sides import Sides
from matching.gathering.solving import Answer, Pair, Wishes, solve_again
from matching.gathering.trying import NOBODY, MentorOf
from matching.models import Proposal, Round, RoundChoice, VetoLift
from matching.rules import NEVER_LIFTED, OPEN_PROPOSALS, PERSON_CHANGED, ChoiceKind, ProposalState, StaleWhy

DECIDED = (ProposalState.SECONDED, ProposalState.APPROVED)
"""What two or one have approved is no longer the round's to change."""

LIVE = (*OPEN_PROPOSALS, ProposalState.APPROVED)


@dataclass(frozen=True)
class Desk(Sides):
    """A finished round with everything that was decided in it.

    Attributes:
        round: The round.
        memory: Its record.
        mentee_ids: The people by row.
        volunteer_ids: The mentors by column.
        proposals: All its proposals, whatever their state.
        choices: All choices in it, also those undone, the newest first.
        lifts: Rules that are lifted today, by pair.
        present: The people who still wait, and the mentors who are still at the stage ``ready``.
    """

    round: Round
    memory: Remembered
    mentee_ids: Sequence[uuid.UUID]
    volunteer_ids: Sequence[uuid.UUID]
    proposals: Sequence[Proposal]
    choices: Sequence[RoundChoice]
    lifts: Sequence[VetoLift]
    present: frozenset[uuid.UUID]

    @property
    def live(self) -> dict[int, Proposal]:
        """What is proposed or approved now, by row of the person."""
        return {self.rows[each.mentee_id]: each for each in self.proposals if each.state in LIVE}

    @property
    def current(self) -> MentorOf:
        """The mentor who is proposed now for each person or -1, shape ``(n_mentees,)``."""
        mentor_of = np.full(len(self.mentee_ids), NOBODY)
        for row, proposal in self.live.items():
            mentor_of[row] = self.columns[proposal.volunteer_id]
        return mentor_of

    @property
    def standing(self) -> list[RoundChoice]:
        """The choices that hold."""
        return [choice for choice in self.choices if choice.ended_at is None]

    @cached_property
    def changed_rows(self) -> frozenset[int]:
        """People who are no longer as the round knew them, and for whom it proposes nobody any more."""
        left = {row for each, row in self.rows.items() if each not in self.present}
        return frozenset(left) | {self.rows[each.mentee_id] for each in self._stale(PERSON_CHANGED)}

    @cached_property
    def changed_columns(self) -> frozenset[int]:
        """Mentors who are no longer as the round knew them."""
        left = {column for each, column in self.columns.items() if each not in self.present}
        return frozenset(left) | {self.columns[each.volunteer_id] for each in self._stale({StaleWhy.MENTOR})}

    def lifts_of(self, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> list[VetoLift]:
        """List what is lifted for a pair, also where the round knew of it already; a later rule takes a later lift."""
        return [each for each in self.lifts if (each.mentee_id, each.volunteer_id) == (mentee_id, volunteer_id)]

    @cached_property
    def lifted(self) -> frozenset[Pair]:
        """The pairs of which every rule that the record knows is lifted."""
        rules: dict[Pair, set[str]] = {}
        for lift in self.lifts:
            if lift.mentee_id in self.rows and lift.volunteer_id in self.columns:
                pair = self.rows[lift.mentee_id], self.columns[lift.volunteer_id]
                rules.setdefault(pair, set()).update(set(lift.vetoes) - NEVER_LIFTED)
        vetoes_of = self.memory.scored.vetoes_of
        return frozenset(pair for pair, lifted in rules.items() if vetoes_of(*pair) and lifted >= set(vetoes_of(*pair)))

    @cached_property
    def wishes(self) -> Wishes:
        """What people have decided, as the solver needs it."""
        return self.wishes_without(None)

    def wishes_without(self, undone: RoundChoice | None) -> Wishes:
        """Tell what people would have decided without one choice."""
        kept = [choice for choice in self.standing if choice is not undone]
        decided = {row: self.columns[each.volunteer_id] for row, each in self.live.items() if each.state in DECIDED}
        return Wishes(
            pins={**self._pinned(kept), **decided},
            forbidden=frozenset(self._pairs(kept, ChoiceKind.DECLINE) | self._declined_without_choice()),
            rows_out=self.changed_rows | self._rows_of(kept),
            columns_out=self.changed_columns | self._columns_of(kept),
            lifted=self.lifted,
        )

    def solve(self, wishes: Wishes | None = None) -> Answer:
        """Solve the round again, with what was decided so far unless told otherwise."""
        return solve_again(self.memory, wishes or self.wishes, self.current)

    def _stale(self, whys: frozenset[StaleWhy] | set[StaleWhy]) -> list[Proposal]:
        """List what went out of date for some reasons."""
        return [each for each in self.proposals if each.state is ProposalState.STALE and each.stale_why in whys]

    def _pinned(self, choices: Sequence[RoundChoice]) -> dict[int, int]:
        """Give the pairs that stand, as far as both are as the round knew them."""
        pairs = self._pairs(choices, ChoiceKind.PIN)
        return {
            row: column for row, column in pairs if row not in self.changed_rows and column not in self.changed_columns
        }

    def pair_of(self, choice: RoundChoice) -> Pair | None:
        """Tell row and column of the pair that a choice is about; None where it is about one of them alone."""
        if choice.mentee_id is None or choice.volunteer_id is None:
            return None
        return self.rows[choice.mentee_id], self.columns[choice.volunteer_id]

    def _pairs(self, choices: Sequence[RoundChoice], kind: ChoiceKind) -> set[Pair]:
        """Give the pairs of choices of a kind."""
        return {pair for each in choices if each.kind is kind and (pair := self.pair_of(each)) is not None}

    def _declined_without_choice(self) -> set[Pair]:
        """Give the pairs that were declined before choices were kept."""
        chosen = self._pairs(self.choices, ChoiceKind.DECLINE)
        declined = {
            (self.rows[each.mentee_id], self.columns[each.volunteer_id])
            for each in self.proposals
            if each.state is ProposalState.DECLINED
        }
        return declined - chosen

    def _rows_of(self, choices: Sequence[RoundChoice]) -> set[int]:
        """Give the people left out."""
        kind = ChoiceKind.LEAVE_PERSON
        return {self.rows[each.mentee_id] for each in choices if each.kind is kind and each.mentee_id is not None}

    def _columns_of(self, choices: Sequence[RoundChoice]) -> set[int]:
        """Give the mentors left out."""
        kind = ChoiceKind.LEAVE_MENTOR
        return {
            self.columns[each.volunteer_id] for each in choices if each.kind is kind and each.volunteer_id is not None
        }


def read_desk(session: Session, by: Actor, round_: Round, on: date) -> Desk | None:
    """Read a finished round with all that was decided in it; None where its record is no longer kept."""
    record = queries.find_record(session, by, round_.id)
    if record is None:
        return None
    mentees, mentors = ([uuid.UUID(each) for each in ids] for ids in (record.mentee_ids, record.volunteer_ids))
    return lay_out_desk(session, by, round_, unpack(record.arrays), (mentees, mentors), on=on)


def lay_out_desk(
    session: Session,
    by: Actor,
    round_: Round,
    memory: Remembered,
    ids: tuple[Sequence[uuid.UUID], Sequence[uuid.UUID]],
    *,
    on: date,
    choices: Sequence[RoundChoice] | None = None,
) -> Desk:
    """Put beside a round that has been recalled all that was decided in it.

    Args:
        session: To read with.
        by: Who reads.
        round_: The round.
        memory: Its record.
        ids: The people by row, and the mentors by column.
        on: The day on which lifted rules are looked at.
        choices: What staff chose in the round; read here unless given.
    """
    return Desk(
        round=round_,
        memory=memory,
        mentee_ids=ids[0],
        volunteer_ids=ids[1],
        proposals=queries.list_round_pairs(session, round_.id),
        choices=queries.list_choices(session, by, round_.id) if choices is None else choices,
        lifts=queries.list_lifts(session, round_.scheme_id, on),
        present=frozenset(queries.list_present_ids(session, round_.scheme_id)),
    )
