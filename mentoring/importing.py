"""Bringing one's own spreadsheets: mentors and people to be mentored together, all of them or nobody."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor, require
from accounts.queries import get_own_scheme, list_agencies
from accounts.rules import Permission, email_key
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from foundation.sheets.cells import folded, nearest, shown
from foundation.sheets.columns import Column, Table, Values, document, read_file, read_table
from foundation.sheets.reading import MOST_ROWS, Remark, Sheet
from mentees import importing as mentee_sheet
from mentees import operations as mentees
from mentees import queries as mentee_queries
from mentees.rules import CaseStage
from mentors import importing as mentor_sheet
from mentors import operations as mentors
from mentors import queries as mentor_queries
from mentors.rules import PIPELINE

COLUMNS: Final[Mapping[str, Sequence[Column]]] = {
    "mentors": mentor_sheet.COLUMNS,
    "mentees": mentee_sheet.COLUMNS,
}
"""The kinds of sheet, in the order in which they are imported, with their columns."""

MOST_IN_PORTAL: Final = 1000
"""Rows of all sheets together; nobody else saves while they are checked."""


@dataclass(frozen=True)
class SheetReport:
    """What became of one sheet.

    Attributes:
        kind: Key of ``COLUMNS``.
        people: How many rows hold a person.
        faults: What is wrong, by line; nobody is imported while there is any.
        warnings: What should be known, by line.
    """

    kind: str
    people: int
    faults: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True)
class Report:
    """What became of all sheets."""

    sheets: tuple[SheetReport, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everybody could be imported."""
        return not any(sheet.faults for sheet in self.sheets)

    @property
    def people(self) -> int:
        """How many people the sheets hold."""
        return sum(sheet.people for sheet in self.sheets)


class Undone(Exception):
    """Nobody was imported: a row is at fault, or it was a rehearsal. Whoever opened the transaction lets it pass.

    Args:
        report: What would have become of the sheets.
    """

    def __init__(self, report: Report) -> None:
        super().__init__("nobody was imported")
        self.report = report


def require_few(sheets: Mapping[str, Sheet]) -> None:
    """Refuse in the portal what would keep everybody else from saving for too long.

    Raises:
        Refusal: There is no sheet, or there are more people on them than the portal imports at once.
    """
    if not sheets:
        raise Refusal(_("Choose at least one file."), field="mentors")
    if sum(len(sheet.rows) for sheet in sheets.values()) > MOST_IN_PORTAL:
        raise Refusal(
            _(
                "There are more than %(number)s rows. Split the sheets, or ask whoever runs the portal to use the "
                "command import-people.",
                number=MOST_IN_PORTAL,
            ),
            field="mentors",
        )


def read_sheets(files: Mapping[str, bytes], most_rows: int = MOST_ROWS) -> dict[str, Sheet]:
    """Read the files that somebody brings, each by the columns of its kind."""
    return {kind: read_file(files[kind], columns, most_rows) for kind, columns in COLUMNS.items() if kind in files}


def import_people(
    session: Session, *, sheets: Mapping[str, Sheet], by: Actor, at: datetime, is_rehearsal: bool = False
) -> Report:
    """Import everybody on the sheets, by the same operations as the portal's forms and without letters.

    Every row is tried even after one failed, so that the report names all that is wrong; then nothing is kept.

    Args:
        session: The transaction, to be undone when this raises.
        sheets: By key of ``COLUMNS``.
        by: Who imports, into their own scheme.
        at: When.
        is_rehearsal: Whether to keep nothing in any case.

    Raises:
        Undone: With the report.
    """
    require(by, Permission.PEOPLE_IMPORT)
    scheme = get_own_scheme(session, by)
    audit.record(session, by=by, at=at, verb="import_people", subject=scheme)
    takers: dict[str, Callable[[Sheet], SheetReport]] = {
        "mentors": partial(_import_mentors, session, scheme, by, at),
        "mentees": partial(_import_mentees, session, scheme, by, at),
    }
    report = Report(tuple(takers[kind](sheets[kind]) for kind in COLUMNS if kind in sheets))
    if is_rehearsal or not report.is_clean:
        raise Undone(report)
    return report


def _import_mentors(session: Session, scheme: Scheme, by: Actor, at: datetime, sheet: Sheet) -> SheetReport:
    """Import the sheet of mentors."""
    table = read_table(sheet, mentor_sheet.COLUMNS)
    warnings = list(table.warnings)
    for values in table.rows:
        warnings += _warnings(values, mentor_sheet.check_row(values, scheme.country))
    warnings += _find_doubles(table.rows, mentor_queries.list_known_as(session, by))
    take = partial(_take_mentor, session, scheme, by, at)
    _try_all(session, table.rows, take)
    return _report("mentors", table, warnings)


def _import_mentees(session: Session, scheme: Scheme, by: Actor, at: datetime, sheet: Sheet) -> SheetReport:
    """Import the sheet of people to be mentored."""
    table = read_table(sheet, mentee_sheet.COLUMNS)
    warnings = list(table.warnings)
    agencies = {agency.name: agency.id for agency in list_agencies(session, by)}
    by_key = {folded(name): agency_id for name, agency_id in agencies.items()}
    for values in table.rows:
        warnings += _warnings(values, mentee_sheet.check_row(values, scheme.country, day_of(at, scheme.time_zone)))
        _check_agency(values, list(agencies))
    warnings += _find_doubles(table.rows, mentee_queries.list_known_as(session, by))

    def take(values: Values) -> None:
        row = mentee_sheet.row_of(values)
        mentee = mentees.refer(session, referral=row.referral, by=by, at=at, agency_id=by_key.get(folded(row.agency)))
        if row.stage is not CaseStage.REFERRED:
            mentees.move_case(session, mentee=mentee, to=row.stage, why=str(_IMPORTED), by=by, at=at + _A_MOMENT)

    _try_all(session, table.rows, take)
    return _report("mentees", table, warnings)


