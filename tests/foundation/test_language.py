"""Sentences: in the reader's language when they are shown, in English where nobody reads, and never markup."""

from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, flash, get_flashed_messages, render_template_string, session

from app import create_app
from foundation import language
from foundation.errors import Refusal
from foundation.language import _, name_members, words_for
from foundation.lifecycle import ForbiddenMove
from foundation.settings import Settings
from tests.pages import PageClient


class Fruit(StrEnum):
    PEAR = "same"


class Tool(StrEnum):
    HAMMER = "same"
    NAMELESS = "nameless"


def test_a_sentence_is_read_without_a_portal_without_a_request_and_in_one(app: Flask) -> None:
    refusal = Refusal(_("Wait %(minutes)s minutes.", minutes=5))
    assert str(refusal) == "Wait 5 minutes."
    with app.app_context():
        assert str(refusal) == "Wait 5 minutes."
    with app.test_request_context():
        assert str(refusal) == "Wait 5 minutes."


def test_a_name_in_a_sentence_is_never_markup(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string("{{ told }}", told=_("%(name)s has left.", name="<script>Ada</script>"))
        assert shown == "&lt;script&gt;Ada&lt;/script&gt; has left."


def test_a_name_in_a_notice_for_the_next_page_is_never_markup(app: Flask) -> None:
    with app.test_request_context():
        flash(_("%(name)s has left.", name="<b>Ada</b>"))
        kept = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # Flask's own cookie.
        session.update(kept.loads(kept.dumps(dict(session))))
        assert (
            render_template_string("{{ told }}", told=get_flashed_messages()[0]) == "&lt;b&gt;Ada&lt;/b&gt; has left."
        )


def test_members_of_two_enums_with_the_same_value_have_words_of_their_own() -> None:
    assert Fruit.PEAR == Tool.HAMMER  # type: ignore[comparison-overlap] # text enums are equal by their text.
    name_members({Fruit.PEAR: _("Pear")})
    name_members({Tool.HAMMER: _("Hammer")})
    assert (words_for(Fruit.PEAR), words_for(Tool.HAMMER)) == ("Pear", "Hammer")


def test_a_forbidden_move_is_told_in_words() -> None:
    name_members({Tool.HAMMER: _("Hammer")})
    assert str(ForbiddenMove(Tool.HAMMER, Tool.NAMELESS)) == "“Hammer” cannot become “nameless”."


@pytest.fixture
def translated(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A portal whose Italian knows one sentence, has one empty and one only guessed."""
    catalogue = Catalog(locale="it")
    catalogue.add("Sign in", "Accedi")
    catalogue.add("Email address", "")
    catalogue.add("Password", "Parola d'ordine", flags={"fuzzy"})
    file = tmp_path / "translations" / "it" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, catalogue)
    original = language.install

    def install(app: Flask) -> None:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path / "translations")
        original(app)

    monkeypatch.setattr(language, "install", install)
    portal = create_app(settings)
    return PageClient(portal, portal.extensions["database"].engine)


def test_what_is_not_translated_yet_is_read_in_english(translated: PageClient) -> None:
    translated.client.get("/language/it")
    page = translated.get("/sign-in")
    assert page.tree.get("lang") == "it"
    assert page.heading == "Accedi"
    assert "Email address" in page.text
    assert "Password" in page.text
    translated.app.extensions["database"].engine.dispose()


def test_the_language_of_the_browser_is_used_until_somebody_chooses(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "nl,en;q=0.5"}):
        assert language.choose_language() == "nl"
        session["language"] = "it"
        assert language.choose_language() == "it"
        session["language"] = "xx"
        assert language.choose_language() == "nl"
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert language.choose_language() == "en"


def test_the_catalogues_are_looked_for_beside_the_portal(app: Flask) -> None:
    assert app.extensions["babel"].translation_directories == [str(Path(app.root_path) / "translations")]
