"""Columns whose values lie encrypted in the database, each bound to its table, its column and its row.

``Sealed`` is a column type like any other. What it reads comes with the id of its row, put before the value by the
SELECT itself, so that entities, refreshed and deferred attributes and plain columns all open alike. What it writes gets
the id from the parameters of the INSERT or UPDATE, in ``bind_rows``, which every engine of the house calls. Whatever
would pass by one of the two is refused: a value without a row is never written, and none can be compared in SQL.
"""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Column, Dialect, Insert, Table, Text, Update, event, literal_column, type_coerce
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from foundation import dictionary
from foundation.key_texts import KeysUnfit
from foundation.keyring import Keyring, Unreadable

GROUP = "confidential"
"""Deferred columns of this group are read only where a query says ``undefer_group(GROUP)``, or when they are used."""
PAD_BYTES = 32
"""Contents are filled up to a multiple of this, so that their length does not tell one short word from another."""

OPENED: ContextVar[dict[tuple[str, str], None] | None] = ContextVar("opened", default=None)
"""Where set: the table and row of everything confidential that has been opened since, in order."""

_keyring: Keyring | None = None


class NotSealable(TypeError):
    """A statement would write an encrypted column without a row, or compare what cannot be compared."""


def use(keyring: Keyring | None) -> None:
    """Set the keys of this process."""
    global _keyring  # noqa: PLW0603 - a process works for one installation, and column types are told nothing else.
    _keyring = keyring


def keyring() -> Keyring:
    """Give the keys of this process.

    Raises:
        KeysUnfit: It has none.
    """
    if _keyring is None:
        raise KeysUnfit("This process has no DATA_KEYS, so nothing confidential can be read or written.")
    return _keyring


def has_keyring() -> bool:
    """Whether this process has keys."""
    return _keyring is not None


def lock(place: str, row: uuid.UUID, value: object) -> str:
    """Encrypt a value for one column of one row.

    Args:
        place: Table and column, such as ``mentee.about``.
        row: Id of the row.
        value: Anything that JSON can hold.
    """
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return keyring().seal(content + b" " * (-len(content) % PAD_BYTES), f"{place}:{row.hex}")


def unlock(place: str, row: str, sealed: str) -> Any:  # noqa: ANN401 - whatever was locked.
    """Decrypt what stands in one column of one row.

    Args:
        place: Table and column.
        row: Id of the row in hexadecimal digits.
        sealed: What stands there.
    """
    return json.loads(keyring().open(sealed, f"{place}:{row}"))


@dataclass(frozen=True)
class _Bound:
    """A value on its way into a column, with the row that it belongs to."""

    row: uuid.UUID
    value: object


