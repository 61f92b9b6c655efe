"""Packing a copy into one file: a page to read and print, and the same data for programs."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import render_template
from flask_babel import format_date, format_datetime, get_locale, gettext

from accounts.models import Scheme
from foundation.fields import DAYS
from foundation.language import has_words, language_name, words_for
from mentees.rules import Interest as Liking
from mentees.rules import Pathway, WantedExperience
from mentors.rules import Interest, LivedExperience, Rosh, Skill
from privacy.gathering import Bundle, Section
from privacy.rules import authority_of
from reports.rules import csv_text

PAGE = "parts/bundle.html"

CODES: Mapping[str, type[Enum]] = {
    "volunteer.lived_experience": LivedExperience,
    "volunteer.skills": Skill,
    "volunteer.interests": Interest,
    "volunteer.cleared_rosh": Rosh,
    "mentee.needs": Pathway,
    "mentee.wanted_experience": WantedExperience,
    "mentee.interests": Liking,
}
"""Columns that keep codes, with the enum that has their words."""


def pack(bundle: Bundle, scheme: Scheme, at: datetime) -> bytes:
    """Make the file that a person receives.

    It holds one page that needs nothing else and can be printed, and each table as CSV and all of them as JSON.

    Args:
        bundle: What is given and what is held back.
        scheme: Whose records they are.
        at: When.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", _page(bundle, scheme, at))
        archive.writestr("data.json", json.dumps(_plain(bundle), ensure_ascii=False, indent=2))
        for section in bundle.sections:
            rows = ([_told(value) for value in row] for row in section.rows)
            archive.writestr(f"tables/{section.table}.csv", csv_text(section.columns, rows))
    return packed.getvalue()


def _page(bundle: Bundle, scheme: Scheme, at: datetime) -> str:
    """Draw the page."""
    zone = ZoneInfo(scheme.time_zone)
    return render_template(
        PAGE,
        bundle=bundle,
        scheme=scheme,
        authority=authority_of(scheme.country),
        made_on=format_date(at.astimezone(zone).date(), "d MMMM y", rebase=False),
        sections=[(section, [_pairs(section, row, zone) for row in section.rows]) for section in bundle.sections],
    )


def _pairs(section: Section, row: tuple[Any, ...], zone: ZoneInfo) -> list[tuple[str, str]]:
    """Tell one row as names and values; what is empty is left out."""
    pairs = zip(section.columns, row, strict=True)
    told = ((column_words(column), shown(section.table, column, value, zone)) for column, value in pairs)
    return [(name, text) for name, text in told if text]


def column_words(column: str) -> str:
    """Turn the name of a column into words."""
    return column.replace("_", " ").removesuffix(" at").removesuffix(" on").capitalize()


def shown(table: str, column: str, value: Any, zone: ZoneInfo) -> str:  # noqa: ANN401 - a value of any column.
    """Tell a value to a person, in their language and their time; nothing of an empty one."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, date):
        return _moment(value, zone)
    if isinstance(value, Enum):
        return words_for(value) if has_words(value) else str(value.value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return _decoded(table, column, value)


def _decoded(table: str, column: str, value: Any) -> str:  # noqa: ANN401 - a value of any column.
    """Put codes into words; what is no code is told as it is."""
    if column == "slots":
        return _week(value)
    codes = value if isinstance(value, list) else [value]
    if column == "languages":
        return ", ".join(language_name(code) for code in codes)
    kind = CODES.get(f"{table}.{column}")
    return _plainly(value) if kind is None else ", ".join(words_for(kind(code)) for code in codes)


def _plainly(value: Any) -> str:  # noqa: ANN401 - a value of any column.
    """Tell a text, a number, or a collection of them."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _moment(value: date, zone: ZoneInfo) -> str:
    """Tell a day, or an instant in the time of the scheme."""
    if isinstance(value, datetime):
        return str(format_datetime(value.astimezone(zone), "d MMMM y, HH:mm", rebase=False))
    return str(format_date(value, "d MMMM y", rebase=False))


def _week(slots: int) -> str:
    """Tell at which times of the week somebody is free."""
    days = (get_locale() or Locale("en")).days["stand-alone"]["wide"]
    parts = (gettext("Morning"), gettext("Afternoon"), gettext("Evening"))
    free = [(day, part) for day in range(DAYS) for part in range(len(parts)) if slots >> (day * len(parts) + part) & 1]
    return ", ".join(f"{days[day]} ({parts[part]})" for day, part in free)


def _plain(bundle: Bundle) -> dict[str, Any]:
    """Tell everything as programs read it."""
    return {
        "tables": {
            section.table: [
                {column: _told(value) for column, value in zip(section.columns, row, strict=True)}
                for row in section.rows
            ]
            for section in bundle.sections
        },
        "withheld": [
            {"table": part.table, "columns": list(part.columns), "rows": part.count, "why": part.why.value}
            for part in bundle.withheld
        ],
        "named_in_records_of_others": bundle.acts,
    }


def _told(value: Any) -> Any:  # noqa: ANN401 - a value of any column.
    """Turn a value into what a file of data can hold."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
