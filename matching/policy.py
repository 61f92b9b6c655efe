"""Who may read and decide on rounds and proposals: coordinators of the scheme, nobody else."""

import uuid

from sqlalchemy import ColumnElement

from accounts.policy import Actor
from accounts.rules import Permission
from matching.models import Proposal, Round


def may_read(by: Actor, scheme_id: uuid.UUID) -> bool:
    """Tell whether somebody may read the rounds of a scheme."""
    return by.may(Permission.MATCHING_READ) and by.scheme_id == scheme_id


def readable_rounds(by: Actor) -> ColumnElement[bool]:
    """Give the same rule as a filter of rounds."""
    return Round.scheme_id == (by.scheme_id if by.may(Permission.MATCHING_READ) else None)


def readable_proposals(by: Actor) -> ColumnElement[bool]:
    """Give the same rule as a filter of proposals."""
    return Proposal.scheme_id == (by.scheme_id if by.may(Permission.MATCHING_READ) else None)
