"""Who may read and decide on rounds and proposals: coordinators of the scheme, nobody else."""

import uuid

from sqlalchemy import ColumnElement

from accounts.policy import Actor
from accounts.rules import Permission
from foundation.conditions import Allowed, Condition, Is
from matching.models import Proposal, Round, RoundChoice, RuleSet, VetoLift
from mentees.models import Mentee
from mentors.models import Volunteer


def _reads(by: Actor) -> Condition:
    """Declare whether somebody reads rounds at all."""
    return Allowed(by.may(Permission.MATCHING_READ))


def may_read(by: Actor, scheme_id: uuid.UUID) -> bool:
    """Tell whether somebody may read the rounds of a scheme."""
    return by.may(Permission.MATCHING_READ) and by.scheme_id == scheme_id


def readable_rounds(by: Actor) -> ColumnElement[bool]:
    """Give the rounds that somebody may read."""
    return (_reads(by) & Is(Round.scheme_id, by.scheme_id)).rows()


def readable_proposals(by: Actor) -> ColumnElement[bool]:
    """Give the proposals that somebody may read."""
    return (_reads(by) & Is(Proposal.scheme_id, by.scheme_id)).rows()


def readable_mentees(by: Actor) -> ColumnElement[bool]:
    """Give the people whom somebody may find named in rounds."""
    return (_reads(by) & Is(Mentee.scheme_id, by.scheme_id)).rows()


def readable_mentors(by: Actor) -> ColumnElement[bool]:
    """Give the mentors whom somebody may find named in rounds."""
    return (_reads(by) & Is(Volunteer.scheme_id, by.scheme_id)).rows()


def readable_rules(by: Actor) -> ColumnElement[bool]:
    """Give the versions of the rules that somebody may read."""
    return (_reads(by) & Is(RuleSet.scheme_id, by.scheme_id)).rows()


def readable_choices(by: Actor) -> ColumnElement[bool]:
    """Give the choices in rounds that somebody may read."""
    return (_reads(by) & Is(RoundChoice.scheme_id, by.scheme_id)).rows()


def readable_lifts(by: Actor) -> ColumnElement[bool]:
    """Give the rules lifted for single pairs that somebody may read."""
    return (_reads(by) & Is(VetoLift.scheme_id, by.scheme_id)).rows()
