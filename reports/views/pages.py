"""The front page for everybody, the home page for each role, and the board of targets."""

import uuid
from datetime import date
from math import ceil

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask_babel import format_percent, gettext
from flask_login import current_user

from accounts import operations as account_operations
from accounts import queries as accounts
from accounts.rules import Permission, Role
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import public, requires, signed_in
from foundation.db import reading
from foundation.errors import Refusal
from foundation.language import _, words_for
from foundation.submissions import once
from mentees import queries as mentees
from mentors import queries as mentors
from mentors import rules as asked
from reports import operations, queries
from reports.forms import AskBreakGlassForm, DayForm, FigureForm, LapseFilterForm, TargetForm
from reports.policy import may_see_exact_counts
from reports.rules import (
    AMBER_FROM,
    GREEN_FROM,
    TODAY,
    Card,
    Count,
    Measure,
    Progress,
    csv_text,
    measure_of,
)
from reports.views.blueprint import Answer, blueprint
from reports.words import tell


@blueprint.get("/")
@public
def front() -> Answer:
    """Tell anybody who heard of mentoring what it asks, what it gives and where to begin."""
    if current_user.is_authenticated:
        return redirect(url_for("reports.home"), code=303)
    return render_template("reports/front.html", schemes=accounts.list_schemes(reading()), asked=asked)


@blueprint.get("/home")
@signed_in
def home() -> Answer:
    """Show each person what waits for them, for all the roles they have."""
    actor, at = current_actor(), clock.now()
    return render_template(
        "reports/home.html",
        home=queries.read_home(reading(), actor, at),
        actor=actor,
        today=clock.day_of(at, actor.time_zone),
        Card=Card,
        Role=Role,
        coordinating=TODAY,
        asked=asked,
        are_exact=may_see_exact_counts(actor),
    )


@blueprint.get("/lapses")
@requires(Permission.VOLUNTEERS_DECIDE)
def lapses() -> Answer:
    """Show coordinators which checks run out and when, and which mentors are no longer ready."""
    session, by = reading(), current_actor()
    on = clock.today(by.time_zone)
    form = LapseFilterForm(request.args)
    is_sound = form.validate()
    lapse, kind = (form.lapse.data or None, form.kind.data or None) if is_sound else (None, None)
    counts = queries.count_lapses(session, by, on, kind)
    total = counts[lapse] if lapse else sum(counts.values())
    pages = ceil(total / asked.CHECK_PAGE_LENGTH) or 1
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "reports/lapses.html",
        form=form,
        counts=counts,
        lapse=lapse,
        kind=kind,
        rows=queries.list_lapses(session, by, on, lapse=lapse, kind=kind, page=page),
        lost=queries.list_lost(session, by),
        today=on,
        page_number=page,
        page_count=pages,
    ), form.status


@blueprint.get("/board")
@requires(Permission.FIGURES_READ)
def board() -> Answer:
    """Show funders' figures to evaluators, administrators and coordinators, as they stood on a day."""
    form, on = _chosen_day()
    actor = current_actor()
    rows = queries.board(reading(), actor, on)
    page = render_template(
        "reports/board.html",
        form=form,
        rows=rows,
        on=on,
        scheme=current_scheme(),
        green_from=GREEN_FROM,
        amber_from=AMBER_FROM,
        are_exact=may_see_exact_counts(actor),
    )
    return page, form.status


@blueprint.get("/board.csv")
@requires(Permission.FIGURES_READ)
def board_file() -> Answer:
    """Give the board as a file for a spreadsheet to whoever may read it."""
    form, on = _chosen_day()
    if form.errors:
        raise Refusal(str(form.on.errors[0]))
    text = csv_text(_heading(), (_line(row) for row in queries.board(reading(), current_actor(), on)))
    name = f"board-{current_scheme().slug}-{on.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _chosen_day() -> tuple[DayForm, date]:
    """Read the day from the address; without one, or with one that is none, it is today."""
    # Reading changes nothing, so an address needs no token against forgery.
    form = DayForm(request.args, meta={"csrf": False})
    form.validate()
    today = clock.today(current_actor().time_zone)
    if form.on.data is None and not form.errors:
        form.on.raw_data, form.on.data = None, today
    return form, form.on.data or today


def _heading() -> list[str]:
    """Name the columns of the file."""
    return [
        gettext("Measure"),
        gettext("Promised"),
        gettext("Delivered"),
        gettext("Counted by the portal"),
        gettext("Recorded from elsewhere"),
        gettext("Done"),
        gettext("Time gone"),
        gettext("Expected by now"),
        gettext("Rating"),
        gettext("First day"),
        gettext("Last day"),
        gettext("As of"),
        gettext("Sources"),
        gettext("How exact"),
    ]


