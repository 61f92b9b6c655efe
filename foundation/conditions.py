"""Conditions that are asked of one record and of the rows of a table alike, so that a page and a list cannot disagree.

A policy declares once who may see what. From that one declaration ``holds`` answers for a record in hand, as a page
needs it, and ``rows`` makes the filter of a list or an export. Whoever writes two rules instead keeps only one of them
right.

What is not known never fits: ``Is`` with nothing to compare holds for no record, not for those in which nothing
stands, so that an officer without an agency is not given what came from no agency.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute


class Condition(ABC):
    """Something that holds for a record or does not; two are joined by ``&`` and ``|``."""

    @abstractmethod
    def holds(self, record: Any) -> bool:  # noqa: ANN401 - a record of whatever table the condition is about.
        """Tell whether it holds for a record."""

    @abstractmethod
    def rows(self) -> ColumnElement[bool]:
        """Give the filter of the rows for which it holds."""

    def __and__(self, other: "Condition") -> "Condition":
        """Hold where both hold."""
        return _Both(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        """Hold where either holds."""
        return _Either(self, other)


@dataclass(frozen=True)
class Allowed(Condition):
    """Holds for every record or for none, as a permission does."""

    is_allowed: bool

    def holds(self, record: Any) -> bool:  # noqa: ANN401, ARG002 - see Condition.
        """Tell what was decided before any record was looked at."""
        return self.is_allowed

    def rows(self) -> ColumnElement[bool]:
        """Give all rows or none."""
        return true() if self.is_allowed else false()


NEVER = Allowed(is_allowed=False)


@dataclass(frozen=True)
class Is(Condition):
    """Holds where a column has a value; nothing to compare with fits nowhere."""

    column: InstrumentedAttribute[Any]
    value: object

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Compare."""
        return self.value is not None and bool(getattr(record, self.column.key) == self.value)

    def rows(self) -> ColumnElement[bool]:
        """Let the database compare."""
        return false() if self.value is None else self.column == self.value


@dataclass(frozen=True)
class IsNot(Condition):
    """Holds wherever ``Is`` does not, also where nothing stands in the column."""

    column: InstrumentedAttribute[Any]
    value: object

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Compare."""
        return not Is(self.column, self.value).holds(record)

    def rows(self) -> ColumnElement[bool]:
        """Let the database compare; a plain ``!=`` would lose the rows in which nothing stands."""
        return true() if self.value is None else self.column.is_distinct_from(self.value)


@dataclass(frozen=True)
class OneOf(Condition):
    """Holds where a column has one of some values."""

    column: InstrumentedAttribute[Any]
    values: Collection[Any]

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Compare."""
        return getattr(record, self.column.key) in self.values

    def rows(self) -> ColumnElement[bool]:
        """Let the database compare."""
        return self.column.in_(self.values) if self.values else false()


@dataclass(frozen=True)
class Present(Condition):
    """Holds where something stands in a column."""

    column: InstrumentedAttribute[Any]

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Look."""
        return getattr(record, self.column.key) is not None

    def rows(self) -> ColumnElement[bool]:
        """Let the database look."""
        return self.column.is_not(None)


@dataclass(frozen=True)
class Of(Condition):
    """Holds where something holds for the one record that a relationship leads to."""

    relationship: InstrumentedAttribute[Any]
    condition: Condition

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Follow the relationship and ask there."""
        related = getattr(record, self.relationship.key)
        return related is not None and self.condition.holds(related)

    def rows(self) -> ColumnElement[bool]:
        """Let the database follow it."""
        return self.relationship.has(self.condition.rows())


@dataclass(frozen=True)
class _Both(Condition):
    """Holds where two conditions hold."""

    one: Condition
    other: Condition

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Ask both."""
        return self.one.holds(record) and self.other.holds(record)

    def rows(self) -> ColumnElement[bool]:
        """Join both filters."""
        return and_(self.one.rows(), self.other.rows())


@dataclass(frozen=True)
class _Either(Condition):
    """Holds where at least one of two conditions holds."""

    one: Condition
    other: Condition

    def holds(self, record: Any) -> bool:  # noqa: ANN401 - see Condition.
        """Ask one, then the other."""
        return self.one.holds(record) or self.other.holds(record)

    def rows(self) -> ColumnElement[bool]:
        """Join both filters."""
        return or_(self.one.rows(), self.other.rows())
