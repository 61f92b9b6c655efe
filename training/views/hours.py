"""Pages about courses, evenings and hours."""

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from werkzeug import Response

from accounts.queries import names_of
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _, words_for
from foundation.submissions import once
from mentors.queries import find_own_volunteer
from training import operations, queries
from training.forms import CourseForm, EveningForm, SheetGroup, WhyForm, evening_form, listed_ids, sheet_data
from training.models import Course, TrainingEvent
from training.rules import LAPSES_SOON_DAYS, SHEET_STAGES, TARGET_TRAINING_HOURS, Lacking, Presence

blueprint = Blueprint("training", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/training")
@requires(Permission.TRAINING_READ)
def hours() -> Answer:
    """Show training leads and coordinators how far the hours are and who lacks what."""
    session, by = reading(), current_actor()
    courses = queries.list_courses(session, by.scheme_id)
    show = _chosen_filter()
    table = queries.list_hours(
        session,
        by,
        courses,
        clock.today(by.time_zone),
        lacking=show,
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "training/hours.html",
        total=queries.total_minutes(session, current_scheme().id),
        target=TARGET_TRAINING_HOURS * 60,
        evenings=queries.list_evenings(session, by),
        courses=courses,
        names={course.id: course.name for course in courses},
        soon=_soon(),
        table=table,
        show=show,
        filters=list(Lacking),
    )


def _soon() -> date:
    """Tell the day until which a lapse is soon."""
    return clock.today(current_actor().time_zone) + timedelta(days=LAPSES_SOON_DAYS)


def _chosen_filter() -> Lacking:
    """Read which volunteers shall be shown; an unknown answer shows everybody."""
    try:
        return Lacking(request.args.get("show", ""))
    except ValueError:
        return Lacking.EVERYBODY


@blueprint.get("/training/courses")
@requires(Permission.TRAINING_LOG)
def courses() -> Answer:
    """Show training leads the courses of the scheme, with a form for one more."""
    known = queries.list_courses(reading(), current_actor().scheme_id)
    return render_template("training/courses.html", courses=known, form=CourseForm(data=_next_course(known)))


def _next_course(known: Any) -> dict[str, object]:  # noqa: ANN401 - a list of courses.
    """Suggest what most new courses are: required, and last in the list."""
    return {"is_required": True, "position": max((course.position for course in known), default=0) + 1}


@blueprint.post("/training/courses")
@requires(Permission.TRAINING_LOG)
def courses_post() -> Answer:
    """Add a course."""
    form = CourseForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("training.courses")
            operations.add_course(session, **_typed(form), by=current_actor(), at=clock.now())
        if not form.errors:
            flash(str(_("The course %(name)s has been added.", name=form.name.data)))
            return redirect(url_for("training.courses"), code=303)
    known = queries.list_courses(reading(), current_actor().scheme_id)
    return render_template("training/courses.html", courses=known, form=form), 422


def _typed(form: CourseForm) -> dict[str, Any]:
    """Give what was typed about a course as an operation takes it."""
    names = ("name", "position", "is_required", "required_minutes", "valid_months")
    return {name: form[name].data for name in names}


@blueprint.get("/training/courses/<uuid:course_id>")
@requires(Permission.TRAINING_LOG)
def course(course_id: uuid.UUID) -> Answer:
    """Show training leads a course to change what it asks."""
    record = queries.get_course(reading(), current_actor(), course_id)
    return render_template("training/course.html", form=CourseForm(record=record), course=record)


@blueprint.post("/training/courses/<uuid:course_id>")
@requires(Permission.TRAINING_LOG)
def course_post(course_id: uuid.UUID) -> Answer:
    """Change what a course asks."""
    form = CourseForm()
    if form.validate():
        with form.guard(), transaction() as session:
            record = queries.get_course(session, current_actor(), course_id)
            operations.change_course(
                session, course=record, **_typed(form), by=current_actor(), at=clock.now(), version=form.seen_version
            )
        if not form.errors:
            flash(str(_("The course %(name)s has been changed.", name=form.name.data)))
            return redirect(url_for("training.courses"), code=303)
    record = queries.get_course(reading(), current_actor(), course_id)
    return render_template("training/course.html", form=form, course=record), 422


@blueprint.get("/training/evenings/new")
@requires(Permission.TRAINING_LOG)
def log_evening() -> Answer:
    """Show training leads the sheet for an evening's whole group; the date of today stands there already."""
    form = _sheet(data={"held_on": clock.today(current_actor().time_zone)})
    return render_template("training/log_evening.html", form=form)


@blueprint.post("/training/evenings/new")
@requires(Permission.TRAINING_LOG)
def log_evening_post() -> Answer:
    """Log an evening for the whole group."""
    form = _sheet()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            event = operations.log_evening(
                session,
                **_evening(form, queries.get_course(session, current_actor(), uuid.UUID(form.course.data))),
                is_second=form.is_second.data,
                by=current_actor(),
                at=clock.now(),
            )
            outcome.location = url_for("training.evening", event_id=event.id)
            _tell(event, str(_("The evening has been logged.")))
        if not form.errors:
            return redirect(outcome.location, code=303)
    return render_template("training/log_evening.html", form=form), 422


def _sheet(**options: Any) -> EveningForm:  # noqa: ANN401 - WTForms' own.
    """Make the sheet: by stage from the records when it is opened, and by what was on it when it is sent."""
    session, by = reading(), current_actor()
    if request.method == "POST":
        listed = {stage: listed_ids(request.form, stage.name.lower()) for stage in SHEET_STAGES}
        names = _names([person for ids in listed.values() for person in ids])
        people = {
            stage: [(person, names[person]) for person in ids if person in names] for stage, ids in listed.items()
        }
    else:
        entries = queries.list_sheet(session, by)
        people = {
            stage: [(entry.volunteer_id, entry.name) for entry in entries if entry.stage is stage]
            for stage in SHEET_STAGES
        }
    groups = [SheetGroup(stage.name.lower(), words_for(stage), found) for stage, found in people.items() if found]
    return evening_form(groups, _course_choices(), **options)


def _names(volunteer_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Tell the names of volunteers of this scheme; others are left out."""
    entries = queries.list_sheet_entries(reading(), current_actor(), volunteer_ids)
    return {entry.volunteer_id: entry.name for entry in entries}


def _course_choices() -> list[tuple[str, str]]:
    """Offer the courses of the scheme."""
    known = queries.list_courses(reading(), current_actor().scheme_id)
    return [(str(row.id), row.name) for row in known]


def _evening(form: EveningForm, taught: Course) -> dict[str, Any]:
    """Give what a sheet says as an operation takes it."""
    return {
        "course": taught,
        "held_on": form.held_on.data,
        "duration_minutes": form.duration_minutes.data,
        "attendance": form.attendance(),
    }


def _tell(event: TrainingEvent, begin: str) -> None:
    """Confirm on the next page how many were there and what the evening adds."""
    present = sum(row.is_present for row in event.attendances)
    given = format_decimal(round(event.duration_minutes / 60, 1))
    added = _("Present: %(present)s. Hours added to the total: %(hours)s.", present=present, hours=given)
    flash(f"{begin} {added}")


@blueprint.get("/training/evenings/<uuid:event_id>")
@requires(Permission.TRAINING_READ)
def evening(event_id: uuid.UUID) -> Answer:
    """Show training leads and coordinators who was there on an evening."""
    session, by = reading(), current_actor()
    event = queries.get_evening(session, by, event_id)
    entries = queries.list_sheet_entries(session, by, [row.volunteer_id for row in event.attendances])
    rows = {row.volunteer_id: row for row in event.attendances}
    return render_template(
        "training/evening.html",
        event=event,
        lines=[(entry, rows[entry.volunteer_id]) for entry in entries],
        names=names_of(session, {event.logged_by_id} if event.logged_by_id else set()),
    )


@blueprint.get("/training/evenings/<uuid:event_id>/correction")
@requires(Permission.TRAINING_LOG)
def correct_evening(event_id: uuid.UUID) -> Answer:
    """Show training leads the sheet of an evening as it was logged, to put it right."""
    event = queries.get_evening(reading(), current_actor(), event_id)
    attendance = {row.volunteer_id: row.minutes if row.is_present else None for row in event.attendances}
    data = sheet_data(attendance, event.duration_minutes, {"others": Presence.NOT_EXPECTED})
    data |= {"course": str(event.course_id), "held_on": event.held_on, "duration_minutes": event.duration_minutes}
    form = _correction(event, data=data)
    form.version.data = str(event.version)
    return render_template("training/correct_evening.html", form=form, event=event)


@blueprint.post("/training/evenings/<uuid:event_id>/correction")
@requires(Permission.TRAINING_LOG)
def correct_evening_post(event_id: uuid.UUID) -> Answer:
    """Put an evening right."""
    form = _correction(queries.get_evening(reading(), current_actor(), event_id))
    if form.validate():
        with form.guard(), transaction() as session:
            event = queries.get_evening(session, current_actor(), event_id)
            taught = queries.get_course(session, current_actor(), uuid.UUID(form.course.data))
            operations.correct_evening(
                session,
                event=event,
                **_evening(form, taught),
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
            _tell(event, str(_("The evening has been put right.")))
        if not form.errors:
            return redirect(url_for("training.evening", event_id=event_id), code=303)
    event = queries.get_evening(reading(), current_actor(), event_id)
    return render_template("training/correct_evening.html", form=form, event=event), 422


def _correction(event: TrainingEvent, **options: Any) -> EveningForm:  # noqa: ANN401 - WTForms' own.
    """Make the sheet of a logged evening, with everybody who might have been forgotten in a group of their own."""
    session, by = reading(), current_actor()
    recorded = [row.volunteer_id for row in event.attendances]
    if request.method == "POST":
        recorded, others = (listed_ids(request.form, key) for key in ("sheet", "others"))
    else:
        others = [entry.volunteer_id for entry in queries.list_sheet(session, by) if entry.volunteer_id not in recorded]
    entries = queries.list_sheet_entries(session, by, [*recorded, *others])
    on_sheet = [(entry.volunteer_id, entry.name) for entry in entries if entry.volunteer_id in recorded]
    beside = [(entry.volunteer_id, entry.name) for entry in entries if entry.volunteer_id not in recorded]
    groups = [
        SheetGroup("sheet", str(_("On the sheet")), on_sheet, offered=tuple(Presence), asks_rest=False),
        SheetGroup("others", str(_("Not on the sheet so far")), beside),
    ]
    return evening_form([group for group in groups if group.people], _course_choices(), **options)


@blueprint.get("/training/evenings/<uuid:event_id>/withdrawal")
@requires(Permission.TRAINING_LOG)
def withdraw_evening(event_id: uuid.UUID) -> Answer:
    """Ask training leads why an evening is to be taken back."""
    event = queries.get_evening(reading(), current_actor(), event_id)
    form = WhyForm()
    form.version.data = str(event.version)
    return render_template("training/withdraw_evening.html", form=form, event=event)


@blueprint.post("/training/evenings/<uuid:event_id>/withdrawal")
@requires(Permission.TRAINING_LOG)
def withdraw_evening_post(event_id: uuid.UUID) -> Answer:
    """Take an evening back."""
    form = WhyForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.withdraw_evening(
                session,
                event=queries.get_evening(session, current_actor(), event_id),
                why=form.why.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            flash(str(_("The evening has been taken back. It no longer counts.")))
            return redirect(url_for("training.evening", event_id=event_id), code=303)
    event = queries.get_evening(reading(), current_actor(), event_id)
    return render_template("training/withdraw_evening.html", form=form, event=event), 422


@blueprint.get("/volunteers/<uuid:volunteer_id>/training")
@requires(Permission.TRAINING_READ)
def volunteer_hours(volunteer_id: uuid.UUID) -> Answer:
    """Show training leads and coordinators one volunteer's courses and evenings."""
    volunteer = queries.get_trained_volunteer(reading(), current_actor(), volunteer_id)
    return render_template("training/volunteer_hours.html", volunteer=volunteer, **_hours_of(volunteer.id))


@blueprint.get("/my-training")
@requires(Permission.OWN_RECORD_READ)
def my_hours() -> Answer:
    """Show volunteers their own courses and evenings."""
    volunteer = find_own_volunteer(reading(), current_actor())
    found = _hours_of(volunteer.id) if volunteer else {"lines": [], "attendances": [], "total": 0, "soon": _soon()}
    return render_template("training/my_hours.html", **found)


def _hours_of(volunteer_id: uuid.UUID) -> dict[str, Any]:
    """Read what both pages about one volunteer's hours show."""
    session, by = reading(), current_actor()
    known = queries.list_courses(session, by.scheme_id)
    found = queries.standings_of(session, known, [volunteer_id], clock.today(by.time_zone))[volunteer_id]
    attendances = queries.list_attendances_of(session, volunteer_id)
    return {
        "lines": [(course, found[course.id]) for course in known if course.id in found],
        "attendances": attendances,
        "total": sum(row.minutes for row in attendances),
        "soon": _soon(),
    }
