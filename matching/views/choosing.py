"""Pages on which coordinators choose in a finished round: whom to leave out, what was chosen, and undoing it."""

import uuid
from typing import Any

import numpy as np
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.submissions import once
from matching import operations, queries
from matching.forms import ReasonForm, UndoForm
from matching.gathering import Desk
from matching.gathering.desks import DECIDED
from matching.models import RoundChoice
from matching.rules import CHANGED, ProposalState, Veto
from matching.views.blueprint import Answer, blueprint
from matching.views.desks import (
    column_of,
    cost_told,
    ids_in,
    moves_to,
    moves_told,
    names_for,
    open_for_page,
    price_told,
    row_of,
)

MOST_MENTORS = 12
"""So many mentors are offered for a person, the cheapest first."""

MOST_FORBIDDEN = 30
"""So many mentors whom a rule forbids are named, those with the fewest rules first."""


@blueprint.get("/matching/rounds/<uuid:round_id>/choices")
@requires(Permission.MATCHING_READ)
def round_choices(round_id: uuid.UUID) -> Answer:
    """Show a coordinator what was chosen in a round, what is out of date, and everybody to choose about."""
    opened, actor = open_for_page(round_id), current_actor()
    desk = opened.desk
    names = names_for(actor, [*desk.mentee_ids, *desk.volunteer_ids])
    current = desk.current
    people = [
        (names.get(each, ""), each, names.get(desk.volunteer_ids[column], "") if column >= 0 else None)
        for each, column in zip(desk.mentee_ids, current.tolist(), strict=True)
    ]
    taken = np.bincount(current[current >= 0], minlength=len(desk.volunteer_ids)).tolist()
    mentors = [
        (names.get(each, ""), each, count, int(places))
        for each, count, places in zip(desk.volunteer_ids, taken, desk.memory.capacity, strict=True)
    ]
    return render_template(
        "matching/round_choices.html",
        opened=opened,
        names=names,
        choices=[(choice, cost_told(choice)) for choice in desk.choices],
        changed=[each for each in desk.proposals if each.state is ProposalState.STALE and each.stale_why in CHANGED],
        people=sorted(people, key=lambda row: (row[0].casefold(), row[1])),
        mentors=sorted(mentors, key=lambda row: (row[0].casefold(), row[1])),
    )


