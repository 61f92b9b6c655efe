"""Campaigns have links of their own, and who applies by one counts for it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible
from mentors import operations, queries
from mentors.models import ApplicationDraft, Campaign, Volunteer
from mentors.rules import CODE_LETTERS, CampaignKind
from tests.conftest import NOW, Saved
from tests.mentors.filling import ANSWERS, START
from tests.pages import PageClient

EMAIL = "ada@mail.example"
TYPED = {"name": "Fair in March", "kind": "event", "starts_on": ["1", "3", "2026"], "cost": "250"}


def begin(build: Builder, name: str = "Fair", slug: str = "knowsley") -> Campaign:
    """Begin a campaign."""
    return operations.begin_campaign(
        build.session,
        name=name,
        kind=CampaignKind.EVENT,
        starts_on=NOW.date(),
        ends_on=None,
        cost_pence=5000,
        by=build.portal(slug),
        at=NOW,
    )


def apply_by(client: PageClient, code: str) -> None:
    """Open the link of a poster, and answer and send everything."""
    page = client.get(f"{START}?from={code}")
    first = next(link for link in page.links() if "/promise" in link)
    client.fill(first, ANSWERS["promise"])
    for step, answers in list(ANSWERS.items())[1:]:
        client.fill(f"{START}/{step}", answers)
    client.fill(f"{START}/check", {})


def test_a_campaign_is_begun_changed_and_shown_with_its_link(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    client.sign_in(EMAIL, PASSWORD)
    client.get("/campaigns")
    page = client.follow(client.fill("/campaigns/new", TYPED))
    with db.sessions() as session:
        campaign = session.scalars(select(Campaign)).one()
        assert (campaign.name, campaign.kind, campaign.cost_pence) == ("Fair in March", CampaignKind.EVENT, 25000)
        assert set(campaign.code) <= set(CODE_LETTERS)
    assert f"http://alongside.test{START}?from={campaign.code}" in page.text
    path = f"/campaigns/{campaign.id}"
    form = client.get(path).form()
    page = client.follow(client.send(path, {**form, "name": "Fair in Huyton", "ends_on": ["3", "3", "2026"]}))
    assert "Fair in Huyton" in page.text
    assert "1 March 2026 to 3 March 2026" in page.text
    client.send(path, {**form, "name": "Too late"}, status=409)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, "Enter a name"),
        ({"kind": ""}, "Choose a kind"),
        ({"cost": "-1"}, "Enter a whole number from 0 to 1000000"),
        ({"ends_on": ["28", "2", "2026"]}, "A campaign ends after it begins"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(
    saved: Saved, client: PageClient, db: Database, typed: dict[str, object], error: str
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    client.sign_in(EMAIL, PASSWORD)
    client.fill("/campaigns/new", {**TYPED, **typed}, status=422)
    assert client.page is not None
    assert client.page.errors == [error]
    with db.sessions() as session:
        assert session.scalars(select(Campaign)).all() == []


def test_whoever_comes_by_a_link_counts_for_the_campaign(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        campaign = begin(build)
    apply_by(client, campaign.code.upper())
    with db.sessions() as session:
        assert session.scalars(select(ApplicationDraft)).one().campaign_id == campaign.id
        assert session.scalars(select(Volunteer)).one().campaign_id == campaign.id


@pytest.mark.parametrize("code", ["nothing", "", "x" * 4000, "%00", "<script>"])
def test_an_unknown_code_is_no_fault_of_who_applies(saved: Saved, client: PageClient, db: Database, code: str) -> None:
    with saved as build:
        build.scheme()
    apply_by(client, code)
    with db.sessions() as session:
        assert session.scalars(select(Volunteer)).one().campaign_id is None


def test_a_code_of_another_scheme_counts_for_nobody(session: Session, build: Builder) -> None:
    elsewhere = begin(build, slug="turin")
    assert queries.find_campaign_of_code(session, build.scheme(), elsewhere.code) is None
    assert queries.find_campaign_of_code(session, build.scheme("turin"), elsewhere.code) is elsewhere
    with pytest.raises(NotVisible):
        queries.get_campaign(session, build.portal(), elsewhere.id)
    with pytest.raises(NotVisible):
        operations.change_campaign(
            session,
            campaign=elsewhere,
            name="Mine",
            kind=CampaignKind.EVENT,
            starts_on=NOW.date(),
            ends_on=None,
            cost_pence=0,
            by=build.portal(),
            at=NOW,
        )


def test_only_who_decides_about_volunteers_keeps_campaigns(session: Session, build: Builder) -> None:
    with pytest.raises(NotPermitted):
        operations.begin_campaign(
            session,
            name="Fair",
            kind=CampaignKind.EVENT,
            starts_on=NOW.date(),
            ends_on=None,
            cost_pence=0,
            by=build.actor(Role.EVALUATOR),
            at=NOW,
        )
