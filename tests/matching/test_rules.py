"""Rules of the matching: versions that stay, an effect that is seen before, and rounds that keep by which they ran."""

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import NotPermitted, Refusal
from matching import operations, queries
from matching.gathering import effect_of_weights, unpack
from matching.models import Round, RoundRecord, RuleSet
from matching.rules import DEFAULT_WEIGHTS, Component
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import EVENINGS, ready, run, waiting
from tests.pages import PageClient

NEAR = dict.fromkeys(Component, 0) | {Component.LOCATION: 50}
OFTEN = dict.fromkeys(Component, 0) | {Component.AVAILABILITY: 50}


def numbers(db: Database) -> list[tuple[int, str]]:
    with db.sessions() as session:
        return [(row.number, row.reason) for row in session.scalars(select(RuleSet).order_by(RuleSet.number))]


def two_people_who_want_the_same_mentor(build: Builder) -> None:
    """One lives near the only mentor, the other has more time in common."""
    ready(build, name="Mo Mentor", area="L32 4XX", capacity=1, slots=EVENINGS)
    waiting(build, name="Nia Near", area="L32 4XX", slots=0b100)
    waiting(build, name="Otto Often", area="M1 1AE", travel_km=90, slots=EVENINGS)


def test_the_first_version_is_the_defaults_and_made_when_it_is_needed(build: Builder) -> None:
    by = build.portal()
    assert queries.list_rules(build.session, by) == []
    made = operations.rules_in_force(build.session, by=by, at=NOW)
    assert (made.number, made.made_by_id, made.weights) == (1, None, dict(DEFAULT_WEIGHTS))
    assert operations.rules_in_force(build.session, by=by, at=NOW) is made


def test_each_scheme_counts_its_own_versions(build: Builder) -> None:
    for slug in ("knowsley", "turin"):
        by = build.actor(Role.COORDINATOR, slug=slug)
        assert operations.adopt_rules(build.session, weights=NEAR, why="Travel.", by=by, at=NOW).number == 2
        assert [row.number for row in queries.list_rules(build.session, by)] == [2, 1]


def test_weights_must_be_sound(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    for weights in ({Component.RISK: 101}, {Component.RISK: -1, Component.LOCATION: 5}, dict.fromkeys(Component, 0)):
        with pytest.raises(Refusal, match="weight"):
            operations.adopt_rules(build.session, weights=weights, why="Try.", by=by, at=NOW)
    with pytest.raises(Refusal, match="in force already"):
        operations.adopt_rules(build.session, weights=DEFAULT_WEIGHTS, why="Same.", by=by, at=NOW)
    with pytest.raises(Refusal, match="reason"):
        operations.adopt_rules(build.session, weights=NEAR, why=" ", by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.adopt_rules(build.session, weights=NEAR, why="x", by=build.actor(Role.TRAINING_LEAD), at=NOW)


def test_a_version_that_was_weighed_against_an_older_one_is_refused(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    operations.adopt_rules(build.session, weights=NEAR, why="Travel.", by=by, at=NOW, number=1)
    with pytest.raises(operations.RulesMoved, match="Version 2"):
        operations.adopt_rules(build.session, weights=OFTEN, why="Time.", by=by, at=NOW, number=1)


def test_a_round_runs_by_the_rules_in_force_and_keeps_which_they_were(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        two_people_who_want_the_same_mentor(build)
    first = run(app, saved, db)
    with saved as build:
        by = build.actor(Role.COORDINATOR)
        second_rules = operations.adopt_rules(build.session, weights=NEAR, why="Travel.", by=by, at=NOW)
    second = run(app, saved, db)
    with db.sessions() as session:
        assert session.get_one(Round, first.id).weights == dict(DEFAULT_WEIGHTS)
        kept = session.get_one(Round, second.id)
        assert (kept.rule_set_id, kept.weights) == (second_rules.id, {part.value: NEAR[part] for part in Component})


def test_the_effect_on_a_round_tells_who_would_be_matched_instead(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        two_people_who_want_the_same_mentor(build)
    round_ = run(app, saved, db)
    with db.sessions() as session:
        record = session.scalars(select(RoundRecord)).one()
        memory = unpack(record.arrays)
    effects = [effect_of_weights(memory, weights) for weights in (NEAR, OFTEN)]
    assert [effect.after.served for effect in effects] == [1, 1]
    matched = record.mentee_ids.index(round_.proposals[0].mentee_id.hex)
    changing = [effect for effect in effects if not effect.is_nothing]
    assert len(changing) == 1
    assert changing[0].lost == [(matched, 0)]
    assert changing[0].gained == [(1 - matched, 0)]
    assert changing[0].after.mean_fit > changing[0].before.mean_fit


def test_the_same_weights_change_nothing(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        for number in range(6):
            ready(build, email=f"m{number}@mail.example")
            waiting(build)
    run(app, saved, db)
    with db.sessions() as session:
        memory = unpack(session.scalars(select(RoundRecord)).one().arrays)
    effect = effect_of_weights(memory, DEFAULT_WEIGHTS)
    assert effect.is_nothing
    assert effect.kept == 6


def test_a_coordinator_tries_weights_sees_the_effect_and_adopts_them(
    app: Flask, saved: Saved, db: Database, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example", name="Ada")
        two_people_who_want_the_same_mentor(build)
    run(app, saved, db)
    client.sign_in("ada@mail.example", PASSWORD)
    assert "Version 1, in force" in client.get("/matching/rules").text
    zero = {component.value: 0 for component in Component}
    asked = [
        "&".join(f"{name}={value}" for name, value in (zero | {part: 100}).items())
        for part in ("location", "availability")
    ]
    pages = [client.get(f"/matching/rules/trial?{query}").text for query in asked]
    assert sorted("Would get a mentor" in page for page in pages) == [False, True]
    assert "Nia Near" in "".join(pages)
    client.fill(f"/matching/rules/trial?{asked[0]}", {"why": ""}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Give a reason. It is kept with the rules."]
    assert client.page.form()["location"] == "100"
    values = client.get(f"/matching/rules/trial?{asked[0]}").form() | {"why": "Buses are few."}
    for _click in range(2):
        client.send("/matching/rules/trial", values)
    assert numbers(db) == [(1, ""), (2, "Buses are few.")]
    page = client.get("/matching/rules").text
    assert "Version 2, in force" in page
    assert "Buses are few." in page
    assert "Version 2 of the rules is in force" in client.get("/matching/new").text
    old = client.get(f"/matching/rules/trial?{asked[1]}").form() | {"why": "Time.", "version": "1"}
    client.send("/matching/rules/trial", old, status=409)
    client.get("/matching/rules/trial?location=many", status=422)
