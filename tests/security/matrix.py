"""The access matrix: every address, method, principal and kind of object, against the table that people declared.

The table is ``access.csv`` beside this file. It is written by hand from who may see what, never by asking the portal,
and it is read like a page: one line for an address, a method and a kind of object, one column for each principal.

- ``yes``: it opens, or the form is taken (and refused where it was empty);
- ``no``: 403, their role does not include it;
- ``absent``: 404 or 410, as if it did not exist;
- ``sign in``: led to the sign-in page.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from tests.security.world import PRINCIPALS, World, nothing_is_kept

TABLE = Path(__file__).with_name("access.csv")
FILLED = {"/account/devices": {"end": "others"}}
"""Forms that name a record; sent empty they would name none, which tells nothing about who may send them."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        address: As the portal's routes write it.
        method: How it is asked.
        case: Which kind of object stands in the address; ``any`` where there is none.
        answers: The declared answer by principal.
    """

    address: str
    method: str
    case: str
    answers: dict[str, str]


@dataclass(frozen=True)
class Difference:
    """An answer that is not the declared one."""

    line: Line
    principal: str
    answer: str

    def __str__(self) -> str:
        """Tell it in one line."""
        declared = self.line.answers[self.principal]
        return (
            f"{self.line.method} {self.line.address} ({self.line.case}) by {self.principal}: {self.answer}, "
            f"declared {declared}"
        )


def read_table(file: Path = TABLE) -> list[Line]:
    """Read the declared table."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return [
        Line(row["address"], row["method"], row["case"], {principal: row[principal] for principal in PRINCIPALS})
        for row in rows
    ]


def undeclared(app: Flask, lines: Sequence[Line]) -> list[str]:
    """List the routes that the table does not tell about, and the lines whose route is gone."""
    routes = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(line.address, line.method) for line in lines}
    missing = [f"not in the table: {method} {address}" for address, method in sorted(routes - told)]
    return missing + [f"no such route: {method} {address}" for address, method in sorted(told - routes)]


def differences(
    world: World, lines: Sequence[Line], *, principals: Iterable[str] = tuple(PRINCIPALS)
) -> tuple[int, list[Difference]]:
    """Ask everything as everybody, and tell how many answers came and which were not the declared ones."""
    asked, found = 0, []
    visitors = {principal: world.client(principal) for principal in principals}
    with nothing_is_kept(world):
        for principal, visitor in visitors.items():
            for line in lines:
                path = path_of(world, line.address, line.case, principal)
                visitor.as_before()
                response = (
                    visitor.http.get(path) if line.method == "GET" else visitor.post(path, FILLED.get(line.address))
                )
                # A file that is sent stays open until its answer is closed.
                response.close()
                asked += 1
                if (answer := read_answer(response)) != line.answers[principal]:
                    found.append(Difference(line, principal, answer))
    return asked, found


def other_methods(world: World, lines: Sequence[Line], *, one_in: int = 1) -> list[str]:
    """List the addresses that answer to a method for which they have no route with anything but 405.

    Args:
        world: Where to ask.
        lines: The table.
        one_in: Ask only one address in so many.
    """
    visitor = world.client("coordinator")
    known = {(line.address, line.method) for line in lines}
    found = []
    for address in sorted({line.address for line in lines})[::one_in]:
        path = path_of(world, address, next(line.case for line in lines if line.address == address), "coordinator")
        for method in METHODS:
            if (address, method) in known:
                continue
            status = visitor.http.open(path, method=method, data={"csrf_token": visitor.token}).status_code
            # A method for which an address has no route is told from a missing token before, or after, by 400.
            if status not in {400, 405}:
                found.append(f"{method} {address}: {status}")
    return found


def path_of(world: World, address: str, case: str, principal: str) -> str:
    """Put the ids of a case into an address."""
    return re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>", lambda found: world.part(found[1], case, principal), address)


def read_answer(response: TestResponse) -> str:
    """Read an answer as a word of the table; what has no word there is told by its number."""
    status, leads_to = response.status_code, response.headers.get("Location", "")
    if status == 303 and re.match(r"(http://[^/]+)?/sign-in\b", leads_to):
        return "sign in"
    words = {200: "yes", 302: "yes", 303: "yes", 422: "yes", 403: "no", 404: "absent", 410: "absent"}
    return words.get(status, str(status))
