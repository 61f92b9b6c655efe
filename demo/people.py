"""What invented people say of themselves: when they have time, what they speak, can do and like."""

from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import TypeVar

from demo.schemes import SchemePlan
from mentees.rules import (
    Ban,
    Exclusion,
    Interest,
    Pathway,
    Referral,
    Risk,
    RiskGroup,
    RiskLevel,
    Setting,
    StatedGender,
    WantedExperience,
)
from mentors.rules import Application, Gender, LivedExperience, Skill
from mentors.rules import Interest as VolunteersInterest

Member = TypeVar("Member", bound=StrEnum)

OTHER_LANGUAGES = ("ar", "pl", "ro", "so", "ku", "uk", "ur", "tr", "fa", "es", "zh")

MORNING, AFTERNOON, EVENING = range(3)

WHY = (
    "Somebody stood by me when I needed it. I would like to do the same.",
    "My brother came out of prison with nobody to meet him at the gate.",
    "I have retired and have time, patience and a kettle.",
    "I was inside for four years. I know what the first week is like.",
    "I work nights and have my days free; I would like them to count for something.",
)

ABOUT = (
    "Wants to work again; used to be a plasterer.",
    "Would like to see his children and does not know how to begin.",
    "New to the area after release; knows nobody here.",
    "Keen on football; talks more when walking than when sitting.",
    "Has had many workers. Says that he wants one person who stays.",
)


def invent_week(chance: Random, *, generous: bool) -> int:
    """Invent the parts of a week in which somebody has time, as ``WeekField`` keeps them.

    Args:
        chance: The seeded generator.
        generous: Volunteers mostly have evenings and a part of the weekend; others any three to six parts.
    """
    if generous:
        days = chance.sample(range(7), chance.randint(3, 5))
        parts = chance.choice(((EVENING,), (MORNING, AFTERNOON), (AFTERNOON, EVENING), (MORNING,)))
        slots = [day * 3 + part for day in days for part in parts]
    else:
        slots = chance.sample(range(21), chance.randint(4, 8))
    return sum(1 << slot for slot in slots)


def invent_application(chance: Random, plan: SchemePlan, name: str, email: str) -> Application:
    """Invent what a volunteer writes into the form."""
    languages = [*plan.languages]
    if plan.country != "GB" and chance.random() < 0.6:
        languages.append("en")
    if chance.random() < 0.2:
        languages.append(chance.choice(OTHER_LANGUAGES))
    return Application(
        name=name,
        email=email,
        phone="",
        area=chance.choice(plan.areas),
        travel_km=chance.choice((6, 8, 10, 12, 15, 20)),
        slots=invent_week(chance, generous=True),
        hours_per_week=chance.choice((3, 3, 4, 4, 4, 5, 6)),
        months=chance.choice((12, 12, 12, 18, 24)),
        languages=tuple(sorted(languages)),
        lived_experience=_some(chance, LivedExperience, (0, 0, 0, 1, 1, 2)),
        skills=_some(chance, Skill, (1, 2, 2, 3)),
        interests=_some(chance, VolunteersInterest, (1, 2, 3, 4)),
        gender=chance.choices((Gender.WOMAN, Gender.MAN, Gender.OTHER, Gender.NOT_SAID), (52, 40, 2, 6))[0],
        why=chance.choice(WHY),
    )


def invent_referral(chance: Random, plan: SchemePlan, name: str, on: date, *, most: RiskLevel) -> Referral:
    """Invent what an officer writes of a person.

    Args:
        chance: The seeded generator.
        plan: The scheme.
        name: An invented name.
        on: Day of the referral.
        most: Highest risk of serious harm that this person may have.
    """
    in_custody = chance.random() < 0.35
    release = on + timedelta(days=chance.randint(10, 120)) if in_custody and chance.random() < 0.85 else None
    languages = [*plan.languages] if chance.random() < 0.95 else [chance.choice(OTHER_LANGUAGES)]
    return Referral(
        name=name,
        setting=Setting.CUSTODY if in_custody else Setting.COMMUNITY,
        release_on=release,
        release_missing_why="Parole hearing has no date yet" if in_custody and release is None else "",
        area="" if in_custody and chance.random() < 0.12 else chance.choice(plan.areas),
        travel_km=chance.choice((5, 8, 10, 10, 15)),
        slots=invent_week(chance, generous=False),
        hours_per_week=chance.choice((1, 1, 2, 2, 3)),
        needs=_some(chance, Pathway, (1, 2, 2, 3, 4)),
        languages=tuple(languages),
        has_interpreter=False,
        wanted_experience=_some(chance, WantedExperience, (0, 0, 0, 1)),
        interests=_some(chance, Interest, (0, 1, 2, 3)),
        stated_gender=(need := chance.choices((None, StatedGender.WOMAN, StatedGender.MAN), (88, 8, 4))[0]),
        stated_gender_why="Says that she can only talk about it with a woman."
        if need is StatedGender.WOMAN
        else ("Asked for a man, because of what happened in care." if need else ""),
        about=chance.choice(ABOUT),
        consent_on=on - timedelta(days=chance.randint(0, 7)),
        risks=_invent_risks(chance, on, most),
        exclusions=_invent_exclusions(chance, plan),
        bans=(Ban("Jordan Invented-Person", "Named in the licence"),) if chance.random() < 0.08 else (),
    )


def _invent_risks(chance: Random, on: date, most: RiskLevel) -> tuple[Risk, ...]:
    """Invent the risk to one or two groups, none above ``most``."""
    levels = chance.choices(tuple(RiskLevel), (35, 40, 20, 5), k=2)
    groups = chance.sample((RiskGroup.PUBLIC, RiskGroup.KNOWN_ADULT, RiskGroup.CHILDREN, RiskGroup.STAFF), 2)
    count = chance.choice((1, 2))
    assessed = on - timedelta(days=chance.randint(3, 90))
    return tuple(
        Risk(group, min(level, most), "OASys, offender manager", assessed)
        for group, level in list(zip(groups, levels, strict=True))[:count]
    )


def _invent_exclusions(chance: Random, plan: SchemePlan) -> tuple[Exclusion, ...]:
    """Invent an area that a few people must not enter."""
    if chance.random() > 0.12:
        return ()
    return (Exclusion(chance.choice(plan.areas), "Licence condition: exclusion area", chance.choice((1.0, 1.5, 2.0))),)


def _some(chance: Random, members: type[Member], counts: tuple[int, ...]) -> tuple[Member, ...]:
    """Choose a few members of an enum, in a fixed order."""
    everything = list(members)
    return tuple(sorted(chance.sample(everything, min(chance.choice(counts), len(everything)))))
