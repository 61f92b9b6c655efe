"""What drivers and prisons ask of mentors, and what of it runs out: written down on the last evening of the year."""

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from accounts import operations as accounts
from demo.cast import moment
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import CaseStage, Setting, Whereabouts
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import DRIVER_ASKED, CheckKind, CheckOutcome, CheckPaper, Stage

if TYPE_CHECKING:
    from demo.programme import Programme

PRISONS = {
    "GB": ("HMP Liverpool", "HMP Altcourse", "HMP Risley"),
    "NL": ("PI Den Haag", "PI Alphen"),
    "IT": ("Casa circondariale Lorusso e Cutugno",),
}
"""Establishments near the schemes, which anybody finds on a map."""

DAYS_LEFT = (1, 12, 27, 41, 55, 78, 120, 200, 310)
"""In how many days what was written down runs out; the first has run out when the demonstration begins."""

YEAR = timedelta(days=365)


def plan_further_checks(programme: "Programme") -> None:
    """Have the last evening of a scheme tell who drives, who is vetted where, and who waits in which prison."""
    programme.calendar.add(moment(programme.today, 22), lambda at: _note(programme, at))


def _note(programme: "Programme", at: datetime) -> None:
    """Write everything down, with chance of its own, so that the rest of the year stays as it is."""
    chance = Random(f"{programme.plan.slug} checks")
    ready = programme.session.scalars(
        select(Volunteer)
        .where(Volunteer.scheme_id == programme.scheme.id, Volunteer.stage == Stage.READY)
        .order_by(Volunteer.applied_at, Volunteer.id)
    ).all()
    places = [
        accounts.name_establishment(programme.session, name=name, by=programme.staff.coordinator, at=at)
        for name in PRISONS[programme.plan.country]
    ]
    for number, volunteer in enumerate(ready):
        if number % 4 == 1:
            _drive(programme, volunteer, DAYS_LEFT[number // 4 % len(DAYS_LEFT)], at)
        if number % 2 == 0:
            place = chance.choice(places)
            until = programme.today + timedelta(days=DAYS_LEFT[number // 2 % len(DAYS_LEFT)])
            paper = CheckPaper(establishment_id=place.id, is_lived_route=number % 10 == 0, reference=f"V-{number:04}")
            _clear(programme, volunteer, CheckKind.PRISON_VETTING, until, paper, at)
    _tell_where(programme, chance, at)


def _drive(programme: "Programme", volunteer: Volunteer, days_left: int, at: datetime) -> None:
    """Somebody drives people: their insurance runs out soon, their licence later."""
    for kind in DRIVER_ASKED:
        later = timedelta(days=900) if kind is CheckKind.DRIVING_LICENCE else timedelta(0)
        until = programme.today + timedelta(days=days_left) + later
        _clear(programme, volunteer, kind, until, CheckPaper(), at)
    # The papers come first, so that nobody lacks them for a moment.
    by = programme.staff.coordinator
    mentors.set_driving(programme.session, volunteer=volunteer, drives_people=True, by=by, at=at)


def _clear(  # noqa: PLR0917 - the parts of one check.
    programme: "Programme", volunteer: Volunteer, kind: CheckKind, until: date, paper: CheckPaper, at: datetime
) -> None:
    """A check is clear until a day, and was decided a year before it or today."""
    mentors.record_check(
        programme.session,
        volunteer=volunteer,
        kind=kind,
        outcome=CheckOutcome.CLEAR,
        decided_on=min(until - YEAR, programme.today),
        expires_on=until,
        paper=paper,
        by=programme.staff.coordinator,
        at=at,
    )


def _tell_where(programme: "Programme", chance: Random, at: datetime) -> None:
    """Some of those who wait inside are known to be in one prison or another."""
    waiting = programme.session.scalars(
        select(Mentee)
        .where(
            Mentee.scheme_id == programme.scheme.id,
            Mentee.stage == CaseStage.WAITING,
            Mentee.setting == Setting.CUSTODY,
        )
        .order_by(Mentee.reference)
    ).all()
    for mentee in waiting[::2]:
        # Whoever should be out by now is asked about first.
        if mentee.release_on is None or mentee.release_on > programme.today:
            _tell(programme, mentee, chance.choice(PRISONS[programme.plan.country]), at)


def _tell(programme: "Programme", mentee: Mentee, name: str, at: datetime) -> None:
    """The coordinator writes down in which prison somebody is."""
    kept = ("setting", "release_on", "release_missing_why", "area", "travel_km", "slots", "hours_per_week")
    where = Whereabouts(establishment_name=name, **{field: getattr(mentee, field) for field in kept})
    by = programme.staff.coordinator
    mentees.change_whereabouts(programme.session, mentee=mentee, whereabouts=where, by=by, at=at)
