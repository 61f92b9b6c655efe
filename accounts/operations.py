"""What changes accounts: schemes are founded, people invited, roles granted, sign-ins begun and ended."""

import hashlib
import re
import secrets
import uuid
from datetime import date, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, Agency, Invitation, Person, RoleGrant, Scheme, SignIn, SignInGuess
from accounts.policy import Actor, granters_of, require, require_scheme
from accounts.rules import (
    GUESS_WINDOW,
    INVITATION_LASTS,
    MOST_GUESSES,
    SHORTEST_PASSWORD,
    SIGN_IN_LASTS,
    Permission,
    Role,
    email_key,
)
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from foundation.outbox import write_letter

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's floor for argon2id: 19 MiB, two passes, one lane; about 35 ms. Source: OWASP Password Storage Cheat Sheet."""


LONGEST_SLUG = 40


class WrongCredentials(Refusal):
    """Address and password do not belong together; which of the two is wrong is not said."""


class TooManyGuesses(Refusal):
    """This address has been tried too often; it waits."""


class LinkNotUsable(Refusal):
    """An invitation that is used, expired or never was."""


def found_scheme(
    session: Session,
    *,
    slug: str,
    name: str,
    charity: str,
    country: str,
    time_zone: str,
    contact_email: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    contact_phone: str = "",
) -> Scheme:
    """Found a scheme: one charity or site with people and figures of its own.

    Raises:
        Refusal: The short name cannot stand in an address.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        raise Refusal(_("Write the short name in small letters, digits and hyphens."), field="slug")
    scheme = Scheme(
        slug=slug,
        name=name,
        charity=charity,
        country=country,
        time_zone=time_zone,
        contact_email=contact_email,
        contact_phone=contact_phone,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(scheme)
    audit.record(session, by=Actor(None, scheme.id), at=at, verb="found_scheme", subject=scheme)
    return scheme


def add_agency(session: Session, *, name: str, by: Actor, at: datetime) -> Agency:
    """Add a partner that may refer people to the actor's scheme."""
    require(by, Permission.ACCOUNTS_MANAGE)
    agency = Agency(scheme_id=by.scheme_id, name=name)
    session.add(agency)
    audit.record(session, by=by, at=at, verb="add_agency", subject=agency)
    return agency


def add_person(session: Session, *, name: str, email: str, phone: str, by: Actor, at: datetime) -> Person:
    """Open the one record of a human being."""
    person = Person(name=name, email=email, phone=phone, changed_at=at, changed_by_id=by.person_id)
    session.add(person)
    audit.record(session, by=by, at=at, verb="add_person", subject=person)
    return person


def grant_role(
    session: Session, *, person: Person, role: Role, by: Actor, at: datetime, agency: Agency | None = None
) -> RoleGrant:
    """Give a person a role in the actor's scheme; a role they have already stays as it is."""
    require(by, *granters_of(role))
    for grant in queries.list_live_roles(session, person.id):
        if (grant.scheme_id, grant.role) == (by.scheme_id, role):
            return grant
    if role is Role.PARTNER_OFFICER and agency is None:
        raise Refusal(_("Choose the agency that this officer works for."), field="agency")
    grant = RoleGrant(
        person_id=person.id,
        scheme_id=by.scheme_id,
        role=role,
        agency_id=agency.id if agency else None,
        granted_at=at,
    )
    session.add(grant)
    audit.record(session, by=by, at=at, verb="grant_role", subject=grant)
    session.flush()
    return grant


def end_role(session: Session, *, grant: RoleGrant, by: Actor, at: datetime, why: str) -> None:
    """Take a role back.

    Raises:
        Refusal: It is the last administrator of the scheme, and nobody could let anybody in again.
    """
    require(by, *granters_of(grant.role))
    require_scheme(by, grant.scheme_id)
    if grant.role is Role.ADMINISTRATOR and len(queries.list_staff(session, grant.scheme_id, grant.role)) == 1:
        raise Refusal(_("This is the only administrator. Make somebody else administrator first."))
    grant.ended_at = at
    audit.record(session, by=by, at=at, verb="end_role", subject=grant, why=why)


def open_account(session: Session, *, person: Person, by: Actor, at: datetime) -> Account:
    """Let a person sign in, once they have chosen a password.

    Raises:
        Refusal: The person has no e-mail address, or another person signs in with it.
    """
    key = email_key(person.email)
    if not key:
        raise Refusal(_("This person has no email address to sign in with."), field="email")
    account = queries.find_account(session, key)
    if account is not None:
        if account.person_id != person.id:
            raise Refusal(_("Somebody else signs in with this email address already."), field="email")
        return account
    account = Account(person_id=person.id, email_key=key, created_at=at)
    account.person = person
    session.add(account)
    audit.record(session, by=by, at=at, verb="open_account", subject=account)
    session.flush()
    return account


