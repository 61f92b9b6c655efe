"""The pages of choices: what each would cost is read before it is made, and a click is carried out once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.db import Database
from matching.models import Proposal, RoundChoice
from matching.rules import Origin, ProposalState
from matching.words import price_words
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import RiskGroup, RiskLevel, Setting, Whereabouts
from tests.conftest import NOW, Saved
from tests.matching.test_choosing import World
from tests.matching.test_rounds import ready, run, waiting
from tests.pages import PageClient

Signed = tuple[World, PageClient]


@pytest.fixture
def signed(app: Flask, saved: Saved, db: Database, client: PageClient) -> Signed:
    """The round of three people and two mentors, and a coordinator who looks at it."""
    made = World(app, saved, db)
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example", name="Ada")
    client.sign_in("ada@mail.example", PASSWORD)
    return made, client


def pair_path(world: World, mentee_id: object, volunteer_id: object) -> str:
    return f"/matching/rounds/{world.round}/people/{mentee_id}/mentors/{volunteer_id}"


def count(db: Database, model: type[Proposal] | type[RoundChoice]) -> int:
    with db.sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_coordinator_reads_the_price_of_a_pair_and_proposes_it_by_hand(signed: Signed) -> None:
    world, client = signed
    assert "Choose in this round" in client.get(f"/matching/rounds/{world.round}").text
    assert "Nothing is chosen" in client.get(f"/matching/rounds/{world.round}/choices").text
    person = client.get(f"/matching/rounds/{world.round}/people/{world.nia}").text
    assert "Now proposed with Mo Near" in person
    assert "of the total fit" in person
    path = pair_path(world, world.nia, world.far)
    assert "Zed would be proposed to Mo Near" in client.get(path).text
    client.fill(path, {"choice": "stand", "why": ""}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Give a reason. It is kept with the choice."]
    assert client.page.form()["choice"] == "stand"
    answer = client.fill(path, {"choice": "stand", "why": "They have met at church."})
    page = client.follow(answer)
    assert "It waits for approval as every proposal does" in page.text
    assert "Nia with Flo Far" in page.text
    proposal = world.proposal(world.nia)
    assert proposal.origin is Origin.HAND
    assert "proposed by hand" in client.get(f"/matching/proposals/{proposal.id}").text


def test_a_choice_is_read_with_its_reason_and_undone(signed: Signed) -> None:
    world, client = signed
    client.fill(f"/matching/rounds/{world.round}/people/{world.nia}", {"why": "On holiday."})
    path = next(link for link in client.get(f"/matching/rounds/{world.round}/choices").links() if "/choices/" in link)
    page = client.get(path).text
    assert "On holiday." in page
    assert "leaves 1 person waiting" not in page
    client.fill(path, {})
    page = client.get(path).text
    assert "Undone by" in page
    assert "1 choice was undone" in client.get(f"/matching/rounds/{world.round}/choices").text
    assert set(world.pairs()) == {world.nia, world.otto}


def test_a_mentor_is_left_out_by_the_page(signed: Signed) -> None:
    world, client = signed
    path = f"/matching/rounds/{world.round}/mentors/{world.near}"
    assert "leaves 1 person waiting" in client.get(path).text
    client.fill(path, {"why": "Moves house."})
    assert set(world.pairs()) == {world.otto}


def test_a_declined_pair_says_until_when_and_offers_nothing_that_would_be_refused(signed: Signed) -> None:
    world, client = signed
    path = pair_path(world, world.zed, world.near)
    assert "How they fit, part by part" in client.get(path).text
    page = client.follow(client.fill(path, {"choice": "decline", "months": "12", "why": "Neighbours."}))
    assert "Declined. This pair is not proposed again before 16 November 2027." in page.text
    page = client.get(path)
    assert "Another choice stands against it" in page.text
    assert "Save the choice" not in page.text
    assert "Decline this pair" not in page.text
    proposal = world.proposal(world.nia)
    page = client.follow(client.fill(f"/matching/proposals/{proposal.id}", {"decision": "decline", "why": "No."}))
    assert "Declined. This pair is not proposed again before 16 May 2027." in page.text


def test_a_proposal_leads_to_the_mentor_whom_somebody_would_choose_instead(signed: Signed) -> None:
    world, client = signed
    page = client.get(f"/matching/proposals/{world.proposal(world.nia).id}")
    assert pair_path(world, world.nia, world.far) in page.links()


def test_the_same_click_twice_chooses_once(signed: Signed) -> None:
    world, client = signed
    path = pair_path(world, world.zed, world.near)
    values = client.get(path).form() | {"choice": "decline", "months": "12", "why": "Neighbours."}
    assert len({client.send(path, values).headers["Location"] for _click in range(2)}) == 1
    assert count(world.db, RoundChoice) == 1


def test_an_old_tab_is_told_and_changes_nothing(signed: Signed) -> None:
    world, client = signed
    path = f"/matching/rounds/{world.round}/people/{world.nia}"
    old = client.get(path).form()
    client.fill(f"/matching/rounds/{world.round}/people/{world.zed}", {"why": "Ill."})
    client.send(path, {**old, "why": "On holiday."}, status=409)
    assert client.page is not None
    assert "Look at it again" in client.page.text
    assert world.nia in world.pairs()


def test_a_refused_pair_says_which_rule(app: Flask, saved: Saved, db: Database, client: PageClient) -> None:
    with saved as build:
        mentor, person = ready(build, languages=("en",)), waiting(build, languages=("pl",))
        build.account(Role.COORDINATOR, email="ada@mail.example")
    round_ = run(app, saved, db)
    client.sign_in("ada@mail.example", PASSWORD)
    path = f"/matching/rounds/{round_.id}/people/{person.id}/mentors/{mentor.id}"
    page = client.get(path)
    assert page.text.lower().count("no common language") == 1
    assert "Propose this pair" not in page.text
    client.fill(path, {"choice": "stand", "why": "They use their hands."}, status=422)
    assert client.page is not None
    assert client.page.errors == ["A rule forbids this pair: no common language."]


def risk(world: World) -> None:
    with world.saved as build:
        mentees.assess_risk(
            build.session,
            mentee=build.session.get_one(Mentee, world.nia),
            group=RiskGroup.PUBLIC,
            level=RiskLevel.LOW,
            source="Probation, OASys",
            assessed_on=NOW.date(),
            by=world.by,
            at=NOW,
        )


def whereabouts(world: World) -> None:
    with world.saved as build:
        mentees.change_whereabouts(
            build.session,
            mentee=build.session.get_one(Mentee, world.nia),
            whereabouts=Whereabouts(setting=Setting.COMMUNITY, area="CH41 1AA", slots=0b100),
            by=world.by,
            at=NOW,
        )


@pytest.mark.parametrize(("change", "words"), [(risk, "risk was assessed anew"), (whereabouts, "can be met changed")])
def test_what_changed_since_is_told_on_the_round_with_the_way_to_run_again(
    signed: Signed, change: Callable[[World], None], words: str
) -> None:
    world, client = signed
    change(world)
    for path in (f"/matching/rounds/{world.round}", f"/matching/rounds/{world.round}/choices"):
        page = client.get(path)
        assert "Out of date" in page.text
        assert words in page.text
        assert "/matching/new" in page.links()
    # The round proposes nobody for her from what it knew, whatever is chosen.
    client.fill(f"/matching/rounds/{world.round}/people/{world.zed}", {"why": "Ill."})
    assert world.nia not in world.pairs()
    client.fill(pair_path(world, world.nia, world.far), {"choice": "stand", "why": "x"}, status=422)
    with world.db.sessions() as session:
        assert session.scalars(select(Proposal.state).where(Proposal.mentee_id == world.nia)).all() == [
            ProposalState.STALE
        ]


def test_pages_of_choices_take_the_same_statements_for_few_and_for_many(
    app: Flask, saved: Saved, db: Database, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
        mentor, person = ready(build).id, waiting(build).id
        waiting(build, languages=("pl",))
    client.sign_in("ada@mail.example", PASSWORD)
    counts = []
    for size in ("few", "many"):
        base = f"/matching/rounds/{run(app, saved, db).id}"
        paths = ("/choices", f"/people/{person}", f"/mentors/{mentor}", f"/people/{person}/mentors/{mentor}")
        counts.append([len(client.get(base + path).statements) for path in paths])
        with saved as build:
            for number in range(8):
                ready(build, email=f"{size}{number}@mail.example")
                waiting(build)
                waiting(build, languages=("pl",))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ((0, 0, 0), "costs nothing"),
        ((0, 0, 30), "costs 3 % of the total fit"),
        ((0, 0, 4), "costs 0.4 % of the total fit"),
        ((0, 0, 0.5), "costs less than 0.1 % of the total fit"),
        ((0, 0, -50), "adds 5 % of the total fit"),
        ((0, 1, -200), "leaves 1 person waiting"),
        ((1, 1, 0), "leaves 1 person about to be released waiting"),
        ((1, 3, 0), "leaves 1 person about to be released waiting and leaves 2 people waiting"),
        ((1, -1, 0), "leaves 1 person about to be released waiting and serves 1 person more"),
        ((-1, 0, 20), "serves 1 person about to be released more"),
    ],
)
def test_a_price_is_told_in_words(app: Flask, price: tuple[int, int, int], words: str) -> None:
    with app.test_request_context():
        assert price_words(*price, 1000) == words
