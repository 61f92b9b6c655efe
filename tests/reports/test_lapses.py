"""The list of what runs out: by kind and time left, for coordinators of the scheme alone."""

from datetime import timedelta

import pytest

from accounts.rules import Role
from demo.builders import Builder
from demo.builders.people import PASSWORD
from mentors.rules import CheckKind, Lapse, Stage
from reports import queries
from tests.conftest import NOW, Saved
from tests.pages import PageClient
from tests.reports import rows
from tests.reports.rows import day

EMAIL = "ada@mail.example"


def fill(build: Builder) -> None:
    """Let checks run out on the first and last day of each list, and one after them."""
    for offset in (-5, 0, 1, 30, 31, 60, 61, 90, 91):
        somebody = rows.volunteer(build, Stage.READY, name=f"Day {offset}")
        kind = CheckKind.DBS if offset % 2 else CheckKind.IDENTITY
        rows.check(build, somebody, kind, expires_on=day(offset))
    rows.check(build, rows.volunteer(build, Stage.LEFT), CheckKind.DBS, expires_on=day(3))
    ended = rows.check(build, rows.volunteer(build, Stage.READY), CheckKind.DBS, expires_on=day(3))
    ended.ended_at = NOW
    rows.check(build, rows.volunteer(build, Stage.READY), CheckKind.DBS, expires_on=day(3), is_clear=False)


@pytest.mark.parametrize(
    ("lapse", "days"),
    [
        (None, [-5, 0, 1, 30, 31, 60, 61, 90]),
        (Lapse.LAPSED, [-5, 0]),
        (Lapse.IN_30, [1, 30]),
        (Lapse.IN_60, [31, 60]),
        (Lapse.IN_90, [61, 90]),
    ],
)
def test_each_list_has_its_days_and_its_count(build: Builder, lapse: Lapse | None, days: list[int]) -> None:
    fill(build)
    by = build.actor(Role.COORDINATOR)
    found = queries.list_lapses(build.session, by, day(0), lapse=lapse)
    assert [(row.expires_on - day(0)).days for row in found] == days
    counts = queries.count_lapses(build.session, by, day(0))
    assert (counts[lapse] if lapse else sum(counts.values())) == len(days)
    of_kind = queries.list_lapses(build.session, by, day(0), lapse=lapse, kind=CheckKind.IDENTITY)
    assert [row.name for row in of_kind] == [f"Day {each}" for each in days if each % 2 == 0]


@pytest.mark.parametrize("role", [Role.TRAINING_LEAD, Role.VOLUNTEER, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_nobody_else_is_told_of_checks(build: Builder, role: Role) -> None:
    fill(build)
    rows.loss(build, rows.volunteer(build, Stage.READY))
    by = build.actor(role)
    assert queries.list_lapses(build.session, by, day(0)) == []
    assert queries.list_lost(build.session, by) == []
    assert set(queries.count_lapses(build.session, by, day(0)).values()) == {0}


def test_another_scheme_has_lists_of_its_own(build: Builder) -> None:
    fill(build)
    build.scheme("turin", country="IT", time_zone="Europe/Rome")
    assert queries.list_lapses(build.session, build.actor(Role.COORDINATOR, slug="turin"), day(0)) == []


def test_a_coordinator_filters_by_kind_and_time_and_turns_pages(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        fill(build)
        for number in range(60):
            somebody = rows.volunteer(build, Stage.READY, name=f"Many {number}")
            rows.check(build, somebody, CheckKind.CAR_INSURANCE, expires_on=day(20) + timedelta(days=number % 5))
    client.sign_in(EMAIL, PASSWORD)
    page = client.get("/lapses")
    assert "Day -5" in page.text
    assert len(page.statements) <= 12
    page = client.get("/lapses?kind=car+insurance&lapse=within+30+days&page=2")
    assert page.text.count("Many") == 10
    assert "Day 30" not in page.text
    assert "Nothing runs out here" in client.get("/lapses?kind=prison+vetting").text
    client.get("/lapses?kind=horoscope", status=422)
    client.get("/lapses?page=999999999999999999999")
