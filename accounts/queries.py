"""Reads about schemes, people and their accounts."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import (
    Account,
    Agency,
    AppFactor,
    BreakGlass,
    FactorGuess,
    Invitation,
    Passkey,
    PasswordReset,
    Person,
    RecoveryCode,
    RoleGrant,
    Scheme,
    SignIn,
    SignInGuess,
)
from accounts.policy import Actor, visible_glasses
from accounts.rules import Role, is_idle
from foundation.audit import AuditEntry
from foundation.errors import NotVisible
from foundation.language import _

TRAIL_PAGE_LENGTH = 50
TRAIL_WORDS_FROM = 10_000
"""From how many of the newest entries the words of the filter are taken."""
LOOK = "look_under_break_glass"
"""What the audit trail calls a page that was opened by emergency access."""


def list_schemes(session: Session) -> Sequence[Scheme]:
    """List all schemes by name."""
    return session.scalars(select(Scheme).order_by(Scheme.name, Scheme.id)).all()


def find_scheme(session: Session, slug: str) -> Scheme | None:
    """Find a scheme by the name in its addresses."""
    return session.scalars(select(Scheme).where(Scheme.slug == slug)).one_or_none()


def get_scheme(session: Session, slug: str) -> Scheme:
    """Get a scheme by the name in its addresses.

    Raises:
        NotVisible: There is none.
    """
    scheme = find_scheme(session, slug)
    if scheme is None:
        raise NotVisible(_("There is no such scheme."))
    return scheme


def get_own_scheme(session: Session, by: Actor) -> Scheme:
    """Get the scheme that somebody acts in."""
    return session.get_one(Scheme, by.scheme_id)


def find_account(session: Session, key: str) -> Account | None:
    """Find the account of an e-mail address, given as ``email_key``."""
    return session.scalars(select(Account).where(Account.email_key == key)).one_or_none()


def find_live_sign_in(session: Session, token_hash: str, at: datetime) -> SignIn | None:
    """Find a sign-in that still holds: not ended, not expired, of an account that is not disabled."""
    statement = (
        select(SignIn)
        .join(SignIn.account)
        .where(
            SignIn.token_hash == token_hash,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > at,
            Account.disabled_at.is_(None),
        )
        .options(joinedload(SignIn.account).joinedload(Account.person), joinedload(SignIn.scheme))
    )
    return session.scalars(statement).unique().one_or_none()


def list_open_sign_ins(session: Session, person_id: uuid.UUID, at: datetime) -> Sequence[SignIn]:
    """List the sign-ins of a person that nobody has ended and that have not run out, the last used first."""
    statement = (
        select(SignIn)
        .join(SignIn.account)
        .where(Account.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
    )
    return session.scalars(statement).all()


def list_live_sign_ins(session: Session, by: Actor, at: datetime) -> Sequence[SignIn]:
    """List the actor's own sign-ins that still hold, in all schemes, the last used first."""
    if by.person_id is None:
        return []
    roles: dict[uuid.UUID, set[Role]] = {}
    for grant in list_live_roles(session, by.person_id):
        roles.setdefault(grant.scheme_id, set()).add(grant.role)
    rows = list_open_sign_ins(session, by.person_id, at)
    return [row for row in rows if row.scheme_id in roles and not is_idle(roles[row.scheme_id], row.last_seen_at, at)]


def get_own_sign_in(session: Session, by: Actor, sign_in_id: uuid.UUID) -> SignIn:
    """Get one of the actor's own sign-ins.

    Raises:
        NotVisible: There is none, or it is somebody else's.
    """
    statement = select(SignIn).join(SignIn.account).where(SignIn.id == sign_in_id, Account.person_id == by.person_id)
    sign_in = session.scalars(statement).one_or_none()
    if sign_in is None:
        raise NotVisible(_("There is no such device."))
    return sign_in


def find_owner_of_token(session: Session, token_hash: str, since: datetime) -> uuid.UUID | None:
    """Find whose sign-in a token named, also after it ended; None where it had run out before an instant."""
    statement = (
        select(SignIn.account_id)
        .join(SignIn.account)
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > since, Account.disabled_at.is_(None))
    )
    return session.scalars(statement).one_or_none()


