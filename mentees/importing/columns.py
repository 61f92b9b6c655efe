"""The columns of the sheet of people to be mentored, and how their cells are read."""

import re
from typing import Any, Final

from foundation.language import _
from foundation.sheets import cells
from foundation.sheets.columns import Column
from foundation.sheets.weeks import week
from mentees.rules import (
    LANGUAGE_CODES,
    MOST_HOURS_PER_WEEK,
    MOST_RADIUS_KM,
    MOST_TRAVEL_KM,
    RISK_WORDS,
    Ban,
    CaseStage,
    Exclusion,
    Interest,
    Pathway,
    RiskGroup,
    RiskLevel,
    Setting,
    StatedGender,
    WantedExperience,
)

STAGES_TO_IMPORT: Final = (CaseStage.REFERRED, CaseStage.WAITING)
MOST_LISTED: Final = 20

_AREA_AND_RADIUS: Final = re.compile(
    r"(?P<area>.*?\S)[\s,]+(?P<radius>[0-9.,]+\s*(?:km|m|metres|miles|mile|mi))\s*(?:\((?P<label>.*)\))?", re.IGNORECASE
)
_NAME_AND_WHY: Final = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<why>.*)\))?")
_SETTINGS: Final = {
    "prison": Setting.CUSTODY,
    "in custody": Setting.CUSTODY,
    "in prison": Setting.CUSTODY,
    "inside": Setting.CUSTODY,
    "in the community": Setting.COMMUNITY,
    "released": Setting.COMMUNITY,
}
_PATHWAYS: Final = {
    "housing": Pathway.ACCOMMODATION,
    "attitudes": Pathway.ATTITUDES,
    "behaviour": Pathway.ATTITUDES,
    "families": Pathway.FAMILIES,
    "family": Pathway.FAMILIES,
    "children": Pathway.FAMILIES,
    "drugs": Pathway.DRUGS_AND_ALCOHOL,
    "alcohol": Pathway.DRUGS_AND_ALCOHOL,
    "education": Pathway.EDUCATION_AND_WORK,
    "skills": Pathway.EDUCATION_AND_WORK,
    "work": Pathway.EDUCATION_AND_WORK,
    "employment": Pathway.EDUCATION_AND_WORK,
    "ID": Pathway.FINANCE,
    "money": Pathway.FINANCE,
}
_GENDERS: Final = {
    "female": StatedGender.WOMAN,
    "f": StatedGender.WOMAN,
    "w": StatedGender.WOMAN,
    "male": StatedGender.MAN,
    "m": StatedGender.MAN,
}
_NOT_ASSESSED: Final = frozenset({"", "na", "unknown", "notassessed"})
_RISK_SHORT: Final = {
    "l": RiskLevel.LOW,
    "m": RiskLevel.MEDIUM,
    "h": RiskLevel.HIGH,
    "vh": RiskLevel.VERY_HIGH,
    "v high": RiskLevel.VERY_HIGH,
}


def _listed(members: Any) -> str:  # noqa: ANN401 - an enum or some of its members.
    """List what may stand in a cell, for the documentation."""
    return "; ".join(str(member.value) for member in members)


def _exclusions(text: str) -> tuple[Exclusion, ...]:
    """Read exclusion areas such as `L32 4 2km (former home); Huyton 500 m`."""
    found = tuple(_exclusion(part) for part in cells.split(text))
    if len(found) > MOST_LISTED:
        raise cells.Unfit(_("There are more than %(number)s here.", number=MOST_LISTED))
    return found


def _exclusion(part: str) -> Exclusion:
    """Read one exclusion area: a place, how far around it, and perhaps what it is in brackets."""
    match = _AREA_AND_RADIUS.fullmatch(part)
    if match is None:
        raise cells.Unfit(
            _("“%(text)s” is no exclusion area. Write a place and how far, like “L32 4 2 km”.", text=cells.shown(part))
        )
    radius_km = cells.distance_km(match["radius"])
    if not 0 < radius_km <= MOST_RADIUS_KM:
        raise cells.Unfit(_("An exclusion area reaches from 0.001 to %(number)s km.", number=MOST_RADIUS_KM))
    area = cells.line_of(120)(match["area"])
    return Exclusion(area=area, label=cells.line_of(120)((match["label"] or "").strip() or area), radius_km=radius_km)


