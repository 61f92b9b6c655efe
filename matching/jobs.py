"""What the worker does for the matching: it runs the rounds that people asked for."""

from datetime import datetime

from foundation.db import Database
from matching import queries
from matching.operations import run_round
from matching.rules import STUCK_AFTER


def run_due_rounds(database: Database, at: datetime) -> int:
    """Run every round that waits, oldest first, and tell how many there were."""
    with database.sessions() as session:
        due = queries.list_due_rounds(session, at - STUCK_AFTER)
    for round_id in due:
        run_round(database, round_id=round_id, at=at)
    return len(due)
