"""What every card of what waits has in common: for whom it is read, and the columns of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)

from accounts.policy import Actor
from foundation.db import Instant
from reports.rules import MOST_ROWS, Card
from training.models import Course

Column = SQLColumnExpression[Any]


@dataclass(frozen=True)
class Asked:
    """For whom and for which day the cards are read, and the courses that mentors need."""

    by: Actor
    on: date
    at: datetime
    courses: Sequence[Course]


def lines(
    card: Card,
    record_id: Column,
    name: Column,
    *order: Column,
    day: Column | None = None,
    at: Column | None = None,
    other: Column | None = None,
    word: Column | None = None,
    minutes: Column | None = None,
) -> Select[Any]:
    """Begin the statement of a card, with the columns that all cards share, its first rows and how many there are."""
    return (
        select(
            literal(card.value, String).label("card"),
            func.count().over().label("total"),
            func.row_number().over(order_by=order).label("place"),
            record_id.label("record_id"),
            name.label("name"),
            (literal("", String) if other is None else other).label("other"),
            (literal("", String) if word is None else type_coerce(word, String)).label("word"),
            (cast(null(), Date) if day is None else day).label("day"),
            (cast(null(), Instant) if at is None else at).label("at"),
            (literal(0, Integer) if minutes is None else minutes).label("minutes"),
        )
        .order_by(*order)
        .limit(MOST_ROWS)
    )
