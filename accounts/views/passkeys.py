"""Pages on which somebody adds and removes passkeys, and signs in with one instead of a password."""

import secrets
import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user

from accounts import operations, queries
from accounts.forms import PasskeyForm, PasskeySignInForm, PlainForm
from accounts.models import SignIn
from accounts.operations import factors
from accounts.rules import Ceremony
from accounts.signing import SETTING_UP, current_actor, enter, load, sign_in_here
from accounts.views.blueprint import Answer, blueprint, safe_next
from accounts.views.factors import confirm_first
from accounts.views.second_factor import this_portal
from foundation import clock
from foundation.access import also_while_waiting_at, public, signed_in
from foundation.db import reading, transaction
from foundation.language import _

BROWSER = "passkey_browser"
"""Under this name the cookie holds the secret of a browser that has been asked for a passkey."""


@blueprint.get("/account/factors/passkey")
@also_while_waiting_at(SETTING_UP)
def factor_passkey() -> Answer:
    """Let somebody add the device they hold, or a security key, as a passkey."""
    if answer := confirm_first():
        return answer
    return render_template("accounts/factor_passkey.html", form=PasskeyForm(), portal=this_portal())


@blueprint.post("/account/factors/passkey")
@also_while_waiting_at(SETTING_UP)
def factor_passkey_post() -> Answer:
    """Accept the new passkey."""
    if answer := confirm_first():
        return answer
    form = PasskeyForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                token = factors.add_passkey(
                    session,
                    sign_in=session.get_one(SignIn, current_user.sign_in.id),
                    name=form.name.data,
                    answer=form.credential.data or "",
                    portal=this_portal(),
                    by=current_actor(),
                    at=clock.now(),
                )
            login_user(load(token))
            flash(_("The passkey has been added."))
            return redirect(url_for("accounts.factors"), code=303)
    return render_template("accounts/factor_passkey.html", form=form, portal=this_portal()), 422


@blueprint.post("/account/factors/passkey/challenge")
@also_while_waiting_at(SETTING_UP)
def factor_passkey_challenge() -> Answer:
    """Give a browser the question that a new passkey must answer."""
    with transaction() as session:
        sign_in = session.get_one(SignIn, current_user.sign_in.id)
        question = factors.ask_to_register(session, sign_in=sign_in, portal=this_portal(), at=clock.now())
    return Response(question, mimetype="application/json")


@blueprint.get("/account/factors/passkeys/<uuid:passkey_id>/remove")
@signed_in
def factor_passkey_removal(passkey_id: uuid.UUID) -> Answer:
    """Ask somebody whether a passkey is really to be removed."""
    if answer := confirm_first():
        return answer
    passkey = queries.get_passkey(reading(), current_user.sign_in.account_id, passkey_id)
    return render_template("accounts/factor_passkey_removal.html", form=PlainForm(), passkey=passkey)


@blueprint.post("/account/factors/passkeys/<uuid:passkey_id>/remove")
@signed_in
def factor_passkey_removal_post(passkey_id: uuid.UUID) -> Answer:
    """Remove a passkey."""
    if answer := confirm_first():
        return answer
    form, account_id = PlainForm(), current_user.sign_in.account_id
    if form.validate():
        with form.guard(), transaction() as session:
            factors.remove_passkey(
                session,
                passkey=queries.get_passkey(session, account_id, passkey_id),
                sign_in=session.get_one(SignIn, current_user.sign_in.id),
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            return redirect(url_for("accounts.factors"), code=303)
    passkey = queries.get_passkey(reading(), account_id, passkey_id)
    return render_template("accounts/factor_passkey_removal.html", form=form, passkey=passkey), 422


@blueprint.get("/sign-in/passkey")
@public
def passkey_sign_in() -> Answer:
    """Let somebody sign in by a passkey alone."""
    return render_template(
        "accounts/passkey_sign_in.html", form=PasskeySignInForm(), portal=this_portal(), next=safe_next()
    )


@blueprint.post("/sign-in/passkey")
@public
def passkey_sign_in_post() -> Answer:
    """Sign the holder of a passkey in: it shows what they have and who they are, and so stands for both factors."""
    form = PasskeySignInForm()
    if form.validate():
        with form.guard():
            token = _sign_in(form.credential.data or "", cookie.get(BROWSER, ""))
            enter(token)
            return redirect(safe_next() or url_for("reports.home"), code=303)
    page = render_template("accounts/passkey_sign_in.html", form=form, portal=this_portal(), next=safe_next())
    return page, 422


@blueprint.post("/sign-in/passkey/challenge")
@public
def passkey_sign_in_challenge() -> Answer:
    """Give a browser the question that any passkey of the portal may answer, and mark the browser as the one asked."""
    browser = secrets.token_urlsafe(32)
    with transaction() as session:
        question = factors.ask_for_passkey(
            session,
            ceremony=Ceremony.SIGNING_IN,
            asked_hash=operations.hash_token(browser),
            account=None,
            portal=this_portal(),
            at=clock.now(),
        )
    cookie[BROWSER] = browser
    return Response(question, mimetype="application/json")


def _sign_in(answer: str, browser: str) -> str:
    """Check the passkey and begin a whole sign-in, both or neither."""
    at = clock.now()
    with transaction() as session:
        passkey = factors.check_passkey(
            session,
            ceremony=Ceremony.SIGNING_IN,
            asked_hash=operations.hash_token(browser),
            answer=answer,
            portal=this_portal(),
            at=at,
        )
        return operations.begin_sign_in(
            session,
            account=passkey.account,
            at=at,
            device=request.user_agent.string,
            origin=request.remote_addr or "",
            factor_at=at,
            instead_of=sign_in_here(),
        )
