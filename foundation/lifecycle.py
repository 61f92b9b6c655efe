"""Lifecycles: the states a record can be in and the moves between them, as one table a person can read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from foundation.errors import Refusal


def _plainly(before: StrEnum, after: StrEnum) -> object:
    """Phrase a forbidden move without a language, for where none is set up."""
    return f"“{before.value}” cannot become “{after.value}”."


_phrases: list[Callable[[StrEnum, StrEnum], object]] = [_plainly]


def phrase_moves(phrase: Callable[[StrEnum, StrEnum], object]) -> None:
    """Set how a forbidden move is told; foundation.language does, as lifecycles stand below translation."""
    _phrases[0] = phrase


class ForbiddenMove(Refusal):
    """The lifecycle has no such move.

    Args:
        before: The state the record is in.
        after: The state that was asked for.
    """

    def __init__(self, before: StrEnum, after: StrEnum) -> None:
        super().__init__(_phrases[0](before, after))
        self.before = before
        self.after = after


State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[State]):
    """The allowed moves of one kind of record.

    Attributes:
        name: What moves, as printed in docs/lifecycles.md.
        start: The state of a new record.
        moves: For every state the states that may follow; an end has none.
    """

    name: str
    start: State
    moves: Mapping[State, tuple[State, ...]]

    def allows(self, before: State, after: State) -> bool:
        """Tell whether a record may go from one state to another."""
        return after in self.moves[before]

    def check(self, before: State, after: State) -> None:
        """Pass silently or refuse.

        Raises:
            ForbiddenMove: The table has no such move.
        """
        if not self.allows(before, after):
            raise ForbiddenMove(before, after)

    def ends(self) -> tuple[State, ...]:
        """List the states that nothing follows, in the order of the table."""
        return tuple(state for state, following in self.moves.items() if not following)
