"""What changes people and their roles: they are added, invited, and given or taken a role."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, Agency, Invitation, Person, RoleGrant
from accounts.operations.devices import end_sign_ins
from accounts.operations.passwords import set_password
from accounts.operations.tokens import hash_token
from accounts.policy import Actor, granters_of, require, require_scheme
from accounts.rules import INVITATION_LASTS, Permission, Role, email_key
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from foundation.outbox import write_letter


class LinkNotUsable(Refusal):
    """An invitation that is used, expired or never was."""


def add_person(session: Session, *, name: str, email: str, phone: str, by: Actor, at: datetime) -> Person:
    """Open the one record of a human being."""
    person = Person(name=name, email=email, phone=phone, changed_at=at, changed_by_id=by.person_id)
    session.add(person)
    audit.record(session, by=by, at=at, verb="add_person", subject=person)
    return person


def grant_role(
    session: Session, *, person: Person, role: Role, by: Actor, at: datetime, agency: Agency | None = None
) -> RoleGrant:
    """Give a person a role in the actor's scheme; a role they have already stays as it is.

    Whoever gets a new role signs in again, since what an open sign-in may do should not grow unseen.
    """
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
    end_sign_ins(session, person_id=person.id, by=by, at=at)
    audit.record(session, by=by, at=at, verb="grant_role", subject=grant)
    session.flush()
    return grant


def end_role(session: Session, *, grant: RoleGrant, by: Actor, at: datetime, why: str) -> None:
    """Take a role back, and sign the person out wherever they are signed in.

    Raises:
        Refusal: It is the last administrator of the scheme, and nobody could let anybody in again.
    """
    require(by, *granters_of(grant.role))
    require_scheme(by, grant.scheme_id)
    if grant.role is Role.ADMINISTRATOR:
        _require_another_administrator(session, grant)
    grant.ended_at = at
    end_sign_ins(session, person_id=grant.person_id, by=by, at=at)
    audit.record(session, by=by, at=at, verb="end_role", subject=grant, why=why)


def _require_another_administrator(session: Session, grant: RoleGrant) -> None:
    """Refuse to lose the last administrator of a scheme who can sign in.

    Raises:
        Refusal: There would be none, and nobody could let anybody in again.
    """
    working = queries.list_administrator_ids(session, grant.scheme_id)
    if set(working) <= {grant.person_id}:
        raise Refusal(_("This is the only administrator. Make somebody else administrator first."))


def disable_account(session: Session, *, account: Account, by: Actor, at: datetime) -> None:
    """Keep somebody from signing in, and sign them out wherever they are signed in.

    Raises:
        Refusal: It is one's own account, that of the last administrator, or of somebody who works in another scheme
            too, whose administrators should not find them locked out.
    """
    require(by, Permission.ACCOUNTS_MANAGE)
    if account.person_id == by.person_id:
        raise Refusal(_("You cannot disable your own account. Ask another administrator."))
    grants = queries.list_live_roles(session, account.person_id)
    if any(grant.scheme_id != by.scheme_id for grant in grants):
        raise Refusal(_("This person works in another scheme too. Take back their roles in this scheme instead."))
    for grant in grants:
        if grant.role is Role.ADMINISTRATOR:
            _require_another_administrator(session, grant)
    if account.disabled_at is None:
        account.disabled_at = at
        end_sign_ins(session, person_id=account.person_id, by=by, at=at)
        audit.record(session, by=by, at=at, verb="disable_account", subject=account)


def sign_out_account(session: Session, *, account: Account, by: Actor, at: datetime) -> None:
    """Sign somebody out on all their devices, as after a loss; they may sign in again."""
    require(by, Permission.ACCOUNTS_MANAGE)
    end_sign_ins(session, person_id=account.person_id, by=by, at=at)


def enable_account(session: Session, *, account: Account, by: Actor, at: datetime) -> None:
    """Let somebody sign in again with the password they had."""
    require(by, Permission.ACCOUNTS_MANAGE)
    if account.disabled_at is not None:
        account.disabled_at = None
        audit.record(session, by=by, at=at, verb="enable_account", subject=account)


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