def _line(row: Progress) -> list[object]:
    """Write one measure as a line of the file."""
    return [
        words_for(row.measure),
        row.promised,
        _cell(row.delivered),
        _cell(row.counted),
        _cell(row.elsewhere),
        format_percent(row.share) if row.delivered.is_exact or row.delivered.least else gettext("Hidden"),
        format_percent(row.time_gone),
        row.expected,
        words_for(row.rating),
        row.starts_on.isoformat(),
        row.ends_on.isoformat(),
        row.on.isoformat(),
        "; ".join(f"{figure.source} ({figure.as_of.isoformat()}): {_cell(figure.amount)}" for figure in row.reported),
        gettext("Exact") if row.delivered.is_exact else gettext("At least: in steps of 5, rounded down"),
    ]


def _cell(count: Count) -> int | str:
    """Write a count as a number that a spreadsheet adds up; in words where there is none to tell."""
    return count.least if count.is_exact or count.least else tell(count)


@blueprint.get("/targets")
@requires(Permission.ACCOUNTS_MANAGE)
def targets() -> Answer:
    """Show the administrator what is promised and which figures were recorded."""
    session, actor = reading(), current_actor()
    return render_template(
        "reports/targets.html",
        targets={target.measure: target for target in queries.list_targets(session, actor)},
        figures=queries.list_figures(session, actor),
        measures=tuple(Measure),
    )


@blueprint.get("/targets/<measure>")
@requires(Permission.ACCOUNTS_MANAGE)
def target(measure: str) -> Answer:
    """Show the administrator the form for one promise, filled in where it was made before."""
    chosen, scheme = _measure(measure), current_scheme()
    found = queries.find_target(reading(), current_actor(), chosen)
    form = TargetForm(record=found or scheme)
    # Where nothing is promised yet, a promise that somebody else makes meanwhile must not be written over.
    form.version.data = str(found.version if found else 0)
    return render_template("reports/target.html", form=form, measure=chosen)


@blueprint.post("/targets/<measure>")
@requires(Permission.ACCOUNTS_MANAGE)
def target_post(measure: str) -> Answer:
    """Set the promise."""
    chosen, form = _measure(measure), TargetForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("reports.targets")
            operations.promise(
                session,
                measure=chosen,
                promised=form.promised.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return redirect(url_for("reports.targets"), code=303)
    return render_template("reports/target.html", form=form, measure=chosen), 422


def _measure(slug: str) -> Measure:
    """Read the measure from an address."""
    return measure_of(slug) or abort(404)


@blueprint.get("/figures/new")
@requires(Permission.ACCOUNTS_MANAGE)
def figure() -> Answer:
    """Show the administrator the form for a figure from outside the portal."""
    return render_template("reports/figure.html", form=FigureForm())


@blueprint.post("/figures/new")
@requires(Permission.ACCOUNTS_MANAGE)
def figure_post() -> Answer:
    """Record the figure with its source."""
    form = FigureForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("reports.targets")
            operations.record_figure(
                session,
                measure=form.measure.data,
                amount=form.amount.data,
                as_of=form.as_of.data,
                source=form.source.data,
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            return redirect(url_for("reports.targets"), code=303)
    return render_template("reports/figure.html", form=form), 422


@blueprint.get("/emergency-access/new")
@requires(Permission.RECORDS_UNSEAL)
def ask_break_glass() -> Answer:
    """Let an administrator ask to read one confidential record."""
    return render_template("reports/ask_break_glass.html", form=AskBreakGlassForm())


@blueprint.post("/emergency-access/new")
@requires(Permission.RECORDS_UNSEAL)
def ask_break_glass_post() -> Answer:
    """Take the request, and tell everybody who may decide."""
    form = AskBreakGlassForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            person_id, location = _record_of(form.record.data)
            glass = account_operations.ask_break_glass(
                session,
                person_id=person_id,
                location=location,
                why=form.why.data,
                by=current_actor(),
                at=clock.now(),
                base_url=current_app.config["BASE_URL"],
            )
            outcome.location = url_for("accounts.break_glass", glass_id=glass.id)
        if not form.errors:
            return redirect(outcome.location, code=303)
    return render_template("reports/ask_break_glass.html", form=form), 422


def _record_of(text: str) -> tuple[uuid.UUID, str]:
    """Find whose record is meant by a reference or an address, and where it stands.

    Raises:
        Refusal: Nobody here has it.
    """
    scheme_id, session = current_scheme().id, reading()
    if (mentee := mentees.find_mentee_of_reference(session, scheme_id, text)) is not None:
        return mentee.person_id, url_for("mentees.person", mentee_id=mentee.id)
    if (volunteer := mentors.find_volunteer_of_address(session, scheme_id, text)) is not None:
        return volunteer.person_id, url_for("mentors.volunteer", volunteer_id=volunteer.id)
    raise Refusal(_("Nobody in this scheme has this reference or email address."), field="record")
