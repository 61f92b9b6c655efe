"""Columns that a sheet may have: the one definition behind reading, templates to download and the documentation."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.language import _
from foundation.sheets.cells import Unfit, folded, nearest, require_text, shown
from foundation.sheets.reading import MOST_ROWS, Remark, Row, Sheet, read_sheet

_IN_BRACKETS: Final = re.compile(r"\(.*?\)|\[.*?\]")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column that a sheet may have.

    Attributes:
        name: Its heading, as the template writes it.
        read: Turns the text of a filled cell into a value, or raises ``Unfit``.
        accepts: What may stand there, for the documentation.
        empty: The value of an empty cell, and of every row where the column is missing.
        is_required: Whether every row needs it.
        also: Other headings that mean the same. Case, spaces, underscores and accents never matter.
        examples: What stands there in the two invented rows of the template.
    """

    name: str
    read: Callable[[str], Any]
    accepts: object
    empty: Any = ""
    is_required: bool = False
    also: tuple[str, ...] = ()
    examples: tuple[str, str] = ("", "")


@dataclass
class Values:
    """The cells of one row that could be read, by the name of their column.

    Attributes:
        line: Where the row begins.
        cells: Values; a cell at fault is missing.
        faults: What is wrong with this row; more may be added by whoever compares its cells.
    """

    line: int
    cells: dict[str, Any]
    faults: list[Remark] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - cells hold anything.
        """Give a value of a row without faults."""
        return self.cells[name]

    def get(self, name: str) -> Any:  # noqa: ANN401 - cells hold anything.
        """Give a value, or None where the cell is at fault."""
        return self.cells.get(name)

    def refuse(self, column: str, reason: object) -> None:
        """Add a fault to this row; one cell has one fault, and the first says most."""
        if column == "" or column not in {fault.column for fault in self.faults}:
            self.faults.append(Remark(self.line, column, str(reason)))


@dataclass(frozen=True)
class Table:
    """A sheet read by its columns.

    Attributes:
        rows: All rows, those with faults too.
        faults: What is wrong with the sheet as a whole or with rows that could not be cut into cells.
        warnings: What the person who brings the sheet should know.
    """

    rows: tuple[Values, ...]
    faults: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def read_table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read the rows of a sheet by its columns.

    Args:
        sheet: As it was read from a file.
        columns: What it may hold.

    Returns:
        Every row, with the faults of its cells; a column that nobody knows is left out with a warning.
    """
    if not sheet.headings.cells:
        return Table((), sheet.faults, sheet.warnings)
    places, faults, warnings = _match(sheet.headings, columns)
    if not faults and not sheet.rows and not sheet.faults:
        faults.append(Remark(0, "", str(_("There are no rows below the headings."))))
    # Without its headings in order every row would be at fault, and the one thing to mend would be hidden.
    rows = () if faults else tuple(_values(row, sheet.headings, places, columns) for row in sheet.rows)
    return Table(rows, (*faults, *sheet.faults), (*sheet.warnings, *warnings))


def read_file(content: bytes, columns: Sequence[Column], most_rows: int = MOST_ROWS) -> Sheet:
    """Read a file whose first row holds headings of these columns."""
    known = {key for column in columns for key in _keys(column)}
    return read_sheet(content, lambda text: heading_key(text) in known, most_rows)


def heading_key(text: str) -> str:
    """Reduce a heading to what its spellings share; what stands in brackets is a remark."""
    return folded(_IN_BRACKETS.sub("", text))


def template_of(columns: Sequence[Column]) -> bytes:
    """Write the CSV that people fill in: the headings and two invented rows, with a mark by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in columns)
    for number in range(2):
        writer.writerow(column.examples[number] for column in columns)
    return text.getvalue().encode("utf-8-sig")


def document(columns: Sequence[Column]) -> str:
    """Write the columns as a table in Markdown."""
    lines = ["| column | needed | what may stand there | example | also understood |", "|---|---|---|---|---|"]
    for column in columns:
        cells = (
            f"**{column.name}**",
            "yes" if column.is_required else "",
            str(column.accepts),
            f"`{column.examples[0]}`" if column.examples[0] else "",
            ", ".join(column.also),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _keys(column: Column) -> Iterator[str]:
    """All spellings under which a column is known, reduced."""
    return (heading_key(name) for name in (column.name, *column.also))


def _match(headings: Row, columns: Sequence[Column]) -> tuple[dict[str, int], list[Remark], list[Remark]]:
    """Find which cell of a row belongs to which column; tell what is missing, double or unknown."""
    by_key = {key: column for column in columns for key in _keys(column)}
    places: dict[str, int] = {}
    faults: list[Remark] = []
    warnings: list[Remark] = []
    for place, heading in enumerate(headings.cells):
        column = by_key.get(heading_key(heading))
        if column is None:
            warnings += [Remark(headings.line, shown(heading), _unknown_heading(heading, columns))] if heading else []
        elif column.name in places:
            twice = _("This column stands here twice. Keep the one that is right.")
            faults.append(Remark(headings.line, shown(heading), str(twice)))
        else:
            places[column.name] = place
    if not places:
        no_headings = _("The first row must hold the headings, such as %(names)s.", names=_first_names(columns))
        return {}, [Remark(headings.line, "", str(no_headings))], []
    for column in columns:
        if column.is_required and column.name not in places:
            missing = _("This column is missing, and every row needs it.")
            faults.append(Remark(headings.line, column.name, str(missing)))
    return places, faults, warnings


def _unknown_heading(heading: str, columns: Sequence[Column]) -> str:
    """Say that a column is left out, with the name that may be meant."""
    names = {name: column.name for column in columns for name in (column.name, *column.also)}
    meant = nearest(heading, names)
    if meant is None:
        return str(_("This column is not known and is left out."))
    return str(_("This column is not known and is left out. Did you mean “%(name)s”?", name=names[meant]))


def _first_names(columns: Sequence[Column]) -> str:
    """Name a few columns, those that are needed first."""
    names = [column.name for column in sorted(columns, key=lambda column: not column.is_required)]
    return ", ".join(f"“{name}”" for name in names[:3])


def _values(row: Row, headings: Row, places: Mapping[str, int], columns: Sequence[Column]) -> Values:
    """Read the cells of one row."""
    values = Values(row.line, {})
    for column in columns:
        place = places.get(column.name)
        _read_cell(values, column, "" if place is None else row.cells[place])
    for place, text in enumerate(row.cells):
        if text and (place >= len(headings.cells) or not headings.cells[place]):
            sentence = _("“%(text)s” stands under no heading. Has a separator slipped into a cell?", text=shown(text))
            values.refuse("", sentence)
            break
    return values


def _read_cell(values: Values, column: Column, text: str) -> None:
    """Read one cell into a row, or note what is wrong with it."""
    if not text and column.is_required:
        values.refuse(column.name, _("This is empty, and every row needs it."))
        return
    try:
        require_text(text)
        values.cells[column.name] = column.read(text) if text else column.empty
    except Unfit as unfit:
        values.refuse(column.name, unfit)
