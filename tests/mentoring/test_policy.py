"""What a list shows and what its pages open is the same, for everybody."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from mentoring import policy
from mentoring.models import Match
from mentoring.rules import BEGUN_STATES, MatchState
from tests.conftest import Saved
from tests.pages import PageClient


@pytest.mark.parametrize(
    ("may", "rows"),
    [
        (policy.is_own, policy.own_matches),
        (policy.may_see_match, policy.seen_matches),
        (policy.may_answer_match, policy.answerable_matches),
        (policy.may_log_meeting, policy.loggable_matches),
    ],
)
def test_a_filter_of_rows_gives_what_the_question_for_one_match_allows(
    build: Builder,
    session: Session,
    may: Callable[[Actor, Match], bool],
    rows: Callable[[Actor], ColumnElement[bool]],
) -> None:
    for state in MatchState:
        build.match(state, days_ago=400)
    build.match(slug="turin", days_ago=400)
    session.flush()
    every = session.scalars(select(Match).order_by(Match.id)).all()
    allowed_at_all = 0
    for by in everybody(build, every):
        listed = set(session.scalars(select(Match.id).where(rows(by)).order_by(Match.id)))
        allowed = {match.id for match in every if may(by, match)}
        assert listed == allowed, by
        allowed_at_all += len(allowed)
    assert allowed_at_all


def everybody(build: Builder, matches: object) -> list[Actor]:
    """Each role in two schemes as somebody new, and as the mentor of each match with and without the role."""
    new = [build.actor(role, slug=slug) for role in Role for slug in ("knowsley", "turin")]
    mentors = [match.volunteer.person_id for match in matches]  # type: ignore[attr-defined] # a list of matches.
    own = [
        build.actor(*roles, slug=slug, person_id=person_id)
        for person_id in mentors
        for roles in ((Role.MENTOR,), (Role.VOLUNTEER,), (Role.MENTOR, Role.COORDINATOR))
        for slug in ("knowsley", "turin")
    ]
    return [*new, *own, build.portal()]


def pages_of(match_id: uuid.UUID) -> dict[str, str]:
    return {
        "match": f"/matches/{match_id}",
        "offer": f"/matches/{match_id}/offer",
        "log": f"/matches/{match_id}/meetings/new",
    }


def opened(client: PageClient, ids: dict[MatchState, uuid.UUID]) -> dict[str, set[MatchState]]:
    """Tell for each page in which states of a match it opens; what does not open says 403 or 404."""
    found: dict[str, set[MatchState]] = {"match": set(), "offer": set(), "log": set()}
    for state, match_id in ids.items():
        for name, path in pages_of(match_id).items():
            status = client.raw(path).status_code
            assert status in {200, 403, 404}, (path, status)
            if status == 200:
                found[name].add(state)
    return found


def test_pages_open_for_those_whose_they_are_and_for_nobody_else(saved: Saved, client: PageClient) -> None:
    with saved as build:
        with build.earlier(400):
            mentor = build.ready_mentor(capacity=5)
        ids = {state: build.match(state, volunteer=mentor, days_ago=400).id for state in MatchState}
        build.account(email="mentor@mail.example", person=mentor.person)
        build.account(Role.COORDINATOR, email="staff@mail.example")
        build.account(Role.MENTOR, email="other@mail.example")
        build.account(Role.TRAINING_LEAD, email="trainer@mail.example")
        build.account(Role.PARTNER_OFFICER, email="officer@mail.example")
        build.account(Role.COORDINATOR, email="elsewhere@mail.example", slug="turin")
        own_email = mentor.person.email
    nothing: dict[str, set[MatchState]] = {"match": set(), "offer": set(), "log": set()}
    begun = {*BEGUN_STATES, MatchState.COMPLETED, MatchState.ENDED}
    expected = {
        own_email: {"match": set(BEGUN_STATES), "offer": {MatchState.OFFERED}, "log": {MatchState.ACTIVE}},
        "staff@mail.example": {"match": set(MatchState), "offer": set(), "log": begun},
        "other@mail.example": nothing,
        "trainer@mail.example": nothing,
        "officer@mail.example": nothing,
        "elsewhere@mail.example": nothing,
    }
    for email, pages in expected.items():
        client.client.delete_cookie("alongside")
        client.sign_in(email, PASSWORD)
        assert opened(client, ids) == pages, email
        if email in {"staff@mail.example", "elsewhere@mail.example"}:
            links = {link for link in client.get("/matches?show=all").links() if "/matches/" in link}
            assert links == ({f"/matches/{match_id}" for match_id in ids.values()} if pages["match"] else set())


def test_a_mentor_reads_no_name_before_agreeing_and_nothing_once_the_match_has_ended(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        mentor = build.ready_mentor(capacity=5)
        for state in set(MatchState) - {MatchState.COMPLETED}:
            build.match(state, volunteer=mentor, mentee=build.mentee(name=f"Person {state.name}"))
        build.account(email="mentor@mail.example", person=mentor.person)
        email = mentor.person.email
    client.sign_in(email, PASSWORD)
    page = client.get("/my-match")
    assert [state for state in MatchState if f"Person {state.name}" in page.text] == list(BEGUN_STATES)
    offer = client.get(next(link for link in page.links() if link.endswith("/offer")))
    assert "Person OFFERED" not in offer.text
    assert "Accommodation" in offer.text
