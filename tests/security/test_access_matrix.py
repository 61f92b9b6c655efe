"""Everybody is answered as the declared table says, whatever stands in the address."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import mentees.policy
import mentees.queries
import mentoring.policy
from accounts.policy import Actor
from accounts.rules import ROLE_PERMISSIONS, Permission, Role
from foundation.conditions import Allowed, Condition, Is, Of
from mentees.models import Mentee
from mentoring.models import Match
from mentors.models import Volunteer
from tests.security.matrix import Line, differences, other_methods, read_table, undeclared
from tests.security.world import PRINCIPALS, World

TABLE = read_table()
WORDS = {"yes", "no", "absent", "sign in"}
ONE_IN = len(PRINCIPALS)


def test_the_table_tells_about_every_route_and_about_no_other(world: World) -> None:
    assert undeclared(world.app, TABLE) == []


def test_the_table_uses_its_own_words_and_tells_everything_once() -> None:
    assert {answer for line in TABLE for answer in line.answers.values()} == WORDS
    keys = [(line.address, line.method, line.case) for line in TABLE]
    assert sorted(keys) == sorted(set(keys))


def test_a_route_that_the_table_forgets_is_found(world: World) -> None:
    assert undeclared(world.app, TABLE[1:]) != []
    assert undeclared(world.app, [*TABLE, replace(TABLE[0], address="/gone")]) == ["no such route: GET /gone"]


def test_everybody_is_answered_as_declared(world: World) -> None:
    found = []
    for number, principal in enumerate(PRINCIPALS):
        # The full count, `python -m benchmarks.security`, has every line asked by everybody; here by one principal.
        lines = [line for place, line in enumerate(TABLE) if (place + number) % ONE_IN == 0]
        found += differences(world, lines, principals=(principal,))[1]
    assert [str(difference) for difference in found] == []


def test_an_address_answers_to_no_method_but_its_own(world: World) -> None:
    assert other_methods(world, TABLE, one_in=ONE_IN) == []


def lines_of(address: str, method: str = "GET") -> list[Line]:
    """The lines about one address."""
    found = [line for line in TABLE if (line.address, line.method) == (address, method)]
    assert found
    return found


def mentor_reads_on(by: Actor) -> Condition:
    """A mentor keeps reading after the match has ended."""
    is_mine = Of(Match.volunteer, Is(Volunteer.person_id, by.person_id))
    return Allowed(by.may(Permission.MENTORING_LOG)) & Is(Match.scheme_id, by.scheme_id) & is_mine


def any_scheme(by: Actor) -> Condition:
    """Staff of one scheme read the people of another."""
    return Allowed(by.may(Permission.MENTEES_READ))


def consent_forgotten(by: Actor) -> Condition:
    """An officer reads on after consent was taken back."""
    in_scheme = Is(Mentee.scheme_id, by.scheme_id)
    return in_scheme & (Allowed(by.may(Permission.MENTEES_READ)) | Is(Mentee.agency_id, by.agency_id))


@pytest.mark.parametrize(
    ("policy", "name", "fault", "address", "case"),
    [
        (mentoring.policy, "_begun", mentor_reads_on, "/matches/<uuid:match_id>", "ended"),
        (mentees.policy, "_read_whole", any_scheme, "/people/<uuid:mentee_id>", "other scheme"),
        (mentees.policy, "_referred", consent_forgotten, "/referrals/<uuid:mentee_id>", "no consent"),
    ],
)
def test_a_rule_that_lets_somebody_in_too_far_is_seen(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    policy: object,
    name: str,
    fault: Callable[[Actor], Condition],
    address: str,
    case: str,
) -> None:
    monkeypatch.setattr(policy, name, fault)
    found = differences(world, lines_of(address))[1]
    assert {difference.line.case for difference in found} >= {case}


def test_a_permission_given_to_a_role_too_many_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in (Role.TRAINING_LEAD, Role.ADMINISTRATOR):
        monkeypatch.setitem(ROLE_PERMISSIONS, role, ROLE_PERMISSIONS[role] | {Permission.MENTEES_READ})
    found = differences(world, lines_of("/people"))[1]
    assert {difference.principal for difference in found} == {"training lead", "administrator"}
