"""What the rules of referrals promise, and that they fit their neighbours' codes."""

from datetime import date, timedelta

import pytest

import mentees.rules as mentees
import mentors.rules as mentors
from mentees.rules import (
    CaseStage,
    NeedBand,
    Pathway,
    RiskLevel,
    highest_level,
    is_badly_formed_place,
    is_release_near,
    moves_by_hand,
    need_band,
    next_reference,
    normalise_name,
)

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("typed", "known_as"),
    [
        ("José  Núñez ", "jose nunez"),
        ("O\u2019Brien, Seán", "obrien sean"),
        ("o'brien sean", "obrien sean"),
        ("Anne-Marie LE GOFF", "anne marie le goff"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Straße", "strasse"),
        ("Søren Ærø", "soren aero"),
        ("Y\u0131ld\u0131z İpek", "yildiz ipek"),
    ],
)
def test_a_name_is_the_same_however_it_is_spelt(typed: str, known_as: str) -> None:
    assert normalise_name(typed) == known_as
    assert normalise_name(known_as) == known_as


def test_different_names_stay_different() -> None:
    assert normalise_name("Jo Lunt") != normalise_name("Joe Lunt")


@pytest.mark.parametrize("kind", ["WantedExperience", "Interest"])
def test_a_person_wishes_in_the_codes_that_volunteers_tick(kind: str) -> None:
    theirs = getattr(mentors, {"WantedExperience": "LivedExperience"}.get(kind, kind))
    assert [member.value for member in getattr(mentees, kind)] == [member.value for member in theirs]


def test_people_and_volunteers_are_offered_the_same_languages_and_levels() -> None:
    assert mentees.LANGUAGE_CODES == mentors.LANGUAGE_CODES
    assert {level.name: level.value for level in RiskLevel} == {level.name: level.value for level in mentors.Rosh}


def test_the_highest_level_of_no_assessment_is_unknown_and_not_low() -> None:
    assert highest_level([]) is None
    assert highest_level([0, 2, 1]) is RiskLevel.HIGH


@pytest.mark.parametrize(
    ("text", "country", "is_bad"),
    [
        ("L36 9UX", "GB", False),
        ("l369ux", "GB", False),
        ("L36", "GB", False),
        ("Huyton", "GB", False),
        ("L99 9ZZ", "GB", False),
        ("L36 9U", "GB", True),
        ("L3O 9UX1", "GB", True),
        ("12 High Street", "GB", True),
        ("Via Roma 1", "IT", False),
        ("", "GB", False),
    ],
)
def test_only_what_tries_to_be_a_postcode_can_be_badly_formed(text: str, country: str, *, is_bad: bool) -> None:
    assert is_badly_formed_place(text, country) is is_bad


def test_a_release_is_near_from_today_to_the_fourteenth_day() -> None:
    days = [offset for offset in range(-3, 20) if is_release_near(TODAY + timedelta(days=offset), TODAY)]
    assert days == list(range(15))
    assert not is_release_near(None, TODAY)


def test_the_highest_need_is_a_release_soon_the_first_three_days_out_or_many_needs() -> None:
    all_needs = [pathway.value for pathway in Pathway]
    assert need_band([], None, TODAY) is NeedBand.USUAL
    assert need_band(all_needs[:3], None, TODAY) is NeedBand.USUAL
    assert need_band(all_needs[:4], None, TODAY) is NeedBand.HIGHEST
    assert need_band([], TODAY + timedelta(days=14), TODAY) is NeedBand.HIGHEST
    assert need_band([], TODAY - timedelta(days=3), TODAY) is NeedBand.HIGHEST
    assert need_band([], TODAY - timedelta(days=4), TODAY) is NeedBand.USUAL


def test_references_count_on_past_nine_thousand() -> None:
    assert next_reference("knowsley", None) == "K-0001"
    assert next_reference("the-hague", "TH-0041") == "TH-0042"
    assert next_reference("knowsley", "K-9999") == "K-10000"


def test_nobody_is_matched_or_unmatched_by_hand() -> None:
    assert moves_by_hand(CaseStage.MATCHED) == ()
    assert all(CaseStage.MATCHED not in moves_by_hand(stage) for stage in CaseStage)
    assert moves_by_hand(CaseStage.REFERRED) == (CaseStage.WAITING, CaseStage.NOT_TAKEN)
