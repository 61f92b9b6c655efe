"""Emergency access: nobody opens a confidential record alone, only one opens, and everything is written down."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from accounts import operations, queries
from accounts.models import BreakGlass
from accounts.policy import Actor, may_decide_glass
from accounts.rules import BREAK_GLASS_LASTS, BREAK_GLASS_WAITS, GlassState, Role
from demo.builders import PASSWORD, Builder
from foundation import audit
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.outbox import Letter
from tests.conftest import NOW, Saved
from tests.pages import PageClient

ADMINISTRATOR, COORDINATOR = "administrator@mail.example", "coordinator@mail.example"


def ask(build: Builder, by: Actor) -> BreakGlass:
    """Ask for somebody's record."""
    return operations.ask_break_glass(
        build.session,
        person_id=build.person().id,
        location="/people/x",
        why="A call at night.",
        by=by,
        at=NOW,
        base_url="",
    )


def decide(build: Builder, glass: BreakGlass, by: Actor, *, is_allowed: bool = True) -> None:
    """Decide as somebody."""
    operations.decide_break_glass(build.session, glass=glass, is_allowed=is_allowed, by=by, at=NOW, base_url="")


def test_a_second_person_opens_a_record_for_one_hour(build: Builder) -> None:
    glass = ask(build, build.actor(Role.ADMINISTRATOR))
    assert glass.state_at(NOW) is GlassState.ASKED
    decide(build, glass, build.actor(Role.COORDINATOR))
    assert glass.state_at(NOW) is GlassState.OPEN
    assert glass.state_at(NOW + BREAK_GLASS_LASTS) is GlassState.OVER


def test_a_refused_request_opens_nothing(build: Builder) -> None:
    glass = ask(build, build.actor(Role.ADMINISTRATOR))
    decide(build, glass, build.actor(Role.ADMINISTRATOR), is_allowed=False)
    assert glass.state_at(NOW) is GlassState.REFUSED


def test_nobody_allows_their_own_request_or_the_opening_of_their_own_record(build: Builder) -> None:
    by = build.actor(Role.ADMINISTRATOR, Role.COORDINATOR)
    glass = ask(build, by)
    with pytest.raises(NotPermitted):
        decide(build, glass, by)
    with pytest.raises(NotPermitted):
        decide(build, glass, build.actor(Role.COORDINATOR, person_id=glass.person_id))
    assert not may_decide_glass(build.portal(), glass)


def test_who_decides_elsewhere_does_not_see_a_request(build: Builder) -> None:
    glass = ask(build, build.actor(Role.ADMINISTRATOR))
    with pytest.raises(NotVisible):
        decide(build, glass, build.actor(Role.COORDINATOR, slug="turin"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_asks(build: Builder, role: Role) -> None:
    with pytest.raises(NotPermitted):
        ask(build, build.actor(role))


def test_a_request_says_why(build: Builder) -> None:
    with pytest.raises(Refusal, match="why"):
        operations.ask_break_glass(
            build.session,
            person_id=build.person().id,
            location="/people/x",
            why="  ",
            by=build.actor(Role.ADMINISTRATOR),
            at=NOW,
            base_url="",
        )


def test_a_request_is_decided_once_and_not_after_a_day(build: Builder) -> None:
    glass = ask(build, build.actor(Role.ADMINISTRATOR))
    decide(build, glass, build.actor(Role.COORDINATOR), is_allowed=False)
    with pytest.raises(operations.AlreadyDecided):
        decide(build, glass, build.actor(Role.COORDINATOR))
    late = ask(build, build.actor(Role.ADMINISTRATOR))
    with pytest.raises(operations.AlreadyDecided):
        operations.decide_break_glass(
            build.session,
            glass=late,
            is_allowed=True,
            by=build.actor(Role.COORDINATOR),
            at=NOW + BREAK_GLASS_WAITS,
            base_url="",
        )


def test_a_record_is_closed_before_its_hour_is_over(build: Builder) -> None:
    by = build.actor(Role.ADMINISTRATOR)
    glass = ask(build, by)
    decide(build, glass, build.actor(Role.COORDINATOR))
    build.session.flush()
    assert queries.list_open_glasses(build.session, glass.scheme_id, glass.asked_by_id, NOW) == [glass]
    operations.end_break_glass(build.session, glass=glass, by=by, at=NOW + timedelta(minutes=1))
    build.session.flush()
    assert glass.state_at(NOW + timedelta(minutes=1)) is GlassState.OVER


def test_an_administrator_reads_one_record_under_the_eyes_of_others(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
        build.account(Role.COORDINATOR, email=COORDINATOR)
        person, other = build.mentee(about="She fears her brother."), build.mentee()
        reference, name = person.reference, person.person.name
    record = f"/people/{person.id}"
    client.sign_in(ADMINISTRATOR, PASSWORD)
    client.get(record, status=404)
    asked = client.fill("/emergency-access/new", {"record": reference, "why": "The police ask at night."})
    client.get(record, status=404)
    page = client.follow(asked).response.request.path
    second = PageClient(client.app, client.engine)
    second.sign_in(COORDINATOR, PASSWORD)
    second.fill(page, {"answer": "yes"})
    opened = client.get(record)
    assert "She fears her brother." in opened.text
    assert "A confidential record is open to you" in opened.response.get_data(as_text=True)
    client.get(f"/people/{other.id}", status=404)
    client.get("/people", status=403)
    client.get(f"{record}/risk", status=403)
    with db.sessions() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.verb == queries.LOOK).order_by(AuditEntry.id)).all()
        letters = session.scalars(select(Letter).where(Letter.to_address == COORDINATOR).order_by(Letter.id)).all()
        opened_looks = [audit.open_entry(session, look) for look in looks]
    assert [look.why for look in opened_looks if look] == ["mentees.person"]
    assert len(letters) == 2
    assert not any(name in letter.body + letter.subject for letter in letters)
    assert "1" in second.get("/emergency-access").text
    clock.shift(BREAK_GLASS_LASTS)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    client.get(record, status=404)


def test_an_administrator_reads_the_confidential_part_of_a_volunteer_the_same_way(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
        build.account(Role.COORDINATOR, email=COORDINATOR)
        volunteer = build.ready_volunteer(email="volunteer@mail.example")
    client.sign_in(ADMINISTRATOR, PASSWORD)
    client.get(f"/volunteers/{volunteer.id}", status=404)
    asked = client.fill("/emergency-access/new", {"record": "volunteer@mail.example", "why": "A complaint."})
    page = client.follow(asked).response.request.path
    second = PageClient(client.app, client.engine)
    second.sign_in(COORDINATOR, PASSWORD)
    second.fill(page, {"answer": "yes"})
    assert "Panel of today." in client.get(f"/volunteers/{volunteer.id}").text
    client.fill(f"{page}/end", {})
    client.get(f"/volunteers/{volunteer.id}", status=404)


def test_a_record_that_nobody_has_is_not_asked_for(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
        elsewhere = build.mentee(slug="turin").reference
    client.sign_in(ADMINISTRATOR, PASSWORD)
    client.fill("/emergency-access/new", {"record": elsewhere, "why": "A call."}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Nobody in this scheme has this reference or email address."]
    client.get("/emergency-access")
