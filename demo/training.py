"""The classroom of the invented year: evenings of three hours for each cohort, and a development plan for everybody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from demo.calendar import Calendar
from demo.schemes import SchemePlan
from demo.staff import Staff
from mentors.models import Volunteer
from training import operations as training
from training.models import Course, Goal, Plan
from training.rules import GoalState

EVENING_MINUTES = 180
EVENINGS_PER_COHORT = 10
LESSONS = (0, 0, 1, 1, 2, 2, 3, 4, 5, 5)
"""Which course each of a cohort's ten evenings belongs to."""

COURSES = (
    ("Boundaries", True, 360, None),
    ("Risk assessment between mentor and mentee", True, 360, None),
    ("Listening and motivation", True, 360, None),
    ("Safeguarding", True, 180, 24),
    ("Working in custody", False, 180, None),
    ("The Life Change plan", False, 360, None),
)
"""Name, whether every mentor needs it, minutes, and months for which it counts."""

GOALS = (
    ("Lead a session of the Life Change Programme", "One session led, with feedback from the facilitator"),
    ("Reach the accreditation for mentors", "Portfolio handed in"),
    ("Feel sure about boundaries", "Three situations talked through in supervision"),
    ("Learn how benefits are applied for", "Gone through one application with the advice centre"),
    ("Speak in front of a group", "Told my story at a volunteers' evening"),
)

REVIEW_EVERY_DAYS = 91

Pupil = Callable[[], Volunteer | None]


class Classroom:
    """Teaches the cohorts of one scheme.

    Args:
        session: The transaction of the demo.
        plan: What the scheme shall look like.
        staff: Who teaches.
        chance: The seeded generator.
        today: The last day.
    """

    def __init__(self, session: Session, plan: SchemePlan, staff: Staff, chance: Random, today: date) -> None:
        self.session, self.staff, self.chance, self.today = session, staff, chance, today
        self.evenings = plan.evenings
        self.pupils: dict[int, list[tuple[Pupil, date]]] = {}
        self.courses: list[Course] = []

    def enrol(self, cohort: int, pupil: Pupil, from_day: date) -> None:
        """Note that somebody learns with a cohort."""
        self.pupils.setdefault(cohort, []).append((pupil, from_day))

    def plan(self, calendar: Calendar, begin: date) -> None:
        """Put courses, evenings and development plans into the calendar."""
        calendar.add(_at(begin, 9), self._found_courses)
        groups = [self.pupils[key] for key in sorted(self.pupils)]
        for number in range(self.evenings):
            cohort, lesson = divmod(number, EVENINGS_PER_COHORT)
            pupils = groups[cohort]
            start = max(day for _pupil, day in pupils) + timedelta(days=3)
            calendar.add(_at(start + timedelta(days=3 * lesson), 19), self._teacher(lesson, pupils))
        for group in groups:
            for pupil, _day in group:
                self._plan_development(calendar, pupil, max(day for _pupil, day in group) + timedelta(days=40))

    def _found_courses(self, at: datetime) -> None:
        """Set up what is taught."""
        for position, (name, required, minutes, valid) in enumerate(COURSES):
            course = training.add_course(
                self.session,
                name=name,
                position=position,
                is_required=required,
                required_minutes=minutes,
                valid_months=valid,
                by=self.staff.training_lead,
                at=at,
            )
            self.courses.append(course)
        self.session.flush()

    def _teacher(self, lesson: int, pupils: list[tuple[Pupil, date]]) -> Callable[[datetime], None]:
        """Make an event that teaches one evening to those who are there."""

        def teach(at: datetime) -> None:
            there = [volunteer for pupil, _day in pupils if (volunteer := pupil()) is not None]
            is_required = COURSES[LESSONS[lesson]][1]
            # Nobody misses what every mentor needs; of the rest an evening is missed now and then.
            attendance = {
                volunteer.id: EVENING_MINUTES if is_required or self.chance.random() < 0.85 else None
                for volunteer in there
            }
            training.log_evening(
                self.session,
                course=self.courses[LESSONS[lesson]],
                held_on=at.date(),
                duration_minutes=EVENING_MINUTES,
                attendance=attendance,
                by=self.staff.training_lead,
                at=at,
            )

        return teach

    def _plan_development(self, calendar: Calendar, pupil: Pupil, start: date) -> None:
        """Put a development plan with goals, progress and reviews into the calendar."""
        development = _Development(self, pupil)
        calendar.add(_at(start, 17), development.begin)
        day = start + timedelta(days=REVIEW_EVERY_DAYS)
        stop = self.today - timedelta(days=self.chance.choice((0, 0, 0, 60)))
        while day <= stop:
            calendar.add(_at(day - timedelta(days=20), 18), development.progress)
            calendar.add(_at(day, 17), development.review)
            day += timedelta(days=REVIEW_EVERY_DAYS + self.chance.randint(-7, 14))


class _Development:
    """One volunteer's development plan."""

    def __init__(self, classroom: Classroom, pupil: Pupil) -> None:
        self.classroom, self.pupil = classroom, pupil
        self.plan: Plan | None = None
        self.goals: list[Goal] = []

    def begin(self, at: datetime) -> None:
        """Begin the plan with two or three goals."""
        volunteer = self.pupil()
        if volunteer is None:
            return
        room = self.classroom
        self.plan = training.begin_plan(
            room.session,
            volunteer=volunteer,
            next_review_on=at.date() + timedelta(days=REVIEW_EVERY_DAYS),
            by=room.staff.training_lead,
            at=at,
        )
        for what, measure in room.chance.sample(GOALS, room.chance.choice((2, 2, 3))):
            goal = training.add_goal(
                room.session,
                plan=self.plan,
                what=what,
                measure=measure,
                due_on=at.date() + timedelta(days=room.chance.randint(120, 420)),
                by=room.staff.training_lead,
                at=at,
            )
            self.goals.append(goal)
        room.session.flush()

    def progress(self, at: datetime) -> None:
        """Note progress with one of the goals."""
        still = [goal for goal in self.goals if goal.state is GoalState.OPEN and goal.progress_percent < 100]
        if not still:
            return
        goal = self.classroom.chance.choice(still)
        percent = min(100, goal.progress_percent + self.classroom.chance.choice((20, 25, 40)))
        training.note_progress(
            self.classroom.session,
            goal=goal,
            progress_percent=percent,
            note="Went well; next step agreed.",
            by=self.classroom.staff.training_lead,
            at=at,
        )

    def review(self, at: datetime) -> None:
        """Review the plan together and say when the next review is due."""
        if self.plan is None:
            return
        training.review_plan(
            self.classroom.session,
            plan=self.plan,
            held_on=at.date(),
            notes="Talked through the last months; goals still right.",
            next_review_on=at.date() + timedelta(days=REVIEW_EVERY_DAYS),
            by=self.classroom.staff.training_lead,
            at=at,
        )


def _at(day: date, hour: int) -> datetime:
    """An instant on a day."""
    return datetime.combine(day, time(hour, 5), UTC)
