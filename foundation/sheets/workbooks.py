"""Excel workbooks: the first sheet as rows of text, within bounds that a hostile file cannot pass."""

import io
import itertools
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL

from foundation.language import _
from foundation.sheets.reading import MOST_COLUMNS, MOST_LINES, Remark, Sheet, Unreadable, assembled, trimmed

MOST_PARTS: Final = 500
MOST_UNPACKED_BYTES: Final = 50 * 1024 * 1024
MOST_SHEETS: Final = 10

# An element of XML takes some hundred times the memory of the bytes that write it, so elements are counted too.
_MOST_TAGS: Final = (("xl/worksheets/", 5_000_000), ("xl/sharedstrings", 1_000_000), ("xl/media/", 0), ("", 50_000))
"""By how the name of a part begins: styles and the like are read whole and slowly."""
_MOST_TAGS_BETWEEN_ROWS: Final = 100_000
"""A row is read whole; one of all 16,384 cells that Excel allows has fewer tags."""
_ROW: Final = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_TYPE_DECLARATIONS: Final = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))


def read_workbook(content: bytes, most_rows: int) -> Sheet:
    """Read the first visible sheet of a workbook that has anything in it.

    Args:
        content: The file.
        most_rows: How many rows there may be below the headings.

    Raises:
        Unreadable: It is no workbook, or one that is too large or unsafe to open.
    """
    _require_safe(content)
    try:
        with warnings.catch_warnings():
            # The library warns of pictures and rules that it leaves out, which nobody asks for here.
            warnings.simplefilter("ignore")
            return _read(content, most_rows)
    except Unreadable:
        raise
    except Exception as error:  # The library raises anything at all for a broken workbook.
        raise Unreadable(_("This Excel file is damaged. Open it in Excel and save it again.")) from error


def _require_safe(content: bytes) -> None:
    """Refuse a zip file that unpacks to too much, or whose XML defines entities, before the library opens it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_small(archive.infolist())
            _require_harmless(archive)
    except Unreadable:
        raise
    except Exception as error:  # A damaged archive fails in many ways: checksum, method, password, bounds.
        raise Unreadable(_("This Excel file is damaged. Open it in Excel and save it again.")) from error


def _require_harmless(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is no workbook, or whose parts could grow in memory without bound."""
    if not any(name.lower().startswith("xl/") for name in archive.namelist()):
        raise Unreadable(_("This is no Excel workbook. Save the table as .xlsx or CSV."))
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.startswith("xl/media/"):
            # A part never unpacks to more than its entry says, so that reading it here is bounded too.
            _require_harmless_part(name, archive.read(part))


def _require_harmless_part(name: str, xml: bytes) -> None:
    """Refuse a part that declares types, with which XML can grow without bound, or that has too many elements."""
    if any(declaration in xml for declaration in _TYPE_DECLARATIONS):
        raise Unreadable(_("This Excel file holds parts that Excel does not write. It was not opened."))
    most = next(number for start, number in _MOST_TAGS if name.startswith(start))
    if xml.count(b"<") > most:
        raise Unreadable(_TOO_MUCH)
    if name.startswith("xl/worksheets/"):
        begins = [0, *(row.start() for row in _ROW.finditer(xml)), len(xml)]
        for begin, end in itertools.pairwise(begins):
            if xml.count(b"<", begin, end) > _MOST_TAGS_BETWEEN_ROWS:
                raise Unreadable(_TOO_MUCH)


_TOO_MUCH = _("This Excel file unpacks to too much. Save the one sheet as CSV.")


def _require_small(parts: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what its table of contents says."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Unreadable(_TOO_MUCH)


def _read(content: bytes, most_rows: int) -> Sheet:
    """Read the cells, and the results of formulas in a second go where there are any."""
    formulas: set[tuple[int, int]] = set()
    faults: list[Remark] = []
    notes: list[Remark] = []
    # The headings and one row more than allowed are enough to see that there are too many.
    enough = most_rows + 2
    records = list(itertools.islice(_records(content, faults, notes, formulas, has_results=False), enough))
    if formulas:
        faults, notes, wanted = [], [], formulas
        records = list(itertools.islice(_records(content, faults, notes, set(), has_results=True), enough))
        faults += _without_result(records, wanted)
    return assembled(records, faults, notes, most_rows)


def _records(
    content: bytes, faults: list[Remark], notes: list[Remark], formulas: set[tuple[int, int]], *, has_results: bool
) -> Iterator[tuple[int, Sequence[str]]]:
    """Walk over the rows of the first sheet that has anything in it.

    Args:
        content: The workbook.
        faults: Gets cells with an error.
        notes: Gets a word on sheets that are left out.
        formulas: Gets row and column of cells with a formula.
        has_results: Whether formulas are read by the result that Excel saved with them.
    """
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=has_results, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets[:MOST_SHEETS] if sheet.sheet_state == "visible"]
        filled = [sheet for sheet in sheets if _has_anything(sheet)]
        if len(filled) > 1:
            notes.append(Remark(0, "", str(_("Only the first sheet, “%(name)s”, was read.", name=filled[0].title))))
        for line, cells in enumerate(_rows(filled[0]) if filled else (), start=1):
            if any(cell is not EMPTY_CELL for cell in cells):
                yield line, _texts(line, cells, faults, formulas)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - the library's read-only sheet.
    """Walk over all rows of a sheet, whatever size it claims to have.

    Raises:
        Unreadable: Something stands so far down that only blank rows can lie between.
    """
    sheet.reset_dimensions()
    # One column more than allowed, so that a sheet that is too wide shows itself.
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > MOST_LINES:
            raise Unreadable(
                _("Something stands below row %(number)s. Delete the rows there.", number=MOST_LINES), number
            )
        yield cells


def _has_anything(sheet: Any) -> bool:  # noqa: ANN401 - the library's read-only sheet.
    """Whether any cell of a sheet is filled."""
    return any(
        trimmed(as_text(cell.value))
        for cells in _rows(sheet)
        for cell in cells
        if cell is not EMPTY_CELL and cell.value is not None
    )


def _texts(line: int, cells: Sequence[Any], faults: list[Remark], formulas: set[tuple[int, int]]) -> list[str]:
    """Turn the cells of a row into text, and note errors and formulas among them."""
    texts = [as_text(cell.value) if cell.value is not None else "" for cell in cells]
    for number, cell in enumerate(cells):
        kind = getattr(cell, "data_type", "n")
        if kind == "e":
            reason = _("Column %(number)s of this row holds the error %(text)s.", number=number + 1, text=texts[number])
            faults.append(Remark(line, "", str(reason)))
        elif kind == "f":
            formulas.add((line, number))
    return texts


def _without_result(records: Sequence[tuple[int, Sequence[str]]], formulas: set[tuple[int, int]]) -> list[Remark]:
    """Find formulas that were saved without their result, so that their cell would silently count as empty."""
    by_line = dict(records)
    reason = _("A cell of this row holds a formula without its result. Copy the column and paste it as values.")
    return [
        Remark(line, "", str(reason))
        for line, number in sorted(formulas)
        if not (number < len(by_line.get(line, ())) and by_line[line][number])
    ]


def as_text(value: object) -> str:
    """Write a cell's value the way a person would have typed it; days as year-month-day."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond this a float has lost digits.
        return str(int(value))
    return str(value)
