"""Files that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Keep a spreadsheet from running text as a formula: an apostrophe goes before it, and nothing is taken away."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV that a spreadsheet opens safely and with its accents: with a BOM, and without formulas."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([safe_cell(text) for text in heading])
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    return "\ufeff" + lines.getvalue()
