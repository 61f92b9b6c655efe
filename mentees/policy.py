"""Who may see and do what with people referred; page, list and operation ask the one declaration."""

from sqlalchemy import ColumnElement

from accounts.policy import Actor
from accounts.rules import Permission
from foundation.conditions import Allowed, Condition, Is, OneOf, Present
from mentees.models import Mentee
from mentees.rules import CaseStage


def _in_scheme(actor: Actor) -> Condition:
    """Declare which people belong to the scheme that somebody acts in."""
    return Is(Mentee.scheme_id, actor.scheme_id)


def _read_whole(actor: Actor) -> Condition:
    """Declare whose record somebody reads whole, both levels: staff, and whoever a second person opened it to."""
    return _in_scheme(actor) & (Allowed(actor.may(Permission.MENTEES_READ)) | OneOf(Mentee.person_id, actor.unsealed))


def _referred(actor: Actor) -> Condition:
    """Declare of which referrals somebody reads level 1: staff, and the agency it came from while consent stands."""
    from_own_agency = Is(Mentee.agency_id, actor.agency_id) & Present(Mentee.consent_on)
    is_staff = Allowed(actor.may(Permission.MENTEES_READ))
    return Allowed(actor.may(Permission.REFERRALS_MAKE)) & _in_scheme(actor) & (is_staff | from_own_agency)


def _waiting(actor: Actor) -> Condition:
    """Declare whom the matching reads: those who wait."""
    return Allowed(may_read_waiting(actor)) & _in_scheme(actor) & Is(Mentee.stage, CaseStage.WAITING)


def may_see_mentee(actor: Actor, mentee: Mentee) -> bool:
    """Whether somebody may read the whole record, both levels; a mentor's own person is for mentoring to decide."""
    return _read_whole(actor).holds(mentee)


def visible_mentees(actor: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_see_mentee`` holds."""
    return _read_whole(actor).rows()


def may_see_referral(actor: Actor, mentee: Mentee) -> bool:
    """Whether somebody may read level 1 of a referral: staff, and the agency it came from while consent stands."""
    return _referred(actor).holds(mentee)


def visible_referrals(actor: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_see_referral`` holds."""
    return _referred(actor).rows()


def may_move_case(actor: Actor, mentee: Mentee, to: CaseStage) -> bool:
    """Whether somebody may move a case: staff as the lifecycle allows; a mentor only back to waiting.

    A mentor who declines a match or leaves gives the person back; that the match was theirs is for mentoring to check.
    """
    gives_back = actor.may(Permission.OWN_RECORD_READ) and to is CaseStage.WAITING
    by_staff, by_mentor = Allowed(actor.may(Permission.MENTEES_DECIDE)), Allowed(gives_back)
    return (_in_scheme(actor) & (by_staff | by_mentor & Is(Mentee.stage, CaseStage.MATCHED))).holds(mentee)


def may_read_waiting(actor: Actor) -> bool:
    """Whether somebody may read all who wait, with what the matching must obey."""
    return actor.may(Permission.MENTEES_READ) or actor.may(Permission.MATCHING_READ)


def everybody_waiting(actor: Actor) -> ColumnElement[bool]:
    """Give the rows of those who wait in the actor's scheme, if the actor may read them."""
    return _waiting(actor).rows()
