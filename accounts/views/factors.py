"""Pages on which somebody sets up and looks after their second factors, and an administrator resets lost ones."""

import uuid

import pyotp
import segno
from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user, login_user
from markupsafe import Markup
from werkzeug import Response

from accounts import queries
from accounts.forms import AppForm, PlainForm, ResetFactorsForm
from accounts.models import Account, AppFactor, SignIn
from accounts.operations import factors as operations
from accounts.rules import RECOVERY_CODES, Permission
from accounts.signing import ASKED, SETTING_UP, current_actor, load
from accounts.views.blueprint import Answer, blueprint
from accounts.views.second_factor import this_portal
from foundation import clock
from foundation.access import also_while_waiting_at, requires, signed_in
from foundation.db import reading, transaction
from foundation.language import _


def confirm_first(way_back: str | None = None) -> Response | None:
    """Lead somebody to confirm that it is them, unless they did so just now: by a factor, or else by the password.

    Args:
        way_back: Where they come back to; the page they asked for unless told.
    """
    sign_in = current_user.sign_in
    if operations.is_fresh(reading(), sign_in, clock.now()):
        return None
    if queries.has_factor(reading(), sign_in.account_id):
        return redirect(url_for(ASKED, next=way_back or request.path), code=303)
    flash(_("Enter your password once more, and then go on."))
    return redirect(url_for("accounts.sign_in", next=way_back or request.path), code=303)


@blueprint.get("/account/factors")
@also_while_waiting_at(SETTING_UP)
def factors() -> Answer:
    """Show somebody their second factors, and lead those who must have one to set it up."""
    session, account_id = reading(), current_user.sign_in.account_id
    app, passkeys = queries.find_app(session, account_id), queries.list_passkeys(session, account_id)
    return render_template(
        "accounts/factors.html",
        form=PlainForm(),
        app=app,
        passkeys=passkeys,
        codes_left=len(queries.list_open_recovery_codes(session, account_id)),
        must_have_one=current_user.waits_at is not None,
        portal=this_portal(),
    )


@blueprint.post("/account/factors/app/begin")
@also_while_waiting_at(SETTING_UP)
def factor_app_begin() -> Answer:
    """Make a new key for an authenticator app and lead to it."""
    if answer := confirm_first(url_for("accounts.factors")):
        return answer
    with transaction() as session:
        sign_in = session.get_one(SignIn, current_user.sign_in.id)
        operations.begin_app(session, sign_in=sign_in, by=current_actor(), at=clock.now())
    return redirect(url_for("accounts.factor_app"), code=303)


@blueprint.get("/account/factors/app")
@also_while_waiting_at(SETTING_UP)
def factor_app() -> Answer:
    """Show the key of a new authenticator app, as a picture to scan and as letters to type."""
    if answer := confirm_first():
        return answer
    return _draw_app(AppForm(), queries.get_new_app(reading(), current_user.sign_in.account_id))


@blueprint.post("/account/factors/app")
@also_while_waiting_at(SETTING_UP)
def factor_app_post() -> Answer:
    """Take the app into use by its first code."""
    if answer := confirm_first():
        return answer
    form, account_id = AppForm(), current_user.sign_in.account_id
    if form.validate():
        with form.guard():
            token = _confirm_app(form.code.data)
            login_user(load(token))
            flash(_("The authenticator app is set up. Now make recovery codes, for the day you lose your phone."))
            return redirect(url_for("accounts.factor_recovery_codes"), code=303)
    return _draw_app(form, queries.get_new_app(reading(), account_id)), 422


def _confirm_app(code: str) -> str:
    """Count the try and take the app into use; gives the new token of this device."""
    at, account_id = clock.now(), current_user.sign_in.account_id
    sign_in_id = current_user.sign_in.id
    with transaction() as session:
        operations.note_factor_guess(session, account=session.get_one(Account, account_id), at=at)
    with transaction() as session:
        app, sign_in = queries.get_new_app(session, account_id), session.get_one(SignIn, sign_in_id)
        return operations.confirm_app(session, app=app, code=code, sign_in=sign_in, by=current_actor(), at=at)


