"""Rules of the matching, rounds with the proposals they made, and the people they left waiting."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from matching.rules import (
    OPEN_PROPOSALS,
    ChoiceKind,
    Origin,
    Phase,
    ProposalState,
    RoundState,
    StaleWhy,
    WaitingWhy,
)
from mentees.models import Mentee
from mentors.models import Volunteer

LIVE = [state.value for state in (*OPEN_PROPOSALS, ProposalState.APPROVED)]
"""A person has one proposal of these states in a round; those out of date or declined stay beside it."""

IS_LIVE = column("state", String).in_(LIVE)


class RuleSet(Base):
    """How much each part of the fit counts in a scheme, from one day on; never changed once made, the newest holds."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.SETTING)
    number: Mapped[int] = mapped_column(info=dictionary.SETTING)
    """1, 2, ... in each scheme; 1 is what the portal brought along."""
    weights: Mapped[dict[str, int]] = mapped_column(JSON, info=dictionary.SETTING)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.SETTING)
    """Who answers for it; nobody for the first."""
    made_at: Mapped[datetime] = mapped_column(info=dictionary.SETTING)
    reason: Mapped[str] = mapped_column(String(4000), default="", info=dictionary.SETTING)


class Round(Base):
    """One run of the matching: who asked for it, with which weights, and what came out."""

    __tablename__ = "matching_round"
    __table_args__ = (Index("ix_matching_round_scheme", "scheme_id", "asked_at"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    state: Mapped[RoundState] = mapped_column(
        Choice(RoundState), default=RoundState.QUEUED, info=dictionary.OPERATIONAL
    )
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    started_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    finished_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    phase: Mapped[Phase] = mapped_column(Choice(Phase), default=Phase.QUEUED, info=dictionary.OPERATIONAL)
    progress_percent: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    weights: Mapped[dict[str, int]] = mapped_column(JSON, info=dictionary.OPERATIONAL)
    rule_set_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("rule_set.id"), info=dictionary.OPERATIONAL)
    """The rules that the weights are of; None for rounds from before rules had versions."""
    mentee_count: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    mentor_count: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    place_count: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    total_fit: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    is_proven: Mapped[bool] = mapped_column(default=False, info=dictionary.OPERATIONAL)
    failure: Mapped[str] = mapped_column(String(500), default="", info=dictionary.OPERATIONAL)
    inputs_digest: Mapped[str] = mapped_column(String(64), default="", info=dictionary.OPERATIONAL)
    """SHA-256 of all that the round was reckoned from; stays where the record itself had to go."""
    revision: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)
    """How often staff have chosen in it; a page that was opened before the last choice is out of date."""

    proposals: Mapped[list["Proposal"]] = relationship(
        order_by="Proposal.fit.desc(), Proposal.id", back_populates="round"
    )
    waiting: Mapped[list["Unmatched"]] = relationship(order_by="Unmatched.id", back_populates="round")


class RoundRecord(Base):
    """Everything that one round was reckoned from and what came out; goes whole when somebody in it is erased."""

    __tablename__ = "round_record"
    concerns: ClassVar[str] = "round_id"

    round_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("matching_round.id"), unique=True, info=dictionary.OPERATIONAL
    )
    mentee_ids: Mapped[list[str]] = mapped_column(JSON, info=dictionary.OPERATIONAL)
    """Who waited, in the order of the rows."""
    volunteer_ids: Mapped[list[str]] = mapped_column(JSON, info=dictionary.OPERATIONAL)
    """Who was ready, in the order of the columns."""
    arrays: Mapped[bytes] = sealed(bytes, deferred=True, info=dictionary.CONFIDENTIAL)
    """What ``matching.gathering.records`` packs."""


