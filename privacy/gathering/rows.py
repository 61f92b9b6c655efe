"""All rows about one person, with the side from which each was reached."""

import uuid
from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Column, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Account, Person
from accounts.rules import email_key
from foundation.db import Base
from mentors.models import ApplicationDraft
from privacy.gathering.paths import LOOSE, PERSON, acts_of, links_of

Trace = dict[str, dict[uuid.UUID, frozenset[str]]]
"""Table -> row -> sides: the tables right below the person by which the row was reached, such as ``mentee``."""

MOST_AT_ONCE = 500
"""How many ids one statement names; databases limit them."""


def trace(session: Session, person: Person, *, scheme_id: uuid.UUID | None = None) -> Trace:
    """Find all rows about a person, the tables above before those below.

    One statement for each step up, and one for each table that knows people by an address.

    Args:
        session: Where to read.
        person: Whose.
        scheme_id: Only rows of this scheme, and rows that belong to none; all unless told.
    """
    found: Trace = {PERSON: {person.id: frozenset()}}
    for table, links in links_of(Base.metadata).items():
        for link in links:
            for row_id, above_id in _rows_below(session, table, link.column, found.get(link.above, {}), scheme_id):
                sides = frozenset({table}) if link.above == PERSON else found[link.above][above_id]
                rows = found.setdefault(table, {})
                rows[row_id] = rows.get(row_id, frozenset()) | sides
    for table, row_ids in _loose_rows(session, addresses_of(session, person)):
        found.setdefault(table, {}).update(dict.fromkeys(row_ids, frozenset({table})))
    return {table: rows for table, rows in found.items() if rows}


def _rows_below(
    session: Session, table: str, column: str, above: Iterable[uuid.UUID], scheme_id: uuid.UUID | None
) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Read the rows of a table that hang on rows above, each with the one it hangs on."""
    columns = Base.metadata.tables[table].columns
    for chunk in chunks(above):
        statement = select(columns["id"], columns[column]).where(columns[column].in_(chunk)).order_by(columns["id"])
        if scheme_id is not None and "scheme_id" in columns:
            statement = statement.where(or_(columns["scheme_id"] == scheme_id, columns["scheme_id"].is_(None)))
        yield from ((row[0], row[1]) for row in session.execute(statement))


def addresses_of(session: Session, person: Person) -> frozenset[str]:
    """Gather the e-mail addresses under which a person is known, in the form in which they are compared."""
    keys = session.scalars(select(Account.email_key).where(Account.person_id == person.id)).all()
    return frozenset(key for key in (email_key(person.email), *keys) if key)


def _loose_rows(session: Session, addresses: frozenset[str]) -> Iterator[tuple[str, list[uuid.UUID]]]:
    """Find rows that know a person by an address alone."""
    if not addresses:
        return
    for table, column in LOOSE.items():
        columns = Base.metadata.tables[table].columns
        statement = select(columns["id"]).where(func.lower(columns[column]).in_(addresses)).order_by(columns["id"])
        yield table, list(session.scalars(statement))
    # An application that was never sent belongs to nobody yet; only what was typed tells whose it is.
    drafts = session.scalars(select(ApplicationDraft).order_by(ApplicationDraft.id))
    yield ApplicationDraft.__tablename__, [draft.id for draft in drafts if addresses & set(_texts(draft.answers))]


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a form kept.
    """Walk over the texts in what a form kept, in the form in which addresses are compared."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield email_key(value)


def count_acts(session: Session, person_id: uuid.UUID) -> dict[str, int]:
    """Count the records of others in which a person is named as the one who acted, by table."""
    found: dict[str, int] = {}
    for table, column in acts_of(Base.metadata):
        columns = Base.metadata.tables[table].columns
        count = session.scalar(select(func.count()).where(columns[column] == person_id)) or 0
        if count:
            found[table] = found.get(table, 0) + count
    return found


def chunks(ids: Iterable[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Split ids into portions that one statement can name."""
    every = sorted(ids)
    for start in range(0, len(every), MOST_AT_ONCE):
        yield every[start : start + MOST_AT_ONCE]


def models_by_table() -> dict[str, type[Base]]:
    """Give the class behind each table."""
    return {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined] # every table of ours has a name.


def load(session: Session, table: str, ids: Iterable[uuid.UUID]) -> Iterator[Base]:
    """Read rows of a table as objects, in the order of their ids."""
    model = models_by_table()[table]
    for chunk in chunks(ids):
        yield from session.scalars(select(model).where(model.id.in_(chunk)).order_by(model.id))


def kind_of(column: Column[Any]) -> type:
    """Tell of which kind a column's values are in the program, however the database keeps them.

    A sealed column is bytes in the database and a text here, so the model is asked and not the column's type.
    """
    # A model may name another one that stands in a file above its own.
    models = models_by_table()
    hints = get_type_hints(models[column.table.name], localns={model.__name__: model for model in models.values()})
    [mapped] = get_args(hints[column.name])
    alternatives = [part for part in get_args(mapped) if part is not NoneType] if isinstance(mapped, UnionType) else []
    told = alternatives[0] if alternatives else mapped
    return cast("type", get_origin(told) or told)
