"""Certificates of service, for the volunteer and for staff."""

import uuid

from flask import g
from flask_babel import format_date, format_decimal, gettext
from werkzeug import Response

from accounts.models import Scheme
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import public, requires
from foundation.db import reading
from foundation.language import current_language
from foundation.papers import Sheet, draw
from mentors import queries as mentors
from mentors.models import Volunteer
from mentors.rules import Spell
from reports import queries
from reports.queries import Service
from reports.views.blueprint import Answer, blueprint


@blueprint.get("/volunteers/<uuid:volunteer_id>/certificate-of-service")
@requires(Permission.VOLUNTEERS_READ)
def certificate(volunteer_id: uuid.UUID) -> Answer:
    """Give coordinators and training leads the certificate of somebody who mentored."""
    return _certificate(queries.get_served_volunteer(reading(), current_actor(), volunteer_id), current_scheme())


@blueprint.get("/my-certificate")
@requires(Permission.OWN_RECORD_READ)
def my_certificate() -> Answer:
    """Give a mentor the certificate of what they have given so far."""
    return _certificate(mentors.get_own_volunteer(reading(), current_actor()), current_scheme())


@blueprint.get("/leaving/<token>/certificate")
@public
def last_certificate(token: str) -> Answer:
    """Give whoever left their certificate, by the link in the letter of thanks."""
    session = reading()
    _departure, volunteer = mentors.get_departure_of_token(session, token, clock.now())
    g.page_scheme = scheme = session.get_one(Scheme, volunteer.scheme_id)
    return _certificate(volunteer, scheme)


def _certificate(volunteer: Volunteer, scheme: Scheme) -> Response:
    """Draw the certificate of a volunteer; the name of the file tells nobody's name."""
    service = queries.find_service(reading(), volunteer, scheme.time_zone)
    headers = {"Content-Disposition": 'attachment; filename="certificate-of-service.pdf"'}
    return Response(draw(_sheet(service, scheme), clock.now()), content_type="application/pdf", headers=headers)


def _sheet(service: Service, scheme: Scheme) -> Sheet:
    """Put the certificate into words, in the reader's language."""
    today = format_date(clock.today(scheme.time_zone), "long", rebase=False)
    return Sheet(
        language=current_language(),
        issuer=f"{scheme.charity} · {scheme.name}",
        title=gettext("Certificate of service"),
        lead=gettext("We thank"),
        name=service.name,
        lines=(
            gettext("who mentored people leaving prison as a volunteer"),
            *(_told(spell) for spell in service.spells),
        ),
        figures=(
            (gettext("Mentoring sessions"), _amount(service.sessions, service.session_minutes)),
            (gettext("Other contacts"), _amount(service.contacts, service.contact_minutes)),
            (gettext("Training"), _hours(service.trained_minutes)),
        ),
        signed=gettext("For %(charity)s, %(day)s", charity=scheme.charity, day=today),
        footer=gettext(
            "Hours are those written down by %(day)s. Questions? Write to %(contact)s.",
            day=today,
            contact=scheme.contact_email,
        ),
    )


def _told(spell: Spell) -> str:
    """Tell a time of service."""
    first = format_date(spell.since, "long", rebase=False)
    if spell.until is None:
        return gettext("since %(day)s", day=first)
    return gettext("from %(first)s to %(last)s", first=first, last=format_date(spell.until, "long", rebase=False))


def _amount(number: int, minutes: int) -> str:
    """Tell how many and how long."""
    return gettext("%(number)s, %(hours)s", number=format_decimal(number), hours=_hours(minutes))


def _hours(minutes: int) -> str:
    """Tell hours, with one decimal where they are not whole."""
    return gettext("%(hours)s hours", hours=format_decimal(minutes / 60, "#,##0.#"))
