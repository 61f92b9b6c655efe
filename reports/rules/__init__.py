"""The rules of what is shown: promises and their colours, counts of people, cards of what waits, and files."""

from reports.rules.cards import (
    LAPSING_DAYS,
    MOST_ROWS,
    RELEASE_DAYS,
    TODAY,
    WEEKS_SHOWN,
    Card,
    Row,
    Waiting,
)
from reports.rules.cells import STEP, Count, coarse, exact, total
from reports.rules.promises import (
    AMBER_FROM,
    GREEN_FROM,
    MOST_AMOUNT,
    Measure,
    Progress,
    Rating,
    Reported,
    measure_of,
    newest_of_each_source,
    rate,
    time_gone,
)
from reports.rules.sheets import csv_text, safe_cell

__all__ = [
    "AMBER_FROM",
    "GREEN_FROM",
    "LAPSING_DAYS",
    "MOST_AMOUNT",
    "MOST_ROWS",
    "RELEASE_DAYS",
    "STEP",
    "TODAY",
    "WEEKS_SHOWN",
    "Card",
    "Count",
    "Measure",
    "Progress",
    "Rating",
    "Reported",
    "Row",
    "Waiting",
    "coarse",
    "csv_text",
    "exact",
    "measure_of",
    "newest_of_each_source",
    "rate",
    "safe_cell",
    "time_gone",
    "total",
]
