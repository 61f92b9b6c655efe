"""Forms sent from elsewhere change nothing, and neither does any page that is only opened."""

import re

from tests.security.doors import doors, writes
from tests.security.matrix import Line, path_of
from tests.security.world import PRINCIPALS, Visitor, World, nothing_is_kept

MAY_WRITE = re.compile(r"INSERT INTO audit_entry|UPDATE audit_head|UPDATE sign_in SET last_seen_at=", re.IGNORECASE)
"""What opening a page may write: that level 2 was read, and when a device was last seen."""


def forgeries(world: World, lines: list[Line]) -> tuple[int, int, list[str]]:
    """Send every form without a token and with one of another browser.

    Returns:
        How many were sent, how many of the same forms do change something with the right token, and what changed
        although it must not.
    """
    visitors = {principal: world.client(principal) for principal in PRINCIPALS}
    foreign = world.client("evaluator").token
    sent, changing, found = 0, 0, []
    with nothing_is_kept(world):
        for door in doors(world, lines, visitors):
            visitor = visitors[door.principal]
            for token in ("", foreign, None):
                with writes(world.database.engine) as made:
                    visitor.as_before().post(door.path, door.fields, token=token).close()
                if token is None:
                    changing += bool(made)
                    continue
                sent += 1
                found += [f"{door.path}: {statement[:60]}" for statement in made]
    return sent, changing, found


def writing_pages(world: World, lines: list[Line]) -> tuple[int, list[str]]:
    """Open every page that opens to anybody, and tell which ones wrote something that no page may write."""
    visitors = {principal: world.client(principal) for principal in PRINCIPALS}
    opened, found = 0, []
    with nothing_is_kept(world):
        for line in lines:
            for principal in PRINCIPALS:
                if line.method != "GET" or line.answers[principal] != "yes":
                    continue
                with writes(world.database.engine) as made:
                    _open(visitors[principal], path_of(world, line.address, line.case, principal))
                opened += 1
                found += [f"{line.address}: {one[:60]}" for one in made if not MAY_WRITE.match(one)]
    return opened, found


def _open(visitor: Visitor, path: str) -> None:
    """Open a page."""
    visitor.as_before().http.get(path).close()
