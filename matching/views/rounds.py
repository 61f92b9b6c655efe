"""Pages on which coordinators ask for rounds and see what came out."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.submissions import once
from matching import operations, queries
from matching.explaining import Missing, lay_out, tell_change
from matching.forms import RoundForm
from matching.rules import DEFAULT_WEIGHTS, Component, RoundState, Veto
from matching.views.blueprint import Answer, blueprint, page_number

ROWS_ON_PAGE = 50
"""Proposals and people waiting on one page; why somebody waits is confidential, so no more is opened than is read."""


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
    """Let a coordinator ask for a round by the rules in force."""
    return _new_round_page(RoundForm())


@blueprint.post("/matching/new")
@requires(Permission.MATCHING_DECIDE)
def new_round_post() -> Answer:
    """Ask for the round; the worker takes it up at once."""
    form = RoundForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                round_ = operations.ask_round(session, by=current_actor(), at=clock.now())
                outcome.location = url_for("matching.round", round_id=round_.id)
            return redirect(outcome.location, code=303)
    return _new_round_page(form), 422


def _new_round_page(form: RoundForm) -> str:
    """Draw the page that asks for a round, with the rules by which it will run."""
    session, actor = reading(), current_actor()
    waiting, ready = queries.count_waiting_and_ready(session, actor)
    in_force = queries.find_rules(session, actor.scheme_id) if actor.scheme_id else None
    return render_template(
        "matching/new_round.html",
        form=form,
        waiting=waiting,
        ready=ready,
        number=in_force.number if in_force else 1,
        weights=in_force.weights if in_force else {part.value: weight for part, weight in DEFAULT_WEIGHTS.items()},
        components=Component,
    )


@blueprint.get("/matching/rounds/<uuid:round_id>", endpoint="round")
@requires(Permission.MATCHING_READ)
def round_(round_id: uuid.UUID) -> Answer:
    """Show a coordinator how far a round is, then whom it proposes and who waits and why."""
    session, actor = reading(), current_actor()
    found = queries.get_round(session, actor, round_id)
    is_done = found.state is RoundState.DONE
    board = lay_out(session, actor, found) if is_done else None
    names = accounts.names_of(session, {found.asked_by_id} if found.asked_by_id else set())
    return render_template(
        "matching/round.html",
        round=found,
        asked_by=names.get(found.asked_by_id) if found.asked_by_id else None,
        **(_rows(round_id) if is_done else {}),
        board=None if isinstance(board, Missing) else board,
        missing=board if isinstance(board, Missing) else None,
        vetoes=Veto,
        tell_change=tell_change,
        components=Component,
    )


def _rows(round_id: uuid.UUID) -> dict[str, Any]:
    """Read the part of both lists that the page shows; they are turned over together."""
    session, actor, page = reading(), current_actor(), page_number()
    counts = queries.count_proposals(session, actor, round_id), queries.count_unmatched(session, actor, round_id)
    part = {"start": (page - 1) * ROWS_ON_PAGE, "most": ROWS_ON_PAGE}
    return {
        "proposals": queries.list_proposals(session, actor, round_id, **part),
        "unmatched": queries.list_unmatched(session, actor, round_id, **part),
        "moved": queries.list_moved(session, actor, round_id),
        "proposal_count": counts[0],
        "waiting_count": counts[1],
        "page_number": page,
        "page_count": max(1, -(-max(counts) // ROWS_ON_PAGE)),
        "rows_on_page": ROWS_ON_PAGE,
    }
