"""The coordinator's part: volunteers are moved, checked, cleared for a level of risk, and given places."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts import queries as account_queries
from accounts.models import Person
from accounts.policy import Actor
from accounts.rules import Role, email_key
from foundation import audit, facts
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from mentors.models import StageMove, Volunteer
from mentors.operations.applying import require_coming_day
from mentors.operations.deciding import require_decision_on, require_reason, touch
from mentors.operations.departing import note_departure
from mentors.rules import MOST_PLACES, STAGES, Leaving, Rosh, Stage, StageMoved


class SameAddress(Refusal):
    """Somebody else signs in with this volunteer's e-mail address: staff say first whether it is the same person."""


def move_volunteer(
    session: Session,
    *,
    volunteer: Volunteer,
    to: Stage,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    ask_again_on: date | None = None,
    leaving: Leaving | None = None,
    base_url: str = "",
) -> None:
    """Move a volunteer along the pipeline, with what follows from it.

    From the screening on they can sign in; once ready they are a mentor; when they leave, both roles end. Whoever
    listens to ``StageMoved`` may forbid the move, as the readiness gate does.

    Args:
        session: The transaction.
        volunteer: Who is moved.
        to: The new stage.
        why: The reason, for the timeline.
        by: Who decides.
        at: When.
        version: What the form carried.
        ask_again_on: For “not now”: the day on which we ask again.
        leaving: For leaving: why and from when; without it nothing is known but the day.
        base_url: Where the portal is, for the link of the invitation; empty sends no letter.

    Raises:
        ForbiddenMove: The lifecycle has no such move.
        SameAddress: Somebody else signs in with the same e-mail address.
        Refusal: A reason or a day is missing, or a listener forbids it.
    """
    require_decision_on(by, volunteer, version)
    before = volunteer.stage
    STAGES.check(before, to)
    require_reason(why)
    volunteer.ask_again_on = _checked_day(to, ask_again_on, day_of(at, by.time_zone))
    volunteer.stage, volunteer.stage_since = to, at
    if to is Stage.READY and volunteer.began_on is None:
        volunteer.began_on = day_of(at, by.time_zone)
    touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="move_volunteer", subject=volunteer)
    if to is Stage.LEFT:
        note_departure(session, volunteer=volunteer, leaving=leaving or Leaving(), by=by, at=at)
    volunteer.moves.append(StageMove(before=before, after=to, at=at, by_id=by.person_id, why=why))
    session.flush()
    facts.publish(session, StageMoved(volunteer.id, before, to, at, by, base_url))
    _give_roles(session, volunteer=volunteer, to=to, by=by, at=at, base_url=base_url)


def _checked_day(to: Stage, ask_again_on: date | None, today: date) -> date | None:
    """Keep a day only for “not now”, and insist on it there, so that it is never a dead end."""
    if to is not Stage.NOT_NOW:
        return None
    if ask_again_on is None:
        raise Refusal(_("Enter the day on which we ask again"), field="ask_again_on")
    require_coming_day(ask_again_on, today, field="ask_again_on")
    return ask_again_on


def _give_roles(session: Session, *, volunteer: Volunteer, to: Stage, by: Actor, at: datetime, base_url: str) -> None:
    """Let a volunteer sign in, make them a mentor, or end both, as the new stage asks."""
    person = volunteer.person
    if to is Stage.SCREENING and email_key(person.email):
        _let_sign_in(session, person, by, at, base_url)
    elif to is Stage.READY:
        accounts.grant_role(session, person=person, role=Role.MENTOR, by=by, at=at)
    elif to is Stage.LEFT:
        _end_roles(session, person, by, at)


def _let_sign_in(session: Session, person: Person, by: Actor, at: datetime, base_url: str) -> None:
    """Open an account with the role of a volunteer, and invite them unless they have a password."""
    known = account_queries.find_account(session, email_key(person.email))
    if known is not None and known.person_id != person.id:
        raise SameAddress(
            _(
                "Somebody else signs in with this email address. If it is the same person, say so on their page; "
                "if not, ask for another address."
            )
        )
    accounts.grant_role(session, person=person, role=Role.VOLUNTEER, by=by, at=at)
    account = accounts.open_account(session, person=person, by=by, at=at)
    if base_url and account.password_hash is None:
        accounts.invite(session, account=account, base_url=base_url, by=by, at=at)


def _end_roles(session: Session, person: Person, by: Actor, at: datetime) -> None:
    """End what a volunteer was here; as a consequence of leaving it needs no right over accounts."""
    consequence = replace(by, roles=frozenset({Role.ADMINISTRATOR}))
    for grant in account_queries.list_live_roles(session, person.id):
        if grant.scheme_id == by.scheme_id and grant.role in {Role.VOLUNTEER, Role.MENTOR}:
            accounts.end_role(session, grant=grant, by=consequence, at=at, why="")
    session.flush()


def clear_for_risk(
    session: Session,
    *,
    volunteer: Volunteer,
    level: Rosh | None,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Decide the highest risk of serious harm that a volunteer is cleared for; None takes the clearance back.

    Raises:
        Refusal: The reason is missing.
    """
    require_decision_on(by, volunteer, version)
    require_reason(why)
    volunteer.cleared_rosh = None if level is None else level.value
    volunteer.cleared_at, volunteer.cleared_by_id, volunteer.cleared_why = at, by.person_id, why
    touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="clear_for_risk", subject=volunteer)
    session.flush()


def set_capacity(
    session: Session, *, volunteer: Volunteer, capacity: int, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Decide how many people a volunteer can mentor at the same time.

    Raises:
        Refusal: Fewer than none or more than ``MOST_PLACES``.
    """
    require_decision_on(by, volunteer, version)
    if not 0 <= capacity <= MOST_PLACES:
        raise Refusal(_("Enter a number from 0 to %(most)s", most=MOST_PLACES), field="capacity")
    volunteer.capacity = capacity
    touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="set_capacity", subject=volunteer)
    session.flush()