def list_live_roles(session: Session, person_id: uuid.UUID) -> Sequence[RoleGrant]:
    """List a person's roles in all schemes, oldest first."""
    statement = (
        select(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return session.scalars(statement).all()


def count_recent_guesses(session: Session, key: str, device_hash: str, since: datetime) -> int:
    """Count failed tries for an e-mail address since an instant: on one known device, or on all others together."""
    statement = select(func.count()).where(
        SignInGuess.email_key == key, SignInGuess.device_hash == device_hash, SignInGuess.at > since
    )
    return session.scalar(statement) or 0


def has_guesses_before(session: Session, instant: datetime) -> bool:
    """Whether there are tries so old that they count no longer."""
    return session.scalar(select(SignInGuess.id).where(SignInGuess.at <= instant).limit(1)) is not None


def count_recent_resets(session: Session, key: str, since: datetime) -> int:
    """Count how often a new password was asked for with an address, whether anybody signs in with it or not."""
    statement = select(func.count()).where(PasswordReset.email_key == key, PasswordReset.asked_at > since)
    return session.scalar(statement) or 0


def list_waiting_resets(session: Session) -> Sequence[PasswordReset]:
    """List the wishes for a new password that nobody has looked at, oldest first."""
    waits = (PasswordReset.token_hash.is_(None), PasswordReset.closed_at.is_(None))
    return session.scalars(select(PasswordReset).where(*waits).order_by(PasswordReset.asked_at, PasswordReset.id)).all()


def list_open_resets(session: Session, account_id: uuid.UUID) -> Sequence[PasswordReset]:
    """List the links of an account that have not been used or closed, oldest first."""
    statement = select(PasswordReset).where(PasswordReset.account_id == account_id, PasswordReset.closed_at.is_(None))
    return session.scalars(statement.order_by(PasswordReset.asked_at, PasswordReset.id)).all()


def find_open_reset(session: Session, token_hash: str, since: datetime) -> PasswordReset | None:
    """Find a link for a new password that can still be used: asked for since an instant, of an account not disabled."""
    statement = (
        select(PasswordReset)
        .join(PasswordReset.account)
        .where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.closed_at.is_(None),
            PasswordReset.asked_at > since,
            Account.disabled_at.is_(None),
        )
    )
    return session.scalars(statement).one_or_none()


def has_resets_before(session: Session, instant: datetime) -> bool:
    """Whether there are wishes for a new password so old that they are kept no longer."""
    return session.scalar(select(PasswordReset.id).where(PasswordReset.asked_at <= instant).limit(1)) is not None


def words_about(session: Session, account: Account) -> frozenset[str]:
    """Gather what a stranger would try first: the person's name and address, and the charities they work with."""
    schemes = select(Scheme).join(RoleGrant, RoleGrant.scheme_id == Scheme.id)
    found = session.scalars(schemes.where(RoleGrant.person_id == account.person_id).order_by(Scheme.id)).all()
    texts = [account.person.name, account.email_key, *(f"{row.name} {row.charity} {row.slug}" for row in found)]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def find_open_invitation(session: Session, token_hash: str, at: datetime) -> Invitation | None:
    """Find an invitation that can still be used."""
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash, Invitation.used_at.is_(None), Invitation.expires_at > at
    )
    return session.scalars(statement).one_or_none()


def list_open_invitations(session: Session, account_id: uuid.UUID, at: datetime) -> Sequence[Invitation]:
    """List the invitations of an account that can still be used, oldest first."""
    statement = (
        select(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.expires_at > at)
        .order_by(Invitation.created_at, Invitation.id)
    )
    return session.scalars(statement).all()


def has_factor(session: Session, account_id: uuid.UUID) -> bool:
    """Whether an account has a second factor that counts."""
    return bool(session.scalar(select(_app_of(account_id).exists() | _passkey_of(account_id).exists())))


def _app_of(account_id: uuid.UUID) -> Select[AppFactor]:
    """Select the authenticator app that counts."""
    return select(AppFactor).where(AppFactor.account_id == account_id, AppFactor.confirmed_at.is_not(None))


def _passkey_of(account_id: uuid.UUID) -> Select[Passkey]:
    """Select the passkeys of an account."""
    return select(Passkey).where(Passkey.account_id == account_id)


def find_app(session: Session, account_id: uuid.UUID) -> AppFactor | None:
    """Find the authenticator app of an account; None while none is confirmed."""
    return session.scalars(_app_of(account_id)).one_or_none()


