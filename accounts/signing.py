"""Who is signed in: Flask-Login on rows of the sign-in table, so that a sign-in can be ended at once from anywhere."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, after_this_request, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import RoleGrant, Scheme, SignIn
from accounts.operations import factors, hash_token, note_use
from accounts.policy import Actor
from accounts.rules import SEEN_EVERY, SIGN_IN_LASTS, Permission, Role, is_idle, permissions_of
from foundation import clock
from foundation.db import database, reading
from foundation.errors import trace_of

ASKED = "accounts.second_factor"
"""Where a sign-in by password waits until a second factor is shown."""

SETTING_UP = "accounts.factors"
"""Where somebody waits whose role asks for a second factor and who has none yet."""

MARK = "csrf_token"
"""Under this name Flask-WTF keeps in the cookie what forms carry against forgery."""

DEVICE_KNOWN_FOR = timedelta(days=365)
"""A device on which nobody signed in for a year counts as new."""

MOST_ON_DEVICE = 5
"""So many people who share a device are known on it."""

log = structlog.get_logger()


class SignedIn:
    """The signed-in person as Flask-Login and templates see them.

    Args:
        token: What the cookie holds.
        sign_in: The row that the token names.
        actor: The person with their roles in the scheme they work in.
        scheme: That scheme.
        waits_at: The page on which the sign-in is to be completed; None once it is.
        is_urged: Whether the home page asks them to set up a second factor.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(
        self,
        token: str,
        sign_in: SignIn,
        actor: Actor,
        scheme: Scheme,
        *,
        waits_at: str | None = None,
        is_urged: bool = False,
    ) -> None:
        self.token = token
        self.sign_in = sign_in
        self.actor = actor
        self.scheme = scheme
        self.waits_at = waits_at
        self.is_urged = is_urged

    @property
    def owner_id(self) -> uuid.UUID:
        """The account, by which kept forms know whose they are."""
        return self.sign_in.account_id

    def get_id(self) -> str:
        """Give what Flask-Login keeps in the cookie: the token, never a name."""
        return self.token

    def may(self, permission: Permission) -> bool:
        """Tell whether the person has a permission here; while something is lacking, they have none."""
        return self.waits_at is None and self.actor.may(permission)


def load(token: str) -> SignedIn | None:
    """Find who a cookie's token names; None once the sign-in has ended."""
    session, at = reading(), clock.now()
    sign_in = queries.find_live_sign_in(session, hash_token(token), at)
    if sign_in is None:
        return None
    everywhere = queries.list_live_roles(session, sign_in.account.person_id)
    here = [grant for grant in everywhere if grant.scheme_id == sign_in.scheme_id]
    if not here or is_idle({grant.role for grant in here}, sign_in.last_seen_at, at):
        return None
    if sign_in.last_seen_at <= at - SEEN_EVERY:
        g.sign_in_to_note = sign_in.id
    waits_at, is_urged = _what_lacks(session, sign_in, is_needed=factors.needs_factor(everywhere))
    actor = _actor_of(session, sign_in, here)
    return SignedIn(token, sign_in, actor, sign_in.scheme, waits_at=waits_at, is_urged=is_urged)


def _what_lacks(session: Session, sign_in: SignIn, *, is_needed: bool) -> tuple[str | None, bool]:
    """Tell where a sign-in waits for a second factor, if it does, and whether the person is urged to set one up."""
    if sign_in.factor_at is not None:
        return None, False
    has_one, at = queries.has_factor(session, sign_in.account_id), clock.now()
    is_urged = not has_one and (sign_in.account.urged_again_at or at) <= at
    # In a demo everybody who needs a factor has one that is printed, so that nobody sets one up for a look around.
    if has_one or (is_needed and current_app.config["SETTINGS"].demo_factor):
        return ASKED, is_urged
    return (SETTING_UP if is_needed else None), is_urged


