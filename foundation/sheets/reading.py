"""Turn the bytes of a file into rows of text, whatever program saved it, or say by line why that cannot be done.

Nothing is guessed that could change what a row says: a file whose letters, quotation marks or headings cannot be
understood gives faults instead of rows. Text is kept as it stands: what looks like a formula is data, and the plus of a
telephone number stays.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from foundation.language import _

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
MOST_LINES: Final = 5 * MOST_ROWS
"""Blank rows cost time as well; a stray cell far below the table is refused rather than walked to."""

_MOST_CELLS: Final = 16_384
"""Excel's own limit of columns: an export may hold as many empty ones."""
_SNIFFED: Final = 65_536

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS: Final = ",;\t|"
_NAMED_DELIMITER: Final = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_SEVERAL_BYTES: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# What a spreadsheet puts around a word without anybody seeing it; str.strip leaves the last three.
_UNSEEN: Final = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u2060\ufeff"

IsHeading = Callable[[str], bool]


@dataclass(frozen=True)
class Remark:
    """One thing to say about a file.

    Attributes:
        line: Line where the row begins, the first being 1; 0 for the file as a whole.
        column: Heading of the cell; empty for the row as a whole.
        reason: A sentence that says what is wrong and what to do.
    """

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row that is not blank: where it begins, and its cells as trimmed text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file as it was read.

    Attributes:
        headings: The first row that is not blank.
        rows: All further rows that are not blank, each as wide as the headings or wider.
        faults: What could not be read.
        warnings: What was read and should be known.
    """

    headings: Row = Row(0, ())
    rows: tuple[Row, ...] = ()
    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


class Unreadable(Exception):
    """The file cannot be read any further.

    Args:
        reason: A sentence that says why and what to do.
        line: Where; 0 for the file as a whole.
    """

    def __init__(self, reason: object, line: int = 0) -> None:
        super().__init__(reason)
        self.remark = Remark(line, "", str(reason))


def read_sheet(content: bytes, is_heading: IsHeading, most_rows: int = MOST_ROWS) -> Sheet:
    """Read a file that holds one table: CSV in any usual dress, or an Excel workbook.

    Args:
        content: The file.
        is_heading: Tells whether a cell is a heading that the reader knows; it decides what separates the cells.
        most_rows: More rows than this below the headings are refused, and not read to their end.

    Returns:
        The rows, or faults; never an exception for what somebody put into the file.
    """
    try:
        return _read(content, is_heading, most_rows)
    except Unreadable as unreadable:
        return Sheet(faults=(unreadable.remark,))


def trimmed(text: str) -> str:
    """Take off what stands around a word without being seen."""
    return text.strip(_UNSEEN)


def assembled(
    records: Iterable[tuple[int, Sequence[str]]], faults: list[Remark], warnings: list[Remark], most_rows: int
) -> Sheet:
    """Make a sheet of records: the first that is not blank is the headings.

    Args:
        records: Line and cells; blank ones are passed over.
        faults: Filled while the records are read, so it is looked at last.
        warnings: Likewise.
        most_rows: How many rows there may be below the headings.

    Raises:
        Unreadable: There are too many rows or columns.
    """
    rows: list[Row] = []
    for line, cells in records:
        if len(cells) > _MOST_CELLS:
            raise _too_wide(line)
        row = Row(line, _without_empty_end(cells))
        if not row.cells:
            continue
        if len(row.cells) > MOST_COLUMNS:
            raise _too_wide(line)
        if len(rows) > most_rows:
            raise Unreadable(_("There are more than %(number)s rows. Split the file.", number=most_rows), line)
        rows.append(row)
    headings, *rest = rows or [Row(0, ())]
    if not headings.cells and not faults:
        raise Unreadable(_("The file is empty."))
    width = len(headings.cells)
    padded = tuple(Row(row.line, row.cells + ("",) * (width - len(row.cells))) for row in rest)
    return Sheet(headings, padded, tuple(faults), tuple(warnings))


def _too_wide(line: int) -> Unreadable:
    """Say that a row has more cells than any table of people."""
    return Unreadable(_("There are more than %(number)s columns.", number=MOST_COLUMNS), line)


def _read(content: bytes, is_heading: IsHeading, most_rows: int) -> Sheet:
    """Read a file by what its first bytes say that it is."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(number)s MB. Split it.", number=MOST_BYTES // 1024**2))
    if content.startswith(_ZIP):
        from foundation.sheets.workbooks import read_workbook  # noqa: PLC0415 - openpyxl is slow to load, few need it.

        return read_workbook(content, most_rows)
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(
            _("This is an old Excel file, or one with a password. Save it as .xlsx or CSV without a password.")
        )
    text = _decoded(content)
    if text.lstrip(_UNSEEN).startswith(("<", "%PDF", "{\\rtf")):
        raise Unreadable(_("This is a document and no table. Save the table as .xlsx or CSV."))
    return _read_text(text, is_heading, most_rows)


