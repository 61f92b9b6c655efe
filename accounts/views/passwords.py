"""Pages on which somebody gets a new password: forgotten, by a link, or changed while signed in."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from accounts import operations, queries
from accounts.forms import ForgottenPasswordForm, NewPasswordForm, OwnPasswordForm
from accounts.models import SignIn
from accounts.rules import RESET_LASTS
from accounts.signing import current_actor, enter, known_device
from accounts.views.blueprint import Answer, blueprint
from foundation import clock
from foundation.access import public, signed_in
from foundation.db import reading, transaction
from foundation.language import _


@blueprint.get("/forgotten-password")
@public
def forgotten_password() -> Answer:
    """Let anybody ask for a link."""
    return render_template("accounts/forgotten_password.html", form=ForgottenPasswordForm())


@blueprint.post("/forgotten-password")
@public
def forgotten_password_post() -> Answer:
    """Write down that somebody wants a link, and say the same whoever they are."""
    form = ForgottenPasswordForm()
    if form.validate():
        with transaction() as session:
            operations.ask_reset(session, email=form.email.data, at=clock.now())
        flash(str(_("If somebody signs in with this address, a letter with a link is on its way.")))
        return redirect(url_for("accounts.sign_in"), code=303)
    return render_template("accounts/forgotten_password.html", form=form), 422


@blueprint.get("/new-password/<token>")
@public
def new_password(token: str) -> Answer:
    """Let somebody with a link choose a new password."""
    since = clock.now() - RESET_LASTS
    is_open = queries.find_open_reset(reading(), operations.hash_token(token), since) is not None
    answer = render_template("accounts/new_password.html", form=NewPasswordForm(), is_open=is_open)
    return answer, 200 if is_open else 410


@blueprint.post("/new-password/<token>")
@public
def new_password_post(token: str) -> Answer:
    """Store the new password; signing in with it is a step of its own, and asks for all that it asks for."""
    form = NewPasswordForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.reset_password(session, token=token, password=form.password.data, at=clock.now())
            flash(str(_("Your password is changed. Sign in with it.")))
            return redirect(url_for("accounts.sign_in"), code=303)
    return render_template("accounts/new_password.html", form=form, is_open=True), 422


@blueprint.get("/account/password")
@signed_in
def my_password() -> Answer:
    """Show anybody signed in the form for another password."""
    return render_template("accounts/my_password.html", form=OwnPasswordForm())


@blueprint.post("/account/password")
@signed_in
def my_password_post() -> Answer:
    """Change the password of whoever knows the one they have, and sign them out on all other devices."""
    form = OwnPasswordForm()
    if form.validate():
        with form.guard():
            enter(_change(form.current.data, form.password.data))
            flash(str(_("Your password is changed. You are signed out on all other devices.")))
            return redirect(url_for("accounts.my_account"), code=303)
    return render_template("accounts/my_password.html", form=form), 422


def _change(current: str, password: str) -> str:
    """Check the one password and store the other; give the token under which this sign-in goes on."""
    at, by, account = clock.now(), current_actor(), current_user.sign_in.account
    sign_in_id, device_hash = current_user.sign_in.id, known_device(account.id)
    with transaction() as session:
        guess_id = operations.note_guess(session, email=account.email_key, device_hash=device_hash, at=at)
    if not operations.check_password(account, current):
        raise operations.WrongCredentials(_("This is not the password you have now."), field="current")
    with transaction() as session:
        operations.forget_guess(session, guess_id=guess_id)
        sign_in = session.get_one(SignIn, sign_in_id)
        operations.set_password(session, account=sign_in.account, password=password, at=at, but=sign_in_id)
        return operations.renew_token(session, sign_in=sign_in, by=by, at=at)