def _bans(text: str) -> tuple[Ban, ...]:
    """Read people with whom there must be no contact, such as `John Example (victim); Jane Example`."""
    found = tuple(_ban(part) for part in cells.split(text))
    if len(found) > MOST_LISTED:
        raise cells.Unfit(_("There are more than %(number)s here.", number=MOST_LISTED))
    return found


def _ban(part: str) -> Ban:
    """Read one name, and perhaps why in brackets."""
    match = _NAME_AND_WHY.fullmatch(part)
    if match is None or not any(letter.isalpha() for letter in match["name"]):
        raise cells.Unfit(
            _("“%(text)s” is no name. Write names like “John Example (why)”.", text=cells.shown(part)),
        )
    return Ban(name=cells.line_of(200)(match["name"]), why=cells.line_of(500)(match["why"] or ""))


def _risk_column(group: RiskGroup, example: str) -> Column:
    """Make the column of the risk to one group."""
    read = cells.choice({**RISK_WORDS, **_RISK_SHORT})
    return Column(
        name=f"risk {group.value}",
        read=lambda text: None if cells.folded(text) in _NOT_ASSESSED else read(text),
        accepts=_(
            "risk of serious harm as probation gives it: %(words)s; not assessed if empty", words=", ".join(RISK_WORDS)
        ),
        empty=None,
        also=(f"rosh {group.value}", f"risk to {group.value}"),
        examples=(example, "low"),
    )


