"""Proving a stored round again, and forgetting what it was reckoned from when somebody in it is erased."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.gathering import digest_of, unpack
from matching.models import Proposal, Round, RoundRecord
from matching.rules import Origin


@dataclass(frozen=True)
class Verdict:
    """What a look at a stored round found.

    Attributes:
        is_kept: Whether the record of the round is still there; where it is not, nothing else can be told.
        is_unchanged: Whether what it was reckoned from is what it was.
        is_proven: Whether the stored prices prove the stored plan.
        gap: By how much, at most, another plan could be better; 0 where it is proven.
        strays: Proposals that are not the pairs of the plan, and pairs of the plan without a proposal.
    """

    is_kept: bool
    is_unchanged: bool = False
    is_proven: bool = False
    gap: int = 0
    strays: int = 0

    @property
    def holds(self) -> bool:
        """Whether the round is what it says."""
        return self.is_kept and self.is_unchanged and self.is_proven and not self.strays


def verify_round(session: Session, round_: Round) -> Verdict:
    """Prove a finished round again from what was stored, without the solver.

    Raises:
        NotReadable: Another release stored it.
    """
    record = session.scalars(select(RoundRecord).where(RoundRecord.round_id == round_.id)).one_or_none()
    if record is None:
        return Verdict(is_kept=False)
    memory = unpack(record.arrays)
    certificate = memory.certificate
    planned = {
        (record.mentee_ids[row], record.volunteer_ids[column])
        for row, column in enumerate(memory.mentor_of)
        if column >= 0
    }
    statement = select(Proposal.mentee_id, Proposal.volunteer_id).where(
        Proposal.round_id == round_.id, Proposal.origin == Origin.ROUND
    )
    stored = {(row.mentee_id.hex, row.volunteer_id.hex) for row in session.execute(statement.order_by(Proposal.id))}
    return Verdict(
        is_kept=True,
        is_unchanged=digest_of(memory) == round_.inputs_digest,
        is_proven=certificate.holds,
        gap=certificate.gap,
        strays=len(planned ^ stored),
    )


def forget_records(session: Session, *, ids: Collection[uuid.UUID]) -> int:
    """Remove the record of every round in which one of some people or mentors stood, and tell how many there were.

    The arrays of a round hold everybody's facts side by side and cannot be emptied of one person without losing what
    they prove; so they go whole. The round keeps its figures and its digest.

    Args:
        session: The transaction.
        ids: Records of people mentored, of volunteers, or both.
    """
    wanted = {each.hex for each in ids}
    rows = session.execute(
        select(RoundRecord.id, RoundRecord.mentee_ids, RoundRecord.volunteer_ids).order_by(RoundRecord.id)
    )
    found = [row.id for row in rows if wanted & {*row.mentee_ids, *row.volunteer_ids}]
    if found:
        session.execute(delete(RoundRecord).where(RoundRecord.id.in_(found)))
    return len(found)
