"""Pages of the retention schedule: what it says, what it lets go today, and the yes of a second person."""

import uuid

from flask import redirect, render_template, url_for

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.dictionary import Retention
from foundation.submissions import once
from privacy import operations, queries
from privacy.forms import PlainForm, SureForm
from privacy.policy import may_run
from privacy.views.blueprint import Answer, blueprint
from privacy.words import KEPT_WORDS


@blueprint.get("/data-protection/retention")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def retention() -> Answer:
    """Show the schedule, and the previews and runs so far."""
    return _draw_schedule(PlainForm())


@blueprint.post("/data-protection/retention")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def retention_post() -> Answer:
    """Make a preview of what would go today."""
    form = PlainForm()
    if form.validate():
        with once(form.submission_key) as (session, outcome):
            made = operations.preview_retention(session, by=current_actor(), at=clock.now())
            outcome.location = url_for("privacy.run", run_id=made.id)
        return redirect(outcome.location, code=303)
    return _draw_schedule(form)


def _draw_schedule(form: PlainForm) -> Answer:
    """Draw the schedule."""
    runs = queries.list_runs(reading(), current_actor())
    page = render_template("privacy/retention.html", form=form, runs=runs, kept=KEPT_WORDS, Retention=Retention)
    return page, form.status


@blueprint.get("/data-protection/retention/<uuid:run_id>")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def run(run_id: uuid.UUID) -> Answer:
    """Show what would go, or went: numbers to whoever confirms, people to coordinators."""
    return _draw_run(SureForm(), run_id)


@blueprint.post("/data-protection/retention/<uuid:run_id>")
@requires(Permission.PRIVACY_CONFIRM)
def run_post(run_id: uuid.UUID) -> Answer:
    """Let go exactly what the preview showed."""
    form = SureForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.run_retention(
                    session,
                    run=queries.get_run(session, current_actor(), run_id),
                    by=current_actor(),
                    at=clock.now(),
                )
            return redirect(url_for("privacy.run", run_id=run_id), code=303)
    return _draw_run(form, run_id)


def _draw_run(form: SureForm, run_id: uuid.UUID) -> Answer:
    """Draw a preview or a run."""
    actor, session = current_actor(), reading()
    found = queries.get_run(session, actor, run_id)
    people = {uuid.UUID(text) for text in found.person_ids} if actor.may(Permission.PRIVACY_MANAGE) else set()
    page = render_template(
        "privacy/run.html",
        form=form,
        run=found,
        names=sorted(accounts.names_of(session, people).values()),
        may_run=may_run(actor, found) and actor.may(Permission.PRIVACY_CONFIRM),
    )
    return page, form.status
