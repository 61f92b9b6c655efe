"""Hostile input into every form and every question in an address: nothing of it is a fault of ours."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from tests.security.doors import INVITED, Door, doors
from tests.security.matrix import Line, path_of
from tests.security.world import PRINCIPALS, Visitor, World, new_invitation, nothing_is_kept

HOSTILE: dict[str, bytes] = {
    "NUL": b"a\x00b",
    "a lone surrogate": b"\xed\xa0\x80",
    "bytes that are no text": b"\xff\xfe\xfd",
    "2**31": b"2147483648",
    "2**63": b"9223372036854775808",
    "a negative number": b"-1",
    "no number": b"NaN",
    "infinity": b"1e400",
    "other digits": "\u0663\u00b2".encode(),
    "100,000 letters": b"x" * 100_000,
    "100,000 digits": b"9" * 100_000,
    "a quote": b"' OR 1=1 --",
    "a tag": b"<script>alert(1)</script>",
    "a path": b"../../../../etc/passwd",
    "a formula": b"=HYPERLINK(1)",
    "a template": b"{{ 7 * 7 }}%(name)s{0}",
    "a line break": b"a\r\nSet-Cookie: b=c",
    "letters that turn around": "\u202eevil\u0301\u0130".encode(),
    "an impossible day": b"31",
    "nothing": b"",
}

NEXT = (
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%0d%0aevil",
    "javascript:alert(1)",
    "/\t/evil.example",
    "http:evil.example",
    "///evil.example",
    " //evil.example",
    "https:/evil.example",
    "/@evil.example",
    "http://[evil",
)
"""Addresses that somebody would like to be led to after signing in."""

QUESTIONS = ("page", "text", "stage", "show", "on", "next", "lacking", "earlier", "key", "version")
"""Names that pages read from the question in their address."""

BODIES: dict[str, tuple[str, bytes]] = {
    "JSON": ("application/json", b'{"name": ["a"]}'),
    "broken JSON": ("application/json", b"{"),
    "plain text": ("text/plain", b"name=a"),
    "XML": ("application/xml", b"<a/>"),
    "no kind": ("", b"name=a"),
    "a kind that is none": ("\xe9/;;=", b"name=a"),
    "parts without boundary": ("multipart/form-data", b"--x\r\n"),
    "parts that never end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
    ),
    "an unknown alphabet": ("application/x-www-form-urlencoded; charset=utf-99", b"name=%FF"),
    "only marks": ("application/x-www-form-urlencoded", b"&&&==&=%&%zz=%"),
}


@dataclass(frozen=True)
class Fault:
    """A request that was answered by a fault of ours."""

    what: str
    status: int

    def __str__(self) -> str:
        """Tell it in one line."""
        return f"{self.what}: {self.status}"


def fuzz(world: World, lines: list[Line], *, one_in: int = 1) -> tuple[int, list[Fault]]:
    """Send everything hostile everywhere.

    Args:
        world: Where to.
        lines: The access table, which knows every address.
        one_in: Send only one request in so many, a different one each time.

    Returns:
        How many requests were sent, and those answered by a 5xx.
    """
    visitors = {principal: world.client(principal) for principal in PRINCIPALS}
    sent, faults = 0, []
    for number, (what, principal, request) in enumerate(_requests(world, lines, visitors)):
        if number % one_in:
            continue
        # An invitation ends in a sign-in, which must be there when the next page asks for it.
        keeping = contextlib.nullcontext() if request["path"].startswith("/invitations") else nothing_is_kept(world)
        with keeping:
            response = visitors[principal].as_before().http.open(**request)
        response.close()
        sent += 1
        if response.status_code >= 500:
            faults.append(Fault(what, response.status_code))
    return sent, faults


def _requests(
    world: World, lines: list[Line], visitors: dict[str, Visitor]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Make every request: what it is, who sends it, and how it is opened."""
    with nothing_is_kept(world):
        every = doors(world, lines, visitors)
    for door in every:
        if door.line.address == INVITED:
            door.path = f"/invitations/{new_invitation(world)}"
        yield from _into_form(door, visitors[door.principal].token)
    for line in lines:
        principal = next((name for name in reversed(list(PRINCIPALS)) if line.answers[name] == "yes"), None)
        if line.method == "GET" and principal is not None:
            yield from _into_address(path_of(world, line.address, line.case, principal), principal)


def _into_form(door: Door, token: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Make the requests that send one form: fields hostile alone, all at once, twice, and in a wrong kind of body."""
    form = {**door.fields, "csrf_token": [token]}
    names = [name for name in door.fields if name != "csrf_token"]
    for words, value in HOSTILE.items():
        for chosen in ([name] for name in names):
            yield _sending(door, f"{words} in {chosen[0]}", _body(form, chosen, value))
        yield _sending(door, f"{words} in all", _body(form, names, value))
        yield _sending(door, f"{words} in the token", _body(form, ["csrf_token"], value))
    twice = _body(form, [], b"") + b"&" + _body(form, names, b"1")
    yield _sending(door, "every key twice", twice)
    yield _sending(door, "a thousand keys", b"&".join(b"k%d=1" % number for number in range(1000)) + b"&" + twice)
    for words, (kind, body) in BODIES.items():
        yield f"{door.path}: {words}", door.principal, _opened(door.path, "POST", kind, body)
        headed = _opened(door.path, "POST", kind, body)
        yield f"{door.path}: {words} with a token", door.principal, {**headed, "headers": {"X-CSRFToken": token}}


def _sending(door: Door, words: str, body: bytes) -> tuple[str, str, dict[str, Any]]:
    """Make a request that sends a form as a browser would."""
    request = _opened(door.path, "POST", "application/x-www-form-urlencoded", body)
    return f"{door.path}: {words}", door.principal, request


def _opened(path: str, method: str, kind: str, body: bytes) -> dict[str, Any]:
    """Tell the test client what to open."""
    return {"path": path, "method": method, "content_type": kind, "data": body}


def _body(form: dict[str, list[str]], chosen: list[str], value: bytes) -> bytes:
    """Write a form as a browser would, with some fields made hostile."""
    pairs = [
        (name, value if name in chosen else kept.encode("utf-8", "surrogatepass"))
        for name, values in form.items()
        for kept in values
    ]
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(one)}" for name, one in pairs).encode()


def _into_address(path: str, principal: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Make the requests that ask a page hostile questions."""
    for words, value in HOSTILE.items():
        asked = "&".join(f"{name}={quote_from_bytes(value)}" for name in QUESTIONS)
        yield f"{path}: {words} asked", principal, {"path": f"{path}?{asked[:200_000]}"}
    yield f"{path}: asked twice", principal, {"path": f"{path}?page=1&page=x&on=&on=1&stage=a&stage=b"}


def led_away(world: World) -> list[str]:
    """Try every hostile address as the page to go on to, and tell which ones lead to another host."""
    visitor = world.client("evaluator").as_before()
    found = []
    for address in NEXT:
        response = visitor.http.get("/language/en", query_string={"next": address})
        if not _stays(response.headers.get("Location", "")):
            found.append(address)
    return found


def _stays(location: str) -> bool:
    """Whether a browser that follows an address stays on the portal."""
    plain = location.replace("\\", "/").strip()
    return plain.startswith("/") and not plain.startswith("//") and not any(ord(letter) < 33 for letter in location)
