"""The sheet of people to be mentored that a charity brings: its columns, and each row as a referral or as faults."""

from mentees.importing.columns import COLUMNS
from mentees.importing.rows import MenteeRow, check_row, row_of

__all__ = ["COLUMNS", "MenteeRow", "check_row", "row_of"]
