"""The coordinator's pipeline: who stands where, moves, checks, clearance, and what nobody may do."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account, RoleGrant
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.audit import AuditEntry, verify
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.lifecycle import ForbiddenMove
from foundation.outbox import Letter
from foundation.versions import StaleEdit
from mentors import operations, queries
from mentors.models import StageMove, Volunteer
from mentors.rules import STAGES, CheckKind, CheckOutcome, DbsLevel, Rosh, Stage
from tests.conftest import NOW, Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"


def coordinator(build: Builder, role: Role = Role.COORDINATOR, slug: str = "knowsley") -> None:
    """Make somebody who can sign in."""
    build.account(role, email=EMAIL, name="Ada Okafor", slug=slug)


def test_a_move_is_written_down_with_who_when_and_why(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer(name="Jo Mercer", email="jo@mail.example")
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}"
    page = client.follow(client.fill(f"{path}/move", {"to": "screening", "why": "We talked on the phone."}))
    for words in ("Screening", "Ada Okafor", "We talked on the phone.", "16 November 2026, 10:00", "Saved."):
        assert words in page.text
    with db.sessions() as session:
        move = session.scalars(select(StageMove).where(StageMove.after == Stage.SCREENING)).one()
        assert (move.before, move.at, move.why) == (Stage.APPLIED, NOW, "We talked on the phone.")
        letter = session.scalars(select(Letter)).one()
        assert letter.to_address == "jo@mail.example"
        assert "/invitations/" in letter.body
        assert verify(session) is None


def test_only_moves_of_the_lifecycle_are_offered_and_a_crafted_one_is_refused(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}/move"
    page = client.get(path)
    offered = {field.get("value") for field in page.tree.findall(".//main//input[@type='radio']")}
    # Leaving has a page of its own, which asks for the last day and the reason.
    assert offered == {"screening", "not now"}
    for stage in ("ready", "training", "applied", "left", "king"):
        client.send(path, {**page.form(), "to": stage, "why": "Because."}, status=422)
        assert client.page is not None
        assert client.page.errors
        assert client.page.form()["why"] == "Because."
    with db.sessions() as session:
        assert session.scalars(select(Volunteer)).one().stage is Stage.APPLIED


@pytest.mark.parametrize("before", list(Stage))
def test_the_operation_makes_exactly_the_moves_of_the_lifecycle(
    session: Session, build: Builder, before: Stage
) -> None:
    for after in Stage:
        volunteer = build.volunteer(before)
        if after is Stage.READY:
            # What else the readiness gate asks is not in question here.
            build.check_and_clear(volunteer)
        if STAGES.allows(before, after):
            build.move(volunteer, after)
            assert volunteer.stage is after
        else:
            with pytest.raises(ForbiddenMove):
                build.move(volunteer, after)
            assert volunteer.stage is before


def test_two_tabs_the_second_move_is_refused_as_stale(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}"
    forms = {tab: client.get(f"{path}/{tab}").form() for tab in ("move", "checks/identity", "clearance", "places")}
    client.send(f"{path}/move", {**forms["move"], "to": "screening", "why": "First."})
    client.send(f"{path}/move", {**forms["move"], "to": "screening", "why": "Twice."}, status=409)
    client.send(f"{path}/move", {**forms["move"], "to": "not now", "why": "Second."}, status=409)
    client.send(f"{path}/checks/identity", {**forms["checks/identity"], "outcome": "awaited"}, status=409)
    client.send(f"{path}/clearance", {**forms["clearance"], "level": "low", "why": "Panel."}, status=409)
    client.send(f"{path}/places", {**forms["places"], "capacity": "2"}, status=409)
    with db.sessions() as session:
        row = session.scalars(select(Volunteer)).one()
        assert (row.stage, row.checks, row.cleared_rosh, row.capacity) == (Stage.SCREENING, [], None, 1)


def test_a_check_recorded_meanwhile_makes_an_open_form_stale(saved: Saved, client: PageClient) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}/checks/identity"
    # The same person, in the same second: the row of the volunteer itself stays as it is, and yet has moved on.
    client.fill(f"/volunteers/{volunteer.id}/places", {"capacity": "2"})
    form = client.get(path).form() | {"outcome": "clear", "decided_on": ["15", "11", "2026"]}
    client.send(path, form)
    client.send(path, form, status=409)


def test_checks_and_clearance_are_recorded_and_shown(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer(Stage.CHECKS)
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}"
    typed = {
        "outcome": "clear with conditions",
        "level": "enhanced",
        "decided_on": ["2", "11", "2026"],
        "expires_on": ["2", "11", "2029"],
        "conditions": "In the community only.",
    }
    page = client.follow(client.fill(f"{path}/checks/dbs", typed))
    for words in ("Clear with conditions", "Enhanced", "Runs out on 2 November 2029", "In the community only."):
        assert words in page.text
    client.fill(f"{path}/clearance", {"level": "medium", "why": "Panel of 9 November."})
    client.fill(f"{path}/places", {"capacity": "2"})
    page = client.get(path)
    for words in ("Up to medium risk", "Panel of 9 November.", "Ada Okafor", "2 people at the same time"):
        assert words in page.text
    client.fill(f"{path}/clearance", {"level": "none", "why": "Wishes to wait."})
    assert "Not cleared" in client.get(path).text
    with db.sessions() as session:
        kept = str([(entry.before, entry.after) for entry in session.scalars(select(AuditEntry))])
        assert "community only" not in kept
        assert "Panel" not in kept


@pytest.mark.parametrize(
    ("kind", "typed", "error"),
    [
        ("dbs", {"outcome": "clear", "decided_on": ["2", "11", "2026"]}, "Choose the level of the DBS check"),
        ("identity", {"outcome": "clear"}, "Enter the day of the decision"),
        ("identity", {"outcome": ""}, "Choose an outcome"),
        (
            "identity",
            {"outcome": "clear", "decided_on": ["17", "11", "2026"]},
            "The day of the decision is not to come",
        ),
        ("identity", {"outcome": "clear", "decided_on": ["30", "2", "2026"]}, "Enter a real date, like 27 3 2026"),
        (
            "identity",
            {"outcome": "clear", "decided_on": ["2", "11", "2026"], "expires_on": ["2", "11", "2026"]},
            "A check runs out after it was decided",
        ),
        (
            "first-reference",
            {"outcome": "clear with conditions", "decided_on": ["2", "11", "2026"]},
            "Enter the conditions",
        ),
    ],
)
def test_a_check_that_contradicts_itself_is_refused_and_still_there(
    saved: Saved, client: PageClient, kind: str, typed: dict[str, str | list[str]], error: str
) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    client.fill(f"/volunteers/{volunteer.id}/checks/{kind}", {**typed, "conditions": ""}, status=422)
    assert client.page is not None
    assert client.page.errors == [error]
    assert {name: value for name, value in client.page.form().items() if name in typed and value} == {
        name: value for name, value in typed.items() if value
    }


@pytest.mark.parametrize(
    ("page", "typed", "error"),
    [
        ("move", {"to": "screening", "why": " "}, "Say why; it stays in the record"),
        ("move", {"to": "not now", "why": "A new job."}, "Enter the day on which we ask again"),
        (
            "move",
            {"to": "not now", "why": "A new job.", "ask_again_on": ["16", "11", "2026"]},
            "Choose a day after today",
        ),
        ("clearance", {"level": "extreme", "why": "Panel."}, "Choose one of the answers on the page"),
        ("clearance", {"level": "low", "why": ""}, "Say why; it stays in the record"),
        ("places", {"capacity": "6"}, "Enter a whole number from 0 to 5"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(
    saved: Saved, client: PageClient, page: str, typed: dict[str, str], error: str
) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    client.fill(f"/volunteers/{volunteer.id}/{page}", typed, status=422)
    assert client.page is not None
    assert client.page.errors == [error]


def test_a_check_that_does_not_exist_has_no_page(saved: Saved, client: PageClient) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    client.get(f"/volunteers/{volunteer.id}/checks/horoscope", status=404)


def test_a_volunteer_of_another_scheme_is_not_there(saved: Saved, client: PageClient) -> None:
    with saved as build:
        coordinator(build)
        volunteer = build.volunteer(slug="turin", name="Paolo Neri", area="Torino")
        own = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    form = client.get(f"/volunteers/{own.id}/move").form()
    for page in ("", "/move", "/checks/dbs", "/clearance", "/places", "/same-person"):
        client.get(f"/volunteers/{volunteer.id}{page}", status=404)
    client.send(f"/volunteers/{volunteer.id}/move", {**form, "to": "left", "why": "Mischief."}, status=404)
    client.get(f"/volunteers/{uuid.uuid4()}", status=404)
    assert "Paolo Neri" not in client.get("/volunteers").text


def test_a_training_lead_reads_but_neither_decides_nor_reads_what_is_confidential(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        coordinator(build, Role.TRAINING_LEAD)
        volunteer = build.volunteer(Stage.INTERVIEW, gender="woman", skills=())
        build.check_and_clear(volunteer, Rosh.HIGH)
    client.sign_in(EMAIL, PASSWORD)
    page = client.get(f"/volunteers/{volunteer.id}")
    for words in ("Woman", "Built so.", "Panel of today.", "Cleared for", "DBS"):
        assert words not in page.text
    assert not [link for link in page.links() if link.endswith(("/move", "/clearance", "/places"))]
    for decision in ("move", "checks/dbs", "clearance", "places", "same-person"):
        client.get(f"/volunteers/{volunteer.id}/{decision}", status=403)


@pytest.mark.parametrize("role", [Role.PARTNER_OFFICER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.VOLUNTEER])
def test_others_do_not_open_the_pipeline(saved: Saved, client: PageClient, role: Role) -> None:
    with saved as build:
        coordinator(build, role)
        volunteer = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    client.get("/volunteers", status=403)
    # An administrator may open a record that was opened to them; any other is not there for them.
    client.get(f"/volunteers/{volunteer.id}", status=404 if role is Role.ADMINISTRATOR else 403)


def test_operations_refuse_who_may_not_decide(build: Builder, session: Session) -> None:
    volunteer = build.volunteer()
    with pytest.raises(NotPermitted):
        operations.move_volunteer(
            session, volunteer=volunteer, to=Stage.LEFT, why="No.", by=build.actor(Role.TRAINING_LEAD), at=NOW
        )
    elsewhere = build.actor(Role.COORDINATOR, slug="turin")
    with pytest.raises(NotVisible):
        operations.move_volunteer(session, volunteer=volunteer, to=Stage.LEFT, why="No.", by=elsewhere, at=NOW)
    myself = build.actor(Role.COORDINATOR, Role.VOLUNTEER, person_id=volunteer.person_id)
    with pytest.raises(NotPermitted, match="themselves"):
        operations.clear_for_risk(session, volunteer=volunteer, level=Rosh.HIGH, why="I am good.", by=myself, at=NOW)
    with pytest.raises(StaleEdit):
        operations.set_capacity(
            session, volunteer=volunteer, capacity=2, by=build.actor(Role.COORDINATOR), at=NOW, version=99
        )
    with pytest.raises(Refusal):
        operations.record_check(
            session,
            volunteer=volunteer,
            kind=CheckKind.IDENTITY,
            outcome=CheckOutcome.CLEAR,
            level=DbsLevel.BASIC,
            decided_on=NOW.date(),
            by=build.actor(Role.COORDINATOR),
            at=NOW,
        )


def test_roles_follow_the_stages(build: Builder, session: Session) -> None:
    volunteer = build.volunteer()

    def roles() -> set[Role]:
        live = select(RoleGrant.role).where(RoleGrant.person_id == volunteer.person_id, RoleGrant.ended_at.is_(None))
        return set(session.scalars(live.order_by(RoleGrant.role)))

    assert roles() == set()
    build.move(volunteer, Stage.SCREENING)
    assert roles() == {Role.VOLUNTEER}
    assert session.scalars(select(Account).where(Account.person_id == volunteer.person_id)).one().password_hash is None
    for stage in (Stage.INTERVIEW, Stage.CHECKS, Stage.TRAINING):
        build.move(volunteer, stage)
    build.check_and_clear(volunteer)
    build.move(volunteer, Stage.READY)
    assert roles() == {Role.VOLUNTEER, Role.MENTOR}
    by = build.actor(Role.COORDINATOR)
    operations.move_volunteer(session, volunteer=volunteer, to=Stage.LEFT, why="Moved to Leeds.", by=by, at=NOW)
    assert roles() == set()
    ended = session.scalars(select(AuditEntry).where(AuditEntry.verb == "end_role")).all()
    assert {entry.by_person_id for entry in ended} == {by.person_id}


def test_the_list_filters_by_stage_and_name_and_shows_the_longest_waiting_first(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        coordinator(build)
        build.volunteer(name="Young Yusuf")
        build.at = NOW - timedelta(days=40)
        build.volunteer(name="Old Olga")
        build.at = NOW - timedelta(days=3)
        build.volunteer(Stage.INTERVIEW, name="In Ines 100%")
    client.sign_in(EMAIL, PASSWORD)

    def names(query: str) -> list[str]:
        page = client.get(f"/volunteers{query}")
        return [" ".join("".join(cell.itertext()).split()) for cell in page.tree.findall(".//main//tbody//th")]

    assert names("") == ["Old Olga", "In Ines 100%", "Young Yusuf"]
    assert "40 days" in client.get("/volunteers").text
    assert names("?stage=applied") == ["Old Olga", "Young Yusuf"]
    assert names("?text=olg") == ["Old Olga"]
    assert names("?text=%25") == ["In Ines 100%"]
    assert names("?stage=applied&text=ines") == []
    assert names("?text=%00olga") == ["Old Olga"]
    client.get("/volunteers?stage=king", status=422)
    for page in ("0", "-1", "99999999999999999999", "two"):
        assert len(names(f"?page={page}")) == 3


def test_the_list_comes_in_pages_of_25_with_a_constant_number_of_statements(saved: Saved, client: PageClient) -> None:
    with saved as build:
        coordinator(build)
        build.volunteer(Stage.INTERVIEW)
    client.sign_in(EMAIL, PASSWORD)
    client.get("/volunteers")
    few = len(client.get("/volunteers").statements)
    with saved as build:
        for number in range(50):
            build.volunteer(email=f"many{number}@mail.example")
    page = client.get("/volunteers")
    assert len(page.statements) == few
    assert len(page.tree.findall(".//main//tbody/tr")) == 25
    assert "Page 1 of 3" in page.text
    assert len(client.get("/volunteers?page=3").tree.findall(".//main//tbody/tr")) == 1


def test_a_volunteers_page_takes_as_many_statements_with_a_long_history(saved: Saved, client: PageClient) -> None:
    with saved as build:
        coordinator(build)
        short = build.volunteer(Stage.SCREENING)
        long = build.volunteer(Stage.TRAINING)
        build.check_and_clear(long)
        for _ in range(25):
            build.move(long, Stage.ON_A_BREAK)
            build.move(long, Stage.TRAINING)
    client.sign_in(EMAIL, PASSWORD)
    client.get(f"/volunteers/{short.id}")
    assert len(client.get(f"/volunteers/{short.id}").statements) == len(client.get(f"/volunteers/{long.id}").statements)


def test_staff_see_that_two_applications_may_be_one_person_and_put_them_together(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        coordinator(build)
        earlier = build.volunteer(Stage.NOT_NOW, name="Jo Mercer", email="jo@mail.example", hours_per_week=3)
        later = build.volunteer(name="Joanna Mercer", email="Jo@mail.example", hours_per_week=5)
        stranger = build.volunteer()
    client.sign_in(EMAIL, PASSWORD)
    assert "Possibly the same person" not in client.get(f"/volunteers/{stranger.id}").text
    assert "Possibly the same person" in client.get(f"/volunteers/{later.id}").text
    path = f"/volunteers/{later.id}/same-person"
    client.fill(path, {"earlier": str(stranger.id), "why": "Guess."}, status=422)
    page = client.follow(client.fill(path, {"earlier": str(earlier.id), "why": "She said so on the phone."}))
    assert page.heading == "Jo Mercer"
    with db.sessions() as session:
        first, second = session.get_one(Volunteer, earlier.id), session.get_one(Volunteer, later.id)
        assert (first.stage, first.hours_per_week) == (Stage.APPLIED, 5)
        assert (second.stage, second.status_token_hash) == (Stage.LEFT, None)
        assert first.status_token_hash == later.status_token_hash


def test_somebody_elses_address_opens_no_account_and_says_what_to_do(session: Session, build: Builder) -> None:
    build.account(Role.COORDINATOR, email="jo@mail.example")
    volunteer = build.volunteer(email="jo@mail.example")
    with pytest.raises(operations.SameAddress, match="same person"):
        build.move(volunteer, Stage.SCREENING)


def test_everybody_ready_is_listed_with_what_a_round_needs(session: Session, build: Builder) -> None:
    ready = [build.ready_volunteer(level=level) for level in (Rosh.LOW, Rosh.HIGH)]
    build.volunteer(Stage.TRAINING)
    build.ready_volunteer(slug="turin", area="Torino")
    found = queries.list_ready(session, build.actor(Role.COORDINATOR))
    assert {row.id for row in found} == {row.id for row in ready}
    assert {row.cleared_rosh for row in found} == {0, 2}
    assert queries.list_ready(session, build.actor(Role.PARTNER_OFFICER)) == []
