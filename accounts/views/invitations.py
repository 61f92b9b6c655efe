"""Pages on which somebody with a letter chooses a password."""

from flask import redirect, render_template, request, url_for

from accounts import operations, queries
from accounts.forms import InvitationForm
from accounts.signing import enter, sign_in_here
from accounts.views.blueprint import Answer, blueprint
from foundation import clock
from foundation.access import public
from foundation.db import reading, transaction


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
            enter(begun)
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
            instead_of=sign_in_here(),
        )