def invite(session: Session, *, account: Account, base_url: str, by: Actor, at: datetime) -> str:
    """Send a person a single-use link with which they choose a password.

    Returns:
        The token in the link; only its hash is stored.
    """
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        account_id=account.id, token_hash=hash_token(token), created_at=at, expires_at=at + INVITATION_LASTS
    )
    session.add(invitation)
    audit.record(session, by=by, at=at, verb="invite", subject=invitation)
    write_letter(
        session,
        to=account.email_key,
        subject=_("Your Alongside account"),
        body=_(
            "Hello,\n\nan account has been made for you. Choose a password here:\n\n%(link)s\n\n"
            "The link works once, for %(days)s days.\n",
            link=f"{base_url}/invitations/{token}",
            days=INVITATION_LASTS.days,
        ),
        at=at,
    )
    return token


def invite_person(
    session: Session,
    *,
    name: str,
    email: str,
    role: Role,
    agency: Agency | None,
    base_url: str,
    by: Actor,
    at: datetime,
) -> Person:
    """Make a person with a role and an account, and send them the link; a known address gets the role alone."""
    require(by, Permission.ACCOUNTS_MANAGE)
    if agency is not None:
        require_scheme(by, agency.scheme_id)
    known = queries.find_account(session, email_key(email))
    person = known.person if known else add_person(session, name=name, email=email, phone="", by=by, at=at)
    session.flush()
    grant_role(session, person=person, role=role, agency=agency, by=by, at=at)
    account = open_account(session, person=person, by=by, at=at)
    if account.password_hash is None:
        invite(session, account=account, base_url=base_url, by=by, at=at)
    return person


def accept_invitation(session: Session, *, token: str, password: str, at: datetime) -> Account:
    """Choose a password by a single-use link.

    Raises:
        LinkNotUsable: Used, expired or unknown.
        Refusal: The password is too short or too easy.
    """
    invitation = queries.find_open_invitation(session, hash_token(token), at)
    if invitation is None:
        raise LinkNotUsable(_("This link has been used or has run out. Ask for a new one."))
    account = session.get_one(Account, invitation.account_id)
    # A second letter to the same person must not open the door again after the first was used.
    for other in queries.list_open_invitations(session, account.id, at):
        other.used_at = at
        audit.record(session, by=Actor(account.person_id, None), at=at, verb="accept_invitation", subject=other)
    set_password(session, account=account, password=password, at=at)
    return account


def set_password(session: Session, *, account: Account, password: str, at: datetime) -> None:
    """Store a password by its hash.

    Raises:
        Refusal: It has fewer than ``SHORTEST_PASSWORD`` characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            _("Use at least %(number)s characters. Three words you remember are good.", number=SHORTEST_PASSWORD),
            field="password",
        )
    account.password_hash = HASHER.hash(password)
    by = Actor(account.person_id, None)
    audit.record(session, by=by, at=at, verb="set_password", subject=account)


def note_guess(session: Session, *, email: str, at: datetime) -> None:
    """Count one try for an address before it is checked, so that parallel tries are all counted.

    Raises:
        TooManyGuesses: The address has had its tries for this window.
    """
    key = email_key(email)
    if queries.count_recent_guesses(session, key, at - GUESS_WINDOW) >= MOST_GUESSES:
        raise TooManyGuesses(
            _("Too many tries. Wait %(minutes)s minutes and try again.", minutes=GUESS_WINDOW.seconds // 60)
        )
    session.add(SignInGuess(email_key=key, at=at))
    session.flush()


def forget_guesses(session: Session, *, email: str) -> None:
    """Clear the count of an address once its password was right."""
    session.execute(delete(SignInGuess).where(SignInGuess.email_key == email_key(email)))


def check_password(account: Account | None, password: str) -> bool:
    """Tell whether a password fits; an unknown account costs the same time as a known one."""
    known = account.password_hash if account is not None and account.disabled_at is None else None
    try:
        HASHER.verify(known or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def begin_sign_in(
    session: Session,
    *,
    account: Account,
    at: datetime,
    device: str,
    origin: str,
    scheme_id: uuid.UUID | None = None,
) -> str:
    """Sign a person in on one device.

    Args:
        session: The transaction.
        account: Whose password has just been checked.
        at: When.
        device: What the browser says it is.
        origin: Network address, for the audit trail.
        scheme_id: The scheme to work in; the first one the person has a role in unless told.

    Returns:
        The token for the cookie; only its hash is stored.

    Raises:
        WrongCredentials: The person has no live role anywhere.
    """
    grants = queries.list_live_roles(session, account.person_id)
    schemes = [grant.scheme_id for grant in grants]
    if not schemes or (scheme_id is not None and scheme_id not in schemes):
        raise WrongCredentials(_("Email address or password is not right."))
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        account_id=account.id,
        scheme_id=scheme_id or schemes[0],
        token_hash=hash_token(token),
        device=device[:200],
        created_at=at,
        expires_at=at + SIGN_IN_LASTS,
    )
    session.add(sign_in)
    by = Actor(account.person_id, sign_in.scheme_id, origin=origin)
    audit.record(session, by=by, at=at, verb="begin_sign_in", subject=sign_in)
    return token


def end_sign_in(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> None:
    """Sign one device out; its cookie is worth nothing from now on."""
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        audit.record(session, by=by, at=at, verb="end_sign_in", subject=sign_in)


def hash_token(token: str) -> str:
    """Hash a random token; it has 256 bits of chance in it, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _dummy_hash() -> str:
    """Make a hash that no password fits, to be checked where there is no account."""
    return HASHER.hash(secrets.token_urlsafe(32))