_IMPORTED = _("Imported from a spreadsheet")
_A_MOMENT: Final = timedelta(microseconds=1)
"""Moves of one import follow one another by this, so that a timeline keeps their order."""


def _take_mentor(session: Session, scheme: Scheme, by: Actor, at: datetime, values: Values) -> None:
    """Make a volunteer of one row, and bring them as far along the pipeline as it says."""
    row = mentor_sheet.row_of(values)
    volunteer, _token = mentors.apply(session, scheme=scheme, application=row.application, by=by, at=at, base_url="")
    for number, stage in enumerate(PIPELINE[1 : PIPELINE.index(row.stage) + 1], start=1):
        why, then = str(_IMPORTED), at + number * _A_MOMENT
        mentors.move_volunteer(session, volunteer=volunteer, to=stage, why=why, by=by, at=then)
    if row.cleared is not None:
        mentors.clear_for_risk(session, volunteer=volunteer, level=row.cleared, why=row.cleared_why, by=by, at=at)


def _report(kind: str, table: Table, warnings: Sequence[Remark]) -> SheetReport:
    """Gather what is to be said of a sheet, by line."""
    found = [*table.faults, *(fault for values in table.rows for fault in values.faults)]
    return SheetReport(kind, len(table.rows), _by_line(found), _by_line(warnings))


def _try_all(session: Session, rows: Sequence[Values], take: Callable[[Values], None]) -> None:
    """Carry out every row that is in order so far."""
    # Operations flush what they do, so that reads between them need not look for changes each time.
    with session.no_autoflush:
        for values in rows:
            if not values.faults:
                _try(values, take)


def _try(values: Values, take: Callable[[Values], None]) -> None:
    """Carry out one row; what the operations refuse becomes a fault of the row."""
    try:
        take(values)
    except Refusal as refusal:
        # The rows after it are tried all the same: what this one began goes with the whole transaction.
        values.refuse("", refusal)


def _by_line(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Put remarks in the order of their lines."""
    return tuple(sorted(remarks, key=lambda remark: remark.line))


def _warnings(values: Values, said: Iterator[tuple[str, str]]) -> list[Remark]:
    """Run the checks of a row, which add its faults, and gather what should be known."""
    return [Remark(values.line, column, sentence) for column, sentence in said]


def _check_agency(values: Values, agencies: Sequence[str]) -> None:
    """Refuse an agency that the scheme does not have."""
    name = values.get("agency")
    if not name or folded(name) in map(folded, agencies):
        return
    meant = nearest(name, agencies)
    hint = (
        _("Did you mean “%(name)s”?", name=meant) if meant else _("Leave it empty, or ask an administrator to add it.")
    )
    values.refuse(
        "agency", _("There is no agency “%(text)s” in this scheme. %(hint)s", text=shown(name), hint=str(hint))
    )


def _find_doubles(rows: Sequence[Values], known: Sequence[tuple[str, str, str]]) -> list[Remark]:
    """Refuse rows with somebody who is in the scheme already or further up on the sheet, by e-mail or name and place.

    Returns:
        Warnings of people with the same name of whom no more is known.
    """
    lines: dict[tuple[str, ...], int] = {}
    for name, email, area in known:
        lines |= dict.fromkeys(_identities(name, email, area), 0)
    warnings: list[Remark] = []
    for values in rows:
        identities = _identities(values.get("name") or "", values.get("email") or "", values.get("postcode") or "")
        known_by = [identity for identity in identities if identity in lines]
        certain = [identity for identity in known_by if identity[-1]]
        if certain:
            values.refuse(identities[certain[0]], _same_as(lines[certain[0]]))
        elif known_by:
            warnings.append(Remark(values.line, "name", str(_perhaps_same_as(lines[known_by[0]]))))
        for identity in identities:
            lines.setdefault(identity, values.line)
    return warnings


def _identities(name: str, email: str, area: str) -> dict[tuple[str, ...], str]:
    """List by what a person is known again, with the column that a fault is told for."""
    found = {("email", email_key(email)): "email"} if email else {}
    return found | ({("name", folded(name), folded(area)): "name"} if name else {})


def _same_as(line: int) -> object:
    """Say that a person stands twice."""
    if line == 0:
        return _("This person is in the scheme already. Take the row out, or change their record in the portal.")
    return _("This is the same person as in line %(line)s. Keep one of the two.", line=line)


def _perhaps_same_as(line: int) -> object:
    """Say that a person may stand twice."""
    if line == 0:
        return _("Somebody of this name is in the scheme already. Make sure that it is not the same person.")
    return _("The same name stands in line %(line)s. Make sure that it is not the same person.", line=line)


def documentation() -> str:
    """Write the part of docs/importing.md that lists all columns."""
    return "\n".join(f"### The sheet of {kind}\n\n{document(columns)}" for kind, columns in COLUMNS.items())
