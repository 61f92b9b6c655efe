"""Write docs/asvs.md from docs/asvs.csv: each line of the standard with its state and with what proves it.

Run as ``python -m scripts.asvs`` after changing the table. Its columns: ``id``, ``level`` and ``chapter`` are those of
the standard; ``proof`` tells whether a line is proved by a test (T), a document (D) or the way the portal is run (C);
``words`` are ours; ``state`` is one of ``STATES``; ``proofs`` names, with spaces between them, files and tests as
``file::test``; ``note`` says what else is to be known.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "asvs.csv"
PAGE = ROOT / "docs" / "asvs.md"
COMMAND = "python -m scripts.asvs"
STATES = ("met", "not met", "planned", "not applicable")
TESTED = "T"


@dataclass(frozen=True)
class Requirement:
    """One line of the standard.

    Attributes:
        id: As the standard numbers it.
        level: From which level on it is asked.
        chapter: Its chapter.
        kind: How it can be proved: ``T``, ``D`` or ``C``.
        words: What it asks, in our words.
        state: How it stands.
        proofs: Files and tests that prove it.
        note: What else is to be known.
    """

    id: str
    level: str
    chapter: str
    kind: str
    words: str
    state: str
    proofs: tuple[str, ...]
    note: str


def read_requirements(table: Path = TABLE) -> list[Requirement]:
    """Read the table."""
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    return [
        Requirement(number, level, chapter, kind, words, state, tuple(proofs.split()), note)
        for number, level, chapter, kind, words, state, proofs, note in rows
    ]


def page(requirements: list[Requirement]) -> str:
    """Write the page, chapter by chapter."""
    states = Counter(one.state for one in requirements)
    tested = [one for one in requirements if one.kind == TESTED]
    proved = [one for one in tested if one.state == "met"]
    parts = [
        f"<!-- Made from docs/asvs.csv by `{COMMAND}`; edit the table and run it again. -->",
        "# What the security standard asks, and what proves it",
        _LICENCE,
        ", ".join(f"{states[state]} {state}" for state in STATES if states[state])
        + f". Of {len(tested)} lines that a test can prove, {len(proved)} are met.",
    ]
    for chapter, lines in groupby(sorted(requirements, key=_place), key=lambda one: one.chapter):
        parts += [f"## {chapter}", "\n".join([*_HEAD, *(_row(one) for one in lines)])]
    return "\n\n".join(parts) + "\n"


_LICENCE = (
    "The ids, levels and chapters are those of the [OWASP Application Security Verification Standard 5.0]"
    "(https://owasp.org/www-project-application-security-verification-standard/), licensed under "
    "[CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/). The words are ours and shorter than its own.\n"
    "This page and its table are shared under the same licence. Here stand the lines of levels 1 and 2 that we found "
    "to concern a portal like this one, and some of level 3."
)
_HEAD = ("| Id | Level | What it asks | State | Proof |", "| --- | --- | --- | --- | --- |")


def _place(one: Requirement) -> tuple[int, ...]:
    """Order lines as the standard does."""
    return tuple(int(part) for part in one.id.split("."))


def _row(one: Requirement) -> str:
    """Write one line of a table."""
    proofs = "<br>".join(f"`{proof}`" for proof in one.proofs)
    told = "<br>".join(part for part in (proofs, one.note) if part)
    return f"| {one.id} | {one.level} | {one.words} | {one.state} | {told} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(read_requirements()), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
