"""Whom a record concerns: every model names the one column that leads to the person, over several tables if need be."""

import uuid
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from foundation.db import Base


class Concern(NamedTuple):
    """Whom a record concerns, and what of theirs it hangs on.

    Attributes:
        person_id: The person; None where it is about nobody in particular.
        kind: Table of the record next to the person: a case, an application, or the record itself.
        row: Its id.
    """

    person_id: uuid.UUID | None
    kind: str
    row: uuid.UUID


def person_concerned(session: Session, record: Base) -> uuid.UUID | None:
    """Tell whom a record concerns; None where it is about nobody in particular."""
    return concern_of(session, record).person_id


def concern_of(session: Session, record: Base) -> Concern:
    """Tell whom a record concerns; nothing is saved by looking."""
    model = type(record)
    if model.concerns == "id":
        return Concern(record.id, model.__tablename__, record.id)
    above = _loaded_parent(record, model.concerns)
    parent = _parent_model(model)
    if above is not None and type(above).concerns != "id":
        return concern_of(session, above)
    value = above.id if above is not None else getattr(record, model.concerns, None)
    if value is None or parent is None or parent.concerns == "id":
        return Concern(value, model.__tablename__, record.id)
    return concern_of_row(session, parent, value)


def concern_of_row(session: Session, model: type[Base], row: uuid.UUID) -> Concern:
    """Tell whom a row concerns, by what is loaded already or else by the one column that leads on.

    Args:
        session: Where to read.
        model: The model of the row.
        row: Its id.
    """
    while model.concerns != "id":
        value = _value(session, model, row)
        parent = _parent_model(model)
        if value is None or parent is None or parent.concerns == "id":
            return Concern(value, model.__tablename__, row)
        model, row = parent, value
    return Concern(row, model.__tablename__, row)


def _value(session: Session, model: type[Base], row: uuid.UUID) -> uuid.UUID | None:
    """Read the column that leads on, once in a transaction."""
    loaded = session.identity_map.get(identity_key(model, row))
    if loaded is not None and model.concerns in loaded.__dict__:
        return cast("uuid.UUID | None", loaded.__dict__[model.concerns])
    known: dict[tuple[type[Base], uuid.UUID], uuid.UUID | None] = session.info.setdefault("concerned", {})
    if (model, row) not in known:
        column = inspect(model).local_table.columns.get(model.concerns)
        with session.no_autoflush:
            known[model, row] = None if column is None else session.scalar(select(column).where(model.id == row))
    return known[model, row]


@cache
def _parent_model(model: type[Base]) -> type[Base] | None:
    """Find the model that the column refers to; None where it refers to nothing or is not there."""
    column = inspect(model).local_table.columns.get(model.concerns)
    targets = {key.column.table for key in column.foreign_keys} if column is not None else set()
    return next((mapper.class_ for mapper in Base.registry.mappers if mapper.local_table in targets), None)


@cache
def _relationships_over(model: type[Base], name: str) -> list[str]:
    """Name the relationships that lead over a column to one record."""
    return [
        relationship.key
        for relationship in inspect(model).relationships
        if not relationship.uselist and name in {column.key for column in relationship.local_columns}
    ]


def _loaded_parent(record: Base, name: str) -> Base | None:
    """Find the record above as far as it hangs on this one already, which a new record may not yet have by its id."""
    for key in _relationships_over(type(record), name):
        found: Any = record.__dict__.get(key)
        if isinstance(found, Base):
            return found
    return None


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own object.
    """Let the next transaction look anew."""
    if transaction.parent is None or transaction.nested:
        session.info.pop("concerned", None)
