"""What was typed when a sign-in ended: sealed for half an hour, and shown again to the same account alone.

A form that arrives without a live sign-in is sealed into a row at the gate, and its sender is led to sign in.
Afterwards the address of the form opens with ``?kept=…``. The request is then handed to the view as if the form had
been sent, only that no form is found in order and no transaction opens: so every view draws its form again with all
that was typed, as it does after any mistake, and no view needs to know.
"""

import json
import re
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, current_app, flash, redirect, request
from flask_login import current_user
from sqlalchemy import LargeBinary, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from foundation import access, clock, dictionary
from foundation.db import Base, OnlyShown, is_only_shown, reading, show_only, transaction
from foundation.language import _

KEPT_LASTS = timedelta(minutes=30)
"""As long as staff may leave a sign-in unused; whoever comes back later begins anew."""

MOST_KEPT_BYTES = 512 * 1024
"""The group's sheet of hours of some thousand people fits; a spreadsheet that a page carries does not."""

MOST_KEPT = 5
"""So many forms of one account at once; the oldest makes room."""

ARGUMENT = "kept"
_NONCE_BYTES = 12
_DRAWN_AGAIN = 422

Owner = Callable[[], uuid.UUID | None]


class KeptForm(Base):
    """One form that arrived without a live sign-in, sealed for the account whose sign-in had ended."""

    __tablename__ = "kept_form"

    owner_id: Mapped[uuid.UUID] = mapped_column(index=True, info=dictionary.TECHNICAL)
    kept_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    expires_at: Mapped[datetime] = mapped_column(index=True, info=dictionary.TECHNICAL)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=dictionary.LOCKED)


@dataclass(frozen=True)
class Typed:
    """What a form held.

    Attributes:
        path: Where it was sent.
        fields: Names and values, in the order of the form; never a secret.
        had_files: Whether files came with it, which are not kept.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


def is_secret(name: str) -> bool:
    """Whether a field's name says that it holds a secret, which is not kept; a postcode is none."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return any(
        re.search("password|passphrase|token|secret", word)
        or (re.search("codes?$", word) and not re.fullmatch("postcodes?", word))
        for word in words
    )


def keep(session: Session, *, owner_id: uuid.UUID, typed: Typed, at: datetime) -> KeptForm | None:
    """Seal a form for one account; None where it is too large."""
    body = json.dumps([typed.path, typed.fields, typed.had_files]).encode()
    if len(body) > MOST_KEPT_BYTES:
        return None
    row = KeptForm(owner_id=owner_id, kept_at=at, expires_at=at + KEPT_LASTS)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    row.sealed = nonce + AESGCM(_key()).encrypt(nonce, body, _bound_to(row))
    older = select(KeptForm).where(KeptForm.owner_id == owner_id).order_by(KeptForm.kept_at.desc(), KeptForm.id)
    for oldest in session.scalars(older.offset(MOST_KEPT - 1)).all():
        session.delete(oldest)
    session.add(row)
    return row


def unseal(row: KeptForm) -> Typed | None:
    """Read what a row holds; None where it was sealed under another key or for another row or account."""
    try:
        body = AESGCM(_key()).decrypt(row.sealed[:_NONCE_BYTES], row.sealed[_NONCE_BYTES:], _bound_to(row))
    except InvalidTag:
        return None
    path, fields, had_files = json.loads(body)
    return Typed(path, tuple((name, value) for name, value in fields), had_files)


