"""The command that imports a charity's own spreadsheets."""

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from accounts.policy import portal_in
from accounts.queries import find_scheme, list_schemes
from foundation import clock
from foundation.db import reading, transaction
from foundation.sheets.reading import MOST_BYTES
from mentoring import importing


def _print_columns(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    """Print the documentation of all columns and stop."""
    if is_asked:
        click.echo(importing.documentation(), nl=False)
        context.exit()


@click.command("import-people")
@click.option("--mentors", type=click.File("rb"), help="Sheet of mentors, CSV or .xlsx.")
@click.option("--mentees", type=click.File("rb"), help="Sheet of people to be mentored, CSV or .xlsx.")
@click.option("--scheme", required=True, help="Short name of the scheme that they come to.")
@click.option("--dry-run", is_flag=True, help="Check everything, list what is wrong, and import nobody.")
@click.option(
    "--columns", is_flag=True, is_eager=True, expose_value=False, callback=_print_columns, help="List all columns."
)
@with_appcontext
def import_people(mentors: BinaryIO | None, mentees: BinaryIO | None, scheme: str, dry_run: bool) -> None:
    """Import mentors and people to be mentored: all of them, or nobody if a single row is at fault."""
    files = {"mentors": mentors, "mentees": mentees}
    contents = {kind: file.read(MOST_BYTES + 1) for kind, file in files.items() if file is not None}
    if not contents:
        raise click.UsageError("Name a file with --mentors or --mentees.")
    report = _import(contents, scheme, dry_run)
    for line in _lines(report):
        click.echo(line)
    click.echo(_conclusion(report, dry_run))
    if not report.is_clean:
        raise SystemExit(1)


def _import(contents: dict[str, bytes], slug: str, is_rehearsal: bool) -> importing.Report:
    """Import in one transaction, or undo it and tell why."""
    scheme = find_scheme(reading(), slug)
    if scheme is None:
        known = ", ".join(row.slug for row in list_schemes(reading()))
        raise click.UsageError(f"There is no scheme “{slug}”. There are: {known or 'none'}.")
    sheets = importing.read_sheets(contents)
    try:
        with transaction() as session:
            return importing.import_people(
                session, sheets=sheets, by=portal_in(scheme), at=clock.now(), is_rehearsal=is_rehearsal
            )
    except importing.Undone as undone:
        return undone.report


def _lines(report: importing.Report) -> list[str]:
    """Write every remark as a line: file, line, column, what it is."""
    lines = []
    for sheet in report.sheets:
        for word, remarks in (("warning", sheet.warnings), ("FAULT", sheet.faults)):
            for remark in remarks:
                where = f"line {remark.line}" if remark.line else "the file"
                column = f", {remark.column}" if remark.column else ""
                lines.append(f"{word}: {sheet.kind}, {where}{column}: {remark.reason}")
    return lines


def _conclusion(report: importing.Report, is_rehearsal: bool) -> str:
    """Say in the end what happened."""
    counted = " and ".join(f"{sheet.people} {sheet.kind}" for sheet in report.sheets)
    if not report.is_clean:
        faults = sum(len(sheet.faults) for sheet in report.sheets)
        return f"Nobody was imported: {faults} faults among {counted}. Mend them and try again."
    if is_rehearsal:
        return f"All in order: {counted} would be imported. Nobody was imported, as this was a dry run."
    return f"Imported {counted}."
