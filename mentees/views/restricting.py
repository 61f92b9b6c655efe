"""Pages on which a coordinator enters risk and what the matching must obey."""

import uuid

from flask import render_template, url_for

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.submissions import once
from mentees import operations, queries
from mentees.forms import BanForm, ExclusionForm, RemoveForm, RiskForm
from mentees.rules import (
    Ban,
    Exclusion,
)
from mentees.views.blueprint import Answer, back_to, blueprint


@blueprint.get("/people/<uuid:mentee_id>/risk")
@requires(Permission.MENTEES_DECIDE)
def risk(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator what probation says of the risk to one group."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = RiskForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/risk.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/risk")
@requires(Permission.MENTEES_DECIDE)
def risk_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the assessment."""
    form = RiskForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.assess_risk(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    group=form.group.data,
                    level=form.level.data,
                    source=form.source.data,
                    assessed_on=form.assessed_on.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/risk.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/exclusion-areas/new")
@requires(Permission.MENTEES_DECIDE)
def exclusion_area(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator for an area that the person must not enter."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = ExclusionForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/exclusion_area.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/exclusion-areas/new")
@requires(Permission.MENTEES_DECIDE)
def exclusion_area_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the area."""
    form = ExclusionForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                outcome.location = url_for("mentees.person", mentee_id=mentee_id)
                operations.add_exclusion_area(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    exclusion=Exclusion(form.place.data, form.label.data or "", form.radius_km.data),
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/exclusion_area.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/exclusion-areas/<uuid:area_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_exclusion_area(mentee_id: uuid.UUID, area_id: uuid.UUID) -> Answer:
    """Ask a coordinator why an exclusion area holds no longer."""
    area = queries.get_exclusion_area(reading(), current_actor(), mentee_id, area_id)
    form = RemoveForm()
    form.version.data = str(area.mentee.version)
    return render_template("mentees/remove_exclusion_area.html", form=form, area=area)


@blueprint.post("/people/<uuid:mentee_id>/exclusion-areas/<uuid:area_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_exclusion_area_post(mentee_id: uuid.UUID, area_id: uuid.UUID) -> Answer:
    """Take the area away."""
    form = RemoveForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.remove_exclusion_area(
                    session,
                    area=queries.get_exclusion_area(session, current_actor(), mentee_id, area_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    area = queries.get_exclusion_area(reading(), current_actor(), mentee_id, area_id)
    return render_template("mentees/remove_exclusion_area.html", form=form, area=area), 422


@blueprint.get("/people/<uuid:mentee_id>/contact-bans/new")
@requires(Permission.MENTEES_DECIDE)
def contact_ban(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator with whom the person must have no contact."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = BanForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/contact_ban.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/contact-bans/new")
@requires(Permission.MENTEES_DECIDE)
def contact_ban_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the ban."""
    form = BanForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                outcome.location = url_for("mentees.person", mentee_id=mentee_id)
                operations.add_contact_ban(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    ban=Ban(form.name.data, form.why.data or ""),
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/contact_ban.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/contact-bans/<uuid:ban_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_contact_ban(mentee_id: uuid.UUID, ban_id: uuid.UUID) -> Answer:
    """Ask a coordinator why a contact ban holds no longer."""
    ban = queries.get_contact_ban(reading(), current_actor(), mentee_id, ban_id)
    form = RemoveForm()
    form.version.data = str(ban.mentee.version)
    return render_template("mentees/remove_contact_ban.html", form=form, ban=ban)


@blueprint.post("/people/<uuid:mentee_id>/contact-bans/<uuid:ban_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_contact_ban_post(mentee_id: uuid.UUID, ban_id: uuid.UUID) -> Answer:
    """Take the ban away."""
    form = RemoveForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.remove_contact_ban(
                    session,
                    ban=queries.get_contact_ban(session, current_actor(), mentee_id, ban_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    ban = queries.get_contact_ban(reading(), current_actor(), mentee_id, ban_id)
    return render_template("mentees/remove_contact_ban.html", form=form, ban=ban), 422
