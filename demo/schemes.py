"""The three schemes of the invented year, with the size and shape of the real programme."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from demo.names import DUTCH, ITALIAN
from foundation.places import DATA_FOLDER
from mentors.rules import Stage
from reports.rules import Measure

PERIOD_DAYS = 1125
"""Length of the promise: 1 December 2012 to 31 December 2015."""

DAYS_GONE = 642
"""Days gone at the board of 4 September 2014, when 5,059 of 7,000 sessions had been held. **Source:** Action Learning
Set 4 report; the invented programme stands at the same day of its life."""


@dataclass(frozen=True)
class SchemePlan:
    """One invented scheme.

    Attributes:
        mentors: Mentors at the stage ``ready`` at the end.
        on_a_break: Trained mentors on a break at the end, besides.
        leavers: Trained mentors who left on the way, besides.
        applicants: People who applied, by the stage at which they stand.
        mentored: People who were or are mentored.
        waiting: People who wait at the end.
        sessions: Sessions that took place.
        evenings: Training evenings of three hours.
        promises: What was promised, by measure.
        recorded: Figures entered by hand.
    """

    slug: str
    name: str
    charity: str
    country: str
    time_zone: str
    phone: str
    agencies: tuple[str, ...]
    languages: tuple[str, ...]
    names: tuple[str, ...]
    mentors: int
    on_a_break: int
    leavers: int
    applicants: Mapping[Stage, int]
    mentored: int
    waiting: int
    sessions: int
    evenings: int
    promises: Mapping[Measure, int]
    recorded: Mapping[Measure, int] = field(default_factory=dict)

    @property
    def areas(self) -> tuple[str, ...]:
        """Real postcodes or towns where invented people live and meet."""
        return _merseyside() if self.country == "GB" else _TOWNS[self.country]


KNOWSLEY = SchemePlan(
    slug="knowsley",
    name="Knowsley",
    charity="MALS Merseyside",
    country="GB",
    time_zone="Europe/London",
    phone="0151 496 0000",
    agencies=("Probation Service, Knowsley", "HMP Altcourse resettlement team", "Knowsley Council housing"),
    languages=("en",),
    names=(),
    mentors=29,
    on_a_break=3,
    leavers=5,
    applicants={
        Stage.APPLIED: 9,
        Stage.SCREENING: 7,
        Stage.INTERVIEW: 6,
        Stage.CHECKS: 7,
        Stage.TRAINING: 6,
        Stage.NOT_NOW: 3,
        Stage.LEFT: 2,
    },
    mentored=135,
    waiting=38,
    sessions=5059,
    evenings=30,
    promises={
        Measure.SESSIONS: 7000,
        Measure.LIFE_CHANGE_PROGRAMMES: 25,
        Measure.PEOPLE_MENTORED: 263,
        Measure.TRAINING_HOURS: 180,
        Measure.ACTION_LEARNING_SETS: 6,
        Measure.LIFE_CHANGE_PLANS: 250,
    },
    recorded={Measure.LIFE_CHANGE_PROGRAMMES: 17, Measure.ACTION_LEARNING_SETS: 4},
)

THE_HAGUE = SchemePlan(
    slug="the-hague",
    name="The Hague",
    charity="Safety House The Hague",
    country="NL",
    time_zone="Europe/Amsterdam",
    phone="+31 70 000 0000",
    agencies=("Reclassering Den Haag", "Gemeente Den Haag, nazorg"),
    languages=("nl",),
    names=DUTCH,
    mentors=8,
    on_a_break=1,
    leavers=1,
    applicants={Stage.APPLIED: 2, Stage.SCREENING: 1, Stage.INTERVIEW: 2, Stage.CHECKS: 1, Stage.TRAINING: 2},
    mentored=22,
    waiting=9,
    sessions=420,
    evenings=10,
    promises={Measure.SESSIONS: 700, Measure.PEOPLE_MENTORED: 40, Measure.TRAINING_HOURS: 60},
)

TURIN = SchemePlan(
    slug="turin",
    name="Turin",
    charity="ERI Torino",
    country="IT",
    time_zone="Europe/Rome",
    phone="+39 011 000 0000",
    agencies=("UEPE Torino", "Casa Circondariale Lorusso e Cutugno"),
    languages=("it",),
    names=ITALIAN,
    mentors=7,
    on_a_break=0,
    leavers=1,
    applicants={Stage.APPLIED: 2, Stage.SCREENING: 1, Stage.INTERVIEW: 1, Stage.CHECKS: 1, Stage.TRAINING: 1},
    mentored=16,
    waiting=7,
    sessions=300,
    evenings=10,
    promises={Measure.SESSIONS: 800, Measure.PEOPLE_MENTORED: 40, Measure.TRAINING_HOURS: 60},
)

SCHEMES = (KNOWSLEY, THE_HAGUE, TURIN)

_TOWNS = {
    "NL": ("Den Haag", "Rijswijk", "Voorburg", "Zoetermeer", "Delft", "Wassenaar", "Leiden"),
    "IT": ("Torino", "Moncalieri", "Collegno", "Rivoli", "Nichelino", "Grugliasco", "Settimo Torinese"),
}


@cache
def _merseyside() -> tuple[str, ...]:
    """Read real postcodes in and around Knowsley."""
    with (DATA_FOLDER / "merseyside_postcodes.csv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return tuple(row["postcode"] for row in csv.DictReader(lines))
