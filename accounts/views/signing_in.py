"""Pages for signing in and out, and for choosing the language and the scheme to work in."""

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user

from accounts import operations, queries
from accounts.forms import SchemeChoiceForm, SignInForm
from accounts.models import SignIn
from accounts.rules import email_key
from accounts.signing import current_actor, enter, forget_cookie, known_device, sign_in_here
from accounts.views.blueprint import Answer, blueprint, safe_next
from accounts.views.second_factor import this_portal
from foundation import clock
from foundation.access import public, signed_in
from foundation.db import reading, transaction
from foundation.language import LANGUAGES, _


@blueprint.get("/sign-in")
@public
def sign_in() -> Answer:
    """Show the sign-in form to anybody."""
    return _draw(SignInForm())


@blueprint.post("/sign-in")
@public
def sign_in_post() -> Answer:
    """Check email address and password, and sign the person in on this device."""
    form = SignInForm()
    if form.validate():
        with form.guard():
            token = _sign_in(form.email.data, form.password.data)
            enter(token)
            return redirect(safe_next() or url_for("reports.home"), code=303)
    return _draw(form), 422


def _draw(form: SignInForm) -> str:
    """Draw the page; passkeys are offered only where they can work."""
    return render_template("accounts/sign_in.html", form=form, portal=this_portal(), next=safe_next())


def _sign_in(email: str, password: str) -> str:
    """Check the password outside of any transaction, since hashing takes long, and begin the sign-in."""
    at = clock.now()
    account = queries.find_account(reading(), email_key(email))
    device_hash = known_device(account.id if account is not None else None)
    with transaction() as session:
        guess_id = operations.note_guess(session, email=email, device_hash=device_hash, at=at)
    if not operations.check_password(account, password) or account is None:
        raise operations.WrongCredentials(_("Email address or password is not right."))
    better_hash = operations.stronger_hash(account, password)
    with transaction() as session:
        operations.forget_guess(session, guess_id=guess_id)
        if better_hash is not None:
            operations.upgrade_hash(session, account=account, password_hash=better_hash, at=at)
        return operations.begin_sign_in(
            session,
            account=account,
            at=at,
            device=request.user_agent.string,
            origin=request.remote_addr or "",
            instead_of=sign_in_here(),
        )


@blueprint.post("/sign-out")
@public
def sign_out() -> Answer:
    """End the sign-in of this device, and have the browser forget everything about it."""
    if current_user.is_authenticated:
        with transaction() as session:
            row = session.get_one(SignIn, current_user.sign_in.id)
            operations.end_sign_in(session, sign_in=row, by=current_actor(), at=clock.now())
    chosen = cookie.get("language")
    forget_cookie()
    after = url_for("accounts.sign_in")
    # The browser forgets the chosen language too, so it is chosen once more on the way.
    response = redirect(url_for("accounts.language", code=chosen, next=after) if chosen else after, code=303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.get("/language/<string(length=2):code>")
@public
def language(code: str) -> Answer:
    """Choose the language of all pages; kept in the cookie, changes nothing else."""
    if code not in LANGUAGES:
        abort(404)
    cookie["language"] = code
    return redirect(safe_next() or url_for("reports.home"), code=303)


@blueprint.get("/scheme")
@signed_in
def scheme() -> Answer:
    """Let somebody with roles in several schemes choose where to work."""
    return render_template("accounts/scheme.html", form=_scheme_form())


@blueprint.post("/scheme")
@signed_in
def scheme_post() -> Answer:
    """Begin a new sign-in in the chosen scheme."""
    form = _scheme_form()
    if form.validate():
        with form.guard():
            with transaction() as session:
                row = session.get_one(SignIn, current_user.sign_in.id)
                token = operations.begin_sign_in(
                    session,
                    account=row.account,
                    at=clock.now(),
                    device=row.device,
                    origin=request.remote_addr or "",
                    scheme_id=uuid.UUID(form.scheme.data),
                    factor_at=row.factor_at,
                    instead_of=row.id,
                )
            enter(token)
            return redirect(url_for("reports.home"), code=303)
    return render_template("accounts/scheme.html", form=form), 422


def _scheme_form() -> SchemeChoiceForm:
    """Offer the schemes in which the person has a role."""
    session = reading()
    mine = {grant.scheme_id for grant in queries.list_live_roles(session, current_user.sign_in.account.person_id)}
    form = SchemeChoiceForm()
    form.scheme.choices = [(str(row.id), row.name) for row in queries.list_schemes(session) if row.id in mine]
    return form