class _NeverCompared(TypeDecorator.Comparator[Any]):
    """Refuses to put an encrypted column into a condition, where it would silently match nothing."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own operators.
        """Let only the question pass whether there is a value at all."""
        if op in {operators.is_, operators.is_not}:
            return super().operate(op, *other, **options)
        raise NotSealable(f"{self.expr} lies encrypted: compare and sort it in Python")


class Sealed(TypeDecorator[Any]):
    """A column that lies encrypted.

    Args:
        kind: What it holds: text, bytes, numbers, a day, lists and dictionaries as JSON, or members of an enum.
        place: Table and column; set when the column is put into its table.
    """

    impl = Text
    cache_ok = True
    comparator_factory = _NeverCompared
    is_disclosing = True

    def __init__(self, kind: type[Any], place: str | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.place = place

    def column_expression(self, column: Any) -> Any:  # noqa: ANN401 - an expression of SQLAlchemy.
        """Read the value together with the id of its row."""
        row = sql_cast(column.table.c.id, Text)
        return type_coerce(row.concat(literal_column("':'")).concat(type_coerce(column, Text)), self)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy.
        """Encrypt a value that knows its row.

        Raises:
            NotSealable: It does not, since it came by a statement that names no row.
        """
        if isinstance(value, _Bound):
            return None if value.value is None else lock(str(self.place), value.row, self._plain(value.value))
        if value is None:
            return None
        raise NotSealable(f"{self.place} is written only through its record, so that the value is bound to its row")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - given by SQLAlchemy.
        """Decrypt a value, and note that its row has been opened."""
        if value is None:
            return None
        row, _colon, sealed = value.partition(":")
        row = row.replace("-", "")
        place = str(self.place)
        if self.is_disclosing and (opened := OPENED.get()) is not None:
            opened[place.partition(".")[0], row] = None
        return self._member(unlock(place, row, sealed))

    def compare_values(self, x: Any, y: Any) -> bool:  # noqa: ANN401 - two values of any kind.
        """Whether two values are the same."""
        return bool(x == y)

    def _plain(self, value: Any) -> Any:  # noqa: ANN401 - a value of any kind.
        """Turn a value into what JSON can hold."""
        if issubclass(self.kind, StrEnum):
            return self.kind(value).value
        if isinstance(value, bytes):
            return base64.b64encode(value).decode("ascii")
        return value.isoformat() if isinstance(value, date) else value

    def _member(self, value: Any) -> Any:  # noqa: ANN401 - a value of any kind.
        """Turn what JSON held back into a value."""
        if self.kind is date:
            return date.fromisoformat(value)
        if self.kind is bytes:
            return base64.b64decode(value)
        return self.kind(value) if issubclass(self.kind, StrEnum | float) else value


def sealed(kind: type[Any], *, info: dict[str, Any], deferred: bool = False, **options: Any) -> MappedColumn[Any]:  # noqa: ANN401 - options of any column.
    """Declare an encrypted column.

    Args:
        kind: What it holds.
        info: Its entry in the data dictionary.
        deferred: Leave it unread until it is used or a query asks for the group, so that lists open nothing.
        options: Those of any column, such as ``default``.
    """
    return mapped_column(
        Sealed(kind), info=info, deferred=deferred, deferred_group=GROUP if deferred else None, **options
    )


@event.listens_for(Column, "after_parent_attach")
def _place(column: Column[Any], table: Any) -> None:  # noqa: ANN401 - a table, when SQLAlchemy puts a column into one.
    """Tell an encrypted column where it stands, and whether opening it counts as reading about somebody."""
    if isinstance(column.type, Sealed) and isinstance(table, Table):
        column.type.place = f"{table.name}.{column.name}"
        entry = dictionary.entry_of(column)
        column.type.is_disclosing = entry is None or entry.kind is dictionary.Kind.SPECIAL


@cache
def sealed_names(table: Table) -> frozenset[str]:
    """Tell which columns of a table lie encrypted."""
    return frozenset(column.key for column in table.columns if isinstance(column.type, Sealed))


def bind_rows(
    _connection: object,
    statement: Any,  # noqa: ANN401 - whatever is about to be executed.
    many: Sequence[Mapping[str, Any]],
    one: Mapping[str, Any],
    _options: object,
) -> tuple[Any, Sequence[Mapping[str, Any]], Mapping[str, Any]]:
    """Bind every value for an encrypted column to its row, just before an INSERT or UPDATE is executed."""
    table = getattr(statement, "table", None)
    if not isinstance(statement, Insert | Update) or not isinstance(table, Table):
        return statement, many, one
    names = sealed_names(table)
    if not names:
        return statement, many, one
    # The mapper names the row of an UPDATE by its table, since the plain name is that of the new value.
    row = "id" if isinstance(statement, Insert) else f"{table.name}_id"
    return statement, [_bind(values, names, row) for values in many], _bind(one, names, row)


def _bind(values: Mapping[str, Any], names: frozenset[str], row: str) -> Mapping[str, Any]:
    """Bind the values of one row, if it is named."""
    found = values.get(row)
    if not isinstance(found, uuid.UUID):
        return values
    return {name: _Bound(found, value) if name in names else value for name, value in values.items()}


__all__ = [
    "GROUP",
    "OPENED",
    "KeysUnfit",
    "NotSealable",
    "Sealed",
    "Unreadable",
    "bind_rows",
    "has_keyring",
    "keyring",
    "lock",
    "sealed",
    "sealed_names",
    "unlock",
    "use",
]
