"""The task list of a volunteer: what is done, what is next, whose move it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

import pytest

from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.language import has_words
from mentors import rules, words
from mentors.rules import (
    PIPELINE,
    CheckKind,
    CheckOutcome,
    Holder,
    Stage,
    StepName,
    StepState,
    furthest_stage,
    missing_checks,
    task_list,
)
from tests.conftest import Saved
from tests.pages import PageClient

TODAY = date(2026, 11, 16)
ALL = frozenset(CheckKind)


@dataclass(frozen=True)
class Row:
    """A check as the rules see it."""

    kind: CheckKind
    outcome: CheckOutcome
    expires_on: date | None = None


def states(
    stage: Stage,
    reached: Stage | None = None,
    *,
    passed: frozenset[CheckKind] = frozenset(),
    is_trained: bool | None = None,
    is_matched: bool = False,
) -> str:
    """Write a task list as one letter per step: Done, Now, Later."""
    steps = task_list(stage, reached=reached or stage, passed=passed, is_trained=is_trained, is_matched=is_matched)
    return "".join({StepState.DONE: "D", StepState.NOW: "N", StepState.LATER: "L"}[step.state] for step in steps)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.APPLIED, "NLLLLLL"),
        (Stage.SCREENING, "DNLLLLL"),
        (Stage.INTERVIEW, "DNNLLLL"),
        (Stage.CHECKS, "DNDNLLL"),
        (Stage.TRAINING, "DNDNNNL"),
        (Stage.READY, "DNDNDDN"),
    ],
)
def test_each_stage_opens_its_steps(stage: Stage, expected: str) -> None:
    assert states(stage) == expected


def test_what_is_known_counts_more_than_the_stage() -> None:
    assert states(Stage.TRAINING, passed=ALL) == "DDDDNNL"
    assert states(Stage.TRAINING, passed=ALL, is_trained=True) == "DDDDDNL"
    assert states(Stage.READY, passed=ALL, is_trained=False) == "DDDDNDN"
    assert states(Stage.READY, passed=ALL, is_matched=True) == "DDDDDDD"


@pytest.mark.parametrize("stage", [Stage.NOT_NOW, Stage.LEFT, Stage.ON_A_BREAK])
def test_a_pause_keeps_what_is_done_and_asks_nothing(stage: Stage) -> None:
    assert states(stage, Stage.TRAINING, passed=ALL) == "DDDDLLL"
    assert all(step.holder is Holder.NOBODY for step in task_list(stage, reached=Stage.TRAINING, passed=ALL))


def test_only_a_step_that_is_on_has_somebody_to_move() -> None:
    for stage in PIPELINE:
        for step in task_list(stage, reached=stage, passed=frozenset()):
            assert (step.state is StepState.NOW) == (step.holder is not Holder.NOBODY)


def test_how_far_somebody_came_is_told_by_the_last_stage_on_the_way() -> None:
    assert furthest_stage(Stage.NOT_NOW, [Stage.APPLIED, Stage.SCREENING, Stage.NOT_NOW]) is Stage.SCREENING
    assert furthest_stage(Stage.SCREENING, [Stage.APPLIED, Stage.READY, Stage.LEFT, Stage.SCREENING]) is Stage.SCREENING
    assert furthest_stage(Stage.LEFT, []) is Stage.APPLIED


@pytest.mark.parametrize(
    ("row", "is_missing"),
    [
        (Row(CheckKind.DBS, CheckOutcome.CLEAR), False),
        (Row(CheckKind.DBS, CheckOutcome.CLEAR_WITH_CONDITIONS, TODAY + timedelta(days=1)), False),
        (Row(CheckKind.DBS, CheckOutcome.CLEAR, TODAY), True),
        (Row(CheckKind.DBS, CheckOutcome.AWAITED), True),
        (Row(CheckKind.DBS, CheckOutcome.NOT_CLEAR), True),
    ],
)
def test_a_check_counts_while_it_is_clear_and_has_not_run_out(row: Row, is_missing: bool) -> None:
    others = [Row(kind, CheckOutcome.CLEAR) for kind in CheckKind if kind is not CheckKind.DBS]
    assert missing_checks([*others, row], TODAY) == ((CheckKind.DBS,) if is_missing else ())


def test_a_volunteer_sees_their_own_way_and_nobody_elses(saved: Saved, client: PageClient) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING, email="jo@mail.example", area="L32 4XX")
        build.volunteer(area="L1 1AA")
        build.account(Role.VOLUNTEER, person=volunteer.person)
    client.sign_in("jo@mail.example", PASSWORD)
    page = client.get("/my-application")
    assert "Come to the training evenings" in page.text
    assert "Your move" in page.text
    assert "L32 4XX" in page.text
    client.get(f"/volunteers/{volunteer.id}", status=403)


def test_who_is_no_volunteer_has_no_such_page(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.VOLUNTEER, email="ada@mail.example")
        build.account(Role.COORDINATOR, email="bo@mail.example")
    client.sign_in("ada@mail.example", PASSWORD)
    client.get("/my-application", status=404)
    client.client.delete_cookie("alongside")
    client.sign_in("bo@mail.example", PASSWORD)
    client.get("/my-application", status=403)


def test_every_member_has_words() -> None:
    assert words is not None
    kinds: list[type[Enum]] = [
        rules.Stage,
        rules.CheckKind,
        rules.CheckOutcome,
        rules.DbsLevel,
        rules.Rosh,
        rules.Gender,
        rules.LivedExperience,
        rules.Skill,
        rules.Interest,
        rules.StepName,
        rules.StepState,
        rules.Holder,
    ]
    assert [member for kind in kinds for member in kind if not has_words(member)] == []
    assert len(StepName) == 7
