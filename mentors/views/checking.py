"""Pages on which a coordinator writes down how checks on a volunteer stand."""

import uuid

from flask import render_template

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import transaction
from foundation.errors import NotVisible
from foundation.language import _
from mentors import forms, operations, queries
from mentors.models import Check, Volunteer
from mentors.rules import CheckKind
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import carrying, done, for_decision

CHECKS = {kind.value.replace(" ", "-"): kind for kind in CheckKind}
"""Checks by their name in addresses."""


@blueprint.get("/volunteers/<uuid:volunteer_id>/checks/<kind>")
@requires(Permission.VOLUNTEERS_DECIDE)
def check(volunteer_id: uuid.UUID, kind: str) -> Answer:
    """Show a coordinator how one check stands, to be written down anew."""
    found = for_decision(volunteer_id)
    form = _check_form(kind, check_of(found, _kind(kind)))
    return render_template("mentors/check.html", form=carrying(form, found), volunteer=found, kind=_kind(kind))


@blueprint.post("/volunteers/<uuid:volunteer_id>/checks/<kind>")
@requires(Permission.VOLUNTEERS_DECIDE)
def check_post(volunteer_id: uuid.UUID, kind: str) -> Answer:
    """Write down how a check stands."""
    form = _check_form(kind)
    if form.validate():
        with form.guard(), transaction() as session:
            operations.record_check(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                kind=_kind(kind),
                outcome=form.outcome.data,
                level=form.level.data if "level" in form else None,
                decided_on=form.decided_on.data,
                expires_on=form.expires_on.data,
                conditions=form.conditions.data or "",
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return done(volunteer_id)
    found = for_decision(volunteer_id)
    return render_template("mentors/check.html", form=form, volunteer=found, kind=_kind(kind)), 422


def _check_form(kind: str, record: Check | None = None) -> forms.CheckForm:
    """Make the form of a check; only a DBS check has a level."""
    form = forms.CheckForm(record=record)
    if _kind(kind) is not CheckKind.DBS:
        del form.level
    return form


def _kind(slug: str) -> CheckKind:
    """Tell which check an address means.

    Raises:
        NotVisible: There is no such check.
    """
    if slug not in CHECKS:
        raise NotVisible(_("There is no such check."))
    return CHECKS[slug]


def check_of(found: Volunteer, kind: CheckKind) -> Check | None:
    """Find the check of a kind."""
    return next((row for row in found.checks if row.kind is kind), None)
