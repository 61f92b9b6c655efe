"""Addresses are kebab-case nouns, every form has a page that shows it, and opening a page changes nothing."""

import re

import pytest
from flask import Flask

WITHOUT_PAGE = {
    "accounts.sign_out": "A button on every page; there is nothing to fill in.",
    "accounts.factor_app_begin": "A button on the page of second factors; the key that it makes has its own page.",
    "accounts.factor_put_off": "A button on the home page; there is nothing to fill in.",
    "accounts.factor_passkey_challenge": "Our script asks here for the question that a passkey answers.",
    "accounts.passkey_sign_in_challenge": "Our script asks here for the question that a passkey answers.",
    "accounts.second_factor_challenge": "Our script asks here for the question that a passkey answers.",
}
"""Addresses that only take what is sent, each with its reason."""


def strange_addresses(rules: list[str]) -> list[str]:
    """Addresses that are not made of small words with hyphens between them."""
    found = []
    for rule in rules:
        words = [part for part in re.sub(r"<[^>]+>", "", rule).split("/") if part]
        if not all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?", word) for word in words):
            found.append(rule)
    return found


def test_every_address_is_made_of_small_words_with_hyphens(app: Flask) -> None:
    assert strange_addresses([rule.rule for rule in app.url_map.iter_rules()]) == []


@pytest.mark.parametrize("rule", ["/Volunteers", "/my_match", "/volunteers/<uuid:id>/logHours", "/a--b"])
def test_a_strange_address_is_found(rule: str) -> None:
    assert strange_addresses([rule]) == [rule]


def lonely_posts(app: Flask) -> list[str]:
    """Addresses that take a form and have no page of the same name at the same address that shows it."""
    pages = {(rule.endpoint, rule.rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and (rule.endpoint.removesuffix("_post"), rule.rule) not in pages
        and rule.endpoint not in WITHOUT_PAGE
    ]


def test_every_form_has_a_page_that_shows_it(app: Flask) -> None:
    assert lonely_posts(app) == []


def test_a_form_without_a_page_is_found(own_app: Flask) -> None:
    own_app._got_first_request = False
    own_app.add_url_rule("/planted", endpoint="planted_post", view_func=lambda: "", methods=["POST"])
    assert lonely_posts(own_app) == ["planted_post"]


def test_every_exception_is_still_a_route(app: Flask) -> None:
    assert set(WITHOUT_PAGE) <= set(app.view_functions)
