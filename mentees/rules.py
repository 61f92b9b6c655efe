"""Stages of a person who is mentored, what a referral says, and risk of serious harm as probation gives it."""

import re
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any

from foundation import places
from foundation.lifecycle import Lifecycle

MOST_EXCLUSIONS = 3
MOST_BANS = 5
"""Rows on the referral form; more can be added on the person's page."""
MOST_RADIUS_KM = 100
MOST_TRAVEL_KM = 100
MOST_HOURS_PER_WEEK = 10
PAGE_SIZE = 25

RELEASE_NEAR = timedelta(days=14)
"""**Source:** the coordinator's day as charities describe it: releases in the next 14 days."""
FIRST_DAYS_OUT = timedelta(days=3)
"""**Source:** programme reports, 2014: the first 72 hours after release decide much."""
MANY_NEEDS = 4
"""More than half of the seven pathways."""


class CaseStage(StrEnum):
    """Where a referred person is."""

    REFERRED = "referred"
    WAITING = "waiting"
    MATCHED = "matched"
    CLOSED = "closed"
    NOT_TAKEN = "not taken"


CASES = Lifecycle(
    "Person referred",
    CaseStage.REFERRED,
    {
        CaseStage.REFERRED: (CaseStage.WAITING, CaseStage.NOT_TAKEN),
        CaseStage.WAITING: (CaseStage.MATCHED, CaseStage.CLOSED),
        CaseStage.MATCHED: (CaseStage.WAITING, CaseStage.CLOSED),
        # A closed case may be reopened, as the Safety House does.
        CaseStage.CLOSED: (CaseStage.WAITING,),
        CaseStage.NOT_TAKEN: (CaseStage.REFERRED,),
    },
)


class Setting(StrEnum):
    """Where the person is now."""

    CUSTODY = "custody"
    COMMUNITY = "community"


class RiskGroup(StrEnum):
    """Whom the person could harm."""

    CHILDREN = "children"
    PUBLIC = "public"
    KNOWN_ADULT = "known adult"
    STAFF = "staff"
    PRISONERS = "prisoners"


class RiskLevel(IntEnum):
    """Risk of serious harm; given by probation, never computed here."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    VERY_HIGH = 3


TWO_PEOPLE_FROM = RiskLevel.HIGH
"""From this level on, two people approve a match."""


class Pathway(StrEnum):
    """The seven resettlement pathways. **Source:** Ministry of Justice, reducing reoffending pathways."""

    ACCOMMODATION = "accommodation"
    ATTITUDES = "attitudes, thinking and behaviour"
    FAMILIES = "children, families and communities"
    DRUGS_AND_ALCOHOL = "drugs and alcohol"
    EDUCATION_AND_WORK = "education, skills and work"
    FINANCE = "finance and ID"
    HEALTH = "health"


class StatedGender(StrEnum):
    """A stated need that constrains: whom the person can work with."""

    WOMAN = "woman"
    MAN = "man"


class WantedExperience(StrEnum):
    """What a person would like their mentor to know from life; the codes are those that volunteers tick."""

    PRISON = "prison"
    PROBATION = "probation"
    RECOVERY = "recovery"
    HOMELESSNESS = "homelessness"
    CARE = "care"
    MENTAL_HEALTH = "mental health"
    FAMILY_IN_PRISON = "family in prison"
    MIGRATION = "migration"


class Interest(StrEnum):
    """What makes half an hour together easier; the codes are those that volunteers tick."""

    FOOTBALL = "football"
    FITNESS = "fitness"
    COOKING = "cooking"
    MUSIC = "music"
    ART = "art"
    READING = "reading"
    GARDENING = "gardening"
    GAMES = "games"
    FAITH = "faith"
    CRAFT = "craft"
    WALKING = "walking"
    FILM = "film"


class NeedBand(IntEnum):
    """How much hangs on a soon start; the matching serves the highest band first."""

    USUAL = 0
    HIGHEST = 1


LANGUAGE_CODES = (
    *("en", "nl", "it", "ar", "cy", "de", "es", "fa", "fr", "ku", "pl"),
    *("pt", "ro", "ru", "so", "sq", "ti", "tr", "uk", "ur", "zh"),
)
"""Languages offered on forms, by ISO 639-1 code; volunteers are offered the same."""

RISK_WORDS: Mapping[str, RiskLevel] = {
    "low": RiskLevel.LOW,
    "medium": RiskLevel.MEDIUM,
    "high": RiskLevel.HIGH,
    "very high": RiskLevel.VERY_HIGH,
}


@dataclass(frozen=True)
class Risk:
    """Risk of serious harm to one group, as a referral or a later letter from probation gives it."""

    group: RiskGroup
    level: RiskLevel
    source: str
    assessed_on: date


@dataclass(frozen=True)
class Exclusion:
    """An area that the person must not enter: a place by its postcode or town, and how far around it."""

    area: str
    label: str
    radius_km: float


@dataclass(frozen=True)
class Ban:
    """Somebody with whom the person must have no contact."""

    name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Referral:
    """What somebody says of a person whom they refer.

    Attributes:
        area: Agreed meeting place, by postcode or town; never the home unless the person chose it.
        slots: The week as ``WeekField`` keeps it.
        needs: Values of ``Pathway``.
        languages: ISO 639-1 codes.
        consent_on: The day on which the person agreed to be referred.
    """

    name: str
    email: str = ""
    phone: str = ""
    setting: Setting
    establishment_name: str = ""
    release_on: date | None = None
    release_missing_why: str = ""
    area: str = ""
    travel_km: int = 10
    slots: int = 0
    hours_per_week: int = 1
    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    has_interpreter: bool = False
    wanted_experience: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    stated_gender: StatedGender | None = None
    stated_gender_why: str = ""
    about: str = ""
    consent_on: date | None = None
    risks: tuple[Risk, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    bans: tuple[Ban, ...] = ()

    @property
    def whereabouts(self) -> "Whereabouts":
        """Where the person is and can be met, apart from all else."""
        return Whereabouts(**{field.name: getattr(self, field.name) for field in fields(Whereabouts)})


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a person is, and where and when a mentor can meet them; the fields are those of ``Referral``."""

    setting: Setting
    establishment_name: str = ""
    release_on: date | None = None
    release_missing_why: str = ""
    area: str = ""
    travel_km: int = 10
    slots: int = 0
    hours_per_week: int = 1


