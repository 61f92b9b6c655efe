"""Language: every sentence that a person reads passes through here; English is the source."""

from enum import Enum
from typing import Any

from flask import Flask, request, session
from flask_babel import Babel, get_locale, lazy_gettext

LANGUAGES = {"en": "English", "it": "Italiano", "nl": "Nederlands"}

_words: dict[Enum, Any] = {}


def _(sentence: str, **values: object) -> Any:  # noqa: ANN401 - lazy text has no type of its own.
    """Mark a sentence for translation; it is put into the reader's language when it is shown."""
    return lazy_gettext(sentence, **values)


def name_members(words: dict[Any, Any]) -> None:
    """Give members of an enum the words that people read; called once by each package's ``words.py``."""
    _words.update(words)


def words_for(member: Enum) -> str:
    """Tell the words for a member of an enum.

    Raises:
        KeyError: Nobody has named it; a test finds this before a person does.
    """
    return str(_words[member])


def has_words(member: Enum) -> bool:
    """Whether a member of an enum has been named."""
    return member in _words


def choose_language() -> str:
    """Choose the reader's language: what they picked, else what their browser asks for, else English."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def current_language() -> str:
    """Tell the language of the page, as the ``lang`` attribute wants it."""
    locale = get_locale()
    return locale.language if locale else "en"


def install(app: Flask) -> None:
    """Set up translation for a portal."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en_GB")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_locale)


def _locale() -> str:
    """Use British forms of date for English."""
    language = choose_language()
    return "en_GB" if language == "en" else language
