"""Pages for signing in and out, for invitations, and for the administrator's accounts, audit trail and letters."""

import uuid
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user
from werkzeug import Response

from accounts import operations, queries
from accounts.forms import InvitationForm, InviteForm, PlainForm, SchemeChoiceForm, SignInForm
from accounts.models import Agency, SignIn
from accounts.rules import Permission, email_key
from accounts.signing import current_actor, forget_cookie, load
from foundation import audit, clock
from foundation.access import public, requires, signed_in
from foundation.db import reading, transaction
from foundation.language import LANGUAGES, _
from foundation.mail import FolderMailer
from foundation.submissions import once

blueprint = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/sign-in")
@public
def sign_in() -> Answer:
    """Show the sign-in form to anybody."""
    return render_template("accounts/sign_in.html", form=SignInForm(), next=_safe_next())


@blueprint.post("/sign-in")
@public
def sign_in_post() -> Answer:
    """Check email address and password, and sign the person in on this device."""
    form = SignInForm()
    if form.validate():
        with form.guard():
            token = _sign_in(form.email.data, form.password.data)
            forget_cookie()
            login_user(load(token))
            return redirect(_safe_next() or url_for("reports.home"), code=303)
    return render_template("accounts/sign_in.html", form=form, next=_safe_next()), 422


def _sign_in(email: str, password: str) -> str:
    """Check the password outside of any transaction, since hashing takes long, and begin the sign-in."""
    at = clock.now()
    with transaction() as session:
        operations.note_guess(session, email=email, at=at)
    account = queries.find_account(reading(), email_key(email))
    if not operations.check_password(account, password) or account is None:
        raise operations.WrongCredentials(_("Email address or password is not right."))
    with transaction() as session:
        operations.forget_guesses(session, email=email)
        return operations.begin_sign_in(
            session,
            account=account,
            at=at,
            device=request.user_agent.string,
            origin=request.remote_addr or "",
        )


@blueprint.post("/sign-out")
@public
def sign_out() -> Answer:
    """End the sign-in of this device."""
    if current_user.is_authenticated:
        with transaction() as session:
            row = session.get_one(SignIn, current_user.sign_in.id)
            operations.end_sign_in(session, sign_in=row, by=current_actor(), at=clock.now())
    forget_cookie()
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.get("/language/<string(length=2):code>")
@public
def language(code: str) -> Answer:
    """Choose the language of all pages; kept in the cookie, changes nothing else."""
    if code not in LANGUAGES:
        abort(404)
    cookie["language"] = code
    return redirect(_safe_next() or url_for("reports.home"), code=303)


@blueprint.get("/invitations/<token>")
@public
def invitation(token: str) -> Answer:
    """Let somebody with a letter choose a password."""
    is_open = queries.find_open_invitation(reading(), operations.hash_token(token), clock.now()) is not None
    return render_template("accounts/invitation.html", form=InvitationForm(), is_open=is_open), 200 if is_open else 410


@blueprint.post("/invitations/<token>")
@public
def invitation_post(token: str) -> Answer:
    """Store the password and sign the person in."""
    form = InvitationForm()
    if form.validate():
        with form.guard():
            begun = _accept(token, form.password.data)
            forget_cookie()
            login_user(load(begun))
            return redirect(url_for("reports.home"), code=303)
    return render_template("accounts/invitation.html", form=form, is_open=True), 422


def _accept(token: str, password: str) -> str:
    """Store the password and begin a sign-in, both or neither."""
    at = clock.now()
    with transaction() as session:
        account = operations.accept_invitation(session, token=token, password=password, at=at)
        return operations.begin_sign_in(
            session,
            account=account,
            at=at,
            device=request.user_agent.string,
            origin=request.remote_addr or "",
        )


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
                )
                operations.end_sign_in(session, sign_in=row, by=current_actor(), at=clock.now())
            forget_cookie()
            login_user(load(token))
            return redirect(url_for("reports.home"), code=303)
    return render_template("accounts/scheme.html", form=form), 422


