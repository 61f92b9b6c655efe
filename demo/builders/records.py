"""Builders of what happens to people: training, plans, matches, meetings and figures."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from accounts.rules import Role
from demo.builders.people import PeopleBuilder
from mentees.models import Mentee
from mentoring import operations as mentoring
from mentoring.models import Match, Meeting
from mentoring.rules import AttendanceOutcome, EndReason, MatchState, MeetingKind, MeetingPlace
from mentors import operations as mentors
from mentors.models import Acceptance, Commitment, DocumentVersion, Volunteer
from mentors.rules import Asks, Rosh, Terms
from reports import operations as reports
from reports.models import RecordedFigure, Target
from reports.rules import Measure
from training import operations as training
from training.models import Course, Plan, TrainingEvent
from training.queries import list_courses


class Builder(PeopleBuilder):
    """Builds people and all that happens to them, inside one transaction.

    Args:
        session: The transaction.
        at: The instant at which everything happens unless told otherwise.
    """

    def course(
        self,
        name: str = "",
        *,
        is_required: bool = True,
        required_minutes: int = 120,
        valid_months: int | None = None,
        slug: str = "knowsley",
    ) -> Course:
        """Add a course that asks every mentor for one evening of two hours, unless told otherwise."""
        number = next(self._numbers)
        return training.add_course(
            self.session,
            name=name or f"Course {number}",
            position=number,
            is_required=is_required,
            required_minutes=required_minutes,
            valid_months=valid_months,
            by=self.portal(slug),
            at=self.at,
        )

    def evening(
        self,
        course: Course,
        attendance: Mapping[uuid.UUID, int | None],
        *,
        held_on: date | None = None,
        duration_minutes: int = 120,
        slug: str = "knowsley",
    ) -> TrainingEvent:
        """Log an evening of a course; minutes by volunteer, None for who did not come."""
        return training.log_evening(
            self.session,
            course=course,
            held_on=held_on or self.at.date(),
            duration_minutes=duration_minutes,
            attendance=attendance,
            is_second=True,
            by=self.portal(slug),
            at=self.at,
        )

    def plan(
        self,
        volunteer: Volunteer,
        *,
        goals: Sequence[str] = ("Keep boundaries",),
        next_review_on: date | None = None,
        slug: str = "knowsley",
    ) -> Plan:
        """Begin the development plan of a volunteer, with some goals due in half a year."""
        by, today = self.portal(slug), self.at.date()
        plan = training.begin_plan(
            self.session,
            volunteer=volunteer,
            next_review_on=next_review_on or today + timedelta(days=90),
            by=by,
            at=self.at,
        )
        for what in goals:
            training.add_goal(
                self.session,
                plan=plan,
                what=what,
                measure="Two supervision talks",
                due_on=today + timedelta(days=180),
                by=by,
                at=self.at,
            )
        return plan

    def document(
        self,
        title: str = "Mentoring agreement",
        text: str = "# What you promise\nThree hours a week.",
        *,
        asks: Asks = Asks.EVERYBODY,
        effective_on: date | None = None,
        after: DocumentVersion | None = None,
        slug: str = "knowsley",
    ) -> DocumentVersion:
        """Write a document, or the next version of one, that holds from today on unless told otherwise."""
        return mentors.write_document(
            self.session,
            title=title,
            text=text,
            asks=asks,
            effective_on=effective_on or self.at.date(),
            document_id=after.document_id if after else None,
            by=self.portal(slug),
            at=self.at,
        )

    def accept(self, volunteer: Volunteer, version: DocumentVersion, *, slug: str = "knowsley") -> Acceptance:
        """Have a volunteer accept a version with their name."""
        own = self.actor(Role.VOLUNTEER, slug=slug, person_id=volunteer.person_id)
        name = volunteer.person.name
        return mentors.accept_document(
            self.session, volunteer=volunteer, version=version, typed_name=name, by=own, at=self.at
        )

    def promise(
        self,
        volunteer: Volunteer,
        *,
        hours: int = 4,
        months: int = 12,
        from_on: date | None = None,
        terms: Terms = Terms.USUAL,
        until_on: date | None = None,
        why: str = "Agreed by telephone.",
        slug: str = "knowsley",
    ) -> Commitment:
        """Write down what a volunteer offers, from today on unless told otherwise."""
        return mentors.set_commitment(
            self.session,
            volunteer=volunteer,
            hours_per_week=hours,
            months=months,
            from_on=from_on or self.at.date(),
            why=why,
            terms=terms,
            until_on=until_on,
            by=self.portal(slug),
            # Of two promises of one instant nobody could say which came later.
            at=self.at + timedelta(microseconds=next(self._numbers)),
        )

    @contextmanager
    def earlier(self, days: int) -> Iterator[None]:
        """Let everything in a block have happened some days earlier."""
        before = self.at
        self.at = before - timedelta(days=days)
        try:
            yield
        finally:
            self.at = before

    def train(self, volunteer: Volunteer, *, slug: str = "knowsley") -> None:
        """Have a volunteer attend every required course of the scheme; it gets one if it has none."""
        courses = [course for course in list_courses(self.session, self.scheme(slug).id) if course.is_required]
        for course in courses or [self.course(slug=slug)]:
            self.evening(course, {volunteer.id: course.required_minutes}, slug=slug)

    def ready_mentor(
        self,
        *,
        level: Rosh = Rosh.MEDIUM,
        capacity: int = 1,
        slug: str = "knowsley",
        **answers: Any,  # noqa: ANN401 - the fields of an application, each with its own type.
    ) -> Volunteer:
        """Take somebody through checks, clearance and training until they are ready to be matched."""
        mentor = self.ready_volunteer(
            level=level, slug=slug, before_ready=lambda volunteer: self.train(volunteer, slug=slug), **answers
        )
        if capacity != mentor.capacity:
            mentors.set_capacity(self.session, volunteer=mentor, capacity=capacity, by=self.portal(slug), at=self.at)
        return mentor

    def match(
        self,
        state: MatchState = MatchState.ACTIVE,
        *,
        mentee: Mentee | None = None,
        volunteer: Volunteer | None = None,
        days_ago: int = 0,
        slug: str = "knowsley",
    ) -> Match:
        """Put a waiting person and a ready mentor together and bring the match to a state.

        Args:
            state: Where the match shall be; a completed one needs ``days_ago`` of at least a year.
            mentee: The person; a new one unless given.
            volunteer: The mentor; a new one unless given.
            days_ago: How long ago it was opened and agreed; what is made for it is as old.
            slug: The scheme.
        """
        by = self.portal(slug)
        with self.earlier(days_ago):
            match = mentoring.open_match(
                self.session,
                mentee=mentee or self.mentee(slug=slug),
                volunteer=volunteer or self.ready_mentor(slug=slug),
                why="They share two free evenings.",
                by=by,
                at=self.at,
            )
            own = self.actor(Role.MENTOR, slug=slug, person_id=match.volunteer.person_id)
            if state is MatchState.DECLINED:
                mentoring.decline_match(self.session, match=match, why="Not now.", by=own, at=self.at)
            elif state is not MatchState.OFFERED:
                mentoring.agree_match(self.session, match=match, by=own, at=self.at)
        if state is MatchState.PAUSED:
            mentoring.pause_match(self.session, match=match, why="A long illness.", by=by, at=self.at)
        elif state is MatchState.COMPLETED:
            mentoring.complete_match(self.session, match=match, by=by, at=self.at)
        elif state is MatchState.ENDED:
            reason = EndReason.MOVED_AWAY
            mentoring.end_match(self.session, match=match, reason=reason, why="Moved to Leeds.", by=by, at=self.at)
        return match

    def meeting(
        self,
        match: Match,
        *,
        held_on: date | None = None,
        minutes: int = 30,
        kind: MeetingKind = MeetingKind.SESSION,
        outcome: AttendanceOutcome = AttendanceOutcome.ATTENDED,
        note: str = "",
        slug: str = "knowsley",
    ) -> Meeting:
        """Log a meeting in a match, as the portal."""
        return mentoring.log_meeting(
            self.session,
            match=match,
            kind=kind,
            place=MeetingPlace.IN_PERSON,
            outcome=outcome,
            held_on=held_on or self.at.date(),
            duration_minutes=minutes,
            note=note,
            by=self.portal(slug),
            at=self.at,
        )

    def target(
        self,
        measure: Measure = Measure.SESSIONS,
        promised: int = 100,
        *,
        starts_on: date | None = None,
        ends_on: date | None = None,
        slug: str = "knowsley",
    ) -> Target:
        """Set what a scheme promised of a measure; the period is the scheme's own unless told."""
        scheme = self.scheme(slug)
        return reports.promise(
            self.session,
            measure=measure,
            promised=promised,
            starts_on=starts_on or scheme.starts_on,
            ends_on=ends_on or scheme.ends_on,
            by=self.portal(slug),
            at=self.at,
        )

    def figure(
        self,
        measure: Measure,
        amount: int,
        *,
        source: str = "Quarterly report",
        as_of: date | None = None,
        slug: str = "knowsley",
    ) -> RecordedFigure:
        """Record a running total from outside the portal; it is of today unless told."""
        return reports.record_figure(
            self.session,
            measure=measure,
            amount=amount,
            as_of=as_of or self.at.date(),
            source=source,
            by=self.portal(slug),
            at=self.at,
        )
