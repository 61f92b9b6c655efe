"""Who may give which role, and what a role gives."""

import pytest

from accounts import operations, queries
from accounts.policy import Actor, granters_of, require, require_scheme
from accounts.rules import ROLE_PERMISSIONS, Permission, Role, email_key, permissions_of
from demo.builders import Builder
from foundation.errors import NotPermitted, NotVisible, Refusal
from tests.conftest import NOW


def test_every_role_and_every_permission_is_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert permissions_of(frozenset(Role)) == set(Permission)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR])
def test_a_coordinator_makes_volunteers_and_mentors(build: Builder, role: Role) -> None:
    coordinator = build.actor(Role.COORDINATOR)
    grant = operations.grant_role(build.session, person=build.person(), role=role, by=coordinator, at=NOW)
    operations.end_role(build.session, grant=grant, by=coordinator, at=NOW, why="")
    assert grant.ended_at == NOW


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.VOLUNTEER, Role.MENTOR}])
def test_only_an_administrator_gives_any_other_role(build: Builder, role: Role) -> None:
    others = [other for other in Role if other is not Role.ADMINISTRATOR]
    with pytest.raises(NotPermitted):
        operations.grant_role(build.session, person=build.person(), role=role, by=build.actor(*others), at=NOW)
    assert granters_of(role) == (Permission.ACCOUNTS_MANAGE,)


def test_nobody_gives_a_role_without_any_permission(build: Builder) -> None:
    with pytest.raises(NotPermitted):
        operations.grant_role(
            build.session, person=build.person(), role=Role.VOLUNTEER, by=build.actor(Role.MENTOR), at=NOW
        )


def test_a_role_is_given_once_however_often_it_is_given(build: Builder) -> None:
    person, by = build.person(), build.portal()
    first = operations.grant_role(build.session, person=person, role=Role.MENTOR, by=by, at=NOW)
    assert operations.grant_role(build.session, person=person, role=Role.MENTOR, by=by, at=NOW) is first
    operations.end_role(build.session, grant=first, by=by, at=NOW, why="")
    build.session.flush()
    assert operations.grant_role(build.session, person=person, role=Role.MENTOR, by=by, at=NOW) is not first


def test_a_role_of_another_scheme_cannot_be_taken_back(build: Builder) -> None:
    grant = operations.grant_role(
        build.session, person=build.person(), role=Role.MENTOR, by=build.portal("turin"), at=NOW
    )
    with pytest.raises(NotVisible):
        operations.end_role(build.session, grant=grant, by=build.portal(), at=NOW, why="")


def test_one_of_several_administrators_may_go(build: Builder) -> None:
    accounts = [build.account(Role.ADMINISTRATOR) for _ in range(2)]
    grants = [queries.list_live_roles(build.session, account.person_id)[0] for account in accounts]
    operations.end_role(build.session, grant=grants[0], by=build.portal(), at=NOW, why="")
    build.session.flush()
    with pytest.raises(Refusal, match="only administrator"):
        operations.end_role(build.session, grant=grants[1], by=build.portal(), at=NOW, why="")


def test_one_of_several_permissions_is_enough(build: Builder) -> None:
    lead = build.actor(Role.TRAINING_LEAD)
    require(lead, Permission.ACCOUNTS_MANAGE, Permission.TRAINING_LOG)
    with pytest.raises(NotPermitted):
        require(lead, Permission.ACCOUNTS_MANAGE)
    with pytest.raises(NotPermitted):
        require(lead)


def test_what_belongs_to_another_scheme_does_not_exist(build: Builder) -> None:
    with pytest.raises(NotVisible):
        require_scheme(build.actor(Role.ADMINISTRATOR), build.scheme("turin").id)


def test_the_portal_itself_has_no_person(build: Builder) -> None:
    assert build.portal().is_portal
    assert not build.actor(Role.COORDINATOR).is_portal


def test_an_actor_without_roles_may_nothing() -> None:
    assert Actor(None, None).permissions == frozenset()


@pytest.mark.parametrize("slug", ["My Scheme", "", "a--b", "-a", "å", "x" * 41])
def test_a_short_name_that_cannot_stand_in_an_address_is_refused(build: Builder, slug: str) -> None:
    with pytest.raises(Refusal, match="small letters"):
        build.scheme(slug)


def test_the_key_of_an_address_fits_its_column() -> None:
    assert email_key(" Ada@Mail.Example ") == "ada@mail.example"
    assert len(email_key("\u0390" * 254)) == 254
