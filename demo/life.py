"""The life of one match: referral, approval, agreement, meetings and the end, each through its operation."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.policy import Actor
from accounts.rules import Role
from demo.cast import Mentor, existing
from demo.meetings import MINUTES, PlannedMatch
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import CaseStage, RiskLevel
from mentoring import operations as mentoring
from mentoring.models import Match
from mentoring.rules import AttendanceOutcome, EndReason, MeetingKind, MeetingPlace

if TYPE_CHECKING:
    from demo.programme import Programme

NOTES = (
    "Talked about the week. Rang the housing office together.",
    "Walked round the park. He has an interview on Thursday.",
    "Filled in the form for the identity card.",
    "A hard day; listened mostly.",
    "Looked at courses at the college.",
    "",
    "",
)

_END_REASONS = {
    EndReason.GOALS_REACHED: 66,
    EndReason.MOVED_AWAY: 12,
    EndReason.PERSON_STOPPED: 14,
    EndReason.RETURNED_TO_CUSTODY: 8,
}
"""How often, of a hundred matches, each is the reason for the end."""


@dataclass
class Life:
    """The life of one match."""

    programme: "Programme"
    planned: PlannedMatch
    mentor: Mentor
    mentee: Mentee | None = None
    match: Match | None = None

    @property
    def by_mentor(self) -> Actor:
        """The mentor as an actor."""
        volunteer = existing(self.mentor.volunteer)
        scheme = self.programme.scheme
        return Actor(volunteer.person_id, scheme.id, frozenset({Role.MENTOR}), time_zone=scheme.time_zone)

    def refer(self, at: datetime) -> None:
        """An officer refers the person; never above what the later mentor is cleared for."""
        self.mentee = self.programme.refer(at, RiskLevel(int(self.mentor.clearance)))

    def take_on(self, at: datetime) -> None:
        """A coordinator takes the person on."""
        mentees.move_case(
            self.programme.session,
            mentee=existing(self.mentee),
            to=CaseStage.WAITING,
            why="Meets the criteria.",
            by=self.programme.staff.coordinator,
            at=at,
        )

    def approve(self, at: datetime) -> None:
        """A coordinator approves the match."""
        self.match = mentoring.open_match(
            self.programme.session,
            mentee=existing(self.mentee),
            volunteer=existing(self.mentor.volunteer),
            why="Close by, same evenings free, experience fits.",
            by=self.programme.staff.coordinator,
            at=at,
        )

    def agree(self, at: datetime) -> None:
        """The mentor agrees, and the match runs."""
        mentoring.agree_match(self.programme.session, match=existing(self.match), by=self.by_mentor, at=at)

    def meet(self, at: datetime) -> None:
        """They meet; once in a while the person does not come, and they meet the day after."""
        chance = self.programme.chance
        outcome = AttendanceOutcome.LATE if chance.random() < 0.06 else AttendanceOutcome.ATTENDED
        place = MeetingPlace.IN_PERSON if chance.random() < 0.85 else MeetingPlace.PHONE
        self._log(at, MeetingKind.SESSION, place, outcome, chance.choice(MINUTES))
        if chance.random() < 0.05:
            missed = chance.choice((AttendanceOutcome.ABSENT_ACCEPTABLE, AttendanceOutcome.ABSENT_UNACCEPTABLE))
            self._log(at, MeetingKind.SESSION, MeetingPlace.IN_PERSON, missed, 0)

    def call(self, at: datetime) -> None:
        """A call or a text between sessions."""
        chance = self.programme.chance
        place = chance.choice((MeetingPlace.PHONE, MeetingPlace.MESSAGE))
        self._log(at, MeetingKind.CONTACT, place, AttendanceOutcome.ATTENDED, chance.choice((5, 5, 10, 15)))

    def _log(
        self, at: datetime, kind: MeetingKind, place: MeetingPlace, outcome: AttendanceOutcome, minutes: int
    ) -> None:
        """Log a meeting as the mentor does, on the same evening."""
        mentoring.log_meeting(
            self.programme.session,
            match=existing(self.match),
            kind=kind,
            place=place,
            outcome=outcome,
            held_on=at.date(),
            duration_minutes=minutes,
            note=self.programme.chance.choice(NOTES),
            by=self.by_mentor,
            at=at,
        )

    def end(self, at: datetime) -> None:
        """The match ends, mostly because what was wanted has been reached."""
        reason = self.programme.chance.choices(tuple(_END_REASONS), tuple(_END_REASONS.values()))[0]
        mentoring.end_match(
            self.programme.session,
            match=existing(self.match),
            reason=reason,
            why="Agreed in the last review.",
            by=self.programme.staff.coordinator,
            at=at,
        )
        mentee = existing(self.mentee)
        if mentee.stage is CaseStage.WAITING:
            mentees.move_case(
                self.programme.session,
                mentee=mentee,
                to=CaseStage.CLOSED,
                why="Mentoring has ended.",
                by=self.programme.staff.coordinator,
                at=at,
            )
