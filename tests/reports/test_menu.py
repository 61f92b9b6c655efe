"""The menu says where the reader is, also on pages that another package draws."""

import pytest

from accounts.rules import Role
from demo.builders import PASSWORD
from mentors.rules import Stage
from tests.conftest import Saved
from tests.pages import Page, PageClient


def place_in(page: Page) -> list[str]:
    """The items of the menu that are marked as the reader's place."""
    marked = page.tree.findall(".//li[@class]/a[@aria-current]")
    return [str(link.get("href")) for link in marked if "govuk-service-navigation" in str(link.get("class"))]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/volunteers", ["/volunteers"]),
        ("/volunteers/{}", ["/volunteers"]),
        ("/volunteers/{}/readiness", ["/volunteers"]),
        ("/volunteers/{}/plan", ["/volunteers"]),
        ("/training/plans", ["/training"]),
        ("/referrals/new", ["/referrals"]),
        ("/import", []),
    ],
)
def test_the_menu_marks_the_one_place_under_which_a_page_lies(
    path: str, place: list[str], saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="co@mail.example")
        volunteer = build.volunteer(stage=Stage.READY)
        build.session.flush()
        address = path.format(volunteer.id)
    client.sign_in("co@mail.example", PASSWORD)
    assert place_in(client.get(address)) == place