class Proposal(Versioned, Base):
    """A pair that a round suggests, with the reasons as they were known then; a named person decides."""

    __tablename__ = "proposal"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (
        Index("uq_proposal_live", "round_id", "mentee_id", unique=True, sqlite_where=IS_LIVE, postgresql_where=IS_LIVE),
        Index("ix_proposal_state", "scheme_id", "state"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matching_round.id"), info=dictionary.OPERATIONAL)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    state: Mapped[ProposalState] = mapped_column(
        Choice(ProposalState), default=ProposalState.PROPOSED, info=dictionary.OPERATIONAL
    )
    origin: Mapped[Origin] = mapped_column(Choice(Origin), default=Origin.ROUND, info=dictionary.OPERATIONAL)
    stale_why: Mapped[StaleWhy | None] = mapped_column(Choice(StaleWhy), info=dictionary.OPERATIONAL)
    fit: Mapped[int] = mapped_column(info=dictionary.OPERATIONAL)
    components: Mapped[dict[str, Any]] = sealed(dict, deferred=True, info=dictionary.CONFIDENTIAL)
    reasons: Mapped[dict[str, Any]] = sealed(dict, deferred=True, info=dictionary.CONFIDENTIAL)
    """Facts behind the sentence why: kilometres, common slots, shared languages; made into words when shown."""
    needs_second: Mapped[bool] = sealed(bool, deferred=True, default=False, info=dictionary.CONFIDENTIAL)
    first_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    first_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    first_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    decided_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    decided_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    round: Mapped[Round] = relationship(back_populates="proposals")
    mentee: Mapped[Mentee] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class Unmatched(Base):
    """A person whom a round left waiting, with the rules that block mentors and how many each blocks."""

    __tablename__ = "unmatched"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (UniqueConstraint("round_id", "mentee_id"),)

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matching_round.id"), info=dictionary.OPERATIONAL)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    why: Mapped[WaitingWhy] = mapped_column(Choice(WaitingWhy), info=dictionary.OPERATIONAL)
    smallest_change: Mapped[str | None] = sealed(str, info=dictionary.CONFIDENTIAL)
    """The one veto whose lifting would free a mentor and that forbids fewest; None where none would."""
    mentors_considered: Mapped[int] = mapped_column(info=dictionary.OPERATIONAL)
    mentors_allowed: Mapped[int] = mapped_column(info=dictionary.OPERATIONAL)
    blocked_by: Mapped[dict[str, int]] = sealed(dict, info=dictionary.CONFIDENTIAL)
    """Veto -> number of mentors it blocks; one mentor may be blocked by several."""
    alone_blocked_by: Mapped[dict[str, int]] = sealed(dict, default=dict, info=dictionary.CONFIDENTIAL)
    """Veto -> number of mentors whom it alone blocks, who would be free without it."""

    round: Mapped[Round] = relationship(back_populates="waiting")
    mentee: Mapped[Mentee] = relationship()


class RoundChoice(Base):
    """What staff chose in a finished round: a pair that stands, a pair that is not to be, or somebody left out."""

    __tablename__ = "round_choice"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (Index("ix_round_choice_declined", "scheme_id", "kind", "until_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    round_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("matching_round.id"), index=True, info=dictionary.OPERATIONAL
    )
    kind: Mapped[ChoiceKind] = mapped_column(Choice(ChoiceKind), info=dictionary.OPERATIONAL)
    mentee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL
    )
    """None where a mentor is left out."""
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL
    )
    """None where a person is left out."""
    why: Mapped[str] = sealed(str, deferred=True, info=dictionary.CONFIDENTIAL)
    until_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    """The first day on which a declined pair may be proposed again."""
    cost: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info=dictionary.OPERATIONAL)
    """What it cost when it was made: people about to be released, people, points of fit; and the fit in all before."""
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    made_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    """When it was undone; None while it holds."""


class VetoLift(Base):
    """A senior lifted, for one pair and until a day, the rules that forbade it; those that protect are never lifted."""

    __tablename__ = "veto_lift"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (Index("ix_veto_lift_scheme", "scheme_id", "until_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    vetoes: Mapped[list[str]] = sealed(list, info=dictionary.CONFIDENTIAL)
    """The rules that are lifted; any other that comes to forbid the pair still does."""
    why: Mapped[str] = sealed(str, deferred=True, info=dictionary.CONFIDENTIAL)
    until_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    """The first day on which the rules hold again."""
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    made_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