def _decoded(content: bytes) -> str:
    """Turn bytes into text by their mark, else as UTF-8, else as Windows-1252.

    Raises:
        Unreadable: They are none of these.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _unmarked(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8" or _is_damaged_utf8(content):
            raise Unreadable(_WRONG_LETTERS, line) from error
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(_WRONG_LETTERS, content.count(b"\n", 0, error.start) + 1) from error


_WRONG_LETTERS = _("A letter in this line cannot be read. Save the file as “CSV UTF-8” or .xlsx.")


def _unmarked(content: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: half of its bytes, all in even or all in odd places."""
    start = content[:2000]
    enough = len(start) * 2 // 5
    if enough and start[1::2].count(0) > enough:
        return "utf-16-le"
    if enough and start[0::2].count(0) > enough:
        return "utf-16-be"
    return "utf-8"


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether a file that is not UTF-8 was meant to be: most of its special letters are written that way."""
    rest, well_written = _SEVERAL_BYTES.subn(b"", content)
    return well_written > len(rest) - len(rest.translate(None, bytes(range(0x80, 0x100))))


def _read_text(text: str, is_heading: IsHeading, most_rows: int) -> Sheet:
    """Read decoded CSV, whatever separates its cells."""
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise Unreadable(_("There are more than %(number)s lines. Split the file.", number=MOST_LINES))
    lines_before = 0
    named = _NAMED_DELIMITER.match(text)
    if named:
        # Excel writes this line to tell other copies of Excel what separates the cells.
        delimiter, text, lines_before = named[1], text[named.end() :], 1
    else:
        delimiter = _delimiter(text[:_SNIFFED], is_heading)
    faults: list[Remark] = []
    return assembled(_records(text, delimiter, lines_before, faults), faults, [], most_rows)


def _delimiter(text: str, is_heading: IsHeading) -> str:
    """Choose what separates the cells: whatever makes most known headings of the first row, else most cells."""

    def fit(delimiter: str) -> tuple[int, int]:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            first = next((cells for cells in records if any(trimmed(cell) for cell in cells)), [])
        except csv.Error:
            return 0, 0
        return sum(is_heading(cell) for cell in first), len(first)

    return max(_DELIMITERS, key=fit)


def _records(text: str, delimiter: str, line: int, faults: list[Remark]) -> Iterator[tuple[int, Sequence[str]]]:
    """Walk over the records of CSV with the line on which each begins; a broken one becomes a fault."""
    # Strict, because a forgiving reader swallows the rest of the file into one cell after a lost quotation mark.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        begins = line + reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(Remark(begins, "", str(_BROKEN_QUOTES)))


_BROKEN_QUOTES = _(
    "A quotation mark in this row opens and does not close, or text follows where it closes. "
    "Write a quotation mark inside a cell twice."
)


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    """Trim all cells and leave out the empty ones at the end of a row."""
    tidy = [trimmed(cell) for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tuple(tidy)
