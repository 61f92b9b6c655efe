"""The coordinator's part: volunteers are moved, checked, cleared for a level of risk, and given places."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from accounts import operations as accounts
from accounts import queries as account_queries
from accounts.models import Person
from accounts.policy import Actor
from accounts.rules import Role, email_key
from foundation import audit, facts
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from foundation.versions import require_version
from mentors.models import Check, StageMove, Volunteer
from mentors.operations.applying import require_coming_day
from mentors.policy import require_decision
from mentors.rules import MOST_PLACES, PASSED, STAGES, CheckKind, CheckOutcome, DbsLevel, Rosh, Stage, StageMoved


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
        base_url: Where the portal is, for the link of the invitation; empty sends no letter.

    Raises:
        ForbiddenMove: The lifecycle has no such move.
        SameAddress: Somebody else signs in with the same e-mail address.
        Refusal: A reason or a day is missing, or a listener forbids it.
    """
    _require_decision(by, volunteer, version)
    before = volunteer.stage
    STAGES.check(before, to)
    _require_reason(why)
    volunteer.ask_again_on = _checked_day(to, ask_again_on, day_of(at, by.time_zone))
    volunteer.stage, volunteer.stage_since = to, at
    _touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="move_volunteer", subject=volunteer)
    volunteer.moves.append(StageMove(before=before, after=to, at=at, by_id=by.person_id, why=why))
    session.flush()
    facts.publish(session, StageMoved(volunteer.id, before, to, at, by, base_url))
    _give_roles(session, volunteer=volunteer, to=to, by=by, at=at, base_url=base_url)


def _require_decision(by: Actor, volunteer: Volunteer, version: int | None) -> None:
    """Pass silently if this actor may decide about this volunteer as they saw them."""
    require_decision(by, volunteer)
    require_version(volunteer, version)


def _require_reason(why: str) -> None:
    """Insist on a reason."""
    if not why.strip():
        raise Refusal(_("Say why; it stays in the record"), field="why")


def _checked_day(to: Stage, ask_again_on: date | None, today: date) -> date | None:
    """Keep a day only for “not now”, and insist on it there, so that it is never a dead end."""
    if to is not Stage.NOT_NOW:
        return None
    if ask_again_on is None:
        raise Refusal(_("Enter the day on which we ask again"), field="ask_again_on")
    require_coming_day(ask_again_on, today, field="ask_again_on")
    return ask_again_on


def _touch(volunteer: Volunteer, by: Actor, at: datetime) -> None:
    """Count a new version of the record even where no column of its own changes, as when a check is recorded."""
    volunteer.changed_at, volunteer.changed_by_id = at, by.person_id
    flag_modified(volunteer, "changed_at")


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


def record_check(
    session: Session,
    *,
    volunteer: Volunteer,
    kind: CheckKind,
    outcome: CheckOutcome,
    by: Actor,
    at: datetime,
    level: DbsLevel | None = None,
    decided_on: date | None = None,
    expires_on: date | None = None,
    conditions: str = "",
    version: int | None = None,
) -> Check:
    """Write down how a check on a volunteer stands; each kind has one row, which is overwritten.

    Args:
        session: The transaction.
        volunteer: Who is checked.
        kind: What is checked.
        outcome: How it stands.
        by: Who decided.
        at: When it is written down.
        level: Of a DBS check only.
        decided_on: The day of the decision; must not be to come, and is needed once there is an outcome.
        expires_on: First day on which it no longer counts; None if it always does.
        conditions: What the volunteer must keep to.
        version: The volunteer's version that the form carried.

    Raises:
        Refusal: Something is missing or contradicts itself; the field says what.
    """
    _require_decision(by, volunteer, version)
    _require_sound_check(kind, outcome, level, decided_on, expires_on, conditions, day_of(at, by.time_zone))
    check = next((row for row in volunteer.checks if row.kind is kind), None)
    if check is None:
        check = Check(kind=kind, volunteer_id=volunteer.id)
        volunteer.checks.append(check)
    check.outcome, check.level, check.conditions = outcome, level, conditions
    check.decided_on, check.expires_on = decided_on, expires_on
    check.changed_at, check.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="record_check", subject=check)
    _touch(volunteer, by, at)
    session.flush()
    return check


