"""Rows of the sheet of people to be mentored: compared with the map and with today, and made referrals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from foundation import places
from foundation.language import _
from foundation.sheets import cells
from foundation.sheets.columns import Values
from mentees.rules import CaseStage, Referral, Risk, RiskGroup, Setting

_RISKS: Final = {group: f"risk {group.value}" for group in RiskGroup}


@dataclass(frozen=True)
class MenteeRow:
    """One row in order: where it begins, what it tells, who referred, and whether it is decided."""

    line: int
    referral: Referral
    agency: str
    stage: CaseStage


def check_row(values: Values, country: str, on: date) -> Iterator[tuple[str, str]]:
    """Compare the cells of a row with each other, with the map and with today.

    Args:
        values: The row; faults are added to it.
        country: Of the scheme.
        on: Today, where the scheme is.

    Yields:
        Column and sentence of what should be known and is no fault.
    """
    _check_days(values, on)
    if all(name in values.cells and values.cells[name] is None for name in _RISKS.values()):
        values.refuse(_RISKS[RiskGroup.CHILDREN], _("Give the risk of serious harm for at least one group."))
    if {"gender needed", "gender reason"} <= values.cells.keys() and (values["gender needed"] is None) != (
        not values["gender reason"]
    ):
        values.refuse("gender reason", _("A stated need for a woman or a man needs its reason, and a reason the need."))
    for exclusion in values.get("exclusion areas") or ():
        if places.locate(exclusion.area, country) is None:
            sentence = _(
                "“%(text)s” is not on our map, so this exclusion area could not be obeyed. "
                "Give a postcode inside it, or a larger town and a wider circle.",
                text=cells.shown(exclusion.area),
            )
            values.refuse("exclusion areas", sentence)
    yield from _check_place(values, country)


def _check_days(values: Values, on: date) -> None:
    """Refuse days that cannot be right, and custody without a release date or why it is missing."""
    for name in ("consent date", "risk date"):
        if (day := values.get(name)) is not None and day > on:
            values.refuse(name, _("This day lies in the future."))
    if values.get("setting") is not Setting.CUSTODY or "release date" not in values.cells:
        return
    if values["release date"] is None and not values.get("reason missing"):
        values.refuse("release date", _("Give the release date, or why it is missing."))
    if values["release date"] is not None and values["release date"] < on:
        values.refuse("release date", _("This day has passed. Give a later one, or write community as the setting."))


def _check_place(values: Values, country: str) -> Iterator[tuple[str, str]]:
    """Refuse a missing or misspelt meeting place; tell of one that is not known."""
    area = values.get("postcode") or ""
    if cells.is_misspelt_place(area, country):
        values.refuse("postcode", _("“%(text)s” is no postcode. Write it like L36 9UX.", text=cells.shown(area)))
    elif area and places.locate(area, country) is None:
        yield "postcode", str(_("“%(text)s” is not on our map: the distance stays unknown.", text=cells.shown(area)))
    elif "postcode" in values.cells and not area and values.get("setting") is Setting.COMMUNITY:
        values.refuse("postcode", _("Give the agreed meeting place."))


def row_of(values: Values) -> MenteeRow:
    """Make a referral of a row without faults."""
    is_inside = values["setting"] is Setting.CUSTODY
    referral = Referral(
        name=values["name"],
        email=values["email"],
        phone=values["phone"],
        setting=values["setting"],
        release_on=values["release date"],
        release_missing_why=values["reason missing"] if is_inside else "",
        area=values["postcode"],
        travel_km=values["travel km"],
        slots=values["availability"],
        hours_per_week=values["hours per week"],
        needs=values["needs"],
        languages=values["languages"],
        has_interpreter=values["interpreter"],
        wanted_experience=values["wanted experience"],
        interests=values["interests"],
        stated_gender=values["gender needed"],
        stated_gender_why=values["gender reason"],
        about=values["about"],
        consent_on=values["consent date"],
        risks=tuple(
            Risk(group, values[name], values["risk source"], values["risk date"])
            for group, name in _RISKS.items()
            if values[name] is not None
        ),
        exclusions=values["exclusion areas"],
        bans=values["contact bans"],
    )
    return MenteeRow(values.line, referral, values["agency"], values["stage"])
