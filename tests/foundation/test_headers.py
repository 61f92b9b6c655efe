"""Every answer tells the browser what it may do with it: pages, refusals, redirects and files alike."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, Response
from werkzeug.wrappers import Response as AnyResponse

from app import create_app
from foundation import access, headers
from foundation.settings import Mode, Settings
from tests.pages import PageClient

ID = "00000000-0000-4000-8000-000000000000"


def faults_of(response: AnyResponse, *, is_production: bool = False) -> list[str]:
    """What an answer lacks, in words."""
    found = [name for name, value in headers.ALWAYS.items() if response.headers.get(name) != value]
    directives = [part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")]
    found += [f"policy: {part}" for part in directives if re.search(r"unsafe|\*|data:|https?:", part)]
    found += (
        [] if {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(directives) else ["policy"]
    )
    found += ["encrypted only"] if is_production and "Strict-Transport-Security" not in response.headers else []
    if re.search(r"\d", response.headers.get("Server", "")) or "X-Powered-By" in response.headers:
        found.append("tells the version of the server")
    if "Cache-Control" not in response.headers:
        found.append("cached at will")
    return found


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
        with client.open(path, method=method) as response:
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
