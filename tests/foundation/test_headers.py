"""Every answer tells the browser what it may do with it: pages, refusals, redirects and files alike."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, Response
from werkzeug.wrappers import Response as AnyResponse

from accounts.rules import Role
from app import create_app
from demo.builders import PASSWORD, Builder
from foundation import access, headers
from foundation.settings import Mode, Settings
from tests.conftest import NOW
from tests.pages import PageClient

ID = "00000000-0000-4000-8000-000000000000"


SAID = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What every answer says, word by word. Without ``object-src`` in it the policy forbids objects by its default."""


def faults_of(response: AnyResponse, *, is_production: bool = False) -> list[str]:
    """What an answer lacks, in words."""
    found = [name for name, value in (SAID | headers.ALWAYS).items() if response.headers.get(name) != value]
    found += [name for name, value in SAID.items() if headers.ALWAYS[name] != value]
    found += [name for name in dict(response.headers) if name.startswith("Access-Control-")]
    directives = [part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")]
    found += [f"policy: {part}" for part in directives if re.search(r"unsafe|\*|data:|https?:", part)]
    found += (
        [] if {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(directives) else ["policy"]
    )
    encrypted = response.headers.get("Strict-Transport-Security")
    found += ["encrypted only"] if is_production and encrypted != "max-age=31536000; includeSubDomains" else []
    # An answer that only leads on or that has no body may go without its kind.
    has_body = response.content_length != 0 and response.status_code not in {204, 304}
    found += ["no kind, or no alphabet"] if has_body and not is_told(response) else []
    if re.search(r"\d", response.headers.get("Server", "")) or "X-Powered-By" in response.headers:
        found.append("tells the version of the server")
    if "Cache-Control" not in response.headers:
        found.append("cached at will")
    return found


def is_told(response: AnyResponse) -> bool:
    """Whether an answer says what kind of thing it is, and a text in which alphabet."""
    kind, alphabet = response.mimetype or "", response.mimetype_params.get("charset", "")
    if kind in {"text/html", "text/css", "text/csv", "text/plain", "text/javascript"}:
        return alphabet.lower() == "utf-8"
    return kind in {"application/json", "application/zip", "image/svg+xml", "image/png", "font/woff2"} or bool(
        re.fullmatch(r"application/vnd\.openxmlformats-[\w.-]+", kind)
    )


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every method of every route with an address that fits its pattern."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda part: "3" if part[1] == "int" else ID, rule.rule)
        for method in sorted({*(rule.methods or ()), "PATCH"}):
            yield rule.endpoint, method, path


def test_every_method_of_every_route_answers_with_all_headers(app: Flask) -> None:
    client = app.test_client()
    found = {}
    for endpoint, method, path in addresses(app):
        with client.open(path, method=method, headers={"Origin": "https://evil.example"}) as response:
            faults = faults_of(response)
            if endpoint != "static" and "no-store" not in response.headers.get("Cache-Control", ""):
                faults.append("stored")
            if faults:
                found[f"{method} {path}"] = faults
    assert found == {}


def test_an_answer_without_a_header_or_with_an_unsafe_policy_is_found(own_app: Flask) -> None:
    @own_app.get("/planted")
    @access.public
    def planted() -> Response:
        return Response("x", headers={"Content-Security-Policy": "default-src *", "Referrer-Policy": "unsafe-url"})

    faults = faults_of(own_app.test_client().get("/planted"))
    assert {"Content-Security-Policy", "Referrer-Policy", "policy"} <= set(faults)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Access-Control-Allow-Origin", "*"),
        ("Strict-Transport-Security", "max-age=1"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Content-Type", "text/html"),
        ("Content-Type", "text/x-anything"),
        ("Server", "Werkzeug/3.1"),
    ],
)
def test_a_header_that_says_too_much_or_too_little_is_found(own_app: Flask, name: str, value: str) -> None:
    @own_app.get("/planted")
    @access.public
    def planted() -> Response:
        response = Response("x", headers=None if name == "Content-Type" else {name: value})
        if name == "Content-Type":
            response.headers[name] = value
        return response

    own_app.config["SESSION_COOKIE_SECURE"] = True
    assert len(faults_of(own_app.test_client().get("/planted"), is_production=True)) == 1


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/health", "/static/icon.svg"])
def test_a_method_that_nobody_needs_is_refused_and_echoes_nothing(client: PageClient, path: str, method: str) -> None:
    response = client.client.open(path, method=method, headers={"X-Planted": "echo me"})
    assert response.status_code == 405
    assert "echo me" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.git/HEAD", "/.env", "/app.py", "/pyproject.toml", "/instance/secrets.json"),
        *("/static/", "/static/vendor/", "/static/vendor", "/static/../app.py", "/static/%2e%2e/app.py"),
        *("/static/..%2f..%2fetc/passwd", "/static/.git/config"),
        *("/metrics", "/docs", "/docs/deploy.md", "/openapi.json", "/swagger", "/console", "/debug", "/server-status"),
    ],
)
def test_nothing_is_served_but_pages_and_single_static_files(client: PageClient, path: str) -> None:
    with client.raw(path) as response:
        assert response.status_code == 404
        assert "import " not in response.get_data(as_text=True)


