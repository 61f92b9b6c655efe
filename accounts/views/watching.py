"""Pages on which an administrator reads the audit trail, and the letters of a trial portal."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from flask import abort, current_app, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from accounts import policy, queries
from accounts.forms import TrailFilterForm
from accounts.rules import Permission
from accounts.signing import current_actor
from accounts.views.blueprint import Answer, blueprint
from foundation import audit, clock
from foundation.access import requires
from foundation.db import reading
from foundation.language import act_words, record_words
from foundation.mail import FolderMailer

LONGEST_PAGE_NUMBER = 6


@blueprint.get("/audit")
@requires(Permission.AUDIT_READ)
def audit_trail() -> Answer:
    """Show the administrator what was done and read, and whether the chain holds."""
    session, actor = reading(), current_actor()
    form = _filter_form(session)
    is_sound = form.validate()
    asked = _asked(form) if is_sound else queries.TrailFilter()
    found = queries.list_audit_entries(session, actor, asked, page=request.args.get("page", 1, type=_page_number))
    page = render_template(
        "accounts/audit_trail.html",
        form=form,
        found=found,
        about=asked.about,
        act_words=act_words,
        record_words=record_words,
        names=queries.names_of(session, {entry.by_person_id for entry in found.rows if entry.by_person_id}),
        may_read_reason=policy.may_read_reason,
        tampering=audit.verify(session, newest=audit.MOST_ON_PAGE),
        most=audit.MOST_ON_PAGE,
        read=audit.READ,
        arguments={name: value for name, value in request.args.items() if name in {*form.data, "about"}},
    )
    return page, 200 if is_sound else 422


def _filter_form(session: Session) -> TrailFilterForm:
    """Make the form of the filter with the words that there are."""
    form = TrailFilterForm(request.args)
    verbs, kinds = queries.list_trail_words(session, current_actor())
    form.verb.choices = [("", gettext("Everything")), *_by_words(verbs, act_words)]
    form.kind.choices = [("", gettext("All")), *_by_words(kinds, record_words)]
    if not form.days.data:
        form.days.data = form.days.default
    return form


def _by_words(codes: list[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """Pair codes of the trail with their words, in the order of the words as people look for them."""
    return sorted(((code, words(code)) for code in codes), key=lambda pair: (pair[1].casefold(), pair[0]))


def _asked(form: TrailFilterForm) -> queries.TrailFilter:
    """Read what the administrator asks for."""
    days = form.days.data
    return queries.TrailFilter(
        name=form.name.data or "",
        verb=form.verb.data or "",
        kind=form.kind.data or "",
        since=None if days == "all" else clock.now() - timedelta(days=int(days)),
        about=request.args.get("about", None, type=uuid.UUID),
    )


def _page_number(text: str) -> int:
    """Read the number of a page; one too long for a database is the first."""
    return int(text) if len(text) <= LONGEST_PAGE_NUMBER else 1


@blueprint.get("/letters")
@requires(Permission.LETTERS_READ)
def letters() -> Answer:
    """Show the administrator of a trial portal the letters that would have been sent."""
    mailer = current_app.extensions["mailer"]
    if not isinstance(mailer, FolderMailer):
        abort(404)
    return render_template("accounts/letters.html", letters=mailer.read_letters())
