"""A mark in every personal column, and where the marks turn up: in whose pages, in addresses, in logs, on the disk.

Each mark names a column and a row, so that whoever finds one knows what has been let out. What may be seen by whom is
declared here, by the kind of person whom a row is about and by the level of the column.
"""

import contextlib
import io
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from accounts.models import Account, Person
from app import METADATA
from foundation.db import Base
from foundation.dictionary import Level, entry_of
from foundation.outbox import Letter
from mentees.models import Mentee
from mentoring.models import Match
from mentors.models import Volunteer
from tests.security.matrix import Line, path_of
from tests.security.world import PRINCIPALS, World, nothing_is_kept
from training.models import Goal, Plan

MARK = re.compile(r"qz[0-9]{5}zq")
CORE, CONFIDENTIAL = int(Level.CORE), int(Level.CONFIDENTIAL)

NOT_MARKED = {"email_key", "device", "credential_id", "key", "sealed_key"}
"""Columns by which rows are found, that name a browser, or that hold keys; hashes are left out by their names."""

_OF_COORDINATORS = frozenset({("volunteer", CONFIDENTIAL), ("mentee", CONFIDENTIAL), ("staff", CORE)})
SEES: Mapping[str, frozenset[tuple[str, int]]] = {
    # By principal: whose rows, and the highest level of them.
    "anonymous": frozenset(),
    "volunteer": frozenset({("volunteer: volunteer", CORE), ("staff", CORE)}),
    "mentor": frozenset(
        {("volunteer: mentor", CORE), ("mentee: own", CONFIDENTIAL), ("mentee: offered", CONFIDENTIAL), ("staff", CORE)}
    ),
    "coordinator": _OF_COORDINATORS,
    "senior coordinator": _OF_COORDINATORS,
    "training lead": frozenset({("volunteer", CORE), ("staff", CORE)}),
    "partner officer": frozenset(
        {
            ("mentee: own", CORE),
            ("mentee: ended", CORE),
            ("mentee: offered", CORE),
            ("mentee: other", CORE),
            ("staff", CORE),
        }
    ),
    "evaluator": frozenset({("staff", CORE)}),
    # Those who have an account are named in the list of roles, volunteers and mentors too.
    "administrator": frozenset(
        {("staff", CORE), ("volunteer: mentor", CORE), ("volunteer: volunteer", CORE), ("volunteer: other", CORE)}
    ),
}
"""What each principal may find on a page. **Source:** who, what, from whom, in the design of the portal."""

_JUDGED_BY_COORDINATORS = frozenset({"break_glass.why", "complaint.complainant", "complaint.what"})
JUDGES: Mapping[str, frozenset[str]] = {
    "administrator": frozenset({"break_glass.why"}),
    "coordinator": _JUDGED_BY_COORDINATORS,
    "senior coordinator": _JUDGED_BY_COORDINATORS,
}
"""Words that a principal has written or has to judge in their own scheme, whomever they are about."""


@dataclass(frozen=True)
class Mark:
    """Where a mark was put.

    Attributes:
        table: The table.
        column: The column.
        level: The level of the column.
        about: Whom the row is about.
    """

    table: str
    column: str
    level: int
    about: str


@dataclass
class Census:
    """What was found.

    Attributes:
        marks: Every mark that was put.
        seen: How often each kind of mark was found where it may be.
        outside: Every place in which a mark was found that must not be there.
        before: What stood in each marked place, to be put back.
    """

    marks: dict[str, Mark] = field(default_factory=dict)
    seen: int = 0
    outside: list[str] = field(default_factory=list)
    before: list[tuple[type[Base], uuid.UUID, str, str]] = field(default_factory=list)


def mark_everything(world: World) -> Census:
    """Put a mark into every personal column of text, in every row."""
    census = Census()
    with world.database.transaction() as session:
        about = _Subjects(session, world)
        for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.local_table)):
            keys = [key for key in mapper.columns.keys() if _is_marked(mapper.class_, key)]  # noqa: SIM118 - a collection of columns.
            if not keys:
                continue
            for row in session.scalars(select(mapper.class_).order_by(mapper.class_.id)):
                _mark(census, row, keys, about)
    return census


def take_marks_away(world: World, census: Census) -> None:
    """Put back what stood there before, so that the world can be used again."""
    with world.database.transaction() as session:
        for model, row_id, key, value in census.before:
            setattr(session.get_one(model, row_id), key, value)


def _is_marked(model: type[Base], key: str) -> bool:
    """Whether a column is one of those that get a mark."""
    column = inspect(model).columns[key]
    entry = entry_of(column)
    return (
        entry is not None
        and entry.is_personal
        and key not in NOT_MARKED
        and not key.endswith("_hash")
        and "Choice" not in type(column.type).__name__
    )


def _mark(census: Census, row: Base, keys: list[str], about: "_Subjects") -> None:
    """Mark one row."""
    for key in keys:
        if type(getattr(row, key)) is not str:
            continue
        mark = f"qz{len(census.marks):05}zq"
        entry = entry_of(inspect(type(row)).columns[key])
        assert entry is not None
        census.marks[mark] = Mark(row.__tablename__, key, int(entry.level), about.of(row))
        census.before.append((type(row), row.id, key, getattr(row, key)))
        setattr(row, key, mark)


