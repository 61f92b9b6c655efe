"""What the invented year is planned from: chance with a fixed seed, and figures of the real programme."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random

from demo.calendar import Calendar
from demo.meetings import MOST_SESSIONS, PlannedMatch, plan_matches
from demo.names import DUTCH, invent_names
from demo.schemes import KNOWSLEY, SCHEMES
from foundation.places import locate

TODAY = date(2026, 11, 15)
READY = {number: (TODAY - timedelta(days=550 - 150 * (number // 10)), None) for number in range(30)}
LEAVER = 31


def planned(seed: int = 1) -> list[PlannedMatch]:
    """Plan as for Knowsley, with one mentor who leaves in between."""
    ready = {**READY, LEAVER: (TODAY - timedelta(days=500), TODAY - timedelta(days=200))}
    return plan_matches(Random(seed), ready=ready, count=135, sessions=5059, today=TODAY)


def test_the_number_of_sessions_is_exact_and_nothing_lies_in_the_future() -> None:
    matches = planned()
    assert (len(matches), sum(len(match.session_days) for match in matches)) == (135, 5059)
    assert max(day for match in matches for day in match.session_days) <= TODAY


def test_the_same_seed_plans_the_same_and_another_plans_otherwise() -> None:
    assert planned(1) == planned(1)
    assert planned(1) != planned(2)


def test_sessions_are_skewed_as_in_the_case_studies() -> None:
    counts = sorted(len(match.session_days) for match in planned())
    assert counts[len(counts) // 2] < sum(counts) / len(counts)
    assert 3 * counts[len(counts) // 2] < counts[-1] <= MOST_SESSIONS + 10


def test_nobody_has_more_than_three_people_at_once_and_a_leaver_has_none_afterwards() -> None:
    matches = planned()
    for number in (*READY, LEAVER):
        own = [match for match in matches if match.mentor == number]
        for match in own:
            at_once = [one for one in own if one.offered_on <= match.offered_on <= (one.ends_on or TODAY)]
            assert len(at_once) <= 3
    assert all(
        day <= TODAY - timedelta(days=200) for match in matches if match.mentor == LEAVER for day in match.session_days
    )


def test_the_mentor_whom_the_demo_signs_in_has_a_running_match() -> None:
    assert [match.ends_on for match in planned() if match.mentor == 0].count(None) == 1


def test_some_matches_run_today() -> None:
    assert 10 < sum(match.ends_on is None for match in planned()) < 50


def test_things_happen_in_the_order_of_time_and_those_at_once_in_the_order_they_were_added() -> None:
    calendar, seen = Calendar(), list[str]()
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    calendar.add(noon + timedelta(hours=1), lambda _at: seen.append("later"))
    calendar.add(noon, lambda at: calendar.add(at, lambda _at: seen.append("added on the way")))
    calendar.add(noon, lambda _at: seen.append("second"))
    calendar.add(noon + timedelta(days=9), lambda _at: seen.append("never"))
    assert calendar.live(noon + timedelta(days=1)) == 4
    assert seen == ["second", "added on the way", "later"]


def test_names_are_never_used_twice_and_come_in_several_scripts() -> None:
    names = list(islice(invent_names(Random(1)), 400))
    assert len(set(names)) == 400
    assert any("\u0600" <= letter <= "\u06ff" for name in names for letter in name)
    assert set(islice(invent_names(Random(1), DUTCH), len(DUTCH))) == set(DUTCH)


def test_knowsley_has_the_size_of_the_real_programme() -> None:
    assert KNOWSLEY.mentors + KNOWSLEY.on_a_break == 32
    assert sum(KNOWSLEY.applicants.values()) == 40
    assert (KNOWSLEY.mentored, KNOWSLEY.sessions, KNOWSLEY.evenings * 3) == (135, 5059, 90)


def test_every_invented_person_lives_at_a_real_place() -> None:
    for plan in SCHEMES:
        assert all(locate(area, plan.country) is not None for area in plan.areas)