@pytest.mark.parametrize("status", [404, 413])
def test_a_refusal_carries_all_headers(client: PageClient, app: Flask, status: int) -> None:
    body = b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    path = "/nowhere" if status == 404 else "/sign-in"
    response = client.client.open(path, method="GET" if status == 404 else "POST", data=body)
    assert response.status_code == status
    assert faults_of(response) == []
    assert response.headers["Cache-Control"] == "no-store"


def test_in_production_every_answer_and_cookie_is_bound_to_encryption_and_to_the_host(settings: Settings) -> None:
    portal = create_app(replace(settings, mode=Mode.PRODUCTION))
    client = portal.test_client()
    for path in ("/", "/sign-in", "/home", "/nowhere", "/static/icon.svg"):
        with client.get(path, base_url="https://alongside.test") as response:
            assert faults_of(response, is_production=True) == [], path
            for cookie in response.headers.getlist("Set-Cookie"):
                assert cookie.startswith("__Host-"), cookie
                assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
                assert "Domain=" not in cookie
    portal.extensions["database"].engine.dispose()


def test_in_production_signing_in_sets_no_cookie_that_a_script_another_host_or_an_open_line_could_have(
    settings: Settings,
) -> None:
    portal = create_app(replace(settings, mode=Mode.PRODUCTION))
    with portal.app_context(), portal.extensions["database"].transaction() as session:
        Builder(session, at=NOW).account(Role.MENTOR, email="ada@mail.example")
    client, base = portal.test_client(), "https://alongside.test"
    page = client.get("/sign-in", base_url=base).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    typed = {"csrf_token": token[1], "email": "ada@mail.example", "password": PASSWORD}
    answer = client.post("/sign-in", base_url=base, data=typed, headers={"Referer": f"{base}/sign-in"})
    assert answer.status_code == 303
    cookies = {cookie.partition("=")[0]: set(cookie.split("; ")[1:]) for cookie in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-alongside", "__Host-alongside-device"}
    for parts in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/"} <= parts
        assert parts & {"SameSite=Lax", "SameSite=Strict"}
        assert not [part for part in parts if part.startswith("Domain")]
    portal.extensions["database"].engine.dispose()


def test_a_static_file_is_named_by_what_it_holds_and_kept_for_good(client: PageClient) -> None:
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.raw("/sign-in").text)
    assert len(found) >= 5
    for address in found:
        with client.raw(address) as response:
            assert response.headers["Cache-Control"] == headers.KEPT_FOR_GOOD, address


@pytest.mark.parametrize("end", ["", "?v=", "?v=0123456789abcdef"])
def test_a_static_file_asked_for_by_another_name_is_not_kept(client: PageClient, end: str) -> None:
    with client.raw(f"/static/alongside.css{end}") as response:
        assert response.headers["Cache-Control"] == headers.ASKED_AGAIN


def test_a_static_file_that_is_not_there_is_not_remembered(client: PageClient) -> None:
    assert client.raw("/static/nowhere.css?v=1").headers["Cache-Control"] == "no-store"
