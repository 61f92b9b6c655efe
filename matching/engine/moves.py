"""What another choice would mean for people: who moves where, and what it costs."""

from typing import NamedTuple


class Move(NamedTuple):
    """One person's change from one plan to another.

    Attributes:
        mentee: The person.
        before: The mentor in the first plan, -1 for waiting.
        after: The mentor in the second plan, -1 for waiting.
    """

    mentee: int
    before: int
    after: int


class Alternative(NamedTuple):
    """Another mentor for one person.

    Attributes:
        mentor: Who could be chosen instead.
        cost: What the total loses by it, in points of fit.
        moves: Everybody who would change place, the person among them.
    """

    mentor: int
    cost: int
    moves: tuple[Move, ...]
