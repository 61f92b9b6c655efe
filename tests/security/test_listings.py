"""What a list shows somebody is what they can open, and no page leads to a door that is closed to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select, true

import mentees.queries
from accounts.models import RoleGrant
from matching.models import Proposal, Round
from mentees.models import Mentee
from mentoring import policy as mentoring_policy
from mentoring.models import Match
from mentors.models import Volunteer
from tests.security.world import PRINCIPALS, Visitor, World
from training.models import Course, TrainingEvent

ID = r"([0-9a-f-]{36})"
MOST_PAGES = 25


@dataclass(frozen=True)
class Listing:
    """A list and the pages that it leads to.

    Attributes:
        lists: Addresses of the list; what any of them shows counts.
        page: Address of one page, with the id left open.
        model: The table of what is listed.
        is_whole: Whether everything that opens stands on the list; else the list has a further filter of its own.
        also: Address of another page of the same record, to which the list leads those who may read more.
    """

    lists: tuple[str, ...]
    page: str
    model: Any
    is_whole: bool = True
    also: str = ""


LISTINGS = (
    Listing(("/volunteers",), "/volunteers/{}", Volunteer),
    Listing(("/people?stage=all",), "/people/{}", Mentee),
    Listing(("/referrals",), "/referrals/{}", Mentee, also="/people/{}"),
    Listing(("/matches?show=all", "/my-match"), "/matches/{}", Match),
    Listing(("/my-match",), "/matches/{}/offer", Match),
    Listing(("/matching",), "/matching/rounds/{}", Round),
    Listing(("/matching/rounds/{own}",), "/matching/proposals/{}", Proposal),
    Listing(("/training",), "/training/evenings/{}", TrainingEvent),
    Listing(("/training/courses",), "/training/courses/{}", Course),
    Listing(("/accounts",), "/accounts/{}/end", RoleGrant),
    # Those who have no plan or are not in training yet stand on neither list, and their pages say so.
    Listing(("/training/plans",), "/volunteers/{}/plan", Volunteer, is_whole=False),
    Listing(("/training",), "/volunteers/{}/training", Volunteer, is_whole=False),
)


def listed(visitor: Visitor, listing: Listing) -> set[str]:
    """The ids that the lists show to somebody."""
    patterns = ['href="' + page.format(ID) + '"' for page in (listing.page, listing.also) if page]
    own_round = visitor.world.ids["round_id", "own"]
    found: set[str] = set()
    for address in listing.lists:
        response = visitor.http.get(address.format(own=own_round))
        if response.status_code == 200:
            text = response.get_data(as_text=True)
            found |= {one for pattern in patterns for one in re.findall(pattern, text)}
    return found


def opening(visitor: Visitor, listing: Listing, ids: Sequence[object]) -> set[str]:
    """The ids whose page opens for somebody."""
    return {str(one) for one in ids if visitor.http.get(listing.page.format(one)).status_code == 200}


def disagreements(world: World, listing: Listing) -> dict[str, tuple[set[str], set[str]]]:
    """For whom list and pages differ: what is listed and does not open, and what opens and is not listed."""
    with world.database.sessions() as session:
        ids = session.scalars(select(listing.model.id).order_by(listing.model.id)).all()
    assert ids
    found = {}
    for principal in PRINCIPALS:
        visitor = world.client(principal)
        on_list, opened = listed(visitor, listing), opening(visitor, listing, ids)
        unlisted = opened - on_list if listing.is_whole else set[str]()
        if on_list - opened or unlisted:
            found[principal] = (on_list - opened, unlisted)
    return found


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.lists[0] + " " + listing.page)
def test_a_list_equals_the_pages_that_open_for_everybody(world: World, listing: Listing) -> None:
    assert disagreements(world, listing) == {}


def test_every_list_shows_something_to_somebody(world: World) -> None:
    visitors = [world.client(principal) for principal in ("coordinator", "mentor", "administrator")]
    empty = [listing for listing in LISTINGS if not any(listed(visitor, listing) for visitor in visitors)]
    assert empty == []


def test_a_list_that_shows_too_much_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentees.queries, "visible_referrals", lambda _by: true())
    listing = next(one for one in LISTINGS if one.page == "/referrals/{}")
    visitor = world.client("partner officer")
    with world.database.sessions() as session:
        count = session.scalar(select(func.count()).select_from(Mentee)) or 0
    shown = listed(visitor, listing)
    monkeypatch.undo()
    assert len(shown) == count
    assert shown - opening(visitor, listing, sorted(shown))


def test_a_page_that_opens_and_is_on_no_list_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentoring_policy, "seen_matches", mentoring_policy.own_matches)
    listing = next(one for one in LISTINGS if one.page == "/matches/{}")
    assert set(disagreements(world, listing)) == {"mentor"}


@pytest.mark.parametrize("principal", list(PRINCIPALS))
def test_no_page_leads_to_a_door_that_is_closed(world: World, principal: str) -> None:
    visitor = world.client(principal)
    waiting, seen, closed = ["/home" if principal in world.accounts else "/"], set[str](), []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        seen.add(path)
        response = visitor.http.get(path)
        response.close()
        if response.status_code >= 400:
            closed.append(f"{path}: {response.status_code}")
        elif response.mimetype == "text/html":
            links = re.findall(r'href="(/[^"#]*)', response.get_data(as_text=True))
            waiting += [link for link in links if _is_new(link, seen, waiting)]
    assert closed == []


def _is_new(link: str, seen: set[str], waiting: list[str]) -> bool:
    """Whether a link leads to a kind of page that has not been opened; one of each kind is enough."""
    if link.startswith(("/static", "/language")):
        return False
    kinds = {re.sub(ID, "*", known.split("?")[0]) for known in (*seen, *waiting)}
    return re.sub(ID, "*", link.split("?", maxsplit=1)[0]) not in kinds
