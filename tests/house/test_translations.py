"""Every sentence can be translated: it is written down where it is found, and stands in every catalogue."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from foundation.language import LANGUAGES
from scripts.translations import COMMAND, ROOT, TEMPLATE, catalogue_of, extract, render
from tests.house.sources import calls_in, python_files, shown, tree_of

TRANSLATED = [language for language in LANGUAGES if language != "en"]
MARKS = {"_", "gettext", "ngettext", "lazy_gettext"}


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    """What the code holds now."""
    return extract()


def sentences(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


def test_the_template_holds_every_sentence_and_no_other(extracted: Catalog) -> None:
    written = TEMPLATE.read_text("utf-8")
    missing = sentences(extracted) ^ sentences(read(TEMPLATE))
    assert missing == set(), f"run: {COMMAND}"
    assert written == render(extracted), f"run: {COMMAND}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_of_a_language_holds_every_sentence(extracted: Catalog, language: str) -> None:
    assert sentences(extracted) == sentences(read(catalogue_of(language))), f"run: {COMMAND}"


def test_extracting_twice_writes_the_same_file(extracted: Catalog) -> None:
    first = render(extracted)
    assert render(extract()) == first
    assert not re.search(r"-Date:|\.py:\d|\.html:\d", first)


def placeholders(text: object) -> set[str]:
    """The names that stand in a sentence."""
    return set(re.findall(r"%\((\w+)\)", str(text)))


def broken(message: Message) -> bool:
    """Whether a translation names something that its sentence does not."""
    sentence = message.id if isinstance(message.id, str) else " ".join(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return any(text and not placeholders(text) <= placeholders(sentence) for text in texts)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_only_what_its_sentence_names(language: str) -> None:
    assert [message.id for message in read(catalogue_of(language)) if message.id and broken(message)] == []


def test_a_translation_with_a_strange_name_is_found() -> None:
    assert broken(Message("%(name)s has left", "%(nome)s è andato"))
    assert not broken(Message("%(name)s has left", "%(name)s è andato"))


def test_every_placeholder_has_a_name(extracted: Catalog) -> None:
    nameless = re.compile(r"%[sdif]|\{\w*\}")
    assert [sentence for sentence in sentences(extracted) if nameless.search(str(sentence))] == []


def unmarked(tree: ast.Module) -> list[int]:
    """Lines on which what is marked for translation is no plain sentence, and so would never be found."""
    return [
        call.lineno
        for name, call in calls_in(tree)
        if name in MARKS
        and isinstance(call.func, ast.Name)
        and call.args
        and not isinstance(call.args[0], ast.Constant)
    ]


def test_what_is_marked_for_translation_is_a_plain_sentence() -> None:
    files = [file for file in python_files() if shown(file) != "foundation/language.py"]
    assert {shown(file): lines for file in files if (lines := unmarked(tree_of(file)))} == {}


@pytest.mark.parametrize("line", ["_(sentence)", "_(f'{name} has left')", "_('Hello ' + name)"])
def test_a_sentence_that_cannot_be_found_is_found(line: str) -> None:
    assert unmarked(ast.parse(line)) == [1]


def test_the_catalogues_lie_where_the_portal_looks_for_them() -> None:
    assert TEMPLATE.parent == ROOT / "translations"
    assert all(catalogue_of(language).exists() for language in TRANSLATED)