def _require_sound_check(  # noqa: PLR0917 - the parts of one check.
    kind: CheckKind,
    outcome: CheckOutcome,
    level: DbsLevel | None,
    decided_on: date | None,
    expires_on: date | None,
    conditions: str,
    today: date,
) -> None:
    """Refuse a check whose parts contradict each other."""
    if kind is CheckKind.DBS and outcome in PASSED and level is None:
        raise Refusal(_("Choose the level of the DBS check"), field="level")
    if kind is not CheckKind.DBS and level is not None:
        raise Refusal(_("Only a DBS check has a level"), field="level")
    if outcome is not CheckOutcome.AWAITED and decided_on is None:
        raise Refusal(_("Enter the day of the decision"), field="decided_on")
    if decided_on is not None and decided_on > today:
        raise Refusal(_("The day of the decision is not to come"), field="decided_on")
    if decided_on is not None and expires_on is not None and expires_on <= decided_on:
        raise Refusal(_("A check runs out after it was decided"), field="expires_on")
    if outcome is CheckOutcome.CLEAR_WITH_CONDITIONS and not conditions.strip():
        raise Refusal(_("Enter the conditions"), field="conditions")


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
    _require_decision(by, volunteer, version)
    _require_reason(why)
    volunteer.cleared_rosh = None if level is None else level.value
    volunteer.cleared_at, volunteer.cleared_by_id, volunteer.cleared_why = at, by.person_id, why
    _touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="clear_for_risk", subject=volunteer)
    session.flush()


def set_capacity(
    session: Session, *, volunteer: Volunteer, capacity: int, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Decide how many people a volunteer can mentor at the same time.

    Raises:
        Refusal: Fewer than none or more than ``MOST_PLACES``.
    """
    _require_decision(by, volunteer, version)
    if not 0 <= capacity <= MOST_PLACES:
        raise Refusal(_("Enter a number from 0 to %(most)s", most=MOST_PLACES), field="capacity")
    volunteer.capacity = capacity
    _touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="set_capacity", subject=volunteer)
    session.flush()


_ANSWERS = (
    "area",
    "latitude",
    "longitude",
    "travel_km",
    "slots",
    "hours_per_week",
    "months",
    "languages",
    "lived_experience",
    "skills",
    "interests",
    "gender",
    "why",
)
"""Columns of a volunteer that an application fills."""


def accept_as_same(
    session: Session,
    *,
    volunteer: Volunteer,
    earlier: Volunteer,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Decide that an application comes from somebody who is a volunteer already: the earlier record goes on.

    The earlier record takes the new answers and the link of the new letter; somebody who had said “not now” has
    applied again by this. The later record is closed.

    Args:
        session: The transaction.
        volunteer: The later application, still unread.
        earlier: The record that goes on.
        why: How they were recognised.
        by: Who decides.
        at: When.
        version: Of the later application, as the form carried it.

    Raises:
        Refusal: The later one is under way already, or the addresses differ.
    """
    _require_decision(by, earlier, None)
    _require_decision(by, volunteer, version)
    _require_reason(why)
    if volunteer.stage is not Stage.APPLIED or earlier.id == volunteer.id:
        raise Refusal(_("Only an application that nobody has begun to read can be put with an earlier one."))
    if email_key(volunteer.person.email) != email_key(earlier.person.email):
        raise Refusal(_("These two have different email addresses."))
    token_hash, volunteer.status_token_hash = volunteer.status_token_hash, None
    move_volunteer(session, volunteer=volunteer, to=Stage.LEFT, why=why, by=by, at=at)
    for name in _ANSWERS:
        setattr(earlier, name, getattr(volunteer, name))
    earlier.status_token_hash = token_hash
    _touch(earlier, by, at)
    audit.record(session, by=by, at=at, verb="accept_as_same", subject=earlier)
    session.flush()
    if earlier.stage is Stage.NOT_NOW:
        move_volunteer(session, volunteer=earlier, to=Stage.APPLIED, why=why, by=by, at=at)
