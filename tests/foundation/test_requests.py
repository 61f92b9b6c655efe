"""Every answer has an id that its line in the log carries, and the line tells nothing of a person."""

import json
import re

import pytest
from flask import Flask

from foundation import access
from tests.pages import PageClient

PLANTED = "ada-and-her-secret-link"


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The lines about answers that were written since the last look."""
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == "answered"]


@pytest.mark.parametrize("path", ["/sign-in", "/home", "/nowhere", "/static/icon.svg"])
def test_an_answer_carries_the_id_of_its_line(
    client: PageClient, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    with client.raw(path) as response:
        told = response.headers["X-Request-ID"]
    (line,) = lines_of(capsys)
    assert (line["request"], line["status"]) == (told, response.status_code)
    assert re.fullmatch("[0-9a-f]{32}", told)


def test_two_requests_have_two_ids(client: PageClient) -> None:
    assert client.raw("/sign-in").headers["X-Request-ID"] != client.raw("/sign-in").headers["X-Request-ID"]


def test_a_line_holds_nothing_that_a_visitor_sends(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.test_client().post(
        f"/{PLANTED}?next={PLANTED}",
        data={"email": PLANTED},
        headers={"X-Request-ID": PLANTED, "User-Agent": PLANTED, "Referer": PLANTED, "Cookie": f"a={PLANTED}"},
    )
    (line,) = lines_of(capsys)
    assert PLANTED not in str(line)
    assert set(line) == {"event", "request", "method", "endpoint", "status", "milliseconds", "level", "timestamp"}


def test_the_page_of_a_refusal_tells_its_id(client: PageClient) -> None:
    page = client.get("/nowhere", status=404)
    assert page.response.headers["X-Request-ID"] in page.text


def test_the_line_of_a_fault_carries_the_id_of_its_answer(own_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    @own_app.get("/planted")
    @access.public
    def planted() -> str:
        raise RuntimeError(PLANTED)

    response = own_app.test_client().get("/planted")
    assert response.status_code == 500
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert {line["request"] for line in told} == {response.headers["X-Request-ID"]}
    assert {line["event"] for line in told} == {"request failed", "answered"}
    assert PLANTED not in str(told)
