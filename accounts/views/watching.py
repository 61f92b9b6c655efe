"""Pages on which an administrator reads the audit trail, and the letters of a trial portal."""

from flask import abort, current_app, render_template

from accounts import policy, queries
from accounts.rules import Permission
from accounts.signing import current_actor
from accounts.views.blueprint import Answer, blueprint
from foundation import audit
from foundation.access import requires
from foundation.db import reading
from foundation.mail import FolderMailer


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
        may_read_reason=policy.may_read_reason,
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
