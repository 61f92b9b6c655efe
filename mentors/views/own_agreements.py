"""Pages on which volunteers read the documents of the scheme and accept them."""

import uuid

from flask import flash, redirect, render_template, url_for

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.rules import blocks_of, compare
from mentors.views.blueprint import Answer, blueprint


@blueprint.get("/my-agreements")
@requires(Permission.OWN_RECORD_READ)
def my_agreements() -> Answer:
    """Show volunteers what they are asked to read, and what they accepted when."""
    session, by = reading(), current_actor()
    volunteer = queries.get_own_volunteer(session, by)
    today = clock.today(by.time_zone)
    return render_template(
        "mentors/my_agreements.html",
        standings=queries.document_standings(session, by.scheme_id, [volunteer.id], today)[volunteer.id],
        acceptances=queries.list_acceptances(session, volunteer.id),
        today=today,
    )


@blueprint.get("/my-agreements/<uuid:document_id>")
@requires(Permission.OWN_RECORD_READ)
def my_agreement(document_id: uuid.UUID) -> Answer:
    """Show volunteers a document, what is new in it, and the box in which they type their name."""
    last = queries.get_newest_version(reading(), current_actor(), document_id)
    form = forms.AcceptForm()
    form.version.data = str(last.number)
    return _render(form, document_id)


@blueprint.post("/my-agreements/<uuid:document_id>")
@requires(Permission.OWN_RECORD_READ)
def my_agreement_post(document_id: uuid.UUID) -> Answer:
    """Take a volunteer's word to a document."""
    form, by = forms.AcceptForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentors.my_agreements")
            operations.accept_document(
                session,
                volunteer=queries.get_own_volunteer(session, by),
                version=queries.get_version(session, by, document_id, form.seen_version or 0),
                typed_name=form.typed_name.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            flash(str(_("Thank you. Your word is noted.")))
            return redirect(url_for("mentors.my_agreements"), code=303)
    return _render(form, document_id), 422


def _render(form: forms.AcceptForm, document_id: uuid.UUID) -> str:
    """Draw a document; whoever accepted an earlier version sees what has changed since."""
    session, by = reading(), current_actor()
    volunteer = queries.get_own_volunteer(session, by)
    versions = {version.number: version for version in queries.list_versions(session, by, document_id)}
    last = versions[max(versions)]
    words = {
        word.read.number: word
        for word in queries.list_acceptances(session, volunteer.id)
        if word.read.document_id == document_id
    }
    known = max(words, default=None)
    standing = next(
        one
        for one in queries.document_standings(session, by.scheme_id, [volunteer.id], clock.today(by.time_zone))[
            volunteer.id
        ]
        if one.edition.document_id == document_id
    )
    return render_template(
        "mentors/my_agreement.html",
        form=form,
        last=last,
        blocks=blocks_of(last.text),
        known=versions[known] if known else None,
        lines=compare(versions[known].text, last.text) if known and known != last.number else None,
        word=words.get(last.number),
        is_asked=standing.is_asked,
    )
