"""Pages on which coordinators read the rules of the matching, try other weights and adopt them."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from accounts import queries as accounts
from accounts.policy import Actor
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.submissions import once
from matching import operations, queries
from matching.forms import AdoptionForm, WeightsForm
from matching.gathering import effect_of_weights, unpack
from matching.rules import DEFAULT_WEIGHTS, NEVER_LIFTED, Component, Veto
from matching.views.blueprint import Answer, blueprint
from matching.words import COMPONENT_MEANING

MOST_NAMED = 50
"""So many changes are told by name; the rest as a number."""


@blueprint.get("/matching/rules")
@requires(Permission.MATCHING_READ)
def rules() -> Answer:
    """Show a coordinator the rules in force and those before, with a form to try other weights."""
    session, actor = reading(), current_actor()
    versions = queries.list_rules(session, actor)
    weights = versions[0].weights if versions else _defaults()
    owners = {version.made_by_id for version in versions if version.made_by_id}
    return render_template(
        "matching/rules.html",
        versions=versions,
        number=versions[0].number if versions else 1,
        weights=weights,
        total=sum(weights.values()),
        names=accounts.names_of(session, owners),
        form=WeightsForm(data=weights, meta={"csrf": False}),
        components=Component,
        meanings=COMPONENT_MEANING,
        vetoes=list(Veto),
        never_lifted=NEVER_LIFTED,
    )


@blueprint.get("/matching/rules/trial")
@requires(Permission.MATCHING_DECIDE)
def rules_trial() -> Answer:
    """Show a coordinator what other weights would have done to the newest round, before anybody adopts them."""
    tried = WeightsForm(request.args, meta={"csrf": False})
    is_sound = tried.validate() and any(_weights_of(tried).values())
    form = AdoptionForm(data=_weights_of(tried) if is_sound else _in_force(reading(), current_actor()))
    if is_sound:
        form.version.data = str(_number(reading(), current_actor()))
    elif request.args:
        form.form_errors.append(gettext("Each weight is a whole number from 0 to 100, and one must be more than 0."))
    return _trial(form, is_sound=is_sound), 200 if is_sound or not request.args else 422


@blueprint.post("/matching/rules/trial")
@requires(Permission.MATCHING_DECIDE)
def rules_trial_post() -> Answer:
    """Make weights that were tried the next version of the rules."""
    form = AdoptionForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                made = operations.adopt_rules(
                    session,
                    weights={component: form[component.value].data for component in Component},
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    number=form.seen_version,
                )
                outcome.location = url_for("matching.rules")
                sentence = gettext("Version %(number)s is in force. The next round runs by it.", number=made.number)
            flash(sentence)
            return redirect(outcome.location, code=303)
    is_sound = not any(form[component.value].errors for component in Component) and any(_weights_of(form).values())
    return _trial(form, is_sound=is_sound), 422


def _trial(form: AdoptionForm, *, is_sound: bool) -> str:
    """Draw the page of a trial; the effect is told where the weights can be tried and a round is remembered."""
    session, actor = reading(), current_actor()
    return render_template(
        "matching/rules_trial.html",
        form=form,
        is_sound=is_sound,
        now=_in_force(session, actor),
        components=Component,
        **(_effect(session, actor, _weights_of(form)) if is_sound else {"effect": None, "round": None}),
    )


def _effect(session: Session, actor: Actor, weights: Mapping[str, int]) -> dict[str, Any]:
    """Work out the effect on the newest round, by name."""
    newest = queries.find_newest_round(session, actor)
    record = queries.find_record(session, actor, newest.id) if newest else None
    if newest is None or record is None:
        return {"effect": None, "round": newest}
    effect = effect_of_weights(unpack(record.arrays), {Component(name): weight for name, weight in weights.items()})
    gained, lost, changed = (each[:MOST_NAMED] for each in (effect.gained, effect.lost, effect.changed))
    rows = {each[0] for each in (*gained, *lost, *changed)}
    columns = {column for each in (*gained, *lost, *changed) for column in each[1:]}
    mentees = {row: uuid.UUID(record.mentee_ids[row]) for row in rows}
    mentors = {column: uuid.UUID(record.volunteer_ids[column]) for column in columns}
    named = queries.name_everybody(session, actor, [*mentees.values(), *mentors.values()])
    return {
        "effect": effect,
        "round": newest,
        "mentees": {row: named.get(each, "") for row, each in mentees.items()},
        "mentors": {column: named.get(each, "") for column, each in mentors.items()},
        "most_named": MOST_NAMED,
    }


def _weights_of(form: WeightsForm) -> dict[str, int]:
    """Give the weights of a form that was found in order."""
    return {component.value: form[component.value].data or 0 for component in Component}


def _in_force(session: Session, actor: Actor) -> dict[str, int]:
    """Give the weights in force in the actor's scheme."""
    found = queries.find_rules(session, actor.scheme_id) if actor.scheme_id else None
    return dict(found.weights) if found else _defaults()


def _number(session: Session, actor: Actor) -> int:
    """Tell which version is in force; the first one is made when it is first needed."""
    found = queries.find_rules(session, actor.scheme_id) if actor.scheme_id else None
    return found.number if found else 1


def _defaults() -> dict[str, int]:
    """Give the weights that the portal brings along."""
    return {component.value: weight for component, weight in DEFAULT_WEIGHTS.items()}
