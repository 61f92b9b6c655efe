"""Who may see and do what with people referred, each row filter beside the question that it answers for one record."""

from sqlalchemy import ColumnElement, and_, false

from accounts.policy import Actor
from accounts.rules import Permission
from mentees.models import Mentee
from mentees.rules import CaseStage


def may_see_mentee(actor: Actor, mentee: Mentee) -> bool:
    """Whether somebody may read the whole record, both levels; a mentor's own person is for mentoring to decide."""
    return actor.may(Permission.MENTEES_READ) and actor.scheme_id == mentee.scheme_id


def visible_mentees(actor: Actor) -> ColumnElement[bool]:
    """Filter the records that somebody may read whole."""
    if not actor.may(Permission.MENTEES_READ):
        return false()
    return Mentee.scheme_id == actor.scheme_id


def may_see_referral(actor: Actor, mentee: Mentee) -> bool:
    """Whether somebody may read level 1 of a referral: staff, and the agency it came from while consent stands."""
    if not actor.may(Permission.REFERRALS_MAKE) or actor.scheme_id != mentee.scheme_id:
        return False
    if actor.may(Permission.MENTEES_READ):
        return True
    is_own = actor.agency_id is not None and actor.agency_id == mentee.agency_id
    return is_own and mentee.consent_on is not None


def visible_referrals(actor: Actor) -> ColumnElement[bool]:
    """Filter the referrals of which somebody may read level 1."""
    if not actor.may(Permission.REFERRALS_MAKE):
        return false()
    in_scheme = Mentee.scheme_id == actor.scheme_id
    if actor.may(Permission.MENTEES_READ):
        return in_scheme
    if actor.agency_id is None:
        # An officer whose agency is not known must not be given the referrals that came from no agency.
        return false()
    return and_(in_scheme, Mentee.agency_id == actor.agency_id, Mentee.consent_on.is_not(None))


def may_move_case(actor: Actor, mentee: Mentee, to: CaseStage) -> bool:
    """Whether somebody may move a case: staff as the lifecycle allows; a mentor only back to waiting.

    A mentor who declines a match or leaves gives the person back; that the match was theirs is for mentoring to check.
    """
    if actor.scheme_id != mentee.scheme_id:
        return False
    if actor.may(Permission.MENTEES_DECIDE):
        return True
    return actor.may(Permission.OWN_RECORD_READ) and mentee.stage is CaseStage.MATCHED and to is CaseStage.WAITING


def may_read_waiting(actor: Actor) -> bool:
    """Whether somebody may read all who wait, with what the matching must obey."""
    return actor.may(Permission.MENTEES_READ) or actor.may(Permission.MATCHING_READ)


def everybody_waiting(actor: Actor) -> ColumnElement[bool]:
    """Filter those who wait in the actor's scheme."""
    if not may_read_waiting(actor):
        return false()
    return and_(Mentee.scheme_id == actor.scheme_id, Mentee.stage == CaseStage.WAITING)
