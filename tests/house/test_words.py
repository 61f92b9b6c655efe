"""Every word that people read has a place where it is translated."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from html.parser import HTMLParser
from types import ModuleType

import pytest
from flask import Flask
from jinja2 import Environment

from app import METADATA
from foundation.db import Choice
from foundation.forms import HouseForm
from foundation.language import has_words, named_codes
from tests.house.sources import ROOT, calls_in, files_named, python_files, shown, template_files, tree_of

SAME_EVERYWHERE = {
    "Alongside",  # The name of the product is the same in every language.
    "km",  # The sign of a unit is the same in every language.
}
NEVER_CHANGED = {"audit_head", "worker_beat"}
"""Tables of which no entry of the audit trail tells."""
READ_ALOUD = {"title", "aria-label", "alt", "placeholder", "aria-description", "summary"}
VOID_BLOCKS = {"script", "style"}
REFUSALS = {"Refusal", "Conflict", "NotVisible", "NotPermitted"}
FIELDS = {
    "LineField",
    "TextField",
    "EmailField",
    "PasswordField",
    "NumberField",
    "DateField",
    "RadioField",
    "SelectField",
    "ManyField",
    "WeekField",
    "TickField",
    "FileField",
}
SPOKEN = {"flash", "required", *REFUSALS, *FIELDS}
"""What takes a sentence as its first argument, and shows it to a person."""


class _Texts(HTMLParser):
    """Collects the words of a page that stand there as they are.

    Attributes:
        found: Line and words.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in VOID_BLOCKS
        for name, value in attrs:
            if name in READ_ALOUD:
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in VOID_BLOCKS

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._note(data)

    def _note(self, text: str) -> None:
        for part in re.split(r"[\ue000\s]*\ue000[\ue000\s]*|\n", text):
            words = part.strip(" \t·\u2013—:.,;()[]“”#/+-%|*•●→←")
            if re.search(r"[^\W\d_]", words) and words not in SAME_EVERYWHERE:
                self.found.append((self.getpos()[0], words))


def bare_words(source: str) -> list[tuple[int, str]]:
    """Words of a template that stand outside of ``{{ }}`` and are read by people, with their lines."""
    page = _Texts()
    for text in _without_code(source):
        page.feed(text)
    page.close()
    return page.found


def _without_code(source: str) -> Iterator[str]:
    """A template without its Jinja code; where code stood, a private character keeps words apart."""
    is_open = False
    for _line, kind, text in Environment(autoescape=True).lex(source):
        if kind.endswith(("_begin",)):
            is_open = True
            yield "\ue000"
        if kind == "data":
            yield text
        elif "\n" in text:
            yield "\n" * text.count("\n")
        is_open = is_open and not kind.endswith("_end")


def test_every_sentence_of_a_template_can_be_translated() -> None:
    found = {shown(file): words for file in template_files() if (words := bare_words(file.read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{{ name }} has left</p>", "has left"),
        ('<a title="Open" href="/x">{{ _("Open") }}</a>', "Open"),
        ('<img alt="A door">', "A door"),
        ("{% if x %}yes{% endif %}", "yes"),
    ],
)
def test_a_sentence_that_stands_bare_is_found(source: str, word: str) -> None:
    assert [words for _, words in bare_words(source)] == [word]


def test_translated_words_markup_and_signs_pass() -> None:
    source = '{# a remark #}<p class="x" lang="en">{{ _("Hello") }} · {{ n }} %</p><script>var a</script>'
    assert bare_words(source) == []


def bare_sentences(tree: ast.Module) -> list[tuple[int, str]]:
    """Sentences that code hands to people without translation, with their lines."""
    refusals = REFUSALS | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and {getattr(base, "id", "") for base in node.bases} & REFUSALS
    }
    found = []
    for name, call in calls_in(tree):
        if name in SPOKEN | refusals and call.args and (text := _literal(call.args[0])):
            found.append((call.lineno, text))
        found += [
            (call.lineno, text)
            for keyword in call.keywords
            if keyword.arg in {"description", "message", "label"}
            and name in SPOKEN
            and (text := _literal(keyword.value))
        ]
    return found


def _literal(node: ast.expr) -> str | None:
    """The words of a plain or formatted text; None where it is neither or has no letters."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return text if re.search(r"[^\W\d_]", text) else None


def test_every_sentence_that_code_hands_to_people_can_be_translated() -> None:
    found = {shown(file): texts for file in python_files() if (texts := bare_sentences(tree_of(file)))}
    assert found == {}


@pytest.mark.parametrize(
    "line",
    ["raise Refusal('Not today.')", "flash(f'{x} was saved')", "name = LineField('Full name')", "required('Say it')"],
)
def test_a_sentence_in_code_that_stands_bare_is_found(line: str) -> None:
    assert len(bare_sentences(ast.parse(line))) == 1
    assert bare_sentences(ast.parse(re.sub(r"\((f?'.*')\)", r"(_(\1))", line))) == []


def enums_of_columns() -> Iterator[type[Enum]]:
    """The enums whose members stand in the database."""
    for table in METADATA.tables.values():
        for column in table.columns:
            if isinstance(column.type, Choice):
                yield column.type.enum


def enums_of_rules() -> Iterator[type[Enum]]:
    """The enums of all rules, which is what forms and pages choose from."""
    for module in modules_of("rules"):
        for _, member in inspect.getmembers(module, inspect.isclass):
            if issubclass(member, Enum) and member.__module__ == module.__name__:
                yield member


def enums_of_forms() -> Iterator[type[Enum]]:
    """The enums that forms offer."""
    for module in modules_of("forms"):
        for _, form in inspect.getmembers(module, inspect.isclass):
            if issubclass(form, HouseForm):
                for field in vars(form).values():
                    yield from {type(member) for member in getattr(field, "kwargs", {}).get("members", ())}


def modules_of(name: str) -> Iterator[ModuleType]:
    """The files of one kind in all packages, imported."""
    for file in files_named(name):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield importlib.import_module(".".join(part for part in parts if part != "__init__"))


def wordless(enums: Iterable[type[Enum]]) -> set[str]:
    """Members that nobody has named."""
    return {f"{enum.__module__}.{member!s}" for enum in enums for member in enum if not has_words(member)}


def test_every_choice_has_words(app: Flask) -> None:
    assert wordless({*enums_of_columns(), *enums_of_rules(), *enums_of_forms()}) == set()


def test_a_choice_without_words_is_found() -> None:
    class Planted(Enum):
        NAMELESS = "nameless"

    assert len(wordless([Planted])) == 1


def verbs_in(tree: ast.Module) -> set[str]:
    """The verbs that a file writes into the audit trail: what it hands over as ``verb`` or keeps under that name."""
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "verb"]
    values += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "verb" for to in node.targets)
    ]
    return {
        part.value
        for value in values
        for part in ([value.body, value.orelse] if isinstance(value, ast.IfExp) else [value])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def test_every_verb_and_every_table_of_the_audit_trail_has_words(app: Flask) -> None:
    verbs = {verb for file in python_files() for verb in verbs_in(tree_of(file))}
    acts, records = named_codes()
    assert len(verbs) > 80
    assert verbs - acts == set()
    assert set(METADATA.tables) - records - NEVER_CHANGED == set()


def test_a_verb_without_words_is_found() -> None:
    planted = ast.parse("verb = 'hide' if late else 'seek'\nrecord(verb='run_away')")
    assert verbs_in(planted) == {"hide", "seek", "run_away"}
    assert not verbs_in(planted) <= named_codes()[0]
