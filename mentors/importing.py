"""The sheet of mentors that a charity brings: its columns, and each row as an application or as faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from foundation import places
from foundation.language import _
from foundation.sheets import cells
from foundation.sheets.columns import Column, Values
from foundation.sheets.weeks import week
from mentors.rules import (
    LANGUAGE_CODES,
    LEAST_HOURS_PER_WEEK,
    LEAST_MONTHS,
    MOST_HOURS_PER_WEEK,
    MOST_MONTHS,
    MOST_TRAVEL_KM,
    PIPELINE,
    ROSH_BY_WORD,
    Application,
    Gender,
    Interest,
    LivedExperience,
    Rosh,
    Skill,
    Stage,
    can_promise,
)

STAGES_TO_IMPORT: Final = PIPELINE[: PIPELINE.index(Stage.READY)]
"""Whether somebody is ready is decided in the portal, by the checks and hours that stand there."""

_GENDERS: Final = {
    "female": Gender.WOMAN,
    "f": Gender.WOMAN,
    "w": Gender.WOMAN,
    "male": Gender.MAN,
    "m": Gender.MAN,
    "other": Gender.OTHER,
    "non-binary": Gender.OTHER,
    "nonbinary": Gender.OTHER,
    "prefer not to say": Gender.NOT_SAID,
    "unknown": Gender.NOT_SAID,
}


def _listed(members: Any) -> str:  # noqa: ANN401 - an enum or some of its members.
    """List what may stand in a cell, for the documentation."""
    return ", ".join(str(member.value) for member in members)


def _stage(text: str) -> Stage:
    """Read how far along somebody is, with a word of its own for those who say that they are ready."""
    if cells.folded(text) == Stage.READY.value:
        raise cells.Unfit(_("Whether somebody is ready is decided in the portal. Write training."))
    return _READ_STAGE(text)


_READ_STAGE: Final = cells.choice(cells.words_of(STAGES_TO_IMPORT))

COLUMNS: Final = (
    Column(
        name="name",
        read=cells.line_of(200),
        accepts=_("first name and surname"),
        is_required=True,
        also=("full name", "mentor", "volunteer"),
        examples=("Amina Example", "Peter Example"),
    ),
    Column(
        name="email",
        read=cells.email,
        accepts=_("an email address; without one the volunteer cannot sign in"),
        also=("e-mail address", "mail"),
        examples=("amina@mail.example", "peter@mail.example"),
    ),
    Column(
        name="phone",
        read=cells.line_of(40),
        accepts=_("a telephone number, kept as it is written"),
        also=("telephone", "mobile", "phone number"),
        examples=("+44 7700 900101", "07700 900102"),
    ),
    Column(
        name="postcode",
        read=cells.line_of(120),
        accepts=_(
            "where the volunteer lives: a British postcode, or a town in Italy or the Netherlands; "
            "a place that is not known is kept and its distance stays unknown"
        ),
        also=("area", "town", "post code", "place"),
        examples=("L32 8XD", "L36 9YQ"),
    ),
    Column(
        name="travel km",
        read=cells.number(1, MOST_TRAVEL_KM, "km"),
        accepts=_(
            "how far the volunteer would go: a whole number from 1 to %(most)s; 15 if empty", most=MOST_TRAVEL_KM
        ),
        empty=15,
        also=("travel", "distance", "max travel km"),
        examples=("10", "15"),
    ),
    Column(
        name="hours per week",
        read=cells.number(0, 168, "hours", "hour", "hrs", "h"),
        accepts=_("a whole number from %(least)s to %(most)s", least=LEAST_HOURS_PER_WEEK, most=MOST_HOURS_PER_WEEK),
        is_required=True,
        also=("hours", "weekly hours", "hours a week"),
        examples=("4", "3"),
    ),
    Column(
        name="months",
        read=cells.number(0, 600, "months", "month", "m"),
        accepts=_("a whole number from %(least)s to %(most)s", least=LEAST_MONTHS, most=MOST_MONTHS),
        is_required=True,
        also=("commitment months", "number of months"),
        examples=("12", "24"),
    ),
    Column(
        name="availability",
        read=week,
        accepts=_("times like Mon evening; Tue morning, or weekday evenings, or any"),
        empty=0,
        also=("available", "free times", "times", "days"),
        examples=("Mon evening; Wed evening; Sat", "weekday mornings"),
    ),
    Column(
        name="languages",
        read=cells.many(cells.languages_of(LANGUAGE_CODES)),
        accepts=_("names or codes: %(codes)s", codes=", ".join(LANGUAGE_CODES)),
        empty=(),
        also=("language", "spoken languages"),
        examples=("English; Polish", "en"),
    ),
    Column(
        name="lived experience",
        read=cells.many(cells.words_of(LivedExperience)),
        accepts=_("any of: %(words)s", words=_listed(LivedExperience)),
        empty=(),
        also=("experience",),
        examples=("prison; recovery", ""),
    ),
    Column(
        name="skills",
        read=cells.many(cells.words_of(Skill)),
        accepts=_("any of: %(words)s", words=_listed(Skill)),
        empty=(),
        also=("skill",),
        examples=("housing; paperwork", "work; digital"),
    ),
    Column(
        name="interests",
        read=cells.many(cells.words_of(Interest)),
        accepts=_("any of: %(words)s", words=_listed(Interest)),
        empty=(),
        also=("interest", "hobbies"),
        examples=("football; cooking", "walking"),
    ),
    Column(
        name="gender",
        read=cells.choice(cells.words_of(Gender, _GENDERS)),
        accepts=_("one of: %(words)s; used only where a person needs a woman or a man", words=_listed(Gender)),
        empty=Gender.NOT_SAID,
        also=("sex",),
        examples=("woman", ""),
    ),
    Column(
        name="why",
        read=cells.text_of(4000),
        accepts=_("why they want to mentor, in their own words"),
        also=("motivation", "reason"),
        examples=("Somebody helped me when I came out.", "I have time and like to listen."),
    ),
    Column(
        name="stage",
        read=_stage,
        accepts=_(
            "one of: %(words)s; applied if empty. Whether somebody is ready is decided in the portal",
            words=_listed(STAGES_TO_IMPORT),
        ),
        empty=Stage.APPLIED,
        also=("status",),
        examples=("training", "applied"),
    ),
    Column(
        name="cleared level",
        read=cells.choice(ROSH_BY_WORD),
        accepts=_(
            "the highest risk of serious harm they are cleared for: %(words)s; nobody has decided if empty",
            words=", ".join(ROSH_BY_WORD),
        ),
        empty=None,
        also=("cleared rosh", "rosh cleared", "cleared risk level", "highest cleared level"),
        examples=("medium", ""),
    ),
    Column(
        name="cleared reason",
        read=cells.text_of(2000),
        accepts=_("who decided the cleared level and why; needed beside it"),
        also=("cleared why", "clearance reason"),
        examples=("Panel on 3 March 2026, on three years of experience", ""),
    ),
)
"""What the sheet of mentors may hold, in the order of the template."""


@dataclass(frozen=True)
class MentorRow:
    """One row in order.

    Attributes:
        line: Where it begins.
        application: What it tells of the volunteer.
        stage: How far along they are.
        cleared: The level they are cleared for; None where nobody has decided.
        cleared_why: The reason.
    """

    line: int
    application: Application
    stage: Stage
    cleared: Rosh | None
    cleared_why: str


def check_row(values: Values, country: str) -> Iterator[tuple[str, str]]:
    """Compare the cells of a row with each other and with the map.

    Args:
        values: The row; faults are added to it.
        country: Of the scheme.

    Yields:
        Column and sentence of what should be known and is no fault.
    """
    _check_promise(values)
    if (values.get("cleared level") is None) != (not values.get("cleared reason")):
        values.refuse("cleared reason", _("A cleared level needs its reason, and a reason its level."))
    if values.get("email") == "":
        yield "email", str(_("Without an email address they cannot sign in."))
    area = values.get("postcode") or ""
    if cells.is_misspelt_place(area, country):
        values.refuse("postcode", _("“%(text)s” is no postcode. Write it like L36 9UX.", text=cells.shown(area)))
    elif area and places.locate(area, country) is None:
        yield "postcode", str(_("“%(text)s” is not on our map: the distance stays unknown.", text=cells.shown(area)))


def _check_promise(values: Values) -> None:
    """Refuse hours and months that mentoring cannot begin with, or that nobody can give."""
    hours, months = values.get("hours per week"), values.get("months")
    if hours is not None and not can_promise(hours, LEAST_MONTHS):
        values.refuse(
            "hours per week",
            _(
                "Mentoring asks for %(number)s hours a week or more. Not now? Leave this row out.",
                number=LEAST_HOURS_PER_WEEK,
            ),
        )
    if months is not None and not can_promise(LEAST_HOURS_PER_WEEK, months):
        values.refuse(
            "months",
            _("Mentoring asks for %(number)s months or more. Not now? Leave this row out.", number=LEAST_MONTHS),
        )
    if hours is not None and hours > MOST_HOURS_PER_WEEK:
        values.refuse("hours per week", _("Write %(number)s hours or fewer.", number=MOST_HOURS_PER_WEEK))
    if months is not None and months > MOST_MONTHS:
        values.refuse("months", _("Write %(number)s months or fewer.", number=MOST_MONTHS))


def row_of(values: Values) -> MentorRow:
    """Make an application of a row without faults."""
    application = Application(
        name=values["name"],
        email=values["email"],
        phone=values["phone"],
        area=values["postcode"],
        travel_km=values["travel km"],
        slots=values["availability"],
        hours_per_week=values["hours per week"],
        months=values["months"],
        languages=values["languages"],
        lived_experience=values["lived experience"],
        skills=values["skills"],
        interests=values["interests"],
        gender=values["gender"],
        why=values["why"],
    )
    return MentorRow(values.line, application, values["stage"], values["cleared level"], values["cleared reason"])
