"""Sheets that were checked and wait for a yes: carried by the page itself, so that nothing is stored unasked."""

from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from foundation.sheets.reading import Remark, Row, Sheet

LASTS_SECONDS = 12 * 60 * 60


def seal(sheets: Mapping[str, Sheet], *, key: str, owner: str) -> str:
    """Write sheets as text that only this portal can have written, for one person.

    Args:
        sheets: By their kind.
        key: The portal's secret.
        owner: Whose they are; nobody else can use the text.
    """
    plain = {
        kind: {
            "headings": [sheet.headings.line, *sheet.headings.cells],
            "rows": [[row.line, *row.cells] for row in sheet.rows],
            "warnings": [[remark.line, remark.column, remark.reason] for remark in sheet.warnings],
        }
        for kind, sheet in sheets.items()
    }
    return _serializer(key, owner).dumps(plain)


def unseal(text: str, *, key: str, owner: str) -> dict[str, Sheet] | None:
    """Read sheets back; None for anything that this portal did not write for this person in the last hours."""
    try:
        plain: dict[str, dict[str, Any]] = _serializer(key, owner).loads(text, max_age=LASTS_SECONDS)
    except BadData:
        return None
    return {
        kind: Sheet(
            headings=_row(sheet["headings"]),
            rows=tuple(_row(row) for row in sheet["rows"]),
            warnings=tuple(Remark(*remark) for remark in sheet["warnings"]),
        )
        for kind, sheet in plain.items()
    }


def _row(values: list[Any]) -> Row:
    """Make a row of its line and its cells."""
    line, *cells = values
    return Row(line, tuple(cells))


def _serializer(key: str, owner: str) -> URLSafeTimedSerializer:
    """Make what signs; the text is packed small, and unpacked only after its signature was found good."""
    return URLSafeTimedSerializer(key, salt=f"sheets of {owner}")