@dataclass(frozen=True)
class CaseMoved:
    """A case went from one stage to another; ``by`` is the actor."""

    mentee_id: uuid.UUID
    before: CaseStage
    after: CaseStage
    at: datetime
    by: Any


@dataclass(frozen=True)
class RiskChanged:
    """A person's risk of serious harm was assessed anew; ``by`` is the actor."""

    mentee_id: uuid.UUID
    at: datetime
    by: Any


@dataclass(frozen=True)
class WhereaboutsChanged:
    """Where a person is, or where and when they can be met, changed; ``by`` is the actor."""

    mentee_id: uuid.UUID
    at: datetime
    by: Any


@dataclass(frozen=True)
class RestrictionsChanged:
    """An exclusion area or a contact ban was added or taken away; ``by`` is the actor."""

    mentee_id: uuid.UUID
    at: datetime
    by: Any


DECISIONS = (CaseStage.WAITING, CaseStage.NOT_TAKEN)
"""What a referral can become: taken on, or not."""

OPEN_CASES = (CaseStage.REFERRED, CaseStage.WAITING, CaseStage.MATCHED)

NEEDS_REASON = (CaseStage.NOT_TAKEN, CaseStage.CLOSED)
"""Stages that nobody is put into without a reason."""


def moves_by_hand(stage: CaseStage) -> tuple[CaseStage, ...]:
    """List the stages to which staff may move a case on its page; a match begins and ends with the match itself."""
    if stage is CaseStage.MATCHED:
        return ()
    return tuple(after for after in CASES.moves[stage] if after is not CaseStage.MATCHED)


def highest_level(levels: Iterable[int]) -> RiskLevel | None:
    """Tell the highest risk of serious harm to any group; None where no group was assessed."""
    return max((RiskLevel(level) for level in levels), default=None)


def is_release_near(release_on: date | None, on: date) -> bool:
    """Tell whether somebody is released within the next 14 days."""
    return release_on is not None and on <= release_on <= on + RELEASE_NEAR


def is_release_past(setting: Setting, release_on: date | None, on: date) -> bool:
    """Tell whether somebody who is said to be in custody should have been released by now."""
    return setting is Setting.CUSTODY and release_on is not None and release_on < on


def need_band(needs: Collection[str], release_on: date | None, on: date) -> NeedBand:
    """Tell how much hangs on a soon start.

    Args:
        needs: Pathways in which the person needs help.
        release_on: Day of release, where one is known.
        on: The day of the question.

    Returns:
        The highest band for whoever is released in the next 14 days, is in their first 72 hours out, or needs help
        in more than half of the pathways.
    """
    is_just_out = release_on is not None and release_on <= on <= release_on + FIRST_DAYS_OUT
    is_high = is_release_near(release_on, on) or is_just_out or len(needs) >= MANY_NEEDS
    return NeedBand.HIGHEST if is_high else NeedBand.USUAL


def is_badly_formed_place(text: str, country: str) -> bool:
    """Tell whether a text tries to be a British postcode and fails; a town without a digit is no such try."""
    if country != "GB" or not re.search(r"\d", text):
        return False
    return not places.is_postcode_well_formed(text) and places.locate(text, country) is None


_LETTERS_THAT_DO_NOT_DECOMPOSE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


@lru_cache(maxsize=10_000)
def normalise_name(text: str) -> str:
    """Reduce a name to what its spellings share: no accents, capitals, apostrophes or other punctuation.

    A ban that names somebody must be found however the name was typed, so this errs on the side of finding.
    """
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    folded = "".join(letters).casefold().translate(_LETTERS_THAT_DO_NOT_DECOMPOSE)
    return " ".join(re.sub(r"[\W_]+", " ", re.sub("['\u2019\u2018\u02bc`\u00b4]", "", folded)).split())


def reference_prefix(slug: str) -> str:
    """Make the letters before the number of a reference: the initials of the scheme, such as ``K`` or ``TH``."""
    return "".join(word[0] for word in slug.upper().split("-") if word)[:4]


def next_reference(slug: str, newest: str | None) -> str:
    """Make the reference that follows the newest one of a scheme, such as ``K-0042``."""
    number = int(newest.rpartition("-")[2]) if newest else 0
    return f"{reference_prefix(slug)}-{number + 1:04}"
