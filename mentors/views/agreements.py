"""Pages on which whoever runs the scheme writes its documents and sees who accepted them."""

import uuid
from math import ceil

from flask import flash, redirect, render_template, request, url_for

from accounts import queries as account_queries
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.models import DocumentVersion
from mentors.rules import blocks_of, compare, in_force, newest
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import done, for_decision

PREVIEW = "preview"


@blueprint.get("/agreements")
@requires(Permission.VOLUNTEERS_READ)
def agreements() -> Answer:
    """Show staff the documents of the scheme, which version holds, and how many words are missing."""
    session, by = reading(), current_actor()
    editions, today = queries.editions_of(session, by.scheme_id), clock.today(by.time_zone)
    return render_template(
        "mentors/agreements.html",
        documents=[(newest(versions), in_force(versions, today)) for versions in editions.values()],
        missing=queries.count_missing(session, by, editions),
    )


@blueprint.get("/agreements/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_agreement() -> Answer:
    """Show the empty page of a new document."""
    form = forms.DocumentForm()
    form.effective_on.data = clock.today(current_actor().time_zone)
    return render_template("mentors/new_agreement.html", form=form, blocks=None, last=None)


@blueprint.post("/agreements/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_agreement_post() -> Answer:
    """Show how a new document reads, or keep it."""
    form = forms.DocumentForm()
    blocks = None
    if form.validate():
        if PREVIEW in request.form:
            blocks = blocks_of(form.text.data)
        elif (found := _write(form, None)) is not None:
            return redirect(url_for("mentors.agreement", document_id=found), code=303)
    return render_template("mentors/new_agreement.html", form=form, blocks=blocks, last=None), form.status


@blueprint.get("/agreements/<uuid:document_id>")
@requires(Permission.VOLUNTEERS_READ)
def agreement(document_id: uuid.UUID) -> Answer:
    """Show staff a document with its versions, and who accepted it and who has not."""
    session, by = reading(), current_actor()
    last = queries.get_newest_version(session, by, document_id)
    editions = queries.editions_of(session, by.scheme_id)[document_id]
    missing = request.args.get("show") == "missing"
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.list_asked(session, by, editions, missing=missing, page=page)
    people = {word.entered_by_id for _volunteer, word in rows if word is not None and word.entered_by_id}
    return render_template(
        "mentors/agreement.html",
        last=last,
        blocks=blocks_of(last.text),
        editions=editions[::-1],
        now=in_force(editions, clock.today(by.time_zone)),
        rows=rows,
        total=total,
        missing=missing,
        missing_count=queries.count_missing(session, by, {document_id: editions}).get(document_id, 0),
        names=account_queries.names_of(session, people),
        page_number=page,
        page_count=ceil(total / queries.PAGE_LENGTH) or 1,
    )


@blueprint.get("/agreements/<uuid:document_id>/versions/<int:number>")
@requires(Permission.VOLUNTEERS_READ)
def agreement_version(document_id: uuid.UUID, number: int) -> Answer:
    """Show staff a version of a document as it was, and what it changed."""
    session, by = reading(), current_actor()
    version = queries.get_version(session, by, document_id, number)
    before = queries.get_version(session, by, document_id, number - 1) if number > 1 else None
    writer = version.written_by_id
    return render_template(
        "mentors/agreement_version.html",
        version=version,
        blocks=blocks_of(version.text),
        lines=compare(before.text, version.text) if before else None,
        names=account_queries.names_of(session, {writer} if writer else set()),
    )


@blueprint.get("/agreements/<uuid:document_id>/next")
@requires(Permission.VOLUNTEERS_DECIDE)
def next_agreement(document_id: uuid.UUID) -> Answer:
    """Show the last version of a document, to be changed into the next."""
    by = current_actor()
    last = queries.get_newest_version(reading(), by, document_id)
    form = forms.DocumentForm(data={"title": last.title, "text": last.text, "asks": last.asks})
    form.effective_on.data = max(last.effective_on, clock.today(by.time_zone))
    form.version.data = str(last.number)
    return render_template("mentors/next_agreement.html", form=form, last=last, blocks=None, lines=None)


@blueprint.post("/agreements/<uuid:document_id>/next")
@requires(Permission.VOLUNTEERS_DECIDE)
def next_agreement_post(document_id: uuid.UUID) -> Answer:
    """Show how the next version reads and what it changes, or keep it."""
    form = forms.DocumentForm()
    last = queries.get_newest_version(reading(), current_actor(), document_id)
    blocks, lines = None, None
    if form.validate():
        if PREVIEW in request.form:
            blocks, lines = blocks_of(form.text.data), compare(last.text, form.text.data)
        elif _write(form, last) is not None:
            return redirect(url_for("mentors.agreement", document_id=document_id), code=303)
    page = render_template("mentors/next_agreement.html", form=form, last=last, blocks=blocks, lines=lines)
    return page, form.status


def _write(form: forms.DocumentForm, last: DocumentVersion | None) -> uuid.UUID | None:
    """Keep a version; give its document, or None where the form has an error now."""
    document_id = last.document_id if last else None
    with form.guard(), once(form.submission_key) as (session, outcome):
        written = operations.write_document(
            session,
            title=form.title.data,
            text=form.text.data,
            changes=form.changes.data or "",
            effective_on=form.effective_on.data,
            asks=form.asks.data,
            document_id=document_id,
            after=form.seen_version,
            by=current_actor(),
            at=clock.now(),
        )
        document_id = written.document_id
        outcome.location = url_for("mentors.agreement", document_id=document_id)
    if form.errors:
        return None
    flash(str(_("Saved. Those whom it asks get a letter.")))
    return document_id


@blueprint.get("/volunteers/<uuid:volunteer_id>/agreements/<uuid:document_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def paper_agreement(volunteer_id: uuid.UUID, document_id: uuid.UUID) -> Answer:
    """Show a coordinator the page on which a signature on paper is entered."""
    found, by = for_decision(volunteer_id), current_actor()
    last = queries.get_newest_version(reading(), by, document_id)
    form = forms.PaperForm()
    form.version.data = str(last.number)
    return render_template("mentors/paper_agreement.html", form=form, volunteer=found, last=last)


@blueprint.post("/volunteers/<uuid:volunteer_id>/agreements/<uuid:document_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def paper_agreement_post(volunteer_id: uuid.UUID, document_id: uuid.UUID) -> Answer:
    """Enter a signature on paper."""
    form, by = forms.PaperForm(), current_actor()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.enter_acceptance(
                session,
                volunteer=queries.get_volunteer(session, by, volunteer_id),
                version=queries.get_version(session, by, document_id, form.seen_version or 0),
                accepted_on=form.accepted_on.data,
                why=form.why.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            return done(volunteer_id)
    found, last = for_decision(volunteer_id), queries.get_newest_version(reading(), by, document_id)
    return render_template("mentors/paper_agreement.html", form=form, volunteer=found, last=last), 422