def _draw_app(form: AppForm, app: AppFactor) -> str:
    """Draw the key in all the ways in which it can get into an app."""
    key = operations.key_of(app)
    name = current_user.sign_in.account.email_key
    address = pyotp.TOTP(key).provisioning_uri(name=name, issuer_name="Alongside")
    picture = segno.make_qr(address, error="m").svg_inline(
        omitsize=True, svgclass="house-qr", lineclass=None, light="#fff"
    )
    return render_template(
        "accounts/factor_app.html",
        form=form,
        address=address,
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        picture=Markup(picture),  # noqa: S704 - drawn by segno, in which nothing of what a person typed stands as text.
    )


@blueprint.get("/account/factors/app/remove")
@signed_in
def factor_app_removal() -> Answer:
    """Ask somebody whether the app is really to be removed."""
    if answer := confirm_first():
        return answer
    return render_template("accounts/factor_app_removal.html", form=PlainForm())


@blueprint.post("/account/factors/app/remove")
@signed_in
def factor_app_removal_post() -> Answer:
    """Remove the app."""
    if answer := confirm_first():
        return answer
    form = PlainForm()
    if form.validate():
        with form.guard(), transaction() as session:
            sign_in = session.get_one(SignIn, current_user.sign_in.id)
            operations.remove_app(session, sign_in=sign_in, by=current_actor(), at=clock.now())
        if not form.errors:
            return redirect(url_for("accounts.factors"), code=303)
    return render_template("accounts/factor_app_removal.html", form=form), 422


@blueprint.get("/account/factors/recovery-codes")
@signed_in
def factor_recovery_codes() -> Answer:
    """Tell somebody how many recovery codes they have left, and offer new ones."""
    if answer := confirm_first():
        return answer
    return _draw_codes(PlainForm(), [])


@blueprint.post("/account/factors/recovery-codes")
@signed_in
def factor_recovery_codes_post() -> Answer:
    """Make new recovery codes and show them, this once."""
    if answer := confirm_first():
        return answer
    form = PlainForm()
    if form.validate():
        codes = operations.make_recovery_codes()
        hashes = operations.hash_recovery_codes(codes)
        with form.guard():
            with transaction() as session:
                sign_in = session.get_one(SignIn, current_user.sign_in.id)
                by = current_actor()
                operations.renew_recovery_codes(session, sign_in=sign_in, hashes=hashes, by=by, at=clock.now())
            # The codes are told in this answer alone, since a page to be led to would have to keep them somewhere.
            return _draw_codes(form, codes)
    return _draw_codes(form, []), 422


def _draw_codes(form: PlainForm, codes: list[str]) -> str:
    """Draw the page, with codes only straight after they were made."""
    left = len(queries.list_open_recovery_codes(reading(), current_user.sign_in.account_id))
    return render_template(
        "accounts/factor_recovery_codes.html", form=form, codes=codes, left=left, number=RECOVERY_CODES
    )


@blueprint.post("/account/factors/not-now")
@signed_in
def factor_put_off() -> Answer:
    """Leave a volunteer in peace about a second factor for a while."""
    with transaction() as session:
        account = session.get_one(Account, current_user.sign_in.account_id)
        operations.put_off_factor(session, account=account, by=current_actor(), at=clock.now())
    return redirect(url_for("reports.home"), code=303)


@blueprint.get("/accounts/<uuid:grant_id>/reset-factors")
@requires(Permission.ACCOUNTS_MANAGE)
def factor_reset(grant_id: uuid.UUID) -> Answer:
    """Ask an administrator why somebody's second factor is to be reset."""
    if answer := confirm_first():
        return answer
    grant = queries.get_grant(reading(), current_actor(), grant_id)
    return render_template("accounts/factor_reset.html", form=ResetFactorsForm(), grant=grant)


@blueprint.post("/accounts/<uuid:grant_id>/reset-factors")
@requires(Permission.ACCOUNTS_MANAGE)
def factor_reset_post(grant_id: uuid.UUID) -> Answer:
    """Take somebody's second factors away, so that they set up new ones at their next sign-in."""
    if answer := confirm_first():
        return answer
    form = ResetFactorsForm()
    if form.validate():
        with form.guard(), transaction() as session:
            grant = queries.get_grant(session, current_actor(), grant_id)
            operations.reset_factors(session, grant=grant, by=current_actor(), at=clock.now(), why=form.why.data)
        if not form.errors:
            flash(_("The second factor has been reset. They set up a new one when they sign in."))
            return redirect(url_for("accounts.people"), code=303)
    grant = queries.get_grant(reading(), current_actor(), grant_id)
    return render_template("accounts/factor_reset.html", form=form, grant=grant), 422
