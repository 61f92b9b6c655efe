"""Whom a record concerns: every model names the one column that leads to the person, over several tables if need be."""

import uuid
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from foundation.db import Base


def person_concerned(session: Session, record: Base) -> uuid.UUID | None:
    """Tell whom a record concerns; None where it is about nobody in particular."""
    return concerned(session, record)[0]


def concerned(session: Session, record: Base) -> tuple[uuid.UUID | None, Base]:
    """Tell whom a record concerns, and the record of theirs that it hangs on: itself, or a case or application.

    What is loaded already is not read again, and nothing is saved by looking.
    """
    with session.no_autoflush:
        while True:
            name = type(record).concerns
            if name == "id":
                return record.id, record
            parent = _parent_model(type(record), name)
            if parent is None:
                return getattr(record, name, None), record
            above = _loaded_parent(record, name) or _read_parent(session, parent, getattr(record, name))
            if above is None:
                return None, record
            if type(above).concerns == "id":
                return above.id, record
            record = above


@cache
def _parent_model(model: type[Base], name: str) -> type[Base] | None:
    """Find the model that a column refers to; None where it refers to nothing or is not there."""
    column = inspect(model).local_table.columns.get(name)
    targets = {key.column.table for key in column.foreign_keys} if column is not None else set()
    return next((mapper.class_ for mapper in Base.registry.mappers if mapper.local_table in targets), None)


def _loaded_parent(record: Base, name: str) -> Base | None:
    """Find the record above as far as it hangs on this one already, which a new record may not yet have by its id."""
    for relationship in inspect(type(record)).relationships:
        if name in {column.key for column in relationship.local_columns} and not relationship.uselist:
            found: Any = record.__dict__.get(relationship.key)
            if isinstance(found, Base):
                return found
    return None


def _read_parent(session: Session, model: type[Base], row: uuid.UUID | None) -> Base | None:
    """Read the record above by its id, from the session where it is there."""
    return None if row is None else session.get(model, row)
