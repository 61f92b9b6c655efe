"""The page on which a senior lifts the rules that forbid one pair, or lets them hold again."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import transaction
from foundation.errors import NotVisible
from foundation.language import _
from foundation.submissions import once
from matching import operations
from matching.forms import LiftForm, UndoForm
from matching.rules import NEVER_LIFTED, Veto
from matching.views.blueprint import Answer, blueprint
from matching.views.desks import column_of, lifts_told, names_for, open_for_page, row_of


@blueprint.get("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>/lift")
@requires(Permission.VETO_LIFT)
def veto_lift(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Show a senior which rules forbid a pair and which of them may be lifted, with the form to do it."""
    return _lift_page(round_id, mentee_id, volunteer_id, LiftForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>/lift")
@requires(Permission.VETO_LIFT)
def veto_lift_post(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Lift the rules of a pair."""
    form = LiftForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                operations.lift_vetoes(
                    session,
                    round_id=round_id,
                    mentee_id=mentee_id,
                    volunteer_id=volunteer_id,
                    why=form.why.data,
                    months=int(form.months.data.value),
                    by=current_actor(),
                    at=clock.now(),
                )
                outcome.location = url_for(
                    "matching.round_pair", round_id=round_id, mentee_id=mentee_id, volunteer_id=volunteer_id
                )
            flash(gettext("Lifted for this pair. Somebody else can now propose it by hand, and others approve."))
            return redirect(outcome.location, code=303)
    return _lift_page(round_id, mentee_id, volunteer_id, form), 422


def _lift_page(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, form: LiftForm) -> str:
    """Draw the page of the rules of a pair."""
    opened = open_for_page(round_id)
    pair = row_of(opened.desk, mentee_id), column_of(opened.desk, volunteer_id)
    rules = [Veto(name) for name in opened.desk.memory.scored.vetoes_of(*pair)]
    names = names_for(current_actor(), {mentee_id, volunteer_id})
    return render_template(
        "matching/veto_lift.html",
        opened=opened,
        form=form,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        person=names.get(mentee_id, ""),
        mentor=names.get(volunteer_id, ""),
        rules=rules,
        never_lifted=NEVER_LIFTED,
        may_be_lifted=bool(rules) and not NEVER_LIFTED & set(rules),
        lifts=lifts_told(mentee_id, volunteer_id),
        is_lifted=pair in opened.desk.lifted,
    )


@blueprint.get("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>/lift/end")
@requires(Permission.VETO_LIFT)
def veto_lift_end(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Show a senior what is lifted for a pair and what follows if the rules hold again."""
    return _end_page(round_id, mentee_id, volunteer_id, UndoForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>/lift/end")
@requires(Permission.VETO_LIFT)
def veto_lift_end_post(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Let the rules of a pair hold again."""
    form = UndoForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                by, at = current_actor(), clock.now()
                operations.end_lifts(session, mentee_id=mentee_id, volunteer_id=volunteer_id, by=by, at=at)
            flash(gettext("The rules hold again for this pair. A proposal that rests on it can no longer be approved."))
            pair_page = url_for(
                "matching.round_pair", round_id=round_id, mentee_id=mentee_id, volunteer_id=volunteer_id
            )
            return redirect(pair_page, code=303)
    return _end_page(round_id, mentee_id, volunteer_id, form), 422


def _end_page(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, form: UndoForm) -> str:
    """Draw the page that lets the rules of a pair hold again."""
    lifts = lifts_told(mentee_id, volunteer_id)
    if not lifts:
        raise NotVisible(_("No rule is lifted for this pair."))
    names = names_for(current_actor(), {mentee_id, volunteer_id})
    return render_template(
        "matching/veto_lift_end.html",
        form=form,
        round_id=round_id,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        person=names.get(mentee_id, ""),
        mentor=names.get(volunteer_id, ""),
        lifts=lifts,
    )
