"""Pages on which a named person reads a proposal and decides."""

import uuid

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from matching import operations, queries
from matching.explaining import argue, conditions_of
from matching.forms import Decision, DecisionForm
from matching.models import Proposal
from matching.rules import OPEN_PROPOSALS
from matching.views.blueprint import Answer, blueprint
from matching.views.desks import declined_told, lifts_told
from matching.words import sentences_why
from mentees.rules import RiskLevel
from mentors.rules import Rosh


@blueprint.get("/matching/proposals/<uuid:proposal_id>")
@requires(Permission.MATCHING_READ)
def proposal(proposal_id: uuid.UUID) -> Answer:
    """Show a coordinator one proposal as a short argument, with the form to decide."""
    found = queries.get_proposal(reading(), current_actor(), proposal_id)
    form = DecisionForm()
    form.version.data = str(found.version)
    return _proposal_page(found, form)


@blueprint.post("/matching/proposals/<uuid:proposal_id>")
@requires(Permission.MATCHING_DECIDE)
def proposal_post(proposal_id: uuid.UUID) -> Answer:
    """Carry out the decision of a named person."""
    form = DecisionForm()
    if form.validate():
        with form.guard():
            flash(_decide(proposal_id, form))
            return redirect(url_for("matching.rounds"), code=303)
    return _proposal_page(queries.get_proposal(reading(), current_actor(), proposal_id), form), 422


def _decide(proposal_id: uuid.UUID, form: DecisionForm) -> str:
    """Approve or decline, and say in a sentence what happens next."""
    actor, at = current_actor(), clock.now()
    with transaction() as session:
        found = queries.get_proposal(session, actor, proposal_id)
        if form.decision.data is Decision.DECLINE:
            choice = operations.decline_proposal(
                session, proposal=found, why=form.why.data, by=actor, at=at, version=form.seen_version
            )
            return declined_told(choice)
        match = operations.approve_proposal(
            session,
            proposal=found,
            why=form.why.data,
            by=actor,
            at=at,
            version=form.seen_version,
            base_url=current_app.config["BASE_URL"],
        )
    if match is None:
        return gettext("Approved once. Because of the risk, a second person has to approve it too.")
    return gettext("Approved. The mentor has a letter and is asked to agree.")


def _proposal_page(found: Proposal, form: DecisionForm) -> str:
    """Draw the page of a proposal."""
    session, actor = reading(), current_actor()
    people = {found.first_by_id, found.decided_by_id} - {None}
    return render_template(
        "matching/proposal.html",
        proposal=found,
        form=form,
        is_open=found.state in OPEN_PROPOSALS,
        names=accounts.names_of(session, {person for person in people if person}),
        argument=argue(session, actor, found, clock.day_of(clock.now(), actor.time_zone)),
        conditions=conditions_of(found),
        sentences=sentences_why(found.reasons),
        levels=RiskLevel,
        clearances=Rosh,
        me=actor.person_id,
        lifts=lifts_told(found.mentee_id, found.volunteer_id),
    )
