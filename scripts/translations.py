"""Bring the catalogues of sentences up to date with the code.

Run as ``python -m scripts.translations extract`` whenever a test says that a sentence is missing. It writes
``translations/messages.pot`` and adds what is new to the catalogue of every language; what was translated stays. The
files carry no dates and no line numbers, so that they change only when a sentence does. ``dev.py`` compiles them.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from foundation.language import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
TEMPLATE = FOLDER / "messages.pot"
COMMAND = "python -m scripts.translations extract"
NOT_OURS = {"tests", "scripts", "benchmarks", "migrations", "static", "docs", "instance"}
DATED = ("POT-Creation-Date:", "PO-Revision-Date:", "Generated-By:")
SOURCE_LANGUAGE = "en"


def main() -> int:
    """Carry out the one command there is."""
    if sys.argv[1:] != ["extract"]:
        print(__doc__)
        return 2
    extracted = extract()
    write(TEMPLATE, extracted)
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            catalogue = read(catalogue_of(language), language)
            catalogue.update(extracted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            write(catalogue_of(language), catalogue)
    return 0


def extract() -> Catalog:
    """Collect every sentence of the packages and the templates, with the files it stands in."""
    catalogue = Catalog(project="Alongside", charset="utf-8", fuzzy=False)
    for file in source_files():
        method = "jinja2" if file.suffix == ".html" else "python"
        options = {"encoding": "utf-8", "silent": "false"} if method == "jinja2" else {"encoding": "utf-8"}
        for _line, sentence, _comments, context in extract_from_file(
            method, file, keywords=DEFAULT_KEYWORDS, options=options
        ):
            catalogue.add(sentence, None, [(str(file.relative_to(ROOT)), 0)], context=context)
    return catalogue


def source_files() -> list[Path]:
    """List the files that hold sentences: all Python of the packages, and all templates."""
    packages = [
        folder for folder in ROOT.iterdir() if (folder / "__init__.py").exists() and folder.name not in NOT_OURS
    ]
    code = [ROOT / "app.py", *(file for package in packages for file in package.rglob("*.py"))]
    return sorted([*code, *(ROOT / "templates").rglob("*.html")])


def catalogue_of(language: str) -> Path:
    """Name the file of a language."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(file: Path, language: str) -> Catalog:
    """Read the catalogue of a language, or begin one."""
    if not file.exists():
        return Catalog(locale=language, project="Alongside", charset="utf-8", fuzzy=False)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def write(file: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the order of its sentences, without anything that changes by itself."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(catalogue), encoding="utf-8")


def render(catalogue: Catalog) -> str:
    """Give the text of a catalogue's file."""
    catalogue.header_comment = "# Sentences of Alongside. Bring them up to date with:\n#   " + COMMAND
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = written.getvalue().decode("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in DATED))) + "\n"


if __name__ == "__main__":
    sys.exit(main())
