"""Applying: answers kept page by page, an application sent, and “not now” with a day to be asked again."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Scheme
from accounts.operations import hash_token
from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from foundation.outbox import write_letter
from foundation.places import locate
from mentors import queries
from mentors.models import ApplicationDraft, AskAgain, Campaign, StageMove, Volunteer
from mentors.operations.commitment import begin_commitment
from mentors.rules import LEAST_HOURS_PER_WEEK, LEAST_MONTHS, LONGEST_PAUSE_YEARS, Application, Stage, can_promise


class NotAtThisTime(Refusal):
    """Somebody cannot promise now what mentoring asks; they are asked again later."""


class AlreadySent(Refusal):
    """This draft was sent before, perhaps from another tab."""


def apply(
    session: Session, *, scheme: Scheme, application: Application, by: Actor, at: datetime, base_url: str
) -> tuple[Volunteer, str]:
    """Take an application: a volunteer begins the way, and gets a letter with a link to where things stand.

    Every application opens a record of its own. Whether it is somebody known is for staff to say, so that nobody
    can learn from this whether an address is known.

    Args:
        session: The transaction.
        scheme: Where they apply.
        application: What they told.
        by: Who acts; mostly nobody who is signed in.
        at: When.
        base_url: Where the portal is, for the link; empty sends no letter.

    Returns:
        The volunteer and the token of their status page; only its hash is stored.

    Raises:
        NotAtThisTime: They offer fewer hours or months than mentoring asks.
    """
    require_scheme(by, scheme.id)
    _require_promise(application)
    person = accounts.add_person(
        session, name=application.name, email=application.email, phone=application.phone, by=by, at=at
    )
    token = secrets.token_urlsafe(32)
    volunteer = Volunteer(
        scheme_id=scheme.id,
        stage_since=at,
        applied_at=at,
        status_token_hash=hash_token(token),
        changed_at=at,
        changed_by_id=by.person_id,
        **_answers_of(application, scheme.country),
    )
    volunteer.person, volunteer.person_id = person, person.id
    session.add(volunteer)
    audit.record(session, by=by, at=at, verb="apply", subject=volunteer)
    volunteer.moves.append(StageMove(before=None, after=Stage.APPLIED, at=at, by_id=by.person_id))
    session.flush()
    begin_commitment(session, volunteer=volunteer, by=by, at=at)
    if base_url and application.email:
        _confirm(session, application.email, f"{base_url}/applications/{token}", at)
    return volunteer, token


def _require_promise(application: Application) -> None:
    """Refuse, kindly, who cannot give the hours and months."""
    if not can_promise(application.hours_per_week, application.months):
        raise NotAtThisTime(
            _(
                "Mentoring asks for at least %(hours)s hours a week for %(months)s months. "
                "We would like to ask you again when you have the time.",
                hours=LEAST_HOURS_PER_WEEK,
                months=LEAST_MONTHS,
            )
        )


def _answers_of(application: Application, country: str) -> dict[str, Any]:
    """Turn an application into columns of a volunteer; an unknown place stays unknown and never becomes zero."""
    place = locate(application.area, country)
    return {
        "area": application.area,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "travel_km": application.travel_km,
        "slots": application.slots,
        "hours_per_week": application.hours_per_week,
        "months": application.months,
        "languages": sorted(application.languages),
        "lived_experience": sorted(member.value for member in application.lived_experience),
        "skills": sorted(member.value for member in application.skills),
        "interests": sorted(member.value for member in application.interests),
        "gender": application.gender,
        "why": application.why,
    }


def _confirm(session: Session, email: str, link: str, at: datetime) -> None:
    """Write the letter that says what happens next."""
    write_letter(
        session,
        to=email,
        subject=_("Thank you for applying"),
        body=_(
            "Hello,\n\nthank you. We read every application and get in touch within two weeks.\n\n"
            "See where things stand, whenever you like:\n\n%(link)s\n\n"
            "Keep this letter. Whoever has the link can open that page.\n",
            link=link,
        ),
        at=at,
    )


def begin_draft(
    session: Session, *, scheme: Scheme, by: Actor, at: datetime, campaign: Campaign | None = None
) -> tuple[ApplicationDraft, str]:
    """Begin to keep the answers of somebody who applies.

    Args:
        session: The transaction.
        scheme: Where they apply.
        by: Who acts.
        at: When.
        campaign: By whose link they came, if by one.

    Returns:
        The draft and the token for their cookie; only its hash is stored.
    """
    require_scheme(by, scheme.id)
    token = secrets.token_urlsafe(32)
    draft = ApplicationDraft(scheme_id=scheme.id, token_hash=hash_token(token), begun_at=at, saved_at=at)
    draft.campaign_id = campaign.id if campaign is not None else None
    session.add(draft)
    audit.record(session, by=by, at=at, verb="begin_draft", subject=draft)
    session.flush()
    return draft, token


def keep_answers(
    session: Session, *, draft: ApplicationDraft, step: str, answers: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """Keep the answers of one page of an application.

    Args:
        session: The transaction.
        draft: The application that is being written.
        step: Name of the page.
        answers: Plain values by name of the field.
        by: Who acts.
        at: When.

    Raises:
        AlreadySent: The application is no draft any more.
    """
    require_scheme(by, draft.scheme_id)
    _require_unsent(draft)
    # A new dictionary, since SQLAlchemy does not see changes inside the old one.
    draft.answers = {**draft.answers, step: dict(answers)}
    draft.saved_at = at
    audit.record(session, by=by, at=at, verb="keep_answers", subject=draft)
    session.flush()


def send_draft(
    session: Session,
    *,
    draft: ApplicationDraft,
    scheme: Scheme,
    application: Application,
    by: Actor,
    at: datetime,
    base_url: str,
) -> tuple[Volunteer, str]:
    """Make an application of a draft, once; the kept answers go, since the volunteer's record has them now.

    Args:
        session: The transaction, in which the draft was read for update.
        draft: What was kept.
        scheme: Where they apply.
        application: The answers, checked anew.
        by: Who acts.
        at: When.
        base_url: Where the portal is.

    Raises:
        AlreadySent: It was sent before.
        NotAtThisTime: They offer fewer hours or months than mentoring asks.
    """
    _require_unsent(draft)
    volunteer, token = apply(session, scheme=scheme, application=application, by=by, at=at, base_url=base_url)
    draft.answers, draft.saved_at, draft.volunteer_id = {}, at, volunteer.id
    volunteer.campaign_id = draft.campaign_id
    audit.record(session, by=by, at=at, verb="send_draft", subject=draft)
    session.flush()
    return volunteer, token


def _require_unsent(draft: ApplicationDraft) -> None:
    """Refuse to touch a draft that has become an application."""
    if draft.volunteer_id is not None:
        raise AlreadySent(_("This application has been sent already."))


def ask_later(session: Session, *, scheme: Scheme, email: str, ask_on: date, by: Actor, at: datetime) -> AskAgain:
    """Note that somebody for whom it is not the time now wants to be asked again on a day.

    Raises:
        Refusal: The day is not to come, or very far away.
    """
    require_scheme(by, scheme.id)
    require_coming_day(ask_on, day_of(at, scheme.time_zone), field="ask_on")
    request = AskAgain(scheme_id=scheme.id, email=email, ask_on=ask_on, noted_at=at)
    session.add(request)
    audit.record(session, by=by, at=at, verb="ask_later", subject=request)
    session.flush()
    return request


def require_coming_day(day: date, today: date, *, field: str) -> None:
    """Refuse a day on which nobody can be asked again: one that is not to come, or that is years away.

    Raises:
        Refusal: With the field at fault.
    """
    if day <= today:
        raise Refusal(_("Choose a day after today"), field=field)
    if day > today + timedelta(days=366 * LONGEST_PAUSE_YEARS):
        raise Refusal(_("Choose a day within %(years)s years", years=LONGEST_PAUSE_YEARS), field=field)


def ask_again_due(session: Session, *, scheme: Scheme, by: Actor, at: datetime, base_url: str) -> int:
    """Ask again everybody of a scheme whose day has come, each once, and tell how many were asked."""
    require_scheme(by, scheme.id)
    on = day_of(at, scheme.time_zone)
    requests = queries.list_due_requests(session, scheme, on)
    volunteers = queries.list_due_volunteers(session, scheme, on)
    for request in requests:
        request.asked_at = at
        audit.record(session, by=by, at=at, verb="ask_again_due", subject=request)
        _ask(session, request.email, scheme, at, base_url)
    for volunteer in volunteers:
        # The day is taken away, so that nobody is asked twice for it; the stage is for people to change.
        volunteer.ask_again_on, volunteer.changed_at, volunteer.changed_by_id = None, at, by.person_id
        audit.record(session, by=by, at=at, verb="ask_again_due", subject=volunteer)
        if volunteer.person.email:
            _ask(session, volunteer.person.email, scheme, at, base_url)
    session.flush()
    return len(requests) + len(volunteers)


def _ask(session: Session, email: str, scheme: Scheme, at: datetime, base_url: str) -> None:
    """Write the letter that asks again."""
    write_letter(
        session,
        to=email,
        subject=_("Is it a good time now?"),
        body=_(
            "Hello,\n\nyou asked us to write to you again about mentoring. It asks for %(hours)s hours a week or more, "
            "for %(months)s months. If it is a good time now, start here:\n\n%(link)s\n\n"
            "If it is not, you need not do anything. You can also choose another day there.\n\n"
            "Questions? Write to %(contact)s.\n",
            hours=LEAST_HOURS_PER_WEEK,
            months=LEAST_MONTHS,
            link=f"{base_url}/apply/{scheme.slug}",
            contact=scheme.contact_email,
        ),
        at=at,
    )
