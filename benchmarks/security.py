"""What the portal promises about safety, counted: `python -m benchmarks.security [--json] [--database ...] [--quick]`.

Each figure stands beside what is promised. The checks themselves live in tests/security, where small versions of them
run with every test and where each is seen to catch a planted fault; here they are asked in full. Figures of the last
run are kept in docs/benchmarks.md.
"""

import argparse
import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import time_machine
from argon2 import PasswordHasher

from accounts.operations import passwords
from app import create_app
from foundation.settings import UnsafeSettings, read_settings
from tests.conftest import NOW, settings_for
from tests.foundation.test_settings import FAULTS, GOOD
from tests.security import census, dead_sessions, forgery, fuzzing, matrix, tampering, timing
from tests.security.conftest import own_database
from tests.security.world import World, build_world

DATABASES = ("sqlite", "postgresql")
TAMPERINGS = 1000
ONE_IN = 4
"""One hostile request in so many is sent; all of them take ten minutes on each database."""
TIMED = 400
"""Tries of each kind; with fewer, chance alone would leave the promised range now and then."""


@dataclass(frozen=True)
class Figure:
    """One figure beside its promise.

    Attributes:
        check: What was counted.
        database: On which database.
        asked: How often it was asked.
        found: What came out.
        promised: What is promised.
        is_kept: Whether the promise is kept.
        notes: The first few places where it is not.
    """

    check: str
    database: str
    asked: int
    found: float
    promised: str
    is_kept: bool
    notes: tuple[str, ...] = ()


def _none(check: str, database: str, asked: int, faults: list[str]) -> Figure:
    """Make a figure of which 0 is promised."""
    return Figure(check, database, asked, len(faults), "0", not faults, tuple(faults[:5]))


def count_everything(database: str, *, quick: bool) -> Iterator[Figure]:
    """Count all promises on one database.

    Args:
        database: Its kind.
        quick: Ask a small part only, to see that everything runs.
    """
    table = matrix.read_table()
    lines = table[::10] if quick else table
    with _world(database) as world:
        asked, differing = matrix.differences(world, lines)
        yield _none("access matrix: differences", database, asked, [str(one) for one in differing])
        undeclared = matrix.undeclared(world.app, table)
        yield _none("access matrix: routes that the table does not tell about", database, len(table), undeclared)
        sent, _changing, changed = forgery.forgeries(world, lines)
        yield _none("forged forms that change something", database, sent, changed)
        opened, written = forgery.writing_pages(world, lines)
        yield _none("pages that write when opened", database, opened, written)
        yield _sessions(world, database)
        unseen = tampering.unseen_tamperings(world, TAMPERINGS // 20 if quick else TAMPERINGS)
        yield _none("audit tamperings not seen", database, TAMPERINGS // 20 if quick else TAMPERINGS, unseen)
        led_away = fuzzing.led_away(world)
        yield _none("hostile addresses that lead away", database, len(fuzzing.NEXT), led_away)
        sent, faults = fuzzing.fuzz(world, lines, one_in=10 if quick else ONE_IN)
        yield _none("hostile requests answered by 5xx", database, sent, [str(fault) for fault in faults])
        yield from _census(world, database, lines)


@contextlib.contextmanager
def _world(database: str, *, is_quick: bool = True) -> Iterator[World]:
    """Build the world of the security tests on a database of its own, with whichever hasher is set."""
    hasher = passwords.HASHER
    if is_quick:
        passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        with tempfile.TemporaryDirectory() as folder, own_database(database, Path(folder)) as url:
            with time_machine.travel(NOW, tick=False):
                world = build_world(create_app(settings_for(Path(folder), url)))
                yield world
            world.database.engine.dispose()
    finally:
        passwords.HASHER = hasher


def _sessions(world: World, database: str) -> Figure:
    """Count the dead sign-ins that are refused."""
    found = dead_sessions.replays(world)
    alive = tuple(words for words, is_refused in found.items() if not is_refused)
    return Figure("dead sign-ins refused", database, len(found), len(found) - len(alive), "12", not alive, alive)


def _census(world: World, database: str, lines: list[matrix.Line]) -> Iterator[Figure]:
    """Count marks where they must not be."""
    named = census.names_in_letters(world)
    yield _none("letters that name somebody", database, 1, named)
    marked = census.mark_everything(world)
    census.look_at_pages(world, marked, lines)
    yield _none("marks outside the policy", database, len(marked.marks), marked.outside)
    on_disk = census.marks_on_the_disk(world, marked)
    open_marks = [f"{where}: {count}" for where, count in sorted(on_disk.items())]
    count = sum(on_disk.values())
    yield Figure(
        "level 2 marks in raw bytes", database, len(marked.marks), count, "0", count == 0, tuple(open_marks[:5])
    )


def count_settings() -> Figure:
    """Count the broken settings with which the portal starts."""
    started = []
    with tempfile.TemporaryDirectory() as folder:
        for words, (change, _told) in FAULTS.items():
            try:
                read_settings({"ALONGSIDE_INSTANCE": folder, **GOOD, **change})
            except UnsafeSettings:
                continue
            started.append(words)
    return _none("broken settings that start", "-", len(FAULTS), started)


def time_answers(*, quick: bool) -> Figure:
    """Tell how well the time of an answer tells a known address from an unknown one."""
    count = 20 if quick else TIMED
    # A stored hash says how much work checking it is, so that here even the world is built with the real hasher.
    with _world("sqlite", is_quick=False) as world:
        known, unknown = timing.telling_times(world, count)
    area = round(timing.area_under_curve(known, unknown), 3)
    return Figure(
        "timing: known or unknown address (AUC)", "sqlite", count * 2, area, "0.45 to 0.55", 0.45 <= area <= 0.55
    )


def main() -> None:
    """Counts everything and prints a line for each figure, or all of them as JSON."""
    parser = argparse.ArgumentParser(description="What is promised about safety, counted.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="ask a small part of everything")
    parser.add_argument("--database", choices=DATABASES, action="append", help="both unless told")
    asked = parser.parse_args()
    # What the portal logs of each request is kept out of what this program prints.
    with contextlib.redirect_stdout(io.StringIO()):
        figures = [count_settings(), time_answers(quick=asked.quick)]
        for database in asked.database or DATABASES:
            figures += count_everything(database, quick=asked.quick)
    print(json.dumps([asdict(each) for each in figures], indent=2) if asked.json else _table(figures))
    raise SystemExit(0 if all(figure.is_kept for figure in figures) else 1)


def _table(figures: list[Figure]) -> str:
    """Lays the figures out as a table, with the places where a promise is not kept below its line."""
    lines = [f"{'check':<58}{'database':<12}{'asked':>8}{'found':>8}  promised"]
    for each in figures:
        mark = "" if each.is_kept else "  NOT KEPT"
        lines.append(f"{each.check:<58}{each.database:<12}{each.asked:>8}{each.found:>8g}  {each.promised}{mark}")
        lines += [f"    {note}" for note in each.notes]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
