"""A reader of figures learns nothing of one person: not from a page, not from a file, not from two of them compared."""

import csv
import importlib
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from mentees.rules import CaseStage
from mentors.rules import Stage
from reports.policy import may_see_exact_counts
from reports.rules import Measure
from tests.conftest import Saved
from tests.pages import PageClient
from tests.reports import rows
from tests.reports.rows import TODAY, day
from tests.security.matrix import read_table

EVALUATOR = "eva@mail.example"
FIGURES = {"/home", "/board", "/board.csv"}
"""Every page and file in which somebody reads figures who sees no person."""

OWN = ("/account", "/scheme", "/sign-in")
"""Pages about the reader alone."""


def begin(build: Builder, *roles: Role) -> None:
    """Promise two measures that six people and seven meetings do not reach, and let somebody read how they stand."""
    build.account(*(roles or (Role.EVALUATOR,)), email=EVALUATOR)
    for measure in (Measure.SESSIONS, Measure.PEOPLE_MENTORED, Measure.LIFE_CHANGE_PLANS):
        build.target(measure, 12, starts_on=day(-100), ends_on=day(100))
    mentor(build, 6, day(-40))


def mentor(build: Builder, people: int, starts_on: date) -> None:
    """Let so many people begin with a mentor on a day, and meet them once on the next."""
    for _ in range(people):
        by, of = rows.volunteer(build, Stage.READY), rows.mentee(build, CaseStage.MATCHED)
        rows.meeting(build, rows.match(build, by, of, starts_on=starts_on), min(TODAY, starts_on))


def seen(client: PageClient) -> dict[str, str]:
    """Read everything that is shown and given of figures, today's and those of the days before; marks and all."""
    found = {}
    for path in sorted(FIGURES):
        for on in (TODAY, day(-1), day(-2), day(-39)):
            address = path if path == "/home" else f"{path}?on={on.isoformat()}"
            if path.endswith(".csv"):
                found[address] = client.raw(address).get_data(as_text=True)
            else:
                main = client.get(address).tree.find(".//main")
                assert main is not None
                found[address] = ET.tostring(main, encoding="unicode")
    return found


def changed(saved: Saved, client: PageClient) -> set[str]:
    """Tell which pages and files give away that three more people began yesterday, one of whom came today."""
    with saved as build:
        begin(build)
    client.sign_in(EVALUATOR, PASSWORD)
    before = seen(client)
    with saved as build:
        mentor(build, 2, day(-1))
        rows.meeting(build, rows.match(build, rows.volunteer(build), rows.mentee(build), starts_on=day(-1)), TODAY)
    after = seen(client)
    return {address.partition("?")[0] for address in before if before[address] != after[address]}


def line_of(client: PageClient, measure: str, address: str = "/board.csv") -> dict[str, str]:
    """Read one line of the file."""
    text = client.raw(address).get_data(as_text=True).removeprefix("\ufeff")
    return next(line for line in csv.DictReader(io.StringIO(text)) if line["Measure"] == measure)


def test_one_person_more_changes_nothing_that_an_evaluator_is_shown_or_given(saved: Saved, client: PageClient) -> None:
    assert changed(saved, client) == set()


def test_a_count_told_as_it_is_would_be_found_on_every_page_and_in_the_file(
    saved: Saved, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The planted fault: everybody is told counts as if they worked with the people.
    module = importlib.import_module("reports.queries.board")
    monkeypatch.setattr(module, "may_see_exact_counts", lambda _by: True)
    assert changed(saved, client) == FIGURES


def test_no_other_page_about_anybody_else_opens_to_an_evaluator() -> None:
    opened = {
        line.address
        for line in read_table()
        if (line.answers["anonymous"], line.answers["evaluator"]) == ("sign in", "yes") and line.method == "GET"
    }
    assert {address for address in opened if not address.startswith(OWN)} == FIGURES


def test_an_evaluator_reads_steps_and_why(saved: Saved, client: PageClient) -> None:
    with saved as build:
        begin(build)
        build.figure(Measure.LIFE_CHANGE_PLANS, 3, source="Paper list")
    home = client.sign_in(EVALUATOR, PASSWORD).text
    board = client.get("/board").text
    for text in (home, board):
        assert text.count("At least 5 of 12 · at least 42% done") == 2
        assert "Fewer than 5 of 12 · 50% of the time gone" in text
        assert text.count("So that nobody can be recognised") == 1
    assert "Fewer than 5 from “Paper list”" in board
    assert "Not shown" in board


def test_the_file_holds_no_more_than_the_page(saved: Saved, client: PageClient) -> None:
    with saved as build:
        begin(build)
        build.figure(Measure.LIFE_CHANGE_PLANS, 3, source="Paper list")
    client.sign_in(EVALUATOR, PASSWORD)
    people, plans = (line_of(client, measure) for measure in ("People mentored", "12-month Life Change plans"))
    assert (people["Delivered"], people["Done"], people["How exact"][:8]) == ("5", "42%", "At least")
    assert (plans["Delivered"], plans["Done"], plans["Rating"]) == ("Fewer than 5", "Hidden", "Not shown")
    assert plans["Sources"].endswith(": Fewer than 5")


def test_many_sessions_of_few_people_are_hidden(saved: Saved, client: PageClient) -> None:
    with saved as build:
        begin(build)
        # Until six others came on one day, nearly all sessions were those of one person.
        mentor(build, 1, day(-60))
        pair = rows.pair(build)
        for offset in range(-90, -82):
            rows.meeting(build, pair, day(offset))
    client.sign_in(EVALUATOR, PASSWORD)
    early = f"on={day(-50).isoformat()}"
    page = client.get(f"/board?{early}").text
    assert "Hidden, as it is about fewer than 5 people; 12 promised" in page
    assert "Hidden: what is counted from records here is about fewer than 5 people" in page
    assert line_of(client, "Mentoring sessions", f"/board.csv?{early}")["Delivered"] == "Hidden"
    assert line_of(client, "Mentoring sessions")["Delivered"] == "15"


def test_measures_that_count_no_people_are_told_as_they_are(saved: Saved, client: PageClient) -> None:
    with saved as build:
        begin(build)
        build.target(Measure.TRAINING_HOURS, 180, starts_on=day(-100), ends_on=day(100))
        rows.evening(build, rows.course(build), day(-2), minutes=120)
    client.sign_in(EVALUATOR, PASSWORD)
    assert "2 of 180 · 1% done" in client.get("/board").text


def test_a_coordinator_reads_full_figures_on_the_page_and_in_the_file(saved: Saved, client: PageClient) -> None:
    with saved as build:
        begin(build, Role.COORDINATOR)
    client.sign_in(EVALUATOR, PASSWORD)
    page = client.get("/board").text
    assert "6 of 12 · 50% done" in page
    assert "nobody can be recognised" not in page
    assert line_of(client, "People mentored")["Delivered"] == "6"


@pytest.mark.parametrize("role", list(Role))
def test_counts_are_told_as_they_are_to_nobody_who_sees_no_list_of_the_people(role: Role, build: Builder) -> None:
    assert may_see_exact_counts(build.actor(role)) is (role is Role.COORDINATOR)


def test_somebody_who_evaluates_and_coordinates_reads_full_figures(build: Builder) -> None:
    assert may_see_exact_counts(build.actor(Role.EVALUATOR, Role.COORDINATOR))