def _key() -> bytes:
    """Derive the key of kept forms from the portal's secret."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"alongside kept form")
    return derive.derive(str(current_app.config["SECRET_KEY"]).encode())


def _bound_to(row: KeptForm) -> bytes:
    """Tell what a sealed form belongs to, so that it opens nowhere else."""
    return row.id.bytes + row.owner_id.bytes


def forget_expired() -> None:
    """Remove what nobody came back for; the worker does this every minute."""
    is_expired = KeptForm.expires_at <= clock.now()
    # Look before opening a writing transaction, which every other writer would wait for.
    if reading().scalar(select(exists().where(is_expired))):
        with transaction() as session:
            session.execute(delete(KeptForm).where(is_expired))


# --------------------------------------------------------------------------------------------------- in a request


def install(app: Flask, owner: Owner) -> None:
    """Have a portal keep and show forms; comes after the protection against forgery, which it must not set off.

    Args:
        app: The portal.
        owner: Tells which account the cookie of a request names, also when its sign-in has ended.
    """
    access.install_keeper(app, lambda: _keep_sent(owner()))
    app.before_request(_show_again)
    app.after_request(_answer_as_opened)
    app.register_error_handler(OnlyShown, lambda _error: _lead_away())


def _keep_sent(owner_id: uuid.UUID | None) -> str | None:
    """Keep the form that stands at the gate, and tell the address at which it comes back; None where it cannot."""
    # A form that another site sends is no work of this person.
    if owner_id is None or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        flash(str(_("You are not signed in. Nothing was saved, and what you typed could not be kept.")))
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if not is_secret(name))
    typed = Typed(request.path, fields, any(file.filename for file in request.files.values()))
    with transaction() as session:
        row = keep(session, owner_id=owner_id, typed=typed, at=clock.now())
    if row is None:
        flash(str(_("You were signed out. Nothing was saved, and it was too much to be kept.")))
        return None
    minutes = int(KEPT_LASTS.total_seconds() // 60)
    flash(str(_("You were signed out. What you typed is kept for %(minutes)s minutes: sign in.", minutes=minutes)))
    return _here(kept=row.id)


def _show_again() -> AnyResponse | tuple[str, int] | None:
    """Hand a kept form to its view as if it had been sent; a form that is really sent needs it no longer."""
    if ARGUMENT not in request.args or not current_user.is_authenticated:
        return None
    row = _own_row()
    if request.method == "POST":
        if row is not None:
            with transaction() as session:
                session.execute(delete(KeptForm).where(KeptForm.id == row.id))
        return None
    typed = None if row is None or row.expires_at <= clock.now() else unseal(row)
    if typed is None or typed.path != request.path or not _become_sending(typed):
        if row is not None:
            flash(str(_("What you typed was kept for a while and is gone now.")))
        return _lead_away()
    show_only()
    flash(str(_("You were signed out. What you typed is still here; send it again.")))
    if typed.had_files:
        flash(str(_("Choose your files again: they were not kept.")))
    return access.gate()


def _own_row() -> KeptForm | None:
    """Find the row that the address names, if it belongs to whoever is signed in."""
    try:
        row = reading().get(KeptForm, uuid.UUID(request.args[ARGUMENT]))
    except ValueError:
        return None
    return row if row is not None and row.owner_id == current_user.owner_id else None


def _become_sending(typed: Typed) -> bool:
    """Turn the request into the sending of a form; whether there is a view that takes it."""
    try:
        rule, arguments = _adapter().match(method="POST", return_rule=True)
    except HTTPException:
        return False
    request.url_rule, request.view_args, request.routing_exception = rule, dict(arguments), None
    request.method = "POST"
    # Both are read once and kept by the request, so that what is put here is what the view reads.
    vars(request).update(form=ImmutableMultiDict(typed.fields), files=ImmutableMultiDict())
    return True


def _adapter() -> Any:  # noqa: ANN401 - Werkzeug's own, which only a request without a host lacks.
    """Give what tells views by their addresses."""
    return current_app.create_url_adapter(request)


def _lead_away() -> AnyResponse:
    """Lead to the same page without what was kept, or home where the address shows nothing of itself."""
    try:
        _adapter().match(method="GET")
    except HTTPException:
        return redirect("/", code=303)
    return redirect(_here(), code=303)


def _here(**more: object) -> str:
    """Give the address of the request, with another mark of what is kept, or none."""
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != ARGUMENT]
    query = urlencode([*arguments, *more.items()])
    return f"{request.path}?{query}" if query else request.path


def _answer_as_opened(response: Response) -> Response:
    """Say that a page was opened, where its view believed that a form was refused."""
    if is_only_shown() and response.status_code == _DRAWN_AGAIN:
        response.status_code = 200
    return response
