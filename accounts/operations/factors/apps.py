"""Authenticator apps: a key is shared by a QR code, confirmed by a first code, and each code is accepted once."""

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, AppFactor, SignIn
from accounts.operations.factors.passing import WrongCode, pass_factor, require_fresh, tell_of_change
from accounts.policy import Actor
from accounts.rules import CODE_STEPS_AROUND, plain_code, step_of
from foundation import audit
from foundation.language import _
from foundation.sealing import seal, unseal

PURPOSE = "authenticator app"


def begin_app(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> AppFactor:
    """Make a new key for an authenticator app; it counts for nothing until a code confirms it.

    Raises:
        FactorNotFresh: The person has a factor and has not shown it just now.
    """
    require_fresh(session, sign_in, at)
    unfinished = AppFactor.account_id == sign_in.account_id, AppFactor.confirmed_at.is_(None)
    session.execute(delete(AppFactor).where(*unfinished))
    app = AppFactor(account_id=sign_in.account_id, created_at=at)
    app.sealed_key = seal(PURPOSE, app.id, pyotp.random_base32().encode())
    session.add(app)
    audit.record(session, by=by, at=at, verb="begin_app", subject=app)
    return app


def key_of(app: AppFactor) -> str:
    """Read the key of an app, in the letters that a person types into it."""
    return unseal(PURPOSE, app.id, app.sealed_key).decode()


def confirm_app(session: Session, *, app: AppFactor, code: str, sign_in: SignIn, by: Actor, at: datetime) -> str:
    """Take an app into use by a first code from it, in place of the one before; other devices are signed out.

    Returns:
        The new token for the cookie of this device, on which a factor has been shown by this.

    Raises:
        WrongCode: The app shows another code, so the key did not arrive there.
        FactorNotFresh: The person has a factor and has not shown it just now.
    """
    require_fresh(session, sign_in, at)
    step = _step_that_fits(app, code, at)
    if step is None:
        raise WrongCode(
            _("This is not the code that your app shows now. Enter the newest one, and check the time of your phone."),
            field="code",
        )
    earlier = queries.find_app(session, sign_in.account_id)
    if earlier is not None:
        audit.record(session, by=by, at=at, verb="replace_app", subject=earlier)
        session.delete(earlier)
        session.flush()
    app.confirmed_at, app.last_used_at, app.last_step = at, at, step
    audit.record(session, by=by, at=at, verb="confirm_app", subject=app)
    account = session.get_one(Account, sign_in.account_id)
    told = _("An authenticator app was set up as the second factor of your account.")
    tell_of_change(session, account=account, kept=sign_in, told=told, by=by, at=at)
    return pass_factor(session, sign_in=sign_in, by=by, at=at)


def check_app_code(session: Session, *, account: Account, code: str, at: datetime) -> None:
    """Accept a code of a person's app, once.

    Raises:
        WrongCode: It is not the code of now, or it has been used.
    """
    app = queries.find_app(session, account.id)
    step = _step_that_fits(app, code, at) if app is not None else None
    # The database decides which of two equal codes at the same moment was first.
    if app is None or step is None or not _take_step(session, app, step, at):
        raise WrongCode(_("This code is not right or has been used. Wait for the next one and enter it."), field="code")


def _take_step(session: Session, app: AppFactor, step: int, at: datetime) -> bool:
    """Use up a step and all before it; False if that has happened already."""
    is_newer = or_(AppFactor.last_step.is_(None), AppFactor.last_step < step)
    taking = update(AppFactor).where(AppFactor.id == app.id, is_newer).values(last_step=step, last_used_at=at)
    return session.connection().execute(taking).rowcount == 1


def _step_that_fits(app: AppFactor, code: str, at: datetime) -> int | None:
    """Find the step whose code was typed, among now, one before and one after; always in the same time."""
    typed, now = plain_code(code).encode("utf-8", "surrogatepass"), step_of(at)
    app_codes = pyotp.TOTP(key_of(app))
    found = None
    for step in range(now - CODE_STEPS_AROUND, now + CODE_STEPS_AROUND + 1):
        if hmac.compare_digest(app_codes.generate_otp(step).encode(), typed):
            found = step
    return found
