"""What the mentors of an invented scheme give beside their sessions, and how what they offer changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import portal_in
from accounts.rules import Role
from demo.cast import Mentor, existing
from demo.life import Life
from demo.meetings import MINUTES, PlannedMatch
from demo.staff import Staff
from mentoring import operations as mentoring
from mentoring.rules import AttendanceOutcome, MeetingKind, MeetingPlace
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.queries import find_alert
from mentors.rules import BreakWhy, Stage, Terms

WEEKS = 20
"""For how many weeks back mentors also log what they do beside sessions; before, only sessions were logged."""
USUAL_MINUTES = sum(MINUTES) // len(MINUTES)
GIVEN = {"steady": (175, 235), "drifting": (60, 110), "tireless": (200, 460)}
"""Minutes a week that mentors of each kind give, from about least to most."""
KINDS = ("steady", "steady", "steady", "drifting", "steady", "steady", "tireless", "steady")


@dataclass
class Hours:
    """Fills the weeks of one scheme's mentors, from a seed of its own."""

    session: Session
    staff: Staff
    chance: Random
    today: date

    def fill(self, planned: PlannedMatch) -> list[tuple[date, int]]:
        """Plan what a mentor does beside the sessions of a match: a day of each whole week, and minutes."""
        low, high = GIVEN[KINDS[planned.mentor % len(KINDS)]]
        monday = self.today - timedelta(days=self.today.weekday(), weeks=WEEKS)
        last = min(planned.ends_on or self.today, self.today)
        found = []
        while (saturday := monday + timedelta(days=5)) < last:
            sessions = sum(monday <= day < monday + timedelta(days=7) for day in planned.session_days)
            minutes = self.chance.randint(low, high) - sessions * USUAL_MINUTES
            if monday > planned.offered_on + timedelta(days=4) and minutes >= 15:
                found.append((saturday, minutes))
            monday += timedelta(days=7)
        return found

    def log(self, life: Life, minutes: int, at: datetime) -> None:
        """Log what a mentor did beside sessions, unless the match has ended."""
        mentoring.log_meeting(
            self.session,
            match=existing(life.match),
            kind=MeetingKind.CONTACT,
            place=MeetingPlace.PHONE,
            outcome=AttendanceOutcome.ATTENDED,
            held_on=at.date(),
            duration_minutes=minutes,
            note="Calls to the council and the college, and forms.",
            by=life.by_mentor,
            at=at,
        )

    def change(self, cast: Sequence[Mentor], at: datetime) -> None:
        """Let what some mentors offer change: flexible terms, other hours, a wish that waits, a break to come."""
        ready = [mentor.volunteer for mentor in cast if mentor.volunteer and mentor.volunteer.stage is Stage.READY]
        first, second, third, fourth = ready[1:5]
        by = self.staff.coordinator
        mentors.set_commitment(
            self.session,
            volunteer=first,
            hours_per_week=2,
            months=first.months,
            from_on=at.date() - timedelta(weeks=9),
            until_on=at.date() + timedelta(days=90),
            terms=Terms.FLEXIBLE,
            why="A new baby; two hours until spring, agreed in supervision.",
            by=by,
            at=at,
        )
        self._set_anew(second, at)
        self._wish(third, at)
        for volunteer, begins, ends in ((fourth, 24, 45), (ready[0], -56, -42)):
            mentors.take_break(
                self.session,
                volunteer=volunteer,
                from_on=at.date() + timedelta(days=begins),
                back_on=at.date() + timedelta(days=ends),
                why=BreakWhy.HOLIDAY,
                by=by,
                at=at,
            )

    def _set_anew(self, volunteer: Volunteer, at: datetime) -> None:
        """Have a mentor offer fewer hours for longer."""
        mentors.set_commitment(
            self.session,
            volunteer=volunteer,
            hours_per_week=3,
            months=18,
            from_on=at.date(),
            why="Works more hours now and stays longer instead.",
            by=self.staff.coordinator,
            at=at,
        )

    def _wish(self, volunteer: Volunteer, at: datetime) -> None:
        """Have a mentor ask for fewer hours."""
        mentors.ask_commitment(
            self.session,
            volunteer=volunteer,
            hours_per_week=max(1, volunteer.hours_per_week - 1),
            months=volunteer.months,
            from_on=at.date() + timedelta(days=21),
            why="My shifts change next month.",
            by=replace(self.staff.coordinator, person_id=volunteer.person_id, roles=frozenset({Role.MENTOR})),
            at=at,
        )


def look(session: Session, scheme: Scheme, cast: Sequence[Mentor], by: Staff, at: datetime) -> None:
    """Look at all weeks once, and have one of those who drift answered for."""
    mentoring.look_at_weeks(session, scheme=scheme, by=portal_in(scheme), at=at)
    for mentor in cast:
        if mentor.volunteer is not None and (alert := find_alert(session, mentor.volunteer)) is not None:
            mentors.answer_alert(
                session,
                alert=alert,
                note="Talked with them on the telephone. Exams until the end of the month, then as before.",
                by=by.coordinator,
                at=at,
            )
            return