@blueprint.get("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>")
@requires(Permission.MATCHING_READ)
def round_person(round_id: uuid.UUID, mentee_id: uuid.UUID) -> Answer:
    """Show a coordinator whom a person could have instead and what each would cost, with the form to leave them out."""
    return _person_page(round_id, mentee_id, ReasonForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/people/<uuid:mentee_id>")
@requires(Permission.MATCHING_DECIDE)
def round_person_post(round_id: uuid.UUID, mentee_id: uuid.UUID) -> Answer:
    """Leave a person out of a round."""
    form = ReasonForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                operations.leave_person_out(
                    session,
                    round_id=round_id,
                    mentee_id=mentee_id,
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    revision=form.seen_version,
                )
                outcome.location = url_for("matching.round_choices", round_id=round_id)
            flash(gettext("Left out of this round. The round has been solved again; nothing stands on their record."))
            return redirect(outcome.location, code=303)
    return _person_page(round_id, mentee_id, form), 422


def _person_page(round_id: uuid.UUID, mentee_id: uuid.UUID, form: ReasonForm) -> str:
    """Draw the page of a person in a round."""
    opened, actor = open_for_page(round_id), current_actor()
    desk = opened.desk
    row = row_of(desk, mentee_id)
    answer = desk.solve()
    costs = sorted(answer.costs_of(row).items(), key=lambda each: (*each[1], each[0]))
    forbidden = _forbidden(desk, row)
    proposal = desk.live.get(row)
    without = desk.solve(desk.wishes.but(row_out=row))
    effect = moves_to(desk, without)
    offered = costs[:MOST_MENTORS]
    columns = {column for column, _price in offered} | {column for column, _rules in forbidden[:MOST_FORBIDDEN]}
    mentors = {desk.volunteer_ids[column] for column in columns}
    names = names_for(
        actor, {mentee_id, *mentors, *ids_in(desk, effect), *([proposal.volunteer_id] if proposal else [])}
    )
    form.version.data = form.version.data or str(opened.round.revision)
    return render_template(
        "matching/round_person.html",
        opened=opened,
        form=form,
        mentee_id=mentee_id,
        name=names.get(mentee_id, ""),
        proposal=proposal,
        is_decided=proposal is not None and proposal.state in DECIDED,
        names=names,
        offered=[
            (desk.volunteer_ids[column], int(desk.memory.scored.fit[row, column]), price_told(price, answer))
            for column, price in offered
        ],
        more=len(costs) - len(offered),
        forbidden=[(desk.volunteer_ids[column], rules) for column, rules in forbidden[:MOST_FORBIDDEN]],
        forbidden_count=len(forbidden),
        vetoes=Veto,
        price=price_told(answer.price_of(without), answer),
        moves=moves_told(desk, effect, names, but=row),
    )


def _forbidden(desk: Desk, row: int) -> list[tuple[int, tuple[str, ...]]]:
    """List the mentors whom a rule forbids for a person, those with the fewest rules first."""
    scored = desk.memory.scored
    columns = np.flatnonzero(~scored.allowed[row]).tolist()
    found = [(column, scored.vetoes_of(row, column)) for column in columns if (row, column) not in desk.wishes.lifted]
    return sorted(found, key=lambda each: (len(each[1]), each[0]))


@blueprint.get("/matching/rounds/<uuid:round_id>/mentors/<uuid:volunteer_id>")
@requires(Permission.MATCHING_READ)
def round_mentor(round_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator whom a mentor is proposed for in a round, with the form to leave the mentor out."""
    return _mentor_page(round_id, volunteer_id, ReasonForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/mentors/<uuid:volunteer_id>")
@requires(Permission.MATCHING_DECIDE)
def round_mentor_post(round_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Leave a mentor out of a round."""
    form = ReasonForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                operations.leave_mentor_out(
                    session,
                    round_id=round_id,
                    volunteer_id=volunteer_id,
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    revision=form.seen_version,
                )
                outcome.location = url_for("matching.round_choices", round_id=round_id)
            flash(gettext("Left out of this round. The round has been solved again; nothing stands on their record."))
            return redirect(outcome.location, code=303)
    return _mentor_page(round_id, volunteer_id, form), 422


def _mentor_page(round_id: uuid.UUID, volunteer_id: uuid.UUID, form: ReasonForm) -> str:
    """Draw the page of a mentor in a round."""
    opened, actor = open_for_page(round_id), current_actor()
    desk = opened.desk
    column = column_of(desk, volunteer_id)
    answer = desk.solve()
    without = desk.solve(desk.wishes.but(column_out=column))
    effect = moves_to(desk, without)
    proposals = [each for each in desk.live.values() if each.volunteer_id == volunteer_id]
    best = np.argsort(-np.where(desk.memory.scored.allowed[:, column], desk.memory.scored.fit[:, column], -1))
    suited = [row for row in best.tolist() if desk.memory.scored.allowed[row, column]][:MOST_MENTORS]
    suited_ids = [desk.mentee_ids[row] for row in suited]
    names = names_for(
        actor, {volunteer_id, *(each.mentee_id for each in proposals), *suited_ids, *ids_in(desk, effect)}
    )
    form.version.data = form.version.data or str(opened.round.revision)
    return render_template(
        "matching/round_mentor.html",
        opened=opened,
        form=form,
        volunteer_id=volunteer_id,
        name=names.get(volunteer_id, ""),
        places=int(desk.memory.capacity[column]),
        proposals=proposals,
        names=names,
        suited=[
            (mentee_id, int(desk.memory.scored.fit[row, column]))
            for row, mentee_id in zip(suited, suited_ids, strict=True)
        ],
        price=price_told(answer.price_of(without), answer),
        moves=moves_told(desk, effect, names),
    )


@blueprint.get("/matching/rounds/<uuid:round_id>/choices/<uuid:choice_id>")
@requires(Permission.MATCHING_READ)
def round_choice(round_id: uuid.UUID, choice_id: uuid.UUID) -> Answer:
    """Show a coordinator one choice with its reason, and what undoing it would do."""
    return _choice_page(round_id, choice_id, UndoForm())


@blueprint.post("/matching/rounds/<uuid:round_id>/choices/<uuid:choice_id>")
@requires(Permission.MATCHING_DECIDE)
def round_choice_post(round_id: uuid.UUID, choice_id: uuid.UUID) -> Answer:
    """Undo a choice."""
    form = UndoForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                operations.undo_choice(
                    session,
                    round_id=round_id,
                    choice_id=choice_id,
                    by=current_actor(),
                    at=clock.now(),
                    revision=form.seen_version,
                )
                outcome.location = url_for("matching.round_choices", round_id=round_id)
            flash(gettext("Undone. The round has been solved again without this choice."))
            return redirect(outcome.location, code=303)
    return _choice_page(round_id, choice_id, form), 422


def _choice_page(round_id: uuid.UUID, choice_id: uuid.UUID, form: UndoForm) -> str:
    """Draw the page of a choice."""
    session, actor = reading(), current_actor()
    choice = queries.get_choice(session, actor, round_id, choice_id)
    opened = open_for_page(round_id)
    people = {each for each in (choice.made_by_id, choice.ended_by_id) if each}
    form.version.data = form.version.data or str(opened.round.revision)
    return render_template(
        "matching/round_choice.html",
        opened=opened,
        form=form,
        choice=choice,
        cost=cost_told(choice),
        actors=accounts.names_of(session, people),
        **_undoing(opened.desk, choice),
    )


def _undoing(desk: Desk, choice: RoundChoice) -> dict[str, Any]:
    """Tell what undoing a choice would do."""
    ids = {each for each in (choice.mentee_id, choice.volunteer_id) if each}
    if choice.ended_at is not None:
        return {"price": "", "moves": [], "names": names_for(current_actor(), ids)}
    answer, without = desk.solve(), desk.solve(desk.wishes_without(choice))
    effect = moves_to(desk, without)
    names = names_for(current_actor(), ids | ids_in(desk, effect))
    return {
        "price": price_told(answer.price_of(without), answer),
        "moves": moves_told(desk, effect, names),
        "names": names,
    }