def _scheme_form() -> SchemeChoiceForm:
    """Offer the schemes in which the person has a role."""
    session = reading()
    mine = {grant.scheme_id for grant in queries.list_live_roles(session, current_user.sign_in.account.person_id)}
    form = SchemeChoiceForm()
    form.scheme.choices = [(str(row.id), row.name) for row in queries.list_schemes(session) if row.id in mine]
    return form


@blueprint.get("/accounts")
@requires(Permission.ACCOUNTS_MANAGE)
def people() -> Answer:
    """Show the administrator who has which role."""
    return render_template("accounts/people.html", grants=queries.list_grants(reading(), current_actor()))


@blueprint.get("/accounts/invite")
@requires(Permission.ACCOUNTS_MANAGE)
def invite() -> Answer:
    """Show the form with which an administrator invites somebody."""
    return render_template("accounts/invite.html", form=_invite_form())


@blueprint.post("/accounts/invite")
@requires(Permission.ACCOUNTS_MANAGE)
def invite_post() -> Answer:
    """Make the person, the role and the account, and send the link."""
    form = _invite_form()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("accounts.people")
            agency = session.get(Agency, uuid.UUID(form.agency.data)) if form.agency.data else None
            operations.invite_person(
                session,
                name=form.name.data,
                email=form.email.data,
                role=form.role.data,
                agency=agency,
                base_url=current_app.config["BASE_URL"],
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            return redirect(url_for("accounts.people"), code=303)
    return render_template("accounts/invite.html", form=form), 422


def _invite_form() -> InviteForm:
    """Offer the agencies of the scheme."""
    form = InviteForm()
    agencies = queries.list_agencies(reading(), current_actor())
    form.agency.choices = [("", str(_("None"))), *((str(row.id), row.name) for row in agencies)]
    return form


@blueprint.get("/accounts/<uuid:grant_id>/end")
@requires(Permission.ACCOUNTS_MANAGE)
def end_role(grant_id: uuid.UUID) -> Answer:
    """Ask the administrator whether a role is really to be taken back."""
    grant = queries.get_grant(reading(), current_actor(), grant_id)
    return render_template("accounts/end_role.html", form=PlainForm(), grant=grant)


@blueprint.post("/accounts/<uuid:grant_id>/end")
@requires(Permission.ACCOUNTS_MANAGE)
def end_role_post(grant_id: uuid.UUID) -> Answer:
    """Take a role back."""
    form = PlainForm()
    if form.validate():
        with form.guard(), transaction() as session:
            grant = queries.get_grant(session, current_actor(), grant_id)
            operations.end_role(session, grant=grant, by=current_actor(), at=clock.now(), why="")
        if not form.errors:
            return redirect(url_for("accounts.people"), code=303)
    grant = queries.get_grant(reading(), current_actor(), grant_id)
    return render_template("accounts/end_role.html", form=form, grant=grant), 422


@blueprint.get("/audit")
@requires(Permission.AUDIT_READ)
def audit_trail() -> Answer:
    """Show the administrator what was done, and whether the chain holds."""
    session = reading()
    entries = queries.list_audit_entries(session, current_actor())
    names = queries.names_of(session, {entry.by_person_id for entry in entries if entry.by_person_id})
    return render_template(
        "accounts/audit_trail.html",
        entries=entries,
        names=names,
        tampering=audit.verify(session, newest=audit.MOST_ON_PAGE),
        most=audit.MOST_ON_PAGE,
    )


@blueprint.get("/letters")
@requires(Permission.LETTERS_READ)
def letters() -> Answer:
    """Show the administrator of a trial portal the letters that would have been sent."""
    mailer = current_app.extensions["mailer"]
    if not isinstance(mailer, FolderMailer):
        abort(404)
    return render_template("accounts/letters.html", letters=mailer.read_letters())


def _safe_next() -> str | None:
    """Give the page to return to, if it is a plain path of this portal and nothing else."""
    path = request.values.get("next", "")
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    return None if any(ord(letter) < 33 or letter == "\\" for letter in path) else path  # noqa: PLR2004 - controls and space.
