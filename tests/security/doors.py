"""Every form of the portal, filled in as somebody who may send it would, for forgery and for hostile input."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
from sqlalchemy import Engine, event

from tests.security.matrix import Line, path_of
from tests.security.world import PRINCIPALS, Visitor, World

USUAL = {"email": "somebody@mail.example", "number": "3", "tel": "07700 900123", "textarea": "A sentence."}
PARTS_OF_A_DAY = {"day": "3", "month": "12", "year": "2026"}
SIGNING_IN = {"/invitations/<token>": {"password": ["short"]}, "/scheme": {"scheme": ["nowhere"]}}
"""Forms that end in a new sign-in, which a world that keeps nothing cannot give: they are filled in wrongly."""
INVITED = "/invitations/<token>"


@dataclass
class Door:
    """One form that somebody may send.

    Attributes:
        line: The line of the access table.
        principal: Somebody who may.
        path: Where it is sent.
        fields: What it would send, by name.
    """

    line: Line
    principal: str
    path: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def doors(world: World, lines: list[Line], visitors: dict[str, Visitor]) -> list[Door]:
    """Collect every form of the table once, each with somebody who may send it, and fill it in."""
    found: dict[str, Door] = {}
    for line in lines:
        principal = next((name for name in PRINCIPALS if line.answers[name] == "yes"), None)
        if line.method != "POST" or principal is None or line.address in found:
            continue
        path = path_of(world, line.address, line.case, principal)
        fields = _fields(visitors[principal], path) | SIGNING_IN.get(line.address, {})
        found[line.address] = Door(line, principal, path, fields)
    return list(found.values())


def _fields(visitor: Visitor, path: str) -> dict[str, list[str]]:
    """Read the form of a page and fill in what is empty."""
    response = visitor.as_before().http.get(path, follow_redirects=True)
    tree = html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)
    forms = tree.findall(".//main//form")
    filled: dict[str, list[str]] = {}
    for form in forms[:1]:
        for name, value in _values(form):
            if name != "csrf_token" and not filled.get(name):
                filled[name] = [value]
    return filled


def _values(form: ET.Element) -> Iterator[tuple[str, str]]:
    """Walk over the fields of a form with a value for each."""
    for one in form.iter():
        name, kind = one.get("name", ""), one.get("type", one.tag)
        if not name or one.tag not in {"input", "select", "textarea", "button"}:
            continue
        if one.tag == "select":
            options = [option.get("value", "") for option in one.iter("option")]
            yield name, next((value for value in options if value), "")
        elif kind in {"radio", "checkbox", "hidden", "submit"}:
            yield name, one.get("value", "on")
        elif kind != "file":
            part = PARTS_OF_A_DAY.get(name.rpartition("-")[2].rpartition("_")[2])
            yield name, one.get("value") or (one.text or "").strip() or part or USUAL.get(kind, "Invented words")


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """Collect every statement that changes something, while a block runs."""
    found: list[str] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells.
        statement = " ".join(str(given[2]).split())
        if statement.split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