def find_new_app(session: Session, account_id: uuid.UUID) -> AppFactor | None:
    """Find the authenticator app that somebody is setting up and has not confirmed yet."""
    statement = (
        select(AppFactor)
        .where(AppFactor.account_id == account_id, AppFactor.confirmed_at.is_(None))
        .order_by(AppFactor.created_at.desc(), AppFactor.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def get_new_app(session: Session, account_id: uuid.UUID) -> AppFactor:
    """Get the authenticator app that somebody is setting up.

    Raises:
        NotVisible: It has been confirmed or begun anew on another page.
    """
    app = find_new_app(session, account_id)
    if app is None:
        raise NotVisible(_("You are not setting up an authenticator app now."))
    return app


def list_passkeys(session: Session, account_id: uuid.UUID) -> Sequence[Passkey]:
    """List the passkeys of an account, oldest first."""
    return session.scalars(_passkey_of(account_id).order_by(Passkey.created_at, Passkey.id)).all()


def get_passkey(session: Session, account_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """Get one passkey of an account.

    Raises:
        NotVisible: There is none, or it is somebody else's.
    """
    passkey = session.scalars(_passkey_of(account_id).where(Passkey.id == passkey_id)).one_or_none()
    if passkey is None:
        raise NotVisible(_("There is no such passkey."))
    return passkey


def find_passkey(session: Session, credential_id: str) -> Passkey | None:
    """Find a passkey by the name that the authenticator knows it by, with its account and person."""
    statement = (
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .options(joinedload(Passkey.account).joinedload(Account.person))
    )
    return session.scalars(statement).unique().one_or_none()


def list_open_recovery_codes(session: Session, account_id: uuid.UUID) -> Sequence[RecoveryCode]:
    """List the recovery codes of an account that are not used yet."""
    statement = (
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
    )
    return session.scalars(statement).all()


def count_recent_factor_guesses(session: Session, account_id: uuid.UUID, since: datetime) -> int:
    """Count wrong codes for an account since an instant."""
    statement = select(func.count()).where(FactorGuess.account_id == account_id, FactorGuess.at >= since)
    return session.scalar(statement) or 0


def list_other_sign_ins(session: Session, account_id: uuid.UUID, kept_id: uuid.UUID | None) -> Sequence[SignIn]:
    """List the sign-ins of an account that have not ended, but for one, oldest first."""
    statement = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.created_at, SignIn.id)
    )
    return [row for row in session.scalars(statement) if row.id != kept_id]


def find_account_of(session: Session, person_id: uuid.UUID) -> Account | None:
    """Find the account of a person."""
    return session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def list_grants(session: Session, by: Actor) -> Sequence[RoleGrant]:
    """List the live roles of the actor's scheme, by name of the person."""
    statement = (
        select(RoleGrant)
        .join(RoleGrant.person)
        .where(RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
        .options(joinedload(RoleGrant.person))
        .order_by(Person.name, RoleGrant.role, RoleGrant.id)
    )
    return session.scalars(statement).all()


def get_grant(session: Session, by: Actor, grant_id: uuid.UUID) -> RoleGrant:
    """Get a live role of the actor's scheme with its person.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    statement = (
        select(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
        .options(joinedload(RoleGrant.person))
    )
    grant = session.scalars(statement).one_or_none()
    if grant is None:
        raise NotVisible(_("There is no such role."))
    return grant


def get_account(session: Session, by: Actor, account_id: uuid.UUID) -> Account:
    """Get the account of somebody who has a role in the actor's scheme, with their person.

    Raises:
        NotVisible: There is none, or its person has no role here.
    """
    has_role = select(RoleGrant.id).where(
        RoleGrant.person_id == Account.person_id, RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None)
    )
    statement = select(Account).where(Account.id == account_id, has_role.exists()).options(joinedload(Account.person))
    account = session.scalars(statement).one_or_none()
    if account is None:
        raise NotVisible(_("There is no such account."))
    return account


def list_accounts(session: Session, by: Actor) -> Sequence[Account]:
    """List the accounts of everybody with a live role in the actor's scheme, by name."""
    here = select(RoleGrant.person_id).where(RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
    statement = (
        select(Account).join(Account.person).where(Account.person_id.in_(here)).order_by(Person.name, Account.id)
    )
    return session.scalars(statement).all()


def list_administrator_ids(session: Session, scheme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """List the administrators of a scheme whose accounts are not disabled, by their ids."""
    statement = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.scheme_id == scheme_id,
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(RoleGrant.person_id)
    )
    return session.scalars(statement).all()


def has_accounts(session: Session) -> bool:
    """Whether anybody can sign in yet."""
    return session.scalar(select(Account.id).where(Account.password_hash.is_not(None)).limit(1)) is not None


def list_agencies(session: Session, by: Actor) -> Sequence[Agency]:
    """List the partner agencies of the actor's scheme, by name."""
    statement = select(Agency).where(Agency.scheme_id == by.scheme_id).order_by(Agency.name, Agency.id)
    return session.scalars(statement).all()


def list_staff(session: Session, scheme_id: uuid.UUID, role: Role) -> Sequence[Person]:
    """List the people with a role in a scheme, by name."""
    statement = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.scheme_id == scheme_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session.scalars(statement).all()


def names_of(session: Session, person_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Tell the names of several people in one statement."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.id))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class TrailFilter:
    """Which entries of the audit trail to list.

    Attributes:
        name: Part of the name of whoever acted.
        verb: What was done.
        kind: To which kind of record.
        since: Only from then on.
        about: Only about this person.
    """

    name: str = ""
    verb: str = ""
    kind: str = ""
    since: datetime | None = None
    about: uuid.UUID | None = None


@dataclass(frozen=True)
class TrailPage:
    """One page of the audit trail, newest first."""

    rows: Sequence[AuditEntry]
    page: int
    pages: int
    total: int


def list_audit_entries(session: Session, by: Actor, asked: TrailFilter, *, page: int = 1) -> TrailPage:
    """List one page of the audit trail of the actor's scheme, newest first.

    Args:
        session: To read with.
        by: Who asks.
        asked: Which entries.
        page: From 1; beyond the last it is the last.
    """
    wanted = _wanted(by, asked)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted)) or 0
    pages = max(1, -(-total // TRAIL_PAGE_LENGTH))
    page = min(max(1, page), pages)
    statement = (
        select(AuditEntry)
        .where(*wanted)
        .order_by(AuditEntry.position.desc())
        .limit(TRAIL_PAGE_LENGTH)
        .offset((page - 1) * TRAIL_PAGE_LENGTH)
    )
    return TrailPage(session.scalars(statement).all(), page, pages, total)


def list_trail_words(session: Session, by: Actor) -> tuple[list[str], list[str]]:
    """List the verbs and the kinds of records among the newest entries of the actor's scheme, each by name."""
    newest = (
        select(AuditEntry.verb, AuditEntry.subject_kind)
        .where(AuditEntry.scheme_id == by.scheme_id)
        .order_by(AuditEntry.position.desc())
        .limit(TRAIL_WORDS_FROM)
        .subquery()
    )
    pairs = session.execute(select(newest.c.verb, newest.c.subject_kind).distinct()).all()
    return sorted({verb for verb, _kind in pairs}), sorted({kind for _verb, kind in pairs})


def _wanted(by: Actor, asked: TrailFilter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions."""
    wanted = [AuditEntry.scheme_id == by.scheme_id]
    if asked.name:
        named = select(Person.id).where(Person.name.icontains(asked.name, autoescape=True))
        wanted.append(AuditEntry.by_person_id.in_(named))
    if asked.verb:
        wanted.append(AuditEntry.verb == asked.verb)
    if asked.kind:
        wanted.append(AuditEntry.subject_kind == asked.kind)
    if asked.since is not None:
        wanted.append(AuditEntry.at >= asked.since)
    if asked.about is not None:
        wanted.append(AuditEntry.about_person_id == asked.about)
    return wanted


def list_open_glasses(
    session: Session, scheme_id: uuid.UUID, asked_by_id: uuid.UUID, at: datetime
) -> Sequence[BreakGlass]:
    """List the emergency accesses of one administrator that are open at an instant, oldest first."""
    statement = (
        select(BreakGlass)
        .where(
            BreakGlass.scheme_id == scheme_id,
            BreakGlass.asked_by_id == asked_by_id,
            BreakGlass.is_allowed.is_(True),
            BreakGlass.expires_at > at,
        )
        .order_by(BreakGlass.asked_at, BreakGlass.id)
    )
    return session.scalars(statement).all()


def list_glasses(session: Session, by: Actor, *, most: int = 100) -> Sequence[BreakGlass]:
    """List the requests for emergency access in the actor's scheme, newest first."""
    statement = (
        select(BreakGlass).where(visible_glasses(by)).order_by(BreakGlass.asked_at.desc(), BreakGlass.id).limit(most)
    )
    return session.scalars(statement).all()


def get_glass(session: Session, by: Actor, glass_id: uuid.UUID) -> BreakGlass:
    """Get a request for emergency access.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = select(BreakGlass).where(BreakGlass.id == glass_id, visible_glasses(by))
    glass = session.scalars(statement).one_or_none()
    if glass is None:
        raise NotVisible(_("There is no such request."))
    return glass


def count_looks(session: Session, glass_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count the pages that were opened under each of several emergency accesses."""
    statement = (
        select(AuditEntry.subject_id, func.count())
        .where(AuditEntry.subject_id.in_(glass_ids), AuditEntry.verb == LOOK)
        .group_by(AuditEntry.subject_id)
        .order_by(AuditEntry.subject_id)
    )
    counted = {subject_id: count for subject_id, count in session.execute(statement) if subject_id is not None}
    return {glass_id: counted.get(glass_id, 0) for glass_id in glass_ids}
