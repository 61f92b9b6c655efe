"""Excel workbooks: the first sheet as rows of text, within bounds that a hostile file cannot pass."""

import io
import math
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import openpyxl

from foundation.language import _
from foundation.sheets.reading import MOST_COLUMNS, MOST_ROWS, Remark, Sheet, Unreadable, assembled, trimmed

MOST_PARTS: Final = 500
MOST_UNPACKED_BYTES: Final = 50 * 1024 * 1024
MOST_PART_BYTES: Final = 2 * 1024 * 1024
"""For every part but the sheets and their strings: styles and names are read whole and slowly."""
_LARGE_PARTS: Final = ("xl/worksheets/", "xl/sharedstrings", "xl/media/")
MOST_LINES: Final = 5 * MOST_ROWS
"""Blank rows cost time as well; a stray cell far below the table is refused rather than walked to."""
MOST_SHEETS: Final = 10
_TYPE_DECLARATIONS: Final = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))


def read_workbook(content: bytes) -> Sheet:
    """Read the first visible sheet of a workbook that has anything in it.

    Raises:
        Unreadable: It is no workbook, or one that is too large or unsafe to open.
    """
    _require_safe(content)
    try:
        with warnings.catch_warnings():
            # The library warns of pictures and rules that it leaves out, which nobody asks for here.
            warnings.simplefilter("ignore")
            return _read(content)
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
    """Refuse an archive that is no workbook, or whose parts declare types, with which XML can grow without bound."""
    if not any(name.lower().startswith("xl/") for name in archive.namelist()):
        raise Unreadable(_("This is no Excel workbook. Save the table as .xlsx or CSV."))
    for part in archive.infolist():
        # A part never unpacks to more than its entry says, so that reading it here is bounded too.
        text = b"" if part.filename.lower().startswith("xl/media/") else archive.read(part)
        if any(declaration in text for declaration in _TYPE_DECLARATIONS):
            raise Unreadable(_("This Excel file holds parts that Excel does not write. It was not opened."))


def _require_small(parts: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what its table of contents says."""
    sizes = [(part.filename.lower(), part.file_size) for part in parts]
    is_small = (
        len(sizes) <= MOST_PARTS
        and sum(size for _name, size in sizes) <= MOST_UNPACKED_BYTES
        and all(size <= MOST_PART_BYTES or name.startswith(_LARGE_PARTS) for name, size in sizes)
    )
    if not is_small:
        raise Unreadable(_("This Excel file unpacks to too much. Save the one sheet as CSV."))


def _read(content: bytes) -> Sheet:
    """Read the cells, and the results of formulas in a second go where there are any."""
    formulas: set[tuple[int, int]] = set()
    faults: list[Remark] = []
    notes: list[Remark] = []
    records = list(_records(content, faults, notes, formulas, has_results=False))
    if formulas:
        faults, notes, wanted = [], [], formulas
        records = list(_records(content, faults, notes, set(), has_results=True))
        faults += _without_result(records, wanted)
    return assembled(iter(records), faults, notes)


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
            if any(cell.value is not None for cell in cells):
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
    return any(trimmed(as_text(cell.value)) for cells in _rows(sheet) for cell in cells if cell.value is not None)


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