def _actor_of(session: Session, sign_in: SignIn, grants: Sequence[RoleGrant]) -> Actor:
    """Make the actor with the roles of the scheme that a sign-in works in."""
    roles, scheme = frozenset(grant.role for grant in grants), sign_in.scheme
    return Actor(
        person_id=sign_in.account.person_id,
        scheme_id=scheme.id,
        roles=roles,
        name=sign_in.account.person.name,
        agency_id=next((grant.agency_id for grant in grants if grant.agency_id), None),
        origin=request.remote_addr or "",
        time_zone=scheme.time_zone,
        unsealed=_unsealed(session, sign_in, roles),
    )


def _unsealed(session: Session, sign_in: SignIn, roles: frozenset[Role]) -> frozenset[uuid.UUID]:
    """Read whose records are open to somebody by emergency access; only those who may ask for it can have any."""
    if Permission.RECORDS_UNSEAL not in permissions_of(roles):
        return frozenset()
    person_id = sign_in.account.person_id
    glasses = queries.list_open_glasses(session, sign_in.scheme_id, person_id, clock.now())
    return frozenset(glass.person_id for glass in glasses)


def current_actor() -> Actor:
    """Give whoever acts in this request; only for views that are not public."""
    return cast("SignedIn", current_user).actor


def current_author() -> Actor:
    """Give whoever this request comes from, also where nobody has signed in."""
    if current_user.is_authenticated:
        return current_actor()
    return Actor(None, None, origin=request.remote_addr or "")


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


def sign_in_here() -> uuid.UUID | None:
    """Give the sign-in that this browser has now, which a new one takes the place of; None where it has none."""
    return cast("SignedIn", current_user).sign_in.id if current_user.is_authenticated else None


def owner_of_cookie() -> uuid.UUID | None:
    """Tell which account the cookie of this request names, also where its sign-in has ended; None where it names none.

    A sign-in that ran out long ago names nobody, nor does one of a disabled account.
    """
    token = cookie.get("_user_id")
    if not isinstance(token, str):
        return None
    return queries.find_owner_of_token(reading(), hash_token(token), clock.now() - SIGN_IN_LASTS)


def enter(token: str) -> None:
    """Put a sign-in that has just begun into a cookie of its own, with nothing of the one before.

    Where the same person comes back, pages that still lie open in other windows keep their mark against forgery, so
    that what is typed there can be sent.
    """
    before, mark = owner_of_cookie(), cookie.get(MARK)
    forget_cookie()
    entered = cast("SignedIn", load(token))
    if mark is not None and before == entered.owner_id:
        cookie[MARK] = mark
    login_user(entered)
    _remember_device(entered.owner_id)


def forget_cookie() -> None:
    """Empty the cookie but for the language, so that nothing of one person waits for the next on a shared machine."""
    language = cookie.get("language")
    cookie.clear()
    if language is not None:
        cookie["language"] = language


def known_device(account_id: uuid.UUID | None) -> str:
    """Tell by a mark which device this is, if this person signed in on it before; empty for every other device.

    Source: OWASP, “Slow Down Online Guessing Attacks with Device Cookies”.
    """
    return next((hash_token(mark) for owner, mark in _device_marks() if owner == str(account_id)), "")


def _remember_device(account_id: uuid.UUID) -> None:
    """Have the browser carry a mark by which it is known again, beside those of a few others who share it."""
    others = [pair for pair in _device_marks() if pair[0] != str(account_id)]
    pairs = [(str(account_id), secrets.token_urlsafe(16)), *others][:MOST_ON_DEVICE]

    @after_this_request
    def carry(response: Response) -> Response:
        """Send the cookie with the answer."""
        response.set_cookie(
            _device_cookie(),
            _device_signer().dumps(pairs),
            max_age=DEVICE_KNOWN_FOR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Strict",
        )
        return response


def _device_marks() -> list[tuple[str, str]]:
    """Read who signed in on this device before, the last first; nobody where the cookie is not ours."""
    try:
        found = _device_signer().loads(
            request.cookies.get(_device_cookie(), ""), max_age=int(DEVICE_KNOWN_FOR.total_seconds())
        )
    except BadData:
        return []
    return [(str(owner), str(mark)) for owner, mark in found]


def _device_cookie() -> str:
    """Name the cookie that outlives a sign-in."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _device_signer() -> URLSafeTimedSerializer:
    """Give what signs the marks of devices."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known device")
