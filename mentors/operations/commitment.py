"""What a volunteer offers is changed by agreement, and breaks begin and end; the history stays."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.language import _
from foundation.outbox import write_letter
from mentors import policy, queries
from mentors.models import Commitment, CommitmentAlert, Volunteer, VolunteerBreak
from mentors.operations.deciding import require_decision_on, require_reason, touch
from mentors.rules import (
    LEAST_TERMS_HOURS,
    LEAST_TERMS_MONTHS,
    LONGEST_BREAK_DAYS,
    LONGEST_NOTICE_DAYS,
    MOST_HOURS_PER_WEEK,
    MOST_MONTHS,
    BreakWhy,
    CommitmentState,
    Span,
    Stage,
    StageMoved,
    Terms,
    promise_on,
)


def begin_commitment(session: Session, *, volunteer: Volunteer, by: Actor, at: datetime) -> Commitment:
    """Write down what a volunteer offers in an application, from this day on."""
    offered = Commitment(
        volunteer_id=volunteer.id,
        terms=Terms.USUAL,
        hours_per_week=volunteer.hours_per_week,
        months=volunteer.months,
        from_on=day_of(at, by.time_zone),
        state=CommitmentState.AGREED,
        asked_at=at,
        asked_by_id=by.person_id,
        decided_at=at,
    )
    session.add(offered)
    session.flush()
    return offered


def ask_commitment(
    session: Session,
    *,
    volunteer: Volunteer,
    hours_per_week: int,
    months: int,
    from_on: date,
    why: str,
    by: Actor,
    at: datetime,
) -> Commitment:
    """Ask, as a volunteer, to offer more or less from a day to come; staff answer.

    Raises:
        NotPermitted: It is somebody else's record.
        Refusal: The day is not to come, something is missing, or there is a wish that waits.
    """
    if not policy.is_own_record(by, volunteer):
        raise NotPermitted(_("Everybody asks for themselves."))
    if volunteer.stage in {Stage.LEFT, Stage.NOT_NOW}:
        raise Refusal(_("Tell us first that you would like to come back."))
    _require_terms(hours_per_week, months)
    today = day_of(at, by.time_zone)
    if from_on <= today:
        raise Refusal(_("Choose a day after today, so that we can arrange it"), field="from_on")
    _require_near(from_on, today)
    require_reason(why)
    if queries.find_asked(session, volunteer) is not None:
        raise Refusal(_("You have asked for a change already. We answer that one first."))
    return _add(session, volunteer, hours_per_week, months, from_on, why, by, at, state=CommitmentState.ASKED)


def answer_commitment(
    session: Session, *, commitment: Commitment, agree: bool, answer: str, by: Actor, at: datetime, base_url: str = ""
) -> None:
    """Agree to a change that a volunteer asked for, or decline it with a reason; they get a letter.

    Raises:
        Conflict: Somebody answered it before.
        Refusal: It is declined without a reason.
    """
    volunteer = commitment.volunteer
    require_decision_on(by, volunteer, None)
    if commitment.state is not CommitmentState.ASKED:
        raise Conflict(_("Somebody has answered this already."))
    if not agree and not answer.strip():
        raise Refusal(_("Say why; the volunteer reads it"), field="answer")
    commitment.state = CommitmentState.AGREED if agree else CommitmentState.DECLINED
    commitment.decided_at, commitment.decided_by_id, commitment.answer = at, by.person_id, answer
    audit.record(session, by=by, at=at, verb="answer_commitment", subject=commitment)
    session.flush()
    follow_promise(session, volunteer=volunteer, by=by, at=at)
    if base_url and volunteer.person.email:
        _tell(session, volunteer.person.email, f"{base_url}/my-commitment", at)


def set_commitment(
    session: Session,
    *,
    volunteer: Volunteer,
    hours_per_week: int,
    months: int,
    from_on: date,
    why: str,
    by: Actor,
    at: datetime,
    terms: Terms = Terms.USUAL,
    until_on: date | None = None,
    version: int | None = None,
) -> Commitment:
    """Write down, as staff, what a volunteer offers from a day on; flexible terms end on a day and count as enough.

    Raises:
        Refusal: Something is missing or contradicts itself.
    """
    require_decision_on(by, volunteer, version)
    _require_terms(hours_per_week, months)
    today = day_of(at, by.time_zone)
    _require_near(from_on, today)
    if from_on < day_of(volunteer.applied_at, by.time_zone):
        raise Refusal(_("Choose a day that is not before the application"), field="from_on")
    if terms is Terms.FLEXIBLE:
        _require_end(from_on, until_on, today)
    elif until_on is not None:
        raise Refusal(_("Only flexible terms have a last day"), field="until_on")
    require_reason(why)
    found = _add(session, volunteer, hours_per_week, months, from_on, why, by, at, terms=terms, until_on=until_on)
    follow_promise(session, volunteer=volunteer, by=by, at=at)
    return found


def _add(  # noqa: PLR0917 - the parts of one promise.
    session: Session,
    volunteer: Volunteer,
    hours_per_week: int,
    months: int,
    from_on: date,
    why: str,
    by: Actor,
    at: datetime,
    *,
    state: CommitmentState = CommitmentState.AGREED,
    terms: Terms = Terms.USUAL,
    until_on: date | None = None,
) -> Commitment:
    """Add a promise or a wish for one."""
    is_agreed = state is CommitmentState.AGREED
    found = Commitment(
        volunteer_id=volunteer.id,
        terms=terms,
        hours_per_week=hours_per_week,
        months=months,
        from_on=from_on,
        until_on=until_on,
        state=state,
        why=why,
        asked_at=at,
        asked_by_id=by.person_id,
        decided_at=at if is_agreed else None,
        decided_by_id=by.person_id if is_agreed else None,
    )
    found.volunteer = volunteer
    session.add(found)
    audit.record(session, by=by, at=at, verb="set_commitment" if is_agreed else "ask_commitment", subject=found)
    session.flush()
    return found


def _require_terms(hours_per_week: int, months: int) -> None:
    """Refuse numbers that nobody can offer."""
    if not LEAST_TERMS_HOURS <= hours_per_week <= MOST_HOURS_PER_WEEK:
        raise Refusal(
            _("Enter a number from %(least)s to %(most)s", least=LEAST_TERMS_HOURS, most=MOST_HOURS_PER_WEEK),
            field="hours_per_week",
        )
    if not LEAST_TERMS_MONTHS <= months <= MOST_MONTHS:
        raise Refusal(
            _("Enter a number from %(least)s to %(most)s", least=LEAST_TERMS_MONTHS, most=MOST_MONTHS), field="months"
        )


def _require_near(from_on: date, today: date) -> None:
    """Refuse a day that is too far away to be meant."""
    if from_on > today + timedelta(days=LONGEST_NOTICE_DAYS):
        raise Refusal(_("Choose a day within a year"), field="from_on")


def _require_end(from_on: date, until_on: date | None, today: date) -> None:
    """Insist that flexible terms end, and within a year."""
    if until_on is None:
        raise Refusal(_("Enter the last day of the flexible terms"), field="until_on")
    if until_on < max(from_on, today):
        raise Refusal(_("Flexible terms end after they begin, and not before today"), field="until_on")
    if until_on > max(from_on, today) + timedelta(days=LONGEST_NOTICE_DAYS):
        raise Refusal(_("Choose a day within a year"), field="until_on")


def follow_promise(session: Session, *, volunteer: Volunteer, by: Actor, at: datetime) -> bool:
    """Let the record show what holds today, which lists and the matching read; tell whether it changed."""
    promises = queries.promises_of(session, [volunteer.id])[volunteer.id]
    promise = promise_on(promises, day_of(at, by.time_zone))
    if promise is None or (volunteer.hours_per_week, volunteer.months) == (promise.hours_per_week, promise.months):
        return False
    volunteer.hours_per_week, volunteer.months = promise.hours_per_week, promise.months
    touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="follow_promise", subject=volunteer)
    session.flush()
    return True


def _tell(session: Session, address: str, link: str, at: datetime) -> None:
    """Write the letter that says that there is an answer; the answer itself stays in the portal."""
    write_letter(
        session,
        to=address,
        subject=_("There is an answer for you"),
        body=_("Hello,\n\nwe have answered what you asked for. Read it here:\n\n%(link)s\n", link=link),
        at=at,
    )


# ------------------------------------------------------------------------------------------------- taking a break


def take_break(
    session: Session,
    *,
    volunteer: Volunteer,
    from_on: date,
    back_on: date | None,
    why: BreakWhy,
    by: Actor,
    at: datetime,
) -> VolunteerBreak:
    """Note that a volunteer takes a break; the stage is moved by whoever calls this.

    Args:
        session: The transaction.
        volunteer: Who takes it.
        from_on: Its first day.
        back_on: The day on which they mean to be back; None where nobody knows.
        why: As far as they wish to say.
        by: They themselves, or staff who decide about them.
        at: When it is noted; the time until the first day is the notice.

    Raises:
        NotPermitted: It is somebody else's record.
        Refusal: The days contradict each other, or a break of those days is noted already.
    """
    require_scheme(by, volunteer.scheme_id)
    if not policy.is_own_record(by, volunteer):
        require_decision_on(by, volunteer, None)
    _require_days(from_on, back_on, day_of(at, by.time_zone))
    asked = Span(from_on, back_on)
    if any(asked.meets(span) for span in queries.breaks_of(session, [volunteer.id])[volunteer.id]):
        raise Refusal(_("There is a break on some of these days already"), field="from_on")
    return _note_break(session, volunteer, asked, why, by, at)


def _require_days(from_on: date, back_on: date | None, today: date) -> None:
    """Refuse days that contradict each other or lie far away."""
    year = timedelta(days=LONGEST_BREAK_DAYS)
    if not today - year <= from_on <= today + year:
        raise Refusal(_("Choose a day within a year"), field="from_on")
    if back_on is not None and back_on <= from_on:
        raise Refusal(_("Somebody comes back after the break has begun"), field="back_on")
    if back_on is not None and back_on > from_on + year:
        raise Refusal(_("A break is a year at most"), field="back_on")


def _note_break(  # noqa: PLR0917 - the parts of one break.
    session: Session, volunteer: Volunteer, span: Span, why: BreakWhy, by: Actor, at: datetime
) -> VolunteerBreak:
    """Write a break down."""
    found = VolunteerBreak(
        volunteer_id=volunteer.id,
        from_on=span.from_on,
        back_on=span.until_on,
        why=why,
        noted_at=at,
        noted_by_id=by.person_id,
    )
    found.volunteer = volunteer
    session.add(found)
    audit.record(session, by=by, at=at, verb="take_break", subject=found)
    session.flush()
    return found


def end_break(session: Session, *, found: VolunteerBreak, ended_on: date, by: Actor, at: datetime) -> None:
    """Note the first day on which a volunteer was back; of a break that never came, its own first day.

    Raises:
        Refusal: The day lies before the break or is to come.
    """
    volunteer = found.volunteer
    if not policy.is_own_record(by, volunteer):
        require_decision_on(by, volunteer, None)
    if found.ended_on is not None:
        raise Conflict(_("Somebody has noted already when this break ended."))
    if ended_on < found.from_on:
        raise Refusal(_("Somebody comes back after the break has begun"), field="ended_on")
    if ended_on > max(day_of(at, by.time_zone), found.from_on):
        raise Refusal(_("Enter a day that has come"), field="ended_on")
    _end(session, found, ended_on, by, at)


def _end(session: Session, found: VolunteerBreak, ended_on: date, by: Actor, at: datetime) -> None:
    """Write down when a break ended."""
    found.ended_on, found.ended_by_id = ended_on, by.person_id
    audit.record(session, by=by, at=at, verb="end_break", subject=found)
    session.flush()


def keep_breaks(session: Session, fact: StageMoved) -> None:
    """Note a break where staff move a volunteer to one, and its end where they move them on."""
    day = day_of(fact.at, fact.by.time_zone)
    if Stage.ON_A_BREAK not in {fact.before, fact.after}:
        return
    volunteer = session.get_one(Volunteer, fact.volunteer_id)
    running = [
        row
        for row in queries.list_breaks(session, volunteer)
        if row.ended_on is None and Span(row.from_on, row.back_on).holds(day)
    ]
    if fact.after is Stage.ON_A_BREAK and not running:
        _note_break(session, volunteer, Span(day), BreakWhy.NOT_SAID, fact.by, fact.at)
    elif fact.before is Stage.ON_A_BREAK:
        for row in running:
            _end(session, row, day, fact.by, fact.at)


def answer_alert(session: Session, *, alert: CommitmentAlert, note: str, by: Actor, at: datetime) -> None:
    """Answer what was told of a mentor's weeks; it is quiet until it happens anew.

    Raises:
        Conflict: It is answered or over.
        Refusal: There is no note.
    """
    require_decision_on(by, alert.volunteer, None)
    if alert.answered_at is not None or alert.ended_at is not None:
        raise Conflict(_("Somebody has answered this already."))
    if not note.strip():
        raise Refusal(_("Say what was talked about or done"), field="note")
    alert.answered_at, alert.answered_by_id, alert.note = at, by.person_id, note
    audit.record(session, by=by, at=at, verb="answer_alert", subject=alert)
    session.flush()
