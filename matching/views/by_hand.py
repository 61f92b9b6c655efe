"""The page of one pair in a round: what it would cost, what forbids it, proposing it by hand and declining it."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.errors import Refusal
from foundation.submissions import once
from matching import operations
from matching.explaining import strengths_of
from matching.forms import PairChoice, PairForm
from matching.gathering import Desk, Pair
from matching.rules import NEVER_LIFTED, ChoiceKind, ProposalState, Veto
from matching.views.blueprint import Answer, blueprint
from matching.views.desks import (
    column_of,
    declined_told,
    ids_in,
    lifts_told,
    moves_to,
    moves_told,
    names_for,
    open_for_page,
    price_told,
    row_of,
)


@blueprint.get("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>")
@requires(Permission.MATCHING_READ)
def round_pair(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator one pair with its price, and the form to propose it by hand or to decline it."""
    return _pair_page(round_id, mentee_id, volunteer_id, PairForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>/mentors/<uuid:volunteer_id>")
@requires(Permission.MATCHING_DECIDE)
def round_pair_post(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Let a pair stand, or decline it."""
    form = PairForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                sentence = _choose(session, form, round_id, mentee_id, volunteer_id)
                outcome.location = url_for("matching.round_choices", round_id=round_id)
            flash(sentence)
            return redirect(outcome.location, code=303)
    return _pair_page(round_id, mentee_id, volunteer_id, form), 422


def _choose(
    session: Session, form: PairForm, round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID
) -> str:
    """Carry out what was chosen, and say what happens next."""
    shared: dict[str, Any] = {
        "round_id": round_id,
        "mentee_id": mentee_id,
        "volunteer_id": volunteer_id,
        "why": form.why.data,
        "by": current_actor(),
        "at": clock.now(),
        "revision": form.seen_version,
    }
    if form.choice.data is PairChoice.DECLINE:
        choice = operations.decline_pair(session, months=int(form.months.data.value), **shared)
        return declined_told(choice)
    operations.pin_pair(session, **shared)
    return gettext("This pair stands. It waits for approval as every proposal does; the round has been solved again.")


def _pair_page(round_id: uuid.UUID, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, form: PairForm) -> str:
    """Draw the page of a pair."""
    opened, actor = open_for_page(round_id), current_actor()
    desk = opened.desk
    pair = row_of(desk, mentee_id), column_of(desk, volunteer_id)
    form.version.data = form.version.data or str(opened.round.revision)
    rules = [Veto(name) for name in desk.memory.scored.vetoes_of(*pair)]
    told = _what_if(desk, pair, actor)
    names = names_for(actor, {mentee_id, volunteer_id, *told.pop("ids")})
    effect = told.pop("effect")
    return render_template(
        "matching/round_pair.html",
        opened=opened,
        form=form,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        person=names.get(mentee_id, ""),
        mentor=names.get(volunteer_id, ""),
        is_proposed=bool(desk.current[pair[0]] == pair[1]),
        fit=int(desk.memory.scored.fit[pair]),
        rules=rules,
        never_lifted=NEVER_LIFTED,
        may_be_lifted=bool(rules) and not NEVER_LIFTED & set(rules),
        lifts=lifts_told(mentee_id, volunteer_id),
        is_lifted=pair in desk.lifted,
        moves=moves_told(desk, effect, names, but=pair[0]) if effect else [],
        strengths=strengths_of(desk.memory, opened.round.weights, pair),
        may_decline=not _is_settled(desk, pair),
        **told,
    )


def _is_settled(desk: Desk, pair: Pair) -> bool:
    """Whether a pair is declined or approved, so that declining it could only be refused."""
    proposal = desk.live.get(pair[0])
    is_approved = (
        proposal is not None
        and desk.columns[proposal.volunteer_id] == pair[1]
        and proposal.state is ProposalState.APPROVED
    )
    return pair in desk.wishes.forbidden or is_approved


def _what_if(desk: Desk, pair: Pair, actor: Actor) -> dict[str, Any]:
    """Tell what letting a pair stand would cost and who would move; or what stands against it.

    Where a rule forbids the pair, the page names the rules itself.
    """
    nothing: dict[str, Any] = {"against": "", "may_stand": False, "price": "", "effect": None, "ids": set()}
    try:
        operations.require_free(desk, pair, by=actor)
    except operations.NotAllowed:
        return nothing
    except Refusal as refusal:
        if any(choice.kind is ChoiceKind.PIN and desk.pair_of(choice) == pair for choice in desk.standing):
            return {**nothing, "against": gettext("This pair stands by a choice.")}
        return {**nothing, "against": str(refusal)}
    answer, then = desk.solve(), desk.solve(desk.wishes.but(pin=pair))
    effect = moves_to(desk, then)
    return {
        "against": "",
        "may_stand": True,
        "price": price_told(answer.price_of(then), answer),
        "effect": effect,
        "ids": ids_in(desk, effect),
    }
