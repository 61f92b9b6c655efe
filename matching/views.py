"""Pages on which coordinators run rounds, read proposals and decide."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug import Response

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.submissions import once
from matching import operations, queries
from matching.forms import Decision, DecisionForm, RoundForm
from matching.models import Proposal
from matching.rules import DEFAULT_WEIGHTS, OPEN_PROPOSALS, Component, RoundState, Veto
from matching.words import sentences_why
from mentees.rules import RiskLevel

blueprint = Blueprint("matching", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/matching")
@requires(Permission.MATCHING_READ)
def rounds() -> Answer:
    """Show a coordinator what waits for a decision, and the rounds so far."""
    session, actor = reading(), current_actor()
    waiting, ready = queries.count_waiting_and_ready(session, actor)
    return render_template(
        "matching/rounds.html",
        rounds=queries.list_rounds(session, actor),
        proposals=queries.list_open_proposals(session, actor),
        waiting=waiting,
        ready=ready,
    )


@blueprint.get("/matching/new")
@requires(Permission.MATCHING_DECIDE)
def new_round() -> Answer:
    """Let a coordinator ask for a round, with the weights to use."""
    form = RoundForm(data={component.value: weight for component, weight in DEFAULT_WEIGHTS.items()})
    waiting, ready = queries.count_waiting_and_ready(reading(), current_actor())
    return render_template("matching/new_round.html", form=form, waiting=waiting, ready=ready)


@blueprint.post("/matching/new")
@requires(Permission.MATCHING_DECIDE)
def new_round_post() -> Answer:
    """Ask for the round; the worker takes it up at once."""
    form = RoundForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                weights = {component: form[component.value].data for component in Component}
                round_ = operations.ask_round(session, by=current_actor(), at=clock.now(), weights=weights)
                outcome.location = url_for("matching.round", round_id=round_.id)
            return redirect(outcome.location, code=303)
    waiting, ready = queries.count_waiting_and_ready(reading(), current_actor())
    return render_template("matching/new_round.html", form=form, waiting=waiting, ready=ready), 422


@blueprint.get("/matching/rounds/<uuid:round_id>", endpoint="round")
@requires(Permission.MATCHING_READ)
def round_(round_id: uuid.UUID) -> Answer:
    """Show a coordinator how far a round is, then whom it proposes and who waits and why."""
    session, actor = reading(), current_actor()
    found = queries.get_round(session, actor, round_id)
    is_done = found.state is RoundState.DONE
    names = accounts.names_of(session, {found.asked_by_id} if found.asked_by_id else set())
    return render_template(
        "matching/round.html",
        round=found,
        asked_by=names.get(found.asked_by_id) if found.asked_by_id else None,
        proposals=queries.list_proposals(session, actor, round_id) if is_done else [],
        unmatched=queries.list_unmatched(session, actor, round_id) if is_done else [],
        open_states=OPEN_PROPOSALS,
        vetoes=Veto,
        components=Component,
    )


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
            operations.decline_proposal(
                session, proposal=found, why=form.why.data, by=actor, at=at, version=form.seen_version
            )
            return gettext("Declined. This pair will not be proposed again for six months.")
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
    people = {found.first_by_id, found.decided_by_id} - {None}
    return render_template(
        "matching/proposal.html",
        proposal=found,
        form=form,
        is_open=found.state in OPEN_PROPOSALS,
        names=accounts.names_of(reading(), {person for person in people if person}),
        components=Component,
        sentences=sentences_why(found.reasons),
        levels=RiskLevel,
        me=current_actor().person_id,
    )
