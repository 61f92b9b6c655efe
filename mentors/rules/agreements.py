"""Documents that volunteers accept, such as the mentoring agreement: their versions, their text, what has changed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from mentors.rules.stages import Stage

ASKED_STAGES = (Stage.TRAINING, Stage.READY, Stage.ON_A_BREAK)
"""Stages in which volunteers are written to when a version asks for their word."""

LONGEST_DOCUMENT = 20_000


class Asks(StrEnum):
    """Whom a version of a document asks to accept it."""

    NOBODY = "asks nobody"
    NEWCOMERS = "asks newcomers"
    EVERYBODY = "asks everybody"


@dataclass(frozen=True)
class Edition:
    """A version of a document, without its text.

    Attributes:
        number: From 1; a later version of the same day takes the place of an earlier one.
        effective_on: First day on which it holds.
        asks: Whom it asks.
    """

    id: UUID
    document_id: UUID
    number: int
    title: str
    effective_on: date
    asks: Asks


def in_force(editions: Sequence[Edition], on: date) -> Edition | None:
    """Tell which version of one document holds on a day; None before the first."""
    return max((one for one in editions if one.effective_on <= on), key=lambda one: one.number, default=None)


def newest(editions: Sequence[Edition]) -> Edition:
    """Tell which version was written last, whether it holds yet or not: the one that is read and accepted."""
    return max(editions, key=lambda one: one.number)


def least_accepted(editions: Sequence[Edition], until: Edition) -> int | None:
    """Tell from which version on a word still counts under a later one; None where it asks for nobody's."""
    if until.asks is Asks.NOBODY:
        return None
    anew = [one.number for one in editions if one.number <= until.number and one.asks is Asks.EVERYBODY]
    return max(anew, default=1)


def has_word(editions: Sequence[Edition], until: Edition | None, accepted: Collection[int]) -> bool:
    """Tell whether somebody who accepted some versions of a document need not accept another under a version.

    Whoever accepted a version that is still to come has accepted what holds until then.
    """
    least = None if until is None else least_accepted(editions, until)
    return least is None or any(number >= least for number in accepted)


@dataclass(frozen=True)
class Standing:
    """How one volunteer stands with one document.

    Attributes:
        edition: The version to read: the newest.
        is_due: Whether their word is missing to what holds today, so that the gate stays shut.
        is_asked: Whether they are asked to accept the newest version: for what holds today, or for what is to come.
    """

    edition: Edition
    is_due: bool
    is_asked: bool


def standing_of(editions: Sequence[Edition], accepted: Collection[int], on: date) -> Standing:
    """Tell how somebody stands with a document of which they accepted some versions."""
    last = newest(editions)
    now = in_force(editions, on)
    is_due = not has_word(editions, now, accepted)
    return Standing(last, is_due, is_due or not has_word(editions, last, accepted))


# ------------------------------------------------------------------------------------------------------------- text


class BlockKind(StrEnum):
    """What a part of a text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list of points."""

    kind: BlockKind
    lines: tuple[str, ...]


def blocks_of(text: str) -> tuple[Block, ...]:
    """Read a plain text: empty lines part paragraphs, ``# `` begins a heading and ``- `` a point of a list."""
    found: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        found.extend(_blocks_of_part([line.strip() for line in part.split("\n") if line.strip()]))
    return tuple(found)


def _blocks_of_part(lines: Sequence[str]) -> Iterator[Block]:
    """Read lines that no empty line parts; neighbours of a kind belong together, but for headings."""
    kept: list[str] = []
    kind = BlockKind.PARAGRAPH
    for line in lines:
        now, words = _read(line)
        if kept and (now is not kind or now is BlockKind.HEADING):
            yield Block(kind, tuple(kept))
            kept = []
        kind = now
        kept.append(words)
    if kept:
        yield Block(kind, tuple(kept))


def _read(line: str) -> tuple[BlockKind, str]:
    """Tell what a line is, and its words without the mark."""
    for mark, kind in (("# ", BlockKind.HEADING), ("- ", BlockKind.LIST)):
        if line.startswith(mark):
            return kind, line.removeprefix(mark).strip()
    return BlockKind.PARAGRAPH, line


class Fate(StrEnum):
    """What became of some words from one version to the next."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Some words and what became of them."""

    fate: Fate
    words: str


def compare(before: str, after: str) -> list[tuple[Piece, ...]]:
    """Compare two texts line by line, and inside a line that was changed word by word; empty lines are left out."""
    old, new = _lines_of(before), _lines_of(after)
    found: list[tuple[Piece, ...]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        removed, added = old[old_from:old_to], new[new_from:new_to]
        if tag == "equal":
            found.extend((Piece(Fate.KEPT, line),) for line in removed)
        elif tag == "replace" and len(removed) == len(added):
            found.extend(_compare_line(*pair) for pair in zip(removed, added, strict=True))
        else:
            found.extend((Piece(Fate.REMOVED, line),) for line in removed)
            found.extend((Piece(Fate.ADDED, line),) for line in added)
    return found


def _lines_of(text: str) -> list[str]:
    """Give the lines of a text that hold something."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _compare_line(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two lines word by word."""
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Fate.KEPT, " ".join(old[old_from:old_to])))
            continue
        for fate, words in ((Fate.REMOVED, old[old_from:old_to]), (Fate.ADDED, new[new_from:new_to])):
            if words:
                pieces.append(Piece(fate, " ".join(words)))
    return tuple(pieces)
