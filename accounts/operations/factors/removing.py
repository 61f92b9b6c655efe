"""Taking factors away: by the person, who must keep one where their role asks for it, or by an administrator."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, AppFactor, FactorGuess, Passkey, RecoveryCode, RoleGrant, SignIn
from accounts.operations.factors.passing import require_fresh, tell_of_change
from accounts.policy import Actor, require, require_scheme
from accounts.rules import FACTOR_ROLES, Permission
from foundation import audit
from foundation.errors import NotVisible, Refusal
from foundation.language import _


def needs_factor(grants: Iterable[RoleGrant]) -> bool:
    """Whether one of somebody's roles, in whatever scheme, forbids to work without a second factor."""
    return any(grant.role in FACTOR_ROLES for grant in grants)


def remove_app(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> None:
    """Stop using the authenticator app.

    Raises:
        Refusal: It is the only factor and the person's role asks for one.
        FactorNotFresh: The person has not shown a factor just now.
        NotVisible: There is no app.
    """
    app = queries.find_app(session, sign_in.account_id)
    if app is None:
        raise NotVisible(_("You have no authenticator app here."))
    told = _("The authenticator app was removed from your account.")
    _remove(session, factor=app, told=told, sign_in=sign_in, by=by, at=at)


def remove_passkey(session: Session, *, passkey: Passkey, sign_in: SignIn, by: Actor, at: datetime) -> None:
    """Stop accepting a passkey.

    Raises:
        Refusal: It is the only factor and the person's role asks for one.
        FactorNotFresh: The person has not shown a factor just now.
        NotVisible: It is somebody else's.
    """
    if passkey.account_id != sign_in.account_id:
        raise NotVisible(_("There is no such passkey."))
    told = _("A passkey was removed from your account.")
    _remove(session, factor=passkey, told=told, sign_in=sign_in, by=by, at=at)


def _remove(
    session: Session, *, factor: AppFactor | Passkey, told: object, sign_in: SignIn, by: Actor, at: datetime
) -> None:
    """Remove one factor, unless the person may not be without it."""
    require_fresh(session, sign_in, at)
    account = session.get_one(Account, sign_in.account_id)
    is_last = _count_factors(session, account) == 1
    if is_last and needs_factor(queries.list_live_roles(session, account.person_id)):
        raise Refusal(_("Your role asks for a second factor and this is your only one. Add another one first."))
    audit.record(session, by=by, at=at, verb="remove_factor", subject=factor)
    session.delete(factor)
    if is_last:
        # Codes that stand in for a factor are worth nothing without one.
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.flush()
    tell_of_change(session, account=account, kept=sign_in, told=told, by=by, at=at)


def _count_factors(session: Session, account: Account) -> int:
    """Count the factors that an account has; recovery codes are none."""
    return len(queries.list_passkeys(session, account.id)) + (queries.find_app(session, account.id) is not None)


def reset_factors(session: Session, *, grant: RoleGrant, by: Actor, at: datetime, why: str) -> None:
    """Take all factors of somebody away who has lost them, so that they set up new ones at their next sign-in.

    Args:
        session: The transaction.
        grant: A role that the person has in the administrator's scheme.
        by: The administrator.
        at: When.
        why: What the administrator knows and how they made sure who asks.

    Raises:
        Refusal: They would do it for themselves, or the person has no factor.
    """
    require(by, Permission.ACCOUNTS_MANAGE)
    require_scheme(by, grant.scheme_id)
    if grant.person_id == by.person_id:
        raise Refusal(_("Nobody resets their own second factor. Ask another administrator."))
    account = queries.find_account_of(session, grant.person_id)
    if account is None or not queries.has_factor(session, account.id):
        raise Refusal(_("This person has no second factor yet."))
    audit.record(session, by=by, at=at, verb="reset_factors", subject=account, why=why)
    for table in (AppFactor, Passkey, RecoveryCode, FactorGuess):
        session.execute(delete(table).where(table.account_id == account.id))
    told = _("An administrator has reset the second factor of your account. You set up a new one when you sign in.")
    tell_of_change(session, account=account, kept=None, told=told, by=by, at=at)
