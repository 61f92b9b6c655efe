"""The page on which somebody shows a second factor: to complete a sign-in, or to confirm that it is still them."""

import hmac
from urllib.parse import urlsplit

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from accounts import queries
from accounts.forms import SecondFactorForm
from accounts.models import Account, SignIn
from accounts.operations import factors
from accounts.rules import Ceremony, plain_code
from accounts.signing import ASKED, SETTING_UP, current_actor, load
from accounts.views.blueprint import Answer, blueprint, safe_next
from foundation import clock
from foundation.access import also_while_waiting_at
from foundation.db import reading, transaction
from foundation.language import _


@blueprint.get("/sign-in/second-factor")
@also_while_waiting_at(ASKED)
def second_factor() -> Answer:
    """Ask somebody for the second factor, whichever of theirs is at hand."""
    if not _has_way():
        return redirect(url_for(SETTING_UP), code=303)
    return _draw(SecondFactorForm())


@blueprint.post("/sign-in/second-factor")
@also_while_waiting_at(ASKED)
def second_factor_post() -> Answer:
    """Check the second factor, and let the person go on to where they were going."""
    form = SecondFactorForm()
    if form.validate():
        with form.guard():
            token = _show_passkey(form.credential.data) if form.credential.data else _show_code(form)
            login_user(load(token))
            return redirect(safe_next() or url_for("reports.home"), code=303)
    return _draw(form), 422


@blueprint.post("/sign-in/second-factor/challenge")
@also_while_waiting_at(ASKED)
def second_factor_challenge() -> Answer:
    """Give a browser the question that one of the person's passkeys must answer."""
    with transaction() as session:
        sign_in = session.get_one(SignIn, current_user.sign_in.id)
        question = factors.ask_for_passkey(
            session,
            ceremony=Ceremony.CONFIRMING,
            asked_hash=sign_in.token_hash,
            account=sign_in.account,
            portal=this_portal(),
            at=clock.now(),
        )
    return Response(question, mimetype="application/json")


def this_portal() -> factors.Portal:
    """Tell by which name passkeys know this portal."""
    return factors.Portal(current_app.config["BASE_URL"], urlsplit(request.host_url).hostname or "")


def _draw(form: SecondFactorForm) -> str:
    """Draw the page with the ways that the person has."""
    session, account_id = reading(), current_user.sign_in.account_id
    return render_template(
        "accounts/second_factor.html",
        form=form,
        next=safe_next(),
        has_app=queries.find_app(session, account_id) is not None,
        has_passkey=this_portal().has_passkeys and bool(queries.list_passkeys(session, account_id)),
        demo_code=_demo_code(),
    )


def _has_way() -> bool:
    """Whether there is anything that the person could show."""
    return bool(_demo_code()) or queries.has_factor(reading(), current_user.sign_in.account_id)


def _demo_code() -> str:
    """Give the code of the demo, which stands in only for a factor that somebody has not set up themselves."""
    code = str(current_app.config["SETTINGS"].demo_factor)
    return "" if code and queries.has_factor(reading(), current_user.sign_in.account_id) else code


def _show_code(form: SecondFactorForm) -> str:
    """Count the try, then check the code; recovery codes are hashed outside of any transaction, as that takes long."""
    at, is_demo = clock.now(), _is_demo_code(form.code.data or "")
    sign_in_id, account_id = current_user.sign_in.id, current_user.sign_in.account_id
    with transaction() as session:
        factors.note_factor_guess(session, account=session.get_one(Account, account_id), at=at)
    if form.recovery_code.data:
        open_codes = queries.list_open_recovery_codes(reading(), account_id)
        code_id = factors.check_recovery_codes(open_codes, form.recovery_code.data)
        with transaction() as session:
            sign_in = session.get_one(SignIn, sign_in_id)
            factors.use_recovery_code(session, sign_in=sign_in, code_id=code_id, by=current_actor(), at=at)
            return _complete(session, sign_in)
    with transaction() as session:
        sign_in = session.get_one(SignIn, sign_in_id)
        if not is_demo:
            factors.check_app_code(session, account=sign_in.account, code=form.code.data, at=at)
        return _complete(session, sign_in)


def _is_demo_code(typed: str) -> bool:
    """Whether somebody of the demo typed the printed code."""
    expected = _demo_code()
    return bool(expected) and hmac.compare_digest(expected.encode(), plain_code(typed).encode())


def _show_passkey(answer: str) -> str:
    """Check what a passkey answered, which must be one of this person."""
    at = clock.now()
    with transaction() as session:
        sign_in = session.get_one(SignIn, current_user.sign_in.id)
        passkey = factors.check_passkey(
            session,
            ceremony=Ceremony.CONFIRMING,
            asked_hash=sign_in.token_hash,
            answer=answer,
            portal=this_portal(),
            at=at,
        )
        if passkey.account_id != sign_in.account_id:
            raise factors.PasskeyNotAccepted(_("This passkey belongs to another account."))
        return _complete(session, sign_in)


def _complete(session: Session, sign_in: SignIn) -> str:
    """Make the sign-in whole and give its new token."""
    return factors.pass_factor(session, sign_in=sign_in, by=current_actor(), at=clock.now())
