"""Language: every sentence that a person reads passes through here; English is the source."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from babel import Locale
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale, gettext
from flask_babel.speaklater import LazyString
from markupsafe import escape

from foundation.lifecycle import phrase_moves

LANGUAGES = {"en": "English", "it": "Italiano", "nl": "Nederlands"}

_words: dict[tuple[type[Enum], str], Any] = {}
"""By class and name, since members of two text enums with the same value are equal and would share a key."""


_acts: dict[str, Any] = {}
_records: dict[str, Any] = {}
"""By the verbs and the names of tables that the audit trail keeps."""


class Sentence(LazyString):
    """A sentence that is put into the reader's language when it is shown, and escaped like any other text.

    The library's own lazy text says of itself that it is safe HTML, which is untrue once a name stands in it.
    """

    def __html__(self) -> str:
        return str(escape(str(self)))


def _(sentence: str, **values: object) -> Any:  # noqa: ANN401 - lazy text stands wherever text may.
    """Mark a sentence for translation; it is put into the reader's language when it is shown."""
    return Sentence(gettext, sentence, **values)  # type: ignore[no-untyped-call] # the library has no types.


def name_members(words: dict[Any, Any]) -> None:
    """Give members of an enum the words that people read; called by each package's ``words.py``.

    Members of two enums stand in one call only if no value occurs twice: equal members are one key to Python.
    """
    _words.update({(type(member), member.name): sentence for member, sentence in words.items()})


def words_for(member: Enum) -> str:
    """Tell the words for a member of an enum.

    Raises:
        KeyError: Nobody has named it; a test finds this before a person does.
    """
    return str(_words[type(member), member.name])


def has_words(member: Enum) -> bool:
    """Whether a member of an enum has been named."""
    return (type(member), member.name) in _words


def name_acts(words: Mapping[str, Any]) -> None:
    """Give the verbs of the audit trail the words that people read; called by each package's ``words.py``."""
    _acts.update(words)


def name_records(words: Mapping[str, Any]) -> None:
    """Give the records that the audit trail tells of the words that people read, by the names of their tables."""
    _records.update(words)


def act_words(verb: str) -> str:
    """Tell in words what was done, by the verb of the audit trail; one that is no longer used is told plainly."""
    return str(_acts.get(verb, verb.replace("_", " ").capitalize()))


def record_words(table: str) -> str:
    """Tell in words to what it was done, by the name of the table; one that is no longer there is told plainly."""
    return str(_records.get(table, table.replace("_", " ").capitalize()))


def named_codes() -> tuple[frozenset[str], frozenset[str]]:
    """Tell which verbs and which tables have been named."""
    return frozenset(_acts), frozenset(_records)


def language_name(code: str) -> str:
    """Name a spoken language in the reader's language; an unknown code names itself.

    Args:
        code: ISO 639-1, such as ``pl``.
    """
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code, code))


def choose_language() -> str:
    """Choose the reader's language: what they picked, else what their browser asks for, else English."""
    if not has_request_context():
        # Jobs and commands write in the source language, as no reader is there to choose.
        return "en"
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


def _phrase_move(before: Enum, after: Enum) -> object:
    """Tell of a move that a lifecycle lacks, in the words that people know its states by."""
    return _("“%(before)s” cannot become “%(after)s”.", before=_Words(before), after=_Words(after))


class _Words:
    """The words of a member, looked up when they are shown; its value where nobody has named it."""

    def __init__(self, member: Enum) -> None:
        self._member = member

    def __str__(self) -> str:
        return words_for(self._member) if has_words(self._member) else str(self._member.value)


phrase_moves(_phrase_move)
