"""Pages on which an administrator invites people and takes roles back."""

import uuid

from flask import current_app, redirect, render_template, url_for

from accounts import operations, queries
from accounts.forms import AccountForm, InviteForm, PlainForm
from accounts.models import Agency, Person, RoleGrant
from accounts.rules import Permission
from accounts.signing import current_actor
from accounts.views.blueprint import Answer, blueprint
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _
from foundation.submissions import once

ACTS = {
    "disable": operations.disable_account,
    "enable": operations.enable_account,
    "sign-out": operations.sign_out_account,
}
"""What the buttons on the page of an account do."""


@blueprint.get("/accounts")
@requires(Permission.ACCOUNTS_MANAGE)
def people() -> Answer:
    """Show the administrator who has which roles, each person once."""
    session, by = reading(), current_actor()
    grants: dict[Person, list[RoleGrant]] = {}
    for grant in queries.list_grants(session, by):
        grants.setdefault(grant.person, []).append(grant)
    return render_template(
        "accounts/people.html",
        people=list(grants.items()),
        accounts={account.person_id: account for account in queries.list_accounts(session, by)},
    )


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def account(account_id: uuid.UUID) -> Answer:
    """Show the administrator whether somebody can sign in."""
    found = queries.get_account(reading(), current_actor(), account_id)
    return render_template("accounts/account.html", form=AccountForm(), account=found)


@blueprint.post("/accounts/<uuid:account_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def account_post(account_id: uuid.UUID) -> Answer:
    """Disable an account, let its owner sign in again, or sign them out everywhere."""
    form = AccountForm()
    if form.validate() and form.act.data in ACTS:
        with form.guard(), transaction() as session:
            found = queries.get_account(session, current_actor(), account_id)
            ACTS[form.act.data](session, account=found, by=current_actor(), at=clock.now())
        if not form.errors:
            return redirect(url_for("accounts.account", account_id=account_id), code=303)
    found = queries.get_account(reading(), current_actor(), account_id)
    return render_template("accounts/account.html", form=form, account=found), 422


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