COLUMNS: Final = (
    Column(
        name="name",
        read=cells.line_of(200),
        accepts=_("first name and surname"),
        is_required=True,
        also=("full name", "person", "mentee"),
        examples=("Sam Example", "Rita Example"),
    ),
    Column(
        name="email",
        read=cells.email,
        accepts=_("an email address"),
        also=("e-mail address", "mail"),
        examples=("", ""),
    ),
    Column(
        name="phone",
        read=cells.line_of(40),
        accepts=_("a telephone number, kept as it is written"),
        also=("telephone", "mobile", "phone number"),
        examples=("", "+44 7700 900103"),
    ),
    Column(
        name="setting",
        read=cells.choice(cells.words_of(Setting, _SETTINGS)),
        accepts=_("custody or community: where the person is now"),
        is_required=True,
        also=("where", "custody or community"),
        examples=("custody", "community"),
    ),
    Column(
        name="release date",
        read=cells.day,
        accepts=_("a day, like 2026-03-27 or 27/03/2026; needed in custody, or else why it is missing"),
        empty=None,
        also=("release", "release on", "date of release"),
        examples=("27/03/2099", "2024-05-01"),
    ),
    Column(
        name="reason missing",
        read=cells.line_of(200),
        accepts=_("why there is no release date"),
        also=("release missing why", "why no release date", "release date missing"),
        examples=("", ""),
    ),
    Column(
        name="postcode",
        read=cells.line_of(120),
        accepts=_(
            "the agreed meeting place: a British postcode, or a town in Italy or the Netherlands; needed in the "
            "community; a place that is not known is kept and its distance stays unknown"
        ),
        also=("area", "town", "post code", "place", "meeting place"),
        examples=("L32 8XD", "L36 9YQ"),
    ),
    Column(
        name="travel km",
        read=cells.number(1, MOST_TRAVEL_KM, "km"),
        accepts=_("how far the person can go: a whole number from 1 to %(most)s; 10 if empty", most=MOST_TRAVEL_KM),
        empty=10,
        also=("travel", "distance", "max travel km"),
        examples=("5", ""),
    ),
    Column(
        name="hours per week",
        read=cells.number(1, MOST_HOURS_PER_WEEK, "hours", "hour", "hrs", "h"),
        accepts=_("a whole number from 1 to %(most)s; 1 if empty", most=MOST_HOURS_PER_WEEK),
        empty=1,
        also=("hours", "weekly hours", "hours a week"),
        examples=("2", "3"),
    ),
    Column(
        name="availability",
        read=week,
        accepts=_("times like Mon evening; Tue morning, or weekday evenings, or any"),
        empty=0,
        also=("available", "free times", "times", "days"),
        examples=("any", "Mon-Thu evening"),
    ),
    Column(
        name="needs",
        read=cells.many(cells.words_of(Pathway, _PATHWAYS)),
        accepts=_("any of: %(words)s; or one word of them, such as education or finance", words=_listed(Pathway)),
        empty=(),
        also=("pathways", "need"),
        examples=("accommodation; education, skills and work", "health"),
    ),
    Column(
        name="languages",
        read=cells.many(cells.languages_of(LANGUAGE_CODES)),
        accepts=_("names or codes: %(codes)s", codes=", ".join(LANGUAGE_CODES)),
        empty=(),
        also=("language", "spoken languages"),
        examples=("English", "it; English"),
    ),
    Column(
        name="interpreter",
        read=cells.yes_or_no,
        accepts=_("yes or no: whether somebody interprets; no if empty"),
        empty=False,
        also=("has interpreter",),
        examples=("no", ""),
    ),
    Column(
        name="wanted experience",
        read=cells.many(cells.words_of(WantedExperience)),
        accepts=_(
            "what the mentor should know from their own life, any of: %(words)s", words=_listed(WantedExperience)
        ),
        empty=(),
        also=("lived experience", "wanted lived experience"),
        examples=("prison", ""),
    ),
    Column(
        name="interests",
        read=cells.many(cells.words_of(Interest)),
        accepts=_("any of: %(words)s", words=_listed(Interest)),
        empty=(),
        also=("interest", "hobbies"),
        examples=("football", "music; walking"),
    ),
    *(_risk_column(group, "medium" if group is RiskGroup.PUBLIC else "low") for group in RiskGroup),
    Column(
        name="risk source",
        read=cells.line_of(120),
        accepts=_("who assessed the risk; every person needs an assessment of at least one group"),
        is_required=True,
        also=("risk assessed by", "rosh source", "source"),
        examples=("OASys, Probation Knowsley", "OASys, Probation Liverpool"),
    ),
    Column(
        name="risk date",
        read=cells.day,
        accepts=_("the day of the assessment"),
        is_required=True,
        also=("risk assessed on", "rosh date", "date of assessment"),
        examples=("2024-02-10", "10-Feb-2024"),
    ),
    Column(
        name="gender needed",
        read=cells.choice(cells.words_of(StatedGender, _GENDERS)),
        accepts=_("woman or man, only where the person needs it; no other mentor is then proposed"),
        empty=None,
        also=("stated gender", "mentor gender"),
        examples=("", "woman"),
    ),
    Column(
        name="gender reason",
        read=cells.line_of(500),
        accepts=_("why; needed beside it"),
        also=("stated gender why", "gender why"),
        examples=("", "Has asked for it after violence by men"),
    ),
    Column(
        name="exclusion areas",
        read=_exclusions,
        accepts=_("places that must not be entered and how far around them, like L32 4 2 km (former home); L5 1 500 m"),
        empty=(),
        also=("exclusion area", "exclusion zones", "exclusions"),
        examples=("L5 1 2 km (former home)", ""),
    ),
    Column(
        name="contact bans",
        read=_bans,
        accepts=_("people with whom there must be no contact, like John Example (victim); Jane Example"),
        empty=(),
        also=("contact ban", "no contact", "no contact with"),
        examples=("John Example (victim); Jane Example", ""),
    ),
    Column(
        name="about",
        read=cells.text_of(4000),
        accepts=_("what else a mentor should know"),
        also=("notes", "about the person"),
        examples=("", "Likes to meet outdoors."),
    ),
    Column(
        name="consent date",
        read=cells.day,
        accepts=_("the day on which the person agreed to be referred"),
        is_required=True,
        also=("consent", "consent on", "date of consent"),
        examples=("2024-02-12", "12.02.2024"),
    ),
    Column(
        name="agency",
        read=cells.line_of(120),
        accepts=_("the partner that refers, by the name it has in the portal; your own charity if empty"),
        also=("referred by", "referring agency"),
        examples=("", ""),
    ),
    Column(
        name="stage",
        read=cells.choice(cells.words_of(STAGES_TO_IMPORT)),
        accepts=_(
            "referred, to be decided on in the portal, or waiting, if you have decided to take the person on; "
            "referred if empty"
        ),
        empty=CaseStage.REFERRED,
        also=("status",),
        examples=("waiting", ""),
    ),
)
"""What the sheet of people to be mentored may hold, in the order of the template."""
