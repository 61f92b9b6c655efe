"""Referring, deciding, assessing and restricting, as operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import Builder
from foundation import audit
from foundation.audit import AuditEntry
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.lifecycle import ForbiddenMove
from foundation.outbox import Letter
from foundation.versions import StaleEdit
from mentees import operations, queries
from mentees.models import Mentee
from mentees.operations import PlaceUnknown, ReasonMissing
from mentees.rules import (
    CASES,
    Ban,
    CaseMoved,
    CaseStage,
    Exclusion,
    Referral,
    RestrictionsChanged,
    Risk,
    RiskChanged,
    RiskGroup,
    RiskLevel,
    Setting,
    StatedGender,
)

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
RISK = Risk(RiskGroup.PUBLIC, RiskLevel.MEDIUM, "OASys", TODAY)
GOOD = Referral(
    name="Sam Doe",
    setting=Setting.COMMUNITY,
    area="L36 9UX",
    consent_on=TODAY,
    risks=(RISK,),
    languages=("en",),
)


@contextmanager
def listening(session: Session, *kinds: type) -> Iterator[list[Any]]:
    """Collect the facts of some kinds, and only those, for the length of a block."""
    heard: list[Any] = []
    before = session.info["facts"]
    session.info["facts"] = {kind: (lambda _session, fact: heard.append(fact),) for kind in kinds}
    yield heard
    session.info["facts"] = before


def refer(build: Builder, by: Actor | None = None, **changes: Any) -> Mentee:  # noqa: ANN401 - whatever a referral says.
    return operations.refer(build.session, referral=replace(GOOD, **changes), by=by or build.portal(), at=NOW)


def officer(build: Builder, name: str = "Probation Office") -> Actor:
    agency = build.agency(name)
    account = build.account(Role.PARTNER_OFFICER, agency=agency)
    return Actor(
        account.person_id, build.scheme().id, frozenset({Role.PARTNER_OFFICER}), agency_id=agency.id, origin="test"
    )


def test_a_referral_keeps_everything_that_was_said(build: Builder) -> None:
    mentee = refer(
        build,
        setting=Setting.CUSTODY,
        release_on=TOMORROW,
        needs=("health", "accommodation"),
        exclusions=(Exclusion("L32 4XX", "School", 2.5),),
        bans=(Ban("Kim Lee", "licence"),),
    )
    assert mentee.stage is CaseStage.REFERRED
    assert mentee.reference == "K-0001"
    assert mentee.latitude == pytest.approx(53.41, abs=0.01)
    assert mentee.needs == ["accommodation", "health"]
    assert [(risk.group_at_risk, risk.level, risk.source) for risk in mentee.risks] == [(RiskGroup.PUBLIC, 1, "OASys")]
    assert [(area.label, area.radius_km) for area in mentee.exclusion_areas] == [("School", 2.5)]
    assert [(ban.name, ban.why) for ban in mentee.contact_bans] == [("Kim Lee", "licence")]
    assert [(move.before, move.after) for move in mentee.moves] == [(None, CaseStage.REFERRED)]


def test_references_are_counted_in_each_scheme_by_itself(build: Builder) -> None:
    assert [build.mentee().reference for _ in range(3)] == ["K-0001", "K-0002", "K-0003"]
    build.scheme("the-hague", country="NL", time_zone="Europe/Amsterdam")
    assert build.mentee(slug="the-hague").reference == "TH-0001"


def test_the_database_refuses_the_same_reference_twice(build: Builder) -> None:
    build.mentee().reference = "K-0077"
    build.mentee().reference = "K-0077"
    with pytest.raises(IntegrityError):
        build.session.flush()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"consent_on": None}, "consent_on"),
        ({"consent_on": TOMORROW}, "consent_on"),
        ({"risks": ()}, "risk_children"),
        ({"risks": (replace(RISK, assessed_on=TOMORROW),)}, "assessed_on"),
        ({"risks": (replace(RISK, source=""),)}, "source"),
        ({"stated_gender": StatedGender.WOMAN}, "stated_gender"),
        ({"stated_gender_why": "Because."}, "stated_gender"),
        ({"area": ""}, "area"),
        ({"area": "L36 9U"}, "area"),
        ({"setting": Setting.CUSTODY}, "release_on"),
        ({"setting": Setting.CUSTODY, "release_on": TODAY - timedelta(days=1)}, "release_on"),
        ({"bans": (Ban(" "),)}, "name"),
    ],
)
def test_a_referral_that_cannot_be_worked_with_is_refused(build: Builder, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        refer(build, **changes)
    assert refused.value.field == field


def test_an_unknown_place_is_kept_as_unknown_and_never_as_zero(build: Builder) -> None:
    mentee = refer(build, area="Little Nowhere")
    assert (mentee.area, mentee.latitude, mentee.longitude) == ("Little Nowhere", None, None)


def test_somebody_in_custody_needs_no_meeting_place_but_a_word_about_the_release(build: Builder) -> None:
    mentee = refer(build, setting=Setting.CUSTODY, area="", release_missing_why="Parole hearing in May")
    assert mentee.latitude is None
    assert mentee.release_missing_why == "Parole hearing in May"


def test_an_exclusion_area_that_is_not_on_the_map_is_refused(build: Builder) -> None:
    with pytest.raises(PlaceUnknown, match="Little Nowhere"):
        refer(build, exclusions=(Exclusion("Little Nowhere", "", 2),))


def test_an_officer_always_refers_for_their_own_agency(build: Builder) -> None:
    by = officer(build)
    other = build.agency("Somebody else")
    mentee = operations.refer(build.session, referral=GOOD, by=by, at=NOW, agency_id=other.id)
    assert mentee.agency_id == by.agency_id


def test_staff_cannot_refer_for_an_agency_of_another_scheme(build: Builder) -> None:
    build.scheme("turin", country="IT", time_zone="Europe/Rome")
    foreign = build.agency("Elsewhere", slug="turin")
    with pytest.raises(NotVisible):
        operations.refer(build.session, referral=GOOD, by=build.portal(), at=NOW, agency_id=foreign.id)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR, Role.TRAINING_LEAD, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_only_staff_and_officers_refer(build: Builder, role: Role) -> None:
    with pytest.raises(NotPermitted):
        refer(build, by=build.actor(role))


@pytest.mark.parametrize(
    ("role", "before", "to"),
    [
        (Role.PARTNER_OFFICER, CaseStage.REFERRED, CaseStage.WAITING),
        (Role.TRAINING_LEAD, CaseStage.REFERRED, CaseStage.WAITING),
        (Role.MENTOR, CaseStage.REFERRED, CaseStage.WAITING),
        (Role.MENTOR, CaseStage.MATCHED, CaseStage.CLOSED),
        (Role.ADMINISTRATOR, CaseStage.WAITING, CaseStage.CLOSED),
    ],
)
def test_only_staff_decide_about_people(build: Builder, role: Role, before: CaseStage, to: CaseStage) -> None:
    mentee = build.mentee(before)
    with pytest.raises(NotPermitted):
        operations.move_case(build.session, mentee=mentee, to=to, why="x", by=build.actor(role), at=NOW)


def test_a_mentor_may_give_a_person_back_to_waiting(build: Builder) -> None:
    mentee = build.mentee(CaseStage.MATCHED)
    operations.move_case(
        build.session, mentee=mentee, to=CaseStage.WAITING, why="No time.", by=build.actor(Role.MENTOR), at=NOW
    )
    assert mentee.stage is CaseStage.WAITING


def test_a_move_is_written_down_with_who_when_and_why_and_told(build: Builder) -> None:
    mentee, by = build.mentee(CaseStage.REFERRED), build.actor(Role.COORDINATOR)
    later = NOW + timedelta(days=2)
    with listening(build.session, CaseMoved) as heard:
        operations.move_case(build.session, mentee=mentee, to=CaseStage.WAITING, why="Fits.", by=by, at=later)
    assert heard == [CaseMoved(mentee.id, CaseStage.REFERRED, CaseStage.WAITING, later, by)]
    move = mentee.moves[-1]
    assert (move.before, move.after, move.at, move.by_id, move.why) == (
        CaseStage.REFERRED,
        CaseStage.WAITING,
        later,
        by.person_id,
        "Fits.",
    )
    assert mentee.stage_since == later
    entry = build.session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1)).one()
    opened = audit.open_entry(build.session, entry)
    assert opened is not None
    assert (entry.verb, entry.subject_id, opened.why) == ("move_case", mentee.id, "Fits.")
    assert (entry.before["stage"], entry.after["stage"]) == ("referred", "waiting")


def test_every_move_that_the_lifecycle_lacks_is_refused(build: Builder) -> None:
    for before in CaseStage:
        mentee = build.mentee(before)
        for to in CaseStage:
            if not CASES.allows(before, to):
                with pytest.raises(ForbiddenMove):
                    operations.move_case(build.session, mentee=mentee, to=to, why="x", by=build.portal(), at=NOW)


@pytest.mark.parametrize(
    ("before", "to"), [(CaseStage.REFERRED, CaseStage.NOT_TAKEN), (CaseStage.WAITING, CaseStage.CLOSED)]
)
def test_nobody_is_turned_away_or_closed_without_a_reason(build: Builder, before: CaseStage, to: CaseStage) -> None:
    with pytest.raises(ReasonMissing):
        operations.move_case(build.session, mentee=build.mentee(before), to=to, why="  ", by=build.portal(), at=NOW)


@pytest.mark.parametrize("to", [CaseStage.WAITING, CaseStage.NOT_TAKEN])
def test_the_officer_gets_a_letter_with_a_link_and_no_name(build: Builder, to: CaseStage) -> None:
    mentee = refer(build, by=officer(build), name="Zebedee Quince")
    operations.move_case(
        build.session, mentee=mentee, to=to, why="w", by=build.portal(), at=NOW, base_url="https://portal.test"
    )
    letter = build.session.scalars(select(Letter)).one()
    assert letter.to_address == build.session.get_one(type(mentee.person), mentee.referred_by_id).email
    assert f"https://portal.test/referrals/{mentee.id}" in letter.body
    for secret in ("Zebedee", "Quince", mentee.reference, "taken"):
        assert secret not in letter.subject + letter.body


def test_no_letter_goes_to_an_officer_who_left_or_once_consent_is_gone(build: Builder) -> None:
    by = officer(build)
    no_consent, left = refer(build, by=by), refer(build, by=by)
    no_consent.consent_on = None
    operations.move_case(
        build.session, mentee=no_consent, to=CaseStage.WAITING, why="", by=build.portal(), at=NOW, base_url="https://p"
    )
    left.referred_by_id = build.person().id
    operations.move_case(
        build.session, mentee=left, to=CaseStage.WAITING, why="", by=build.portal(), at=NOW, base_url="https://p"
    )
    assert build.session.scalars(select(Letter)).all() == []


def test_no_second_letter_when_a_case_is_reopened(build: Builder) -> None:
    mentee = refer(build, by=officer(build))
    for to in (CaseStage.WAITING, CaseStage.CLOSED, CaseStage.WAITING):
        operations.move_case(
            build.session, mentee=mentee, to=to, why="w", by=build.portal(), at=NOW, base_url="https://p"
        )
    assert len(build.session.scalars(select(Letter)).all()) == 1


def test_a_newer_assessment_takes_the_place_of_the_older_and_is_told(build: Builder) -> None:
    mentee, by = build.mentee(risks={RiskGroup.STAFF: RiskLevel.LOW}), build.actor(Role.COORDINATOR)
    with listening(build.session, RiskChanged) as heard:
        operations.assess_risk(
            build.session,
            mentee=mentee,
            group=RiskGroup.STAFF,
            level=RiskLevel.VERY_HIGH,
            source="OASys, March",
            assessed_on=TODAY,
            by=by,
            at=NOW,
        )
    assert heard == [RiskChanged(mentee.id, NOW, by)]
    assert [(risk.group_at_risk, risk.level, risk.source) for risk in mentee.risks] == [
        (RiskGroup.STAFF, 3, "OASys, March")
    ]


def test_an_older_assessment_never_overwrites_a_newer_one(build: Builder) -> None:
    mentee = build.mentee(risks={RiskGroup.STAFF: RiskLevel.HIGH})
    with pytest.raises(Refusal, match="newer"):
        operations.assess_risk(
            build.session,
            mentee=mentee,
            group=RiskGroup.STAFF,
            level=RiskLevel.LOW,
            source="OASys",
            assessed_on=TODAY - timedelta(days=1),
            by=build.portal(),
            at=NOW,
        )


def test_the_trail_says_that_the_risk_changed_and_never_to_what(build: Builder) -> None:
    mentee = build.mentee(risks={RiskGroup.STAFF: RiskLevel.HIGH})
    entries = build.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "risk_of_harm")).all()
    assert [entry.after["level"] for entry in entries] == ["(personal)"]
    assert mentee.risks[0].id == entries[0].subject_id


def test_a_ban_is_linked_to_the_one_person_of_the_scheme_with_that_name(build: Builder) -> None:
    account = build.account(Role.VOLUNTEER, name="José O\u2019Brien")
    mentee = build.mentee()
    with listening(build.session, RestrictionsChanged) as heard:
        ban = operations.add_contact_ban(
            build.session, mentee=mentee, ban=Ban("jose  OBRIEN"), by=build.portal(), at=NOW
        )
    assert ban.banned_person_id == account.person_id
    assert ban.name == "jose  OBRIEN"
    assert len(heard) == 1


def test_a_ban_is_kept_by_name_alone_where_it_is_not_certain_who_is_meant(build: Builder) -> None:
    build.account(Role.VOLUNTEER, name="Kim Lee")
    build.account(Role.VOLUNTEER, name="Kim Lee")
    build.scheme("turin", country="IT", time_zone="Europe/Rome")
    build.account(Role.VOLUNTEER, name="Ada Foreign", slug="turin")
    mentee = build.mentee(name="Only Me")
    for name in ("Kim Lee", "Ada Foreign", "Only Me", "Nobody Known"):
        ban = operations.add_contact_ban(build.session, mentee=mentee, ban=Ban(name), by=build.portal(), at=NOW)
        assert ban.banned_person_id is None, name


def test_restrictions_are_taken_away_only_with_a_reason_which_the_trail_keeps(build: Builder) -> None:
    mentee = build.mentee(exclusions=(Exclusion("L32 4XX", "School", 2),), bans=(Ban("Kim Lee"),))
    area, ban = mentee.exclusion_areas[0], mentee.contact_bans[0]
    with pytest.raises(ReasonMissing):
        operations.remove_exclusion_area(build.session, area=area, why=" ", by=build.portal(), at=NOW)
    operations.remove_exclusion_area(build.session, area=area, why="Licence ended.", by=build.portal(), at=NOW)
    operations.remove_contact_ban(build.session, ban=ban, why="Court order.", by=build.portal(), at=NOW)
    assert (mentee.exclusion_areas, mentee.contact_bans) == ([], [])
    entries = build.session.scalars(select(AuditEntry).where(AuditEntry.verb.startswith("remove_"))).all()
    opened = [audit.open_entry(build.session, entry) for entry in entries]
    assert {entry.why for entry in opened if entry} == {"Licence ended.", "Court order."}


def test_what_hangs_on_a_record_counts_as_a_change_of_it(build: Builder) -> None:
    mentee, by = build.mentee(), build.portal()
    seen = mentee.version
    operations.add_contact_ban(build.session, mentee=mentee, ban=Ban("Kim Lee"), by=by, at=NOW, version=seen)
    assert mentee.version > seen
    with pytest.raises(StaleEdit):
        operations.add_exclusion_area(
            build.session, mentee=mentee, exclusion=Exclusion("L32 4XX", "", 1), by=by, at=NOW, version=seen
        )
    with pytest.raises(StaleEdit):
        operations.move_case(build.session, mentee=mentee, to=CaseStage.CLOSED, why="w", by=by, at=NOW, version=seen)


@pytest.mark.parametrize("role", [Role.PARTNER_OFFICER, Role.MENTOR, Role.TRAINING_LEAD, Role.ADMINISTRATOR])
def test_only_staff_change_what_must_be_obeyed(build: Builder, role: Role) -> None:
    mentee, by = build.mentee(), build.actor(role)
    with pytest.raises(NotPermitted):
        operations.add_contact_ban(build.session, mentee=mentee, ban=Ban("Kim Lee"), by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.assess_risk(
            build.session,
            mentee=mentee,
            group=RiskGroup.STAFF,
            level=RiskLevel.LOW,
            source="x",
            assessed_on=TODAY,
            by=by,
            at=NOW,
        )


def test_staff_of_another_scheme_find_nobody_here(build: Builder) -> None:
    mentee = build.mentee()
    build.scheme("turin", country="IT", time_zone="Europe/Rome")
    stranger = build.actor(Role.COORDINATOR, slug="turin")
    with pytest.raises(NotVisible):
        queries.get_mentee(build.session, stranger, mentee.id)
    with pytest.raises(NotVisible):
        operations.move_case(build.session, mentee=mentee, to=CaseStage.CLOSED, why="w", by=stranger, at=NOW)
    assert queries.list_waiting(build.session, stranger) == []
    assert queries.list_mentees(build.session, stranger).total == 0


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR, Role.TRAINING_LEAD, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_volunteers_and_training_leads_are_given_no_list_at_all(build: Builder, role: Role) -> None:
    build.mentee()
    by = build.actor(role)
    assert queries.list_waiting(build.session, by) == []
    assert queries.list_mentees(build.session, by).total == 0
    assert queries.list_referrals(build.session, by).total == 0
    assert queries.count_mentees(build.session, by) == {}


def test_an_officer_without_an_agency_is_not_given_what_staff_referred(build: Builder) -> None:
    build.mentee()
    assert queries.list_referrals(build.session, build.actor(Role.PARTNER_OFFICER)).total == 0
