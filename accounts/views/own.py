"""Pages on which somebody looks after their own account: where they are signed in, and how."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from accounts import operations, queries
from accounts.forms import DevicesForm
from accounts.signing import current_actor
from accounts.views.blueprint import Answer, blueprint
from accounts.words import device_words
from foundation import clock
from foundation.access import signed_in
from foundation.db import reading, transaction
from foundation.errors import NotVisible
from foundation.language import _

OTHERS = "others"


@blueprint.get("/account")
@signed_in
def my_account() -> Answer:
    """Show anybody signed in their own account and what they can change about it."""
    session, account = reading(), current_user.sign_in.account
    return render_template(
        "accounts/my_account.html",
        account=account,
        device_count=len(queries.list_live_sign_ins(session, current_actor(), clock.now())),
        has_factor=queries.has_factor(session, account.id),
    )


@blueprint.get("/account/devices")
@signed_in
def my_devices() -> Answer:
    """Show anybody signed in on which devices they are."""
    return _draw_devices(DevicesForm())


@blueprint.post("/account/devices")
@signed_in
def my_devices_post() -> Answer:
    """Sign the person out on one other device, or on all others."""
    form = DevicesForm()
    if form.validate():
        with form.guard():
            _end(form.end.data)
            return redirect(url_for("accounts.my_devices"), code=303)
    return _draw_devices(form), 422


def _end(which: str | None) -> None:
    """End the sign-ins that a button names."""
    at, by, this = clock.now(), current_actor(), current_user.sign_in.id
    with transaction() as session:
        if which == OTHERS:
            operations.end_sign_ins(session, person_id=current_user.sign_in.account.person_id, by=by, at=at, but=this)
            flash(str(_("You are signed out on all other devices.")))
        else:
            sign_in = queries.get_own_sign_in(session, by, _id_of(which or ""))
            operations.end_sign_in(session, sign_in=sign_in, by=by, at=at)
            flash(str(_("You are signed out on that device.")))


def _id_of(text: str) -> uuid.UUID:
    """Read which device a button names.

    Raises:
        NotVisible: It names none.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotVisible(_("There is no such device.")) from None


def _draw_devices(form: DevicesForm) -> str:
    """Draw the list of devices, this one first."""
    live = queries.list_live_sign_ins(reading(), current_actor(), clock.now())
    this = current_user.sign_in.id
    return render_template(
        "accounts/my_devices.html",
        form=form,
        devices=[
            (row, device_words(row.device), row.id == this) for row in sorted(live, key=lambda row: row.id != this)
        ],
        others=OTHERS,
    )
