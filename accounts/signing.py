"""Who is signed in: Flask-Login on rows of the sign-in table, so that a sign-in can be ended at once from anywhere."""

from typing import cast
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from accounts import queries
from accounts.models import Scheme, SignIn
from accounts.operations import hash_token, note_use
from accounts.policy import Actor
from accounts.rules import SEEN_EVERY, Permission, is_idle
from foundation import clock
from foundation.db import database, reading
from foundation.errors import trace_of

log = structlog.get_logger()


class SignedIn:
    """The signed-in person as Flask-Login and templates see them.

    Args:
        token: What the cookie holds.
        sign_in: The row that the token names.
        actor: The person with their roles in the scheme they work in.
        scheme: That scheme.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, sign_in: SignIn, actor: Actor, scheme: Scheme) -> None:
        self.token = token
        self.sign_in = sign_in
        self.actor = actor
        self.scheme = scheme

    def get_id(self) -> str:
        """Give what Flask-Login keeps in the cookie: the token, never a name."""
        return self.token

    def may(self, permission: Permission) -> bool:
        """Tell whether the person has a permission here."""
        return self.actor.may(permission)


def load(token: str) -> SignedIn | None:
    """Find who a cookie's token names; None once the sign-in has ended."""
    session = reading()
    sign_in = queries.find_live_sign_in(session, hash_token(token), clock.now())
    if sign_in is None:
        return None
    grants = [
        grant
        for grant in queries.list_live_roles(session, sign_in.account.person_id)
        if grant.scheme_id == sign_in.scheme_id
    ]
    roles = frozenset(grant.role for grant in grants)
    if not grants or is_idle(roles, sign_in.last_seen_at, clock.now()):
        return None
    if sign_in.last_seen_at <= clock.now() - SEEN_EVERY:
        g.sign_in_to_note = sign_in.id
    scheme = session.get_one(Scheme, sign_in.scheme_id)
    actor = Actor(
        person_id=sign_in.account.person_id,
        scheme_id=scheme.id,
        roles=roles,
        name=sign_in.account.person.name,
        agency_id=next((grant.agency_id for grant in grants if grant.agency_id), None),
        origin=request.remote_addr or "",
        time_zone=scheme.time_zone,
    )
    return SignedIn(token, sign_in, actor, scheme)


def current_actor() -> Actor:
    """Give whoever acts in this request; only for views that are not public."""
    return cast("SignedIn", current_user).actor


def current_scheme() -> Scheme:
    """Give the scheme that the signed-in person works in."""
    return cast("SignedIn", current_user).scheme


def anonymous_in(scheme: Scheme) -> Actor:
    """Make the actor for somebody who has not signed in, such as an applicant."""
    return Actor(None, scheme.id, origin=request.remote_addr or "", time_zone=scheme.time_zone)


def page_time_zone() -> ZoneInfo:
    """Tell the time zone of the page: that of the scheme somebody works in."""
    scheme = getattr(g, "page_scheme", None) or getattr(current_user, "scheme", None)
    return ZoneInfo(scheme.time_zone if scheme is not None else "Europe/London")


def install(app: Flask) -> None:
    """Set up Flask-Login for a portal."""
    manager = LoginManager(app)
    # "strong" would tie a sign-in to an address, which a phone changes on every train ride.
    manager.session_protection = None
    manager.user_loader(load)
    app.after_request(_note_use)


def _note_use(response: Response) -> Response:
    """Write down once a minute that a sign-in is in use, after the page has been made.

    It has a session of its own, so that what the page has read stays as it was read.
    """
    sign_in_id = g.pop("sign_in_to_note", None)
    if sign_in_id is not None:
        try:
            with database().transaction() as session:
                note_use(session, sign_in_id=sign_in_id, at=clock.now())
        except (OperationalError, NoConnectionLeft) as error:
            # The page stands; the worst that follows is that somebody signs in again a minute early.
            log.warning("a sign-in could not be seen in use", trace=trace_of(error))
    return response


def forget_cookie() -> None:
    """Empty the cookie but for the language, so that nothing of one person waits for the next on a shared machine."""
    language = cookie.get("language")
    cookie.clear()
    if language is not None:
        cookie["language"] = language
