"""One scheme's invented life: everything happens through the operations of the house, in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Agency, Scheme
from accounts.policy import portal_in
from demo.agreements import NEW_VERSION_DAYS, Agreements
from demo.calendar import Calendar
from demo.cast import Mentor, existing, moment
from demo.checks import plan_further_checks
from demo.hours import Hours, look
from demo.life import Life
from demo.meetings import PlannedMatch, plan_matches
from demo.names import email_of, invent_names
from demo.people import invent_application, invent_referral
from demo.release import release
from demo.schemes import DAYS_GONE, PERIOD_DAYS, SchemePlan
from demo.staff import Staff, appoint_staff
from demo.training import EVENINGS_PER_COHORT, Classroom
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import CaseStage, RiskLevel
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import ALWAYS_ASKED, CheckKind, CheckOutcome, DbsLevel, Rosh, Stage
from reports import operations as reports

READY_AFTER_DAYS = 84
PASSED_STAGES = (Stage.SCREENING, Stage.INTERVIEW, Stage.CHECKS, Stage.TRAINING)


@dataclass
class Programme:
    """Lives one scheme's life.

    Attributes:
        session: The one transaction of the whole demo.
        plan: What the scheme shall look like in the end.
        today: The last day.
        chance: The seeded generator.
    """

    session: Session
    plan: SchemePlan
    today: date
    chance: Random
    calendar: Calendar = field(default_factory=Calendar)
    people: int = 0

    def live(self) -> Scheme:
        """Found the scheme and let everything happen until today."""
        begin = self.today - timedelta(days=DAYS_GONE)
        self.begin = begin
        self.scheme = self._found(begin)
        self.portal = portal_in(self.scheme)
        self.names = invent_names(self.chance, self.plan.names)
        self.staff: Staff = appoint_staff(self.session, self.plan, self.portal, moment(begin, 8))
        self.classroom = Classroom(self.session, self.plan, self.staff, self.chance, self.today)
        self._promise(moment(begin, 9))
        self._plan_documents()
        self.hours = Hours(self.session, self.staff, Random(f"hours of {self.plan.slug}"), self.today)
        self._plan_mentors()
        self._plan_applicants()
        self._plan_matches()
        self._plan_waiting()
        plan_further_checks(self)
        self.classroom.plan(self.calendar, begin)
        self.calendar.add(moment(self.today, 21), lambda at: self.hours.change(self.mentors, at))
        self.calendar.live(moment(self.today, 23))
        look(self.session, self.scheme, self.mentors, self.staff, moment(self.today, 23))
        return self.scheme

    # The frame: scheme, promises, agencies.

    def _found(self, begin: date) -> Scheme:
        """Found the scheme on its first day."""
        plan = self.plan
        scheme = accounts.found_scheme(
            self.session,
            slug=plan.slug,
            name=plan.name,
            charity=plan.charity,
            country=plan.country,
            time_zone=plan.time_zone,
            contact_email=f"hello@{plan.slug}.example",
            contact_phone=plan.phone,
            starts_on=begin,
            ends_on=begin + timedelta(days=PERIOD_DAYS),
            at=moment(begin, 7),
        )
        self.session.flush()
        return scheme

    def _promise(self, at: datetime) -> None:
        """Write down what was promised to the funder, and what the portal cannot count yet."""
        for measure, promised in self.plan.promises.items():
            reports.promise(
                self.session,
                measure=measure,
                promised=promised,
                starts_on=self.begin,
                ends_on=self.begin + timedelta(days=PERIOD_DAYS),
                by=self.staff.administrator,
                at=at,
            )
        for measure, amount in self.plan.recorded.items():
            reports.record_figure(
                self.session,
                measure=measure,
                amount=amount,
                as_of=self.today - timedelta(days=3),
                source="Register kept by the programme manager",
                by=self.staff.administrator,
                at=moment(self.today - timedelta(days=2), 9),
            )

    def _plan_documents(self) -> None:
        """Have the documents written on the first day, and the agreement anew some days ago."""
        self.agreements = Agreements(self.session, self.staff, Random(f"agreements of {self.plan.slug}"))
        self.agreements.write(moment(self.begin, 10))
        anew = self.today - timedelta(days=NEW_VERSION_DAYS)
        self._on(anew, 9, self.agreements.write_again)
        for days, share in ((1, 0.3), (4, 0.3), (9, 0.2)):
            self._on(anew + timedelta(days=days), 18, self.agreements.agree_again(share))

    # Volunteers.

    def _plan_mentors(self) -> None:
        """Plan when each trained mentor applied, was ready and stopped."""
        plan = self.plan
        count = plan.mentors + plan.on_a_break + plan.leavers
        cohorts = plan.evenings // EVENINGS_PER_COHORT
        self.mentors = []
        for number in range(count):
            cohort = number * cohorts // count
            applied = self.begin + timedelta(days=3 + cohort * 150 + self.chance.randint(0, 12))
            ready = self.begin + timedelta(days=cohort * 150 + READY_AFTER_DAYS)
            leaves = plan.mentors + plan.on_a_break <= number
            # Those who stop are spread over the cohorts, so that the first one is not the only one to shrink.
            stops = self._stop_day(number, ready)
            clearance = self.chance.choices((Rosh.LOW, Rosh.MEDIUM, Rosh.HIGH, Rosh.VERY_HIGH), (8, 46, 36, 10))[0]
            self.mentors.append(Mentor(number, cohort, applied, ready, stops, leaves, clearance))
        self.chance.shuffle(self.mentors)
        # The mentor whom the demo signs in came with the first cohort and stays.
        self.mentors.sort(key=lambda mentor: (mentor.cohort, mentor.stops_on is not None) != (0, False))
        for place, mentor in enumerate(self.mentors):
            mentor.number = place
            self._plan_mentor(mentor)

    def _stop_day(self, number: int, ready: date) -> date | None:
        """Tell when a mentor leaves or takes a break; most do neither."""
        if number < self.plan.mentors:
            return None
        if number < self.plan.mentors + self.plan.on_a_break:
            return self.today - timedelta(days=self.chance.randint(15, 60))
        return ready + timedelta(days=self.chance.randint(60, max(61, (self.today - ready).days - 20)))

    def _plan_mentor(self, mentor: Mentor) -> None:
        """Put a mentor's way through the pipeline into the calendar."""
        self._on(mentor.applied_on, 19, lambda at: self._apply(mentor, at))
        for step, stage in enumerate(PASSED_STAGES):
            self._on(mentor.applied_on + timedelta(days=5 + 7 * step), 11, self._mover(mentor, stage))
        checked = mentor.applied_on + timedelta(days=24)
        self._on(checked, 15, lambda at: self._check(mentor, at))
        self.classroom.enrol(mentor.cohort, lambda: mentor.volunteer, mentor.applied_on + timedelta(days=27))
        self._on(mentor.ready_on, 12, lambda at: self._clear(mentor, at))
        self._on(mentor.ready_on, 13, self._mover(mentor, Stage.READY))
        if mentor.stops_on is not None:
            stage = Stage.LEFT if mentor.leaves else Stage.ON_A_BREAK
            self._on(mentor.stops_on, 17, self._mover(mentor, stage))

    def _apply(self, mentor: Mentor, at: datetime) -> None:
        """Let a volunteer apply; the first mentor is the one whom the demo signs in."""
        email = self.staff.mentor_email if mentor.number == 0 else ""
        mentor.volunteer = self._applicant(at, email)

    def _applicant(self, at: datetime, email: str = "") -> Volunteer:
        """Let somebody apply online."""
        self.people += 1
        application = invent_application(
            self.chance, self.plan, next(self.names), email or email_of(self.people, self.plan.slug)
        )
        volunteer, _token = mentors.apply(
            self.session, scheme=self.scheme, application=application, by=self.portal, at=at, base_url=""
        )
        self.session.flush()
        return volunteer

    def _mover(self, mentor: Mentor, stage: Stage) -> Callable[[datetime], None]:
        """Make an event that moves a mentor on."""

        def move(at: datetime) -> None:
            volunteer = existing(mentor.volunteer)
            mentors.move_volunteer(
                self.session,
                volunteer=volunteer,
                to=stage,
                why=_WHY_MOVED[stage],
                by=self.staff.coordinator,
                at=at,
                ask_again_on=at.date() + timedelta(days=150) if stage is Stage.NOT_NOW else None,
            )
            if stage is Stage.SCREENING and mentor.number == 0:
                self.staff.give_password(self.session, volunteer.person, at)

        return move

    def _check(self, mentor: Mentor, at: datetime) -> None:
        """Enter the results of all checks."""
        self._enter_checks(existing(mentor.volunteer), at, ALWAYS_ASKED)

    def _enter_checks(self, volunteer: Volunteer, at: datetime, kinds: tuple[CheckKind, ...]) -> None:
        """Enter the results of some checks; a DBS check is renewed after three years."""
        for kind in kinds:
            is_dbs = kind is CheckKind.DBS
            decided = at.date() - timedelta(days=self.chance.randint(0, 4))
            mentors.record_check(
                self.session,
                volunteer=volunteer,
                kind=kind,
                outcome=CheckOutcome.CLEAR,
                level=DbsLevel.ENHANCED if is_dbs else None,
                decided_on=decided,
                expires_on=decided + timedelta(days=self.chance.choice((640, 760, 1095))) if is_dbs else None,
                by=self.staff.coordinator,
                at=at,
            )

    def _clear(self, mentor: Mentor, at: datetime) -> None:
        """Decide on the highest risk for which a mentor is cleared, and on the number of people."""
        volunteer = existing(mentor.volunteer)
        mentors.clear_for_risk(
            self.session,
            volunteer=volunteer,
            level=mentor.clearance,
            why="Interview, references and the boundaries course; discussed in supervision.",
            by=self.staff.coordinator,
            at=at,
        )
        mentors.set_capacity(self.session, volunteer=volunteer, capacity=3, by=self.staff.coordinator, at=at)
        self.agreements.agree(volunteer, at)

    def _plan_applicants(self) -> None:
        """Put applicants at every stage into the last weeks, the demo's own volunteer among them."""
        is_first_in_training = True
        for stage, count in self.plan.applicants.items():
            for _number in range(count):
                days_ago = _AGE[stage] + self.chance.randint(0, 9)
                email = ""
                if stage is Stage.TRAINING and is_first_in_training:
                    email, is_first_in_training = self.staff.volunteer_email, False
                self._plan_applicant(stage, self.today - timedelta(days=days_ago), email)

    def _plan_applicant(self, stage: Stage, applied_on: date, email: str) -> None:
        """Put one applicant's way up to their stage into the calendar."""
        applicant = Mentor(-1, 0, applied_on, applied_on, None, leaves=False, clearance=Rosh.LOW)

        def apply(at: datetime) -> None:
            applicant.volunteer = self._applicant(at, email)

        self._on(applied_on, 20, apply)
        for step, passed in enumerate(_PATH[stage]):
            self._on(applied_on + timedelta(days=4 + 6 * step), 10, self._mover(applicant, passed))
        if stage is Stage.CHECKS:
            some = self.chance.choice(((), (CheckKind.IDENTITY,), (CheckKind.IDENTITY, CheckKind.FIRST_REFERENCE)))
            self._on(applied_on + timedelta(days=19), 14, lambda at: self._enter_some(applicant, at, some))
        if stage is Stage.TRAINING:
            self._on(applied_on + timedelta(days=20), 14, lambda at: self._check(applicant, at))
        if email:
            self._on(
                applied_on + timedelta(days=21),
                15,
                lambda at: self.staff.give_password(self.session, existing(applicant.volunteer).person, at),
            )

    def _enter_some(self, applicant: Mentor, at: datetime, kinds: tuple[CheckKind, ...]) -> None:
        """Enter the checks that are back already."""
        self._enter_checks(existing(applicant.volunteer), at, kinds)

    # People who are mentored.

    def _plan_matches(self) -> None:
        """Put every match with all of its meetings into the calendar."""
        ready = {mentor.number: (mentor.ready_on, mentor.stops_on) for mentor in self.mentors}
        planned = plan_matches(
            self.chance, ready=ready, count=self.plan.mentored, sessions=self.plan.sessions, today=self.today
        )
        for match in planned:
            self._plan_match(match)

    def _plan_match(self, planned: PlannedMatch) -> None:
        """Put one match into the calendar: referral, approval, agreement, meetings and the end."""
        life = Life(self, planned, self.mentors[planned.mentor])
        for day, minutes in self.hours.fill(planned):
            self.calendar.add(moment(day, 12), partial(self.hours.log, life, minutes))
        referred = planned.offered_on - timedelta(days=self.chance.randint(9, 45))
        self._on(max(referred, self.begin + timedelta(days=1)), 9, life.refer)
        self._on(planned.offered_on - timedelta(days=2), 16, life.take_on)
        self._on(planned.offered_on, 18, life.approve)
        self._on(planned.offered_on + timedelta(days=3), 19, life.agree)
        for day in planned.session_days:
            self._on(day, 20, life.meet)
            if self.chance.random() < 0.1:
                self._on(day, 21, life.call)
        if planned.ends_on is not None:
            self._on(planned.ends_on, 16, life.end)

    def _plan_waiting(self) -> None:
        """Put the waiting list, fresh referrals and a few that were not taken into the last weeks."""
        count = self.plan.waiting
        for number in range(count + count // 6 + 2):
            referred = self.today - timedelta(days=self.chance.randint(1, 75) if number < count else number - count)
            stage = CaseStage.WAITING if number < count else CaseStage.REFERRED
            if number == count + 1:
                stage = CaseStage.NOT_TAKEN
            self._plan_referral(referred, stage)

    def _plan_referral(self, referred: date, stage: CaseStage) -> None:
        """Put one referral into the calendar, with the decision on it."""

        def refer(at: datetime) -> None:
            mentee = self.refer(at, RiskLevel.VERY_HIGH)
            if stage is not CaseStage.REFERRED:
                why = "Meets the criteria." if stage is CaseStage.WAITING else "Lives outside of our area."
                mentees.move_case(
                    self.session,
                    mentee=mentee,
                    to=stage,
                    why=why,
                    by=self.staff.coordinator,
                    at=at + timedelta(hours=6),
                )

        self._on(referred, 9, refer)

    def refer(self, at: datetime, most: RiskLevel) -> Mentee:
        """Let a partner officer refer somebody."""
        referral = invent_referral(self.chance, self.plan, next(self.names), at.date(), most=most)
        agency: Agency = self.chance.choice(self.staff.agencies)
        officer = self.staff.officer_of(agency)
        mentee = mentees.refer(self.session, referral=referral, by=officer, at=at, agency_id=agency.id)
        self.session.flush()
        if referral.release_on is not None:
            self._on(referral.release_on, 15, lambda out: release(self, mentee, out))
        return mentee

    def _on(self, day: date, hour: int, event: Callable[[datetime], None]) -> None:
        """Have something happen on a day, at a minute of chance, unless it lies in the future."""
        if day <= self.today:
            self.calendar.add(moment(min(day, self.today), hour) + timedelta(minutes=self.chance.randint(0, 40)), event)


_WHY_MOVED = {
    Stage.SCREENING: "Application is complete.",
    Stage.INTERVIEW: "Good reasons, and the time to do it.",
    Stage.CHECKS: "A good conversation; wants to start soon.",
    Stage.TRAINING: "Nothing in the checks against it.",
    Stage.READY: "Course finished, supervision agreed.",
    Stage.ON_A_BREAK: "Asked for a break because of family.",
    Stage.LEFT: "New job in another city; thanked.",
    Stage.NOT_NOW: "Cannot give three hours a week at this time.",
}

_PATH = {
    Stage.APPLIED: (),
    Stage.SCREENING: PASSED_STAGES[:1],
    Stage.INTERVIEW: PASSED_STAGES[:2],
    Stage.CHECKS: PASSED_STAGES[:3],
    Stage.TRAINING: PASSED_STAGES,
    Stage.NOT_NOW: (*PASSED_STAGES[:1], Stage.NOT_NOW),
    Stage.LEFT: (*PASSED_STAGES[:2], Stage.LEFT),
}

_AGE = {
    Stage.APPLIED: 0,
    Stage.SCREENING: 8,
    Stage.INTERVIEW: 14,
    Stage.CHECKS: 22,
    Stage.TRAINING: 30,
    Stage.NOT_NOW: 20,
    Stage.LEFT: 40,
}
