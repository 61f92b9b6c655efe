"""The paths from every table to the person whom a row is about.

They are read from the foreign keys: a row is about whomever the row above it is about. A key that names who acted
(``…by_id``) or somebody who is only mentioned is no path. Tables without a key to a person are listed with the column
that finds them; a test fails on a table with personal columns that nothing leads to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, MetaData, Table

from foundation import dictionary

PERSON = "person"

MENTIONS = frozenset({"contact_ban.banned_person_id"})
"""Keys to somebody whom a record about another person mentions."""

LOOSE: Mapping[str, str] = {
    "letter": "to_address",
    "ask_again": "email",
    "sign_in_guess": "email_key",
    "password_reset": "email_key",
}
"""Tables that know a person by an e-mail address alone."""

ABOUT_NOBODY = frozenset({"scheme", "agency", "audit_entry", "audit_head", "submission", "erasure", "retention_run"})
"""Tables without a personal column, whose keys lead nowhere personal."""

PASSING = frozenset({"kept_form", "passkey_challenge"})
"""Tables whose rows name nobody, are sealed, and go by themselves within the hour."""

TOGETHER = frozenset({"round_record"})
"""Tables whose rows hold many people side by side, whom a list names; a row goes whole with the first of them."""

KEYS = frozenset({"person_key"})
"""Tables of keys to what the audit trail holds of people; the trail destroys them itself, and no copy shows them."""


@dataclass(frozen=True)
class Link:
    """One step up: the rows of a table whose column names a row above are about the same person.

    Attributes:
        table: Where the row is.
        column: The key.
        above: The table of the row above.
    """

    table: str
    column: str
    above: str


def is_act(column: Column[object]) -> bool:
    """Whether a column names who acted and not whom the row is about."""
    return column.name == "by_id" or column.name.endswith("_by_id")


def links_of(metadata: MetaData) -> dict[str, list[Link]]:
    """Give the steps up of every table that is about a person, the tables above before those below."""
    found: dict[str, list[Link]] = {}
    for table in metadata.sorted_tables:
        links = [
            Link(table.name, column.name, key.column.table.name)
            for column in table.columns
            for key in sorted(column.foreign_keys, key=lambda key: key.target_fullname)
            if _leads_up(column, key.column.table.name, found)
        ]
        if links or table.name == PERSON:
            found[table.name] = links
    return found


def _leads_up(column: Column[object], above: str, found: Mapping[str, object]) -> bool:
    """Whether a key leads to a row that is about the same person."""
    return above in found and not is_act(column) and f"{column.table.name}.{column.name}" not in MENTIONS


def acts_of(metadata: MetaData) -> list[tuple[str, str]]:
    """List the columns that name who acted, by table."""
    return [
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if is_act(column) and column.foreign_keys
    ]


def unknown_links(metadata: MetaData) -> list[str]:
    """List the tables with personal columns that no path leads from; a person's data in them would never be found."""
    known = set(links_of(metadata)) | set(LOOSE) | KEYS | PASSING | TOGETHER
    return [table.name for table in metadata.sorted_tables if table.name not in known and has_personal(table)]


def has_personal(table: Table) -> bool:
    """Whether a table has a column that says something about a person."""
    return any(is_personal(column) for column in table.columns)


def is_personal(column: Column[object]) -> bool:
    """Whether a column says something about a person; one that nobody has classed is taken to."""
    entry = dictionary.entry_of(column)
    return entry is None or entry.is_personal
