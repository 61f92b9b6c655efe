"""The pages of officers and coordinators, opened and filled in as they would."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer_group

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.encryption import GROUP
from foundation.outbox import Letter
from mentees.models import Mentee
from mentees.rules import Ban, CaseStage, Exclusion, RiskGroup, RiskLevel, Setting
from tests.conftest import NOW, Saved
from tests.pages import PageClient

STAFF = "staff@mail.example"
OFFICER = "officer@mail.example"
OTHER_OFFICER = "other@mail.example"
TODAY = NOW.date()


def three_parts(day: date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


REFERRAL: dict[str, Any] = {
    "name": "Sam Doe",
    "phone": "07700 900123",
    "consent_on": three_parts(TODAY - timedelta(days=1)),
    "setting": "custody",
    "release_on": three_parts(TODAY + timedelta(days=10)),
    "area": "l36 9ux",
    "travel_km": "12",
    "risk_known_adult": "2",
    "source": "OASys, Jo Lunt",
    "assessed_on": three_parts(TODAY - timedelta(days=30)),
    "exclusion_1-place": "L32 4XX",
    "exclusion_1-radius_km": "2",
    "exclusion_1-label": "Primary school",
    "ban_1-name": "Kim Lee",
    "needs": ["accommodation", "health"],
    "languages": ["en", "pl"],
    "interests": "cooking",
    "stated_gender": "woman",
    "stated_gender_why": "Asked for it.",
    "slots": ["0", "4"],
    "hours_per_week": "2",
    "about": "Wants to cook.",
}


def build_people(build: Builder) -> dict[str, str]:
    """Make staff, officers of two agencies, and a referral by each; give the addresses of the referrals."""
    build.account(Role.COORDINATOR, email=STAFF, name="Ada Okafor")
    found = {}
    for email, agency_name in ((OFFICER, "Probation"), (OTHER_OFFICER, "Housing")):
        agency = build.agency(agency_name)
        account = build.account(Role.PARTNER_OFFICER, email=email, agency=agency)
        by = Actor(account.person_id, build.scheme().id, frozenset({Role.PARTNER_OFFICER}), agency_id=agency.id)
        found[email] = str(build.mentee(CaseStage.REFERRED, name=f"Person of {agency_name}", by=by).id)
    return found


def only_mentee(db: Database, name: str = "Sam Doe") -> Mentee:
    with db.sessions() as session:
        mentee = session.scalars(
            select(Mentee).join(Mentee.person).where(Mentee.person.has(name=name)).options(undefer_group(GROUP))
        ).one()
        for collection in (mentee.risks, mentee.exclusion_areas, mentee.contact_bans, mentee.moves, mentee.person):
            assert collection is not None
        return mentee


def test_an_officer_refers_a_person_and_reads_what_happens_next(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build_people(build)
    client.sign_in(OFFICER, PASSWORD)
    page = client.follow(client.fill("/referrals/new", REFERRAL))
    assert page.heading == "Sam Doe"
    assert "K-0003" in page.text
    assert "A coordinator reads the referral" in page.text
    mentee = only_mentee(db)
    assert (mentee.setting, mentee.release_on) == (Setting.CUSTODY, TODAY + timedelta(days=10))
    assert (mentee.slots, mentee.hours_per_week, mentee.travel_km) == (0b10001, 2, 12)
    assert (mentee.needs, mentee.languages) == (["accommodation", "health"], ["en", "pl"])
    assert [(risk.group_at_risk, risk.level) for risk in mentee.risks] == [(RiskGroup.KNOWN_ADULT, RiskLevel.HIGH)]
    assert [(area.label, area.radius_km) for area in mentee.exclusion_areas] == [("Primary school", 2.0)]
    assert [ban.name for ban in mentee.contact_bans] == ["Kim Lee"]
    assert mentee.agency_id is not None


def test_staff_enter_a_referral_for_an_agency(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build_people(build)
        agency = build.agency("Prison")
    client.sign_in(STAFF, PASSWORD)
    client.fill("/referrals/new", {**REFERRAL, "agency": str(agency.id)})
    assert only_mentee(db).agency_id == agency.id


def test_sending_the_same_referral_twice_makes_one(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build_people(build)
    client.sign_in(OFFICER, PASSWORD)
    values = {**client.get("/referrals/new").form(), **REFERRAL}
    first = client.send("/referrals/new", values)
    second = client.send("/referrals/new", values)
    assert first.headers["Location"] == second.headers["Location"]
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Mentee)) == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter the person's name"),
        ({"consent_on": ["", "", ""]}, "Without consent"),
        ({"consent_on": three_parts(TODAY + timedelta(days=1))}, "day of consent cannot lie in the future"),
        ({"consent_on": ["31", "2", "2026"]}, "Enter a real date"),
        ({"release_on": ["", "", ""]}, "Enter the release date, or below why it is not known"),
        ({"release_on": three_parts(TODAY - timedelta(days=1))}, "This date has passed"),
        ({"setting": ""}, "Choose where they are now"),
        ({"setting": "moon"}, "Choose one of the answers on the page"),
        ({"setting": "community", "area": ""}, "Enter the agreed meeting place"),
        ({"area": "L36 9U"}, "Enter a full postcode"),
        ({"travel_km": "far"}, "Enter a whole number from 0 to 100"),
        ({"risk_known_adult": ""}, "at least one group"),
        ({"risk_known_adult": "9"}, "Choose one of the answers on the page"),
        ({"source": ""}, "Enter who assessed the risk"),
        ({"assessed_on": three_parts(TODAY + timedelta(days=2))}, "assessment cannot lie in the future"),
        ({"exclusion_1-place": "Little Nowhere"}, "“Little Nowhere” is not on our map"),
        ({"exclusion_1-radius_km": ""}, "Enter how many kilometres"),
        ({"exclusion_2-radius_km": "3"}, "Enter the postcode or town of the area"),
        ({"ban_2-why": "licence"}, "Enter the name of the person they must not contact"),
        ({"needs": []}, "Choose at least one need"),
        ({"languages": []}, "Choose at least one language"),
        ({"stated_gender_why": ""}, "Enter why they need it"),
        ({"stated_gender": ""}, "Choose a woman or a man"),
        ({"slots": []}, "Tick at least one part of the week"),
        ({"hours_per_week": "0"}, "Enter a whole number from 1 to 10"),
    ],
)
def test_a_wrong_answer_is_told_in_words_and_all_that_was_typed_stays(
    saved: Saved, client: PageClient, changes: dict[str, Any], sentence: str
) -> None:
    with saved as build:
        build_people(build)
    client.sign_in(OFFICER, PASSWORD)
    typed = {**REFERRAL, **changes}
    client.fill("/referrals/new", typed, status=422)
    assert client.page is not None
    assert len(client.page.errors) == 1
    assert sentence in client.page.errors[0]
    kept = client.page.form()
    for name, value in typed.items():
        refused = name in changes and value in {"moon", "9"} if isinstance(value, str) else False
        if value not in ("", []) and not refused:
            assert kept[name] == value, name


def test_a_place_that_nobody_knows_is_accepted_as_unknown(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build_people(build)
    client.sign_in(STAFF, PASSWORD)
    client.fill("/referrals/new", {**REFERRAL, "area": "Little Nowhere"})
    mentee = only_mentee(db)
    assert mentee.latitude is None
    assert "distances are not known" in client.get(f"/people/{mentee.id}").text


def test_an_officer_sees_only_the_referrals_of_their_agency(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(OFFICER, PASSWORD)
    page = client.get("/referrals")
    assert "Person of Probation" in page.text
    assert "Person of Housing" not in page.text
    client.get(f"/referrals/{found[OFFICER]}")
    client.get(f"/referrals/{found[OTHER_OFFICER]}", status=404)


def test_an_officer_sees_nothing_once_consent_is_taken_back(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        found = build_people(build)
        build.session.get_one(Mentee, uuid.UUID(found[OFFICER])).consent_on = None
    client.sign_in(OFFICER, PASSWORD)
    assert "Person of Probation" not in client.get("/referrals").text
    client.get(f"/referrals/{found[OFFICER]}", status=404)


def test_an_officer_reads_level_one_and_nothing_of_level_two(saved: Saved, client: PageClient) -> None:
    with saved as build:
        agency = build.agency("Probation")
        account = build.account(Role.PARTNER_OFFICER, email=OFFICER, agency=agency)
        by = Actor(account.person_id, build.scheme().id, frozenset({Role.PARTNER_OFFICER}), agency_id=agency.id)
        mentee = build.mentee(
            CaseStage.NOT_TAKEN,
            by=by,
            about="MARK-ABOUT",
            exclusions=(Exclusion("L32 4XX", "MARK-AREA", 2),),
            bans=(Ban("MARK-BAN", "MARK-WHY"),),
            setting=Setting.CUSTODY,
            release_missing_why="MARK-RELEASE",
        )
    client.sign_in(OFFICER, PASSWORD)
    for path in ("/referrals", f"/referrals/{mentee.id}"):
        page = client.get(path)
        assert "Not taken on" in page.text
        body = page.response.get_data(as_text=True)
        for mark in ("MARK-", "As built.", "OASys", "custody", "L36 9UX"):
            assert mark not in body, mark


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR, Role.TRAINING_LEAD, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_whoever_is_not_staff_or_officer_is_shut_out_of_every_page(
    saved: Saved, client: PageClient, role: Role
) -> None:
    with saved as build:
        found = build_people(build)
        build.account(role, email="somebody@mail.example")
    client.sign_in("somebody@mail.example", PASSWORD)
    for path in every_page(found[OFFICER]):
        # An administrator may open a record that was opened to them; any other is not there for them.
        is_record = role is Role.ADMINISTRATOR and path == f"/people/{found[OFFICER]}"
        client.get(path, status=404 if is_record else 403)


def test_an_officer_is_shut_out_of_the_pages_of_staff(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(OFFICER, PASSWORD)
    for path in every_page(found[OFFICER]):
        if path.startswith("/people"):
            client.get(path, status=403)


def every_page(mentee_id: str) -> list[str]:
    own = f"/people/{mentee_id}"
    return [
        "/referrals",
        "/referrals/new",
        f"/referrals/{mentee_id}",
        "/people",
        own,
        f"{own}/decision",
        f"{own}/risk",
        f"{own}/exclusion-areas/new",
        f"{own}/contact-bans/new",
        f"{own}/exclusion-areas/{mentee_id}/removal",
        f"{own}/contact-bans/{mentee_id}/removal",
    ]


def test_staff_of_another_scheme_get_404_for_every_page_of_a_person(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
        build.account(Role.COORDINATOR, email="staff@turin.example", slug="turin")
    client.sign_in("staff@turin.example", PASSWORD)
    for path in every_page(found[OFFICER]):
        if found[OFFICER] in path:
            client.get(path, status=404)
    assert "Person of" not in client.get("/people?stage=all").text
    assert "Person of" not in client.get("/referrals").text


def test_a_coordinator_takes_a_person_on_and_the_officer_is_told(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(STAFF, PASSWORD)
    path = f"/people/{found[OFFICER]}/decision"
    client.fill(path, {"to": "waiting", "why": ""}, status=422)
    page = client.follow(client.fill(path, {"to": "waiting", "why": "Fits our programme."}))
    assert "Waiting for a mentor" in page.text
    assert "Fits our programme." in page.text
    with db.sessions() as session:
        letter = session.scalars(select(Letter)).one()
        link = re.search(r"http://\S+", letter.body)
    assert letter.to_address == OFFICER
    assert link is not None
    client.client.delete_cookie("alongside")
    client.sign_in(OFFICER, PASSWORD)
    page = client.get(link[0].removeprefix("http://alongside.test"))
    assert "We have taken them on" in page.text
    assert "Fits our programme." not in page.text


def test_a_move_that_the_page_does_not_offer_is_refused(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
        matched = build.mentee(CaseStage.MATCHED)
    client.sign_in(STAFF, PASSWORD)
    client.fill(f"/people/{found[OFFICER]}/decision", {"to": "matched", "why": "x"}, status=422)
    page = client.get(f"/people/{matched.id}/decision")
    assert "End the match first" in page.text


def test_the_later_of_two_coordinators_is_told_so_and_nothing_is_overwritten(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(STAFF, PASSWORD)
    own = f"/people/{found[OFFICER]}"
    stale = client.get(f"{own}/decision").form()
    client.fill(f"{own}/contact-bans/new", {"name": "Kim Lee"})
    client.send(f"{own}/decision", {**stale, "to": "waiting", "why": "x"}, status=409)
    with db.sessions() as session:
        assert session.get_one(Mentee, uuid.UUID(found[OFFICER])).stage is CaseStage.REFERRED


def test_a_coordinator_changes_the_risk(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(STAFF, PASSWORD)
    path = f"/people/{found[OFFICER]}/risk"
    answers = {"group": "children", "level": "3", "source": "OASys", "assessed_on": three_parts(TODAY)}
    page = client.follow(client.fill(path, answers))
    assert "Highest risk: Very high" in page.text
    older = {**answers, "level": "0", "assessed_on": three_parts(TODAY - timedelta(days=9))}
    client.fill(path, older, status=422)
    assert client.page is not None
    assert client.page.errors == ["There is a newer assessment of this group already."]


def test_a_coordinator_writes_down_a_release(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        release = TODAY - timedelta(days=3)
        mentee = build.mentee(CaseStage.WAITING, name="Sam Doe", area="L36 9UX", travel_km=5)
        mentee.setting, mentee.release_on = Setting.CUSTODY, release
        path = f"/people/{mentee.id}"
    client.sign_in(STAFF, PASSWORD)
    assert "This date has passed: are they out?" in client.get(path).text
    form = client.get(f"{path}/whereabouts").form()
    assert (form["setting"], form["area"], form["travel_km"]) == ("custody", "L36 9UX", "5")
    refused = client.fill(f"{path}/whereabouts", {"area": "L32 4XX"}, status=422)
    assert "This date has passed" in refused.text
    client.follow(client.fill(f"{path}/whereabouts", {"setting": "community", "area": "L32 4XX", "slots": ["1"]}))
    found = only_mentee(db)
    assert (found.setting, found.release_on, found.area, found.slots) == (Setting.COMMUNITY, release, "L32 4XX", 2)
    assert found.latitude == pytest.approx(53.48, abs=0.05)
    assert "This date has passed" not in client.get(path).text


def test_a_coordinator_adds_and_takes_away_what_must_be_obeyed(saved: Saved, client: PageClient) -> None:
    with saved as build:
        found = build_people(build)
    client.sign_in(STAFF, PASSWORD)
    own = f"/people/{found[OFFICER]}"
    client.fill(f"{own}/exclusion-areas/new", {"place": "Nowhere", "radius_km": "2"}, status=422)
    assert client.page is not None
    assert "not on our map" in client.page.errors[0]
    client.fill(f"{own}/exclusion-areas/new", {"place": "L32 4XX", "radius_km": "2", "label": "School"})
    page = client.follow(client.fill(f"{own}/contact-bans/new", {"name": "Kim Lee", "why": "licence"}))
    assert "School and 2 km around it" in page.text
    assert "Kim Lee" in page.text
    for link in [link for link in page.links() if link.endswith("/removal")]:
        client.fill(link, {"why": ""}, status=422)
        page = client.follow(client.fill(link, {"why": "Licence ended."}))
    assert page.text.count("None known.") == 2


def test_the_list_is_filtered_by_stage_and_text(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build_people(build)
        build.mentee(CaseStage.CLOSED, name="Cleo Closed")
        build.mentee(CaseStage.WAITING, name="Walt Waiting")
        build.mentee(CaseStage.WAITING, name="100% Percy")
    client.sign_in(STAFF, PASSWORD)
    page = client.get("/people")
    assert "Walt Waiting" in page.text
    assert "Cleo Closed" not in page.text
    assert "Cleo Closed" in client.get("/people?stage=closed").text
    assert "Cleo Closed" in client.get("/people?stage=all").text
    page = client.get("/people?text=wALT")
    assert "Walt Waiting" in page.text
    assert "Percy" not in page.text
    assert "100% Percy" in client.get("/people?text=%25").text
    assert "Walt Waiting" not in client.get("/people?text=%25").text
    assert "Walt Waiting" in client.get("/people?text=k-0004").text
    for nonsense in ("?stage=moon", "?page=-1", "?page=99999999999999999999", "?page=%C2%B2", "?text=%00"):
        client.get(f"/people{nonsense}")


def test_a_release_in_the_next_fourteen_days_is_flagged(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build_people(build)
        for days in (0, 14, 15):
            build.mentee(setting=Setting.CUSTODY, release_on=TODAY + timedelta(days=days))
    client.sign_in(STAFF, PASSWORD)
    assert client.get("/people").text.count("In the next 14 days") == 2


def test_the_list_comes_in_pages_longest_waiting_first(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        for number in range(30):
            build.at = NOW - timedelta(days=number)
            build.mentee(name=f"Walker {number:02}")
    client.sign_in(STAFF, PASSWORD)
    first, second = client.get("/people").text, client.get("/people?page=2").text
    assert first.index("Walker 29") < first.index("Walker 28") < first.index("Walker 05")
    assert "Walker 04" not in first
    assert "Walker 04" in second
    assert "30 people" in first


@pytest.mark.parametrize("path", ["/people", "/referrals", "/people?stage=all&text=e"])
def test_a_list_takes_as_many_statements_for_fifty_people_as_for_one(
    saved: Saved, client: PageClient, path: str
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        build.mentee()
    client.sign_in(STAFF, PASSWORD)
    one = len(client.get(path).statements)
    with saved as build:
        for number in range(49):
            build.mentee(name=f"Person with e {number}")
    assert len(client.get(path).statements) == one


def test_a_page_of_a_person_takes_as_many_statements_with_many_rows_as_with_few(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        few = build.mentee(exclusions=(Exclusion("L32 4XX", "A", 1),), bans=(Ban("Kim"),))
        many = build.mentee(
            risks=dict.fromkeys(RiskGroup, RiskLevel.LOW),
            exclusions=tuple(Exclusion("L32 4XX", f"Area {number}", 1) for number in range(10)),
            bans=tuple(Ban(f"Kim {number}") for number in range(10)),
        )
    client.sign_in(STAFF, PASSWORD)
    counts = [len(client.get(f"/people/{mentee.id}").statements) for mentee in (few, many)]
    assert counts[0] == counts[1]
