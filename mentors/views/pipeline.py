"""Pages of the coordinator: the pipeline, a volunteer, and each decision as a page of its own."""

import uuid
from collections.abc import Iterable
from math import ceil

from flask import current_app, render_template, request

from accounts import queries as account_queries
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.errors import Refusal
from foundation.fields import choices_of
from foundation.language import _, language_name, words_for
from mentors import forms, operations, policy, queries
from mentors.models import Volunteer
from mentors.rules import (
    ROSH_BY_WORD,
    STAGES,
    Interest,
    LivedExperience,
    Rosh,
    Skill,
    Stage,
    asked_checks,
    missing_checks,
)
from mentors.views.blueprint import Answer, blueprint
from mentors.views.checking import SLUGS, check_of
from mentors.views.deciding import carrying, done, for_decision
from mentors.views.own import documents_of, steps_of


@blueprint.get("/volunteers")
@requires(Permission.VOLUNTEERS_READ)
def volunteers() -> Answer:
    """Show coordinators and training leads who stands where, those who wait longest first."""
    session, by = reading(), current_actor()
    form = forms.FilterForm(request.args)
    is_sound = form.validate()
    text = form.text.data or "" if is_sound else ""
    stages = (form.stage.data,) if is_sound and form.stage.data else ()
    pages = ceil(queries.count_volunteers(session, by, stages=stages, text=text) / queries.PAGE_LENGTH) or 1
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = queries.list_volunteers(session, by, stages=stages, text=text, page=page)
    return render_template(
        "mentors/volunteers.html",
        form=form,
        counts=queries.count_by_stage(session, by),
        rows=rows,
        days=_days_in_stage(rows),
        page_number=page,
        page_count=pages,
        chosen=stages,
        text=text,
    ), form.status


@blueprint.get("/volunteers/<uuid:volunteer_id>")
@requires(Permission.VOLUNTEERS_READ, Permission.RECORDS_UNSEAL)
def volunteer(volunteer_id: uuid.UUID) -> Answer:
    """Show staff one volunteer: where they stand, what is next, what happened; the rest only to whom decides."""
    session, by = reading(), current_actor()
    found = queries.get_volunteer(session, by, volunteer_id)
    people = {move.by_id for move in found.moves} | {found.cleared_by_id}
    decides = policy.may_decide(by, found)
    asked = asked_checks(drives_people=found.drives_people)
    return render_template(
        "mentors/volunteer.html",
        volunteer=found,
        decides=decides,
        confidential=policy.may_read_confidential(by, found),
        steps=steps_of(found, current_scheme(), documents_of(session, found, current_scheme())),
        days=_days_in_stage([found])[found.id],
        checks={kind: check_of(found, kind) for kind in asked},
        slugs=SLUGS,
        missing=missing_checks(found.checks, clock.today(by.time_zone), asked),
        cleared=None if found.cleared_rosh is None else Rosh(found.cleared_rosh),
        names=account_queries.names_of(session, {person for person in people if person is not None}),
        may_leave=decides and STAGES.allows(found.stage, Stage.LEFT),
        same=queries.list_same_address(session, by, found) if decides else [],
        background=_background(found),
    )


@blueprint.get("/volunteers/<uuid:volunteer_id>/move")
@requires(Permission.VOLUNTEERS_DECIDE)
def move(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator where a volunteer can go from here."""
    found = for_decision(volunteer_id)
    form = carrying(forms.MoveForm(), found)
    return _render_move(form, found)


@blueprint.post("/volunteers/<uuid:volunteer_id>/move")
@requires(Permission.VOLUNTEERS_DECIDE)
def move_post(volunteer_id: uuid.UUID) -> Answer:
    """Move a volunteer."""
    form = forms.MoveForm()
    if form.validate():
        with form.guard(), transaction() as session:
            if form.to.data is Stage.LEFT:
                raise Refusal(_("Leaving has a page of its own. Go back to the volunteer to find it."), field="to")
            operations.move_volunteer(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                to=form.to.data,
                why=form.why.data,
                ask_again_on=form.ask_again_on.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
                base_url=current_app.config["BASE_URL"],
            )
        if not form.errors:
            return done(volunteer_id)
    return _render_move(form, for_decision(volunteer_id)), 422


def _render_move(form: forms.MoveForm, found: Volunteer) -> str:
    """Offer only the moves that the lifecycle has; the form knows all, so that a stale page gets a better answer."""
    # Leaving has a page of its own, which asks for the last day and the reason.
    form.to.choices = choices_of(stage for stage in STAGES.moves[found.stage] if stage is not Stage.LEFT)
    return render_template("mentors/move.html", form=form, volunteer=found)


@blueprint.get("/volunteers/<uuid:volunteer_id>/clearance")
@requires(Permission.VOLUNTEERS_DECIDE)
def clearance(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator up to which risk a volunteer is cleared."""
    found = for_decision(volunteer_id)
    level = next((word for word, rosh in ROSH_BY_WORD.items() if rosh == found.cleared_rosh), None)
    form = carrying(forms.ClearanceForm(data={"level": level}), found)
    return render_template("mentors/clearance.html", form=form, volunteer=found)


@blueprint.post("/volunteers/<uuid:volunteer_id>/clearance")
@requires(Permission.VOLUNTEERS_DECIDE)
def clearance_post(volunteer_id: uuid.UUID) -> Answer:
    """Clear a volunteer up to a level of risk, or take the clearance back."""
    form = forms.ClearanceForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.clear_for_risk(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                level=ROSH_BY_WORD.get(form.level.data),
                why=form.why.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return done(volunteer_id)
    return render_template("mentors/clearance.html", form=form, volunteer=for_decision(volunteer_id)), 422


@blueprint.get("/volunteers/<uuid:volunteer_id>/places")
@requires(Permission.VOLUNTEERS_DECIDE)
def places(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator how many people a volunteer can mentor at the same time."""
    found = for_decision(volunteer_id)
    form = carrying(forms.PlacesForm(data={"capacity": found.capacity}), found)
    return render_template("mentors/places.html", form=form, volunteer=found)


@blueprint.post("/volunteers/<uuid:volunteer_id>/places")
@requires(Permission.VOLUNTEERS_DECIDE)
def places_post(volunteer_id: uuid.UUID) -> Answer:
    """Set how many people a volunteer can mentor at the same time."""
    form = forms.PlacesForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.set_capacity(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                capacity=form.capacity.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return done(volunteer_id)
    return render_template("mentors/places.html", form=form, volunteer=for_decision(volunteer_id)), 422


def _background(found: Volunteer) -> list[tuple[object, list[str], bool]]:
    """List what a volunteer told of themselves: label, answers, and whether it is confidential."""
    return [
        (_("Languages"), [language_name(code) for code in found.languages], False),
        (_("Could help with"), [words_for(Skill(code)) for code in found.skills], False),
        (_("Likes"), [words_for(Interest(code)) for code in found.interests], False),
        (_("From their own life"), [words_for(LivedExperience(code)) for code in found.lived_experience], True),
        (_("Describes themselves as"), [words_for(found.gender)], True),
    ]


def _days_in_stage(rows: Iterable[Volunteer]) -> dict[uuid.UUID, int]:
    """Count for each volunteer the days since they came to their stage."""
    zone = current_actor().time_zone
    today = clock.today(zone)
    return {row.id: (today - clock.day_of(row.stage_since, zone)).days for row in rows}
