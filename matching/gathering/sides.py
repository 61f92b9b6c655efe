"""Where each of the two sides stands in the arrays of a round."""

import uuid
from collections.abc import Sequence
from functools import cached_property


class Sides:
    """Finds the row of a person and the column of a mentor, for whatever knows both in the order of the arrays."""

    mentee_ids: Sequence[uuid.UUID]
    volunteer_ids: Sequence[uuid.UUID]

    @cached_property
    def rows(self) -> dict[uuid.UUID, int]:
        """The row of each person."""
        return {each: row for row, each in enumerate(self.mentee_ids)}

    @cached_property
    def columns(self) -> dict[uuid.UUID, int]:
        """The column of each mentor."""
        return {each: column for column, each in enumerate(self.volunteer_ids)}
