"""A volunteer leaves: the last day, why, a letter of thanks, and what they would like to say."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts.models import Scheme
from accounts.operations import hash_token
from accounts.policy import Actor, require_scheme
from accounts.rules import Role
from foundation import audit
from foundation.errors import Conflict
from foundation.language import _, words_for
from foundation.outbox import write_letter
from mentors.models import Departure, Volunteer
from mentors.operations.pipeline import move_volunteer
from mentors.rules import LINK_DAYS, Leaving, LeavingReason, Stage


class AlreadySaid(Conflict):
    """Somebody who left has written their last word already."""


def leave_volunteer(
    session: Session,
    *,
    volunteer: Volunteer,
    leaving: Leaving,
    by: Actor,
    at: datetime,
    version: int | None = None,
    base_url: str = "",
) -> Departure:
    """Let a volunteer leave: their roles end, their open matches end, and they are thanked.

    Args:
        session: The transaction.
        volunteer: Who leaves.
        leaving: Why, and their last day.
        by: Who writes it down.
        at: When.
        version: What the form carried.
        base_url: Where the portal is, for the links in letters; empty sends none.

    Raises:
        ForbiddenMove: They have left already.
        Refusal: The last day cannot be one.
    """
    why = leaving.note or words_for(leaving.reason or leaving.ground)
    move_volunteer(
        session,
        volunteer=volunteer,
        to=Stage.LEFT,
        why=why,
        by=by,
        at=at,
        version=version,
        leaving=leaving,
        base_url=base_url,
    )
    departure = _newest_of(session, volunteer)
    if leaving.is_thanked and leaving.reason is not LeavingReason.DIED and volunteer.person.email and base_url:
        _thank(session, departure, volunteer.person.email, base_url, at)
    return departure


def _newest_of(session: Session, volunteer: Volunteer) -> Departure:
    """Give the leaving that was just written down."""
    statement = (
        select(Departure)
        .where(Departure.volunteer_id == volunteer.id)
        .order_by(Departure.recorded_at.desc(), Departure.id)
        .limit(1)
    )
    return session.scalars(statement).one()


def _thank(session: Session, departure: Departure, email: str, base_url: str, at: datetime) -> None:
    """Write the letter of thanks; it carries a link and says nothing of why somebody left."""
    token = secrets.token_urlsafe(32)
    departure.token_hash, departure.token_until = hash_token(token), at + timedelta(days=LINK_DAYS)
    session.flush()
    write_letter(
        session,
        to=email,
        subject=_("Thank you"),
        body=_(
            "Hello,\n\nthank you for the time you gave. Here you can take your certificate with you, and tell us what "
            "was good and what was not:\n\n%(link)s\n\nThe link works for %(days)s days. "
            "Whoever has it can open that page.\n",
            link=f"{base_url}/leaving/{token}",
            days=LINK_DAYS,
        ),
        at=at,
    )


def say_exit_words(
    session: Session, *, departure: Departure, scheme: Scheme, words: str, by: Actor, at: datetime, base_url: str
) -> None:
    """Keep what somebody who left would like to say, once; the coordinators are told that there is something to read.

    Args:
        session: The transaction.
        departure: Of the one who writes; the link of their letter is the right to.
        scheme: Where they were.
        words: In their own words.
        by: Who acts; mostly nobody who is signed in.
        at: When.
        base_url: Where the portal is; empty sends no letter.

    Raises:
        AlreadySaid: They have written before, perhaps from another tab.
    """
    require_scheme(by, scheme.id)
    if departure.exit_words_at is not None:
        raise AlreadySaid(_("We have your words already. Thank you."))
    departure.exit_words, departure.exit_words_at = words, at
    audit.record(session, by=by, at=at, verb="say_exit_words", subject=departure)
    session.flush()
    if base_url:
        _tell_coordinators(session, scheme, f"{base_url}/volunteers/{departure.volunteer_id}/leaving", at)


def _tell_coordinators(session: Session, scheme: Scheme, link: str, at: datetime) -> None:
    """Write to every coordinator that somebody who left has said something; the letter carries a link alone."""
    for person in account_queries.list_staff(session, scheme.id, Role.COORDINATOR):
        if person.email:
            write_letter(
                session,
                to=person.email,
                subject=_("Alongside: somebody who left has written to you"),
                body=_("Hello,\n\nplease sign in to read it:\n\n%(link)s\n", link=link),
                at=at,
            )