class _Subjects:
    """Tells whom a row is about, in words: ``mentee: own``, ``volunteer: other``, ``staff``, ``other scheme``."""

    def __init__(self, session: Session, world: World) -> None:
        self._session = session
        self._cases: dict[uuid.UUID, str] = {}
        self._people: dict[uuid.UUID, str] = {}
        named = {uuid.UUID(one): case for (kind, case), one in world.ids.items() if kind == "mentee_id"}
        own = {uuid.UUID(one): who for (kind, who), one in world.own.items() if kind == "volunteer_id"}
        for account in session.scalars(select(Account).order_by(Account.id)):
            self._people[account.person_id] = "staff"
        self._home_id = home = self._home(world)
        people = session.scalars(select(Mentee).order_by(Mentee.id)).all()
        volunteers = session.scalars(select(Volunteer).order_by(Volunteer.id)).all()
        records: list[Mentee | Volunteer] = [*people, *volunteers]
        for row in records:
            case = named.get(row.id) or own.get(row.id) or "other"
            words = f"{row.__tablename__}: {case}" if row.scheme_id == home else "other scheme"
            self._cases[row.id] = words
            self._people[row.person_id] = words

    def _home(self, world: World) -> uuid.UUID:
        """The scheme in which the principals work."""
        own = self._session.get_one(Mentee, uuid.UUID(world.ids["mentee_id", "own"]))
        return own.scheme_id

    def of(self, row: Base) -> str:
        """Tell whom a row is about."""
        for model, key in ((Match, "match_id"), (Plan, "plan_id"), (Goal, "goal_id"), (Account, "account_id")):
            if (parent_id := getattr(row, key, None)) is not None:
                return self.of(self._session.get_one(model, parent_id))
        for key in ("mentee_id", "volunteer_id", "id"):
            if (case := self._cases.get(getattr(row, key, None))) is not None:  # type: ignore[arg-type] # None has no case.
                return case
        person_id = row.id if isinstance(row, Person) else getattr(row, "person_id", None)
        if person_id in self._people:
            return self._people[person_id]
        return "nobody" if getattr(row, "scheme_id", self._home_id) == self._home_id else "other scheme"


def may_see(principal: str, mark: Mark) -> bool:
    """Tell whether the declared policy lets somebody find a mark."""
    if mark.about != "other scheme" and f"{mark.table}.{mark.column}" in JUDGES.get(principal, ()):
        return True
    names = {mark.about, mark.about.split(":")[0]}
    return any(whose in names and mark.level <= level for whose, level in SEES[principal])


def look_at_pages(world: World, census: Census, lines: list[Line]) -> None:
    """Open every page as everybody, and look for marks in it, in the addresses it leads to and in what is logged."""
    visitors = {principal: world.client(principal) for principal in PRINCIPALS}
    logged = io.StringIO()
    with nothing_is_kept(world), contextlib.redirect_stdout(logged), contextlib.redirect_stderr(logged):
        for principal in PRINCIPALS:
            for line in lines:
                if line.method != "GET":
                    continue
                path = path_of(world, line.address, line.case, principal)
                response = visitors[principal].as_before().http.get(path)
                page = response.get_data(as_text=True)
                response.close()
                _judge(census, principal, line, page)
                for address in (response.headers.get("Location", ""), *re.findall(r'(?:href|action)="([^"]*)', page)):
                    if MARK.search(address) and not address.startswith(("mailto:", "tel:")):
                        census.outside.append(f"an address on {line.address}: {address}")
    census.outside += [f"a log: {census.marks[mark]}" for mark in MARK.findall(logged.getvalue())]


def _judge(census: Census, principal: str, line: Line, page: str) -> None:
    """Count the marks of a page, and write down those that must not be on it."""
    for found in set(MARK.findall(page)):
        mark = census.marks[found]
        if may_see(principal, mark):
            census.seen += 1
        else:
            place = f"{line.address} ({line.case}) as {principal}"
            census.outside.append(f"{mark.table}.{mark.column} (level {mark.level}, {mark.about}) on {place}")


def names_in_letters(world: World) -> list[str]:
    """List the letters that name anybody; to be asked before anything is marked."""
    with world.database.sessions() as session:
        names = set(session.scalars(select(Person.name).order_by(Person.name)))
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    return [
        f"{letter.subject}: {name}"
        for letter in letters
        for name in sorted(names)
        if re.search(rf"\b{re.escape(name)}\b", f"{letter.subject} {letter.body}")
    ]


def marks_on_the_disk(world: World, census: Census, *, level: int = CONFIDENTIAL) -> Mapping[str, int]:
    """Count the marks of a level that lie in the database as they are, by table and column; encrypted ones do not."""
    found: dict[str, int] = defaultdict(int)
    for raw in _raw(world):
        for one in set(MARK.findall(raw)):
            mark = census.marks.get(one)
            if mark is not None and mark.level == level:
                found[f"{mark.table}.{mark.column}"] += 1
    return found


def _raw(world: World) -> Iterator[str]:
    """Give what lies in the database: the bytes of SQLite's files, or every row of PostgreSQL as text."""
    engine = world.database.engine
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        parts = [one.read_bytes().decode("latin-1") for one in sorted(file.parent.glob(f"{file.name}*"))]
        yield "".join(parts)
        return
    with engine.connect() as connection:
        rows: list[Any] = []
        for name in sorted(METADATA.tables):
            rows += connection.execute(text(f'SELECT t::text FROM "{name}" AS t')).scalars().all()
    yield "\n".join(rows)
