"""A small world in which everybody has something of their own and something that must stay closed to them.

One scheme, Knowsley, with somebody for each principal and every kind of record; another, Turin, with the same records.
The access matrix, the census of marks, forgery and fuzzing all walk through it.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from accounts import operations as accounts
from accounts.models import Account, BreakGlass, RoleGrant
from accounts.rules import Role
from demo.builders import Builder
from foundation import clock
from foundation.db import Database
from matching import jobs
from matching import operations as matching
from matching.models import Proposal
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import Ban, Exclusion
from mentoring.rules import MatchState
from mentors import operations as mentors
from mentors.models import CommitmentAlert, Volunteer
from mentors.rules import AlertKind, Application, BreakWhy, Stage
from reports.rules import Measure
from tests.security.own_records import a_campaign, give_factors, leaving_token, privacy_records, reset_token

PRINCIPALS: Mapping[str, tuple[Role, ...]] = {
    "anonymous": (),
    "volunteer": (Role.VOLUNTEER,),
    "mentor": (Role.MENTOR,),
    "coordinator": (Role.COORDINATOR,),
    "senior coordinator": (Role.COORDINATOR, Role.SENIOR),
    "training lead": (Role.TRAINING_LEAD,),
    "partner officer": (Role.PARTNER_OFFICER,),
    "evaluator": (Role.EVALUATOR,),
    "administrator": (Role.ADMINISTRATOR,),
}
"""Who tries every address, with the roles that each has; a senior coordinator is a coordinator all the same."""

HOME, ELSEWHERE = "knowsley", "turin"
EVENINGS = 0b100100100
A_MORNING = 0b001000000
ABSENT = "00000000-0000-4000-8000-00000000dead"


@dataclass
class World:
    """What was built, by name.

    Attributes:
        app: The portal, on the database in which everything stands.
        ids: Part of an address by the argument and the case, such as ``("match_id", "ended")``.
        own: Parts of addresses that differ by principal, by argument and principal.
        accounts: The account of each principal.
    """

    app: Flask
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    own: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The database of the portal."""
        found = self.app.extensions["database"]
        assert isinstance(found, Database)
        return found

    def part(self, argument: str, case: str, principal: str) -> str:
        """Give what stands in an address for an argument, a case and whoever asks.

        An argument that has no such case stands as it does at home: a person of another scheme has an area of that
        scheme, but the kind of check is the same word everywhere.
        """
        if case == "own" and (argument, principal) in self.own:
            return self.own[argument, principal]
        return self.ids.get((argument, case)) or self.ids.get((argument, "own")) or self.ids[argument, "any"]

    def client(self, principal: str) -> "Visitor":
        """Open a browser in which a principal is signed in."""
        return Visitor(self, principal)


class Visitor:
    """A browser of one principal, with the token against forgery that its pages carry."""

    def __init__(self, world: World, principal: str) -> None:
        self.world = world
        self.principal = principal
        self.http: FlaskClient = world.app.test_client()
        if principal in world.accounts:
            self.cookie(sign_in(world, world.accounts[principal]))
        self._token = ""
        self._kept = ""

    def cookie(self, token: str) -> None:
        """Carry the token of a sign-in."""
        with self.http.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = token, True

    @property
    def token(self) -> str:
        """The token against forgery of this browser."""
        if not self._token:
            page = self.http.get("/home" if self.principal in self.world.accounts else "/sign-in")
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
            assert found is not None, f"{self.principal} has no page with a form: {page.status_code}"
            self._token = found[1]
        return self._token

    def as_before(self) -> "Visitor":
        """Go back to the cookie that this browser had at first, whatever the pages since have put into it."""
        name = str(self.world.app.config["SESSION_COOKIE_NAME"])
        if not self._kept:
            assert self.token
            cookie = self.http.get_cookie(name)
            assert cookie is not None
            self._kept = cookie.value
        self.http.set_cookie(name, self._kept)
        return self

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, token: str | None = None) -> Any:  # noqa: ANN401 - a test's response.
        """Send a form with the token, or with another one."""
        return self.http.post(path, data={**(data or {}), "csrf_token": self.token if token is None else token})


def sign_in(world: World, account_id: uuid.UUID) -> str:
    """Begin a sign-in of an account as the pages do in the end, a second factor shown, and give its token."""
    with world.app.app_context(), world.database.transaction() as session:
        account = session.get_one(Account, account_id)
        at = clock.now()
        return accounts.begin_sign_in(
            session, account=account, at=at, device="a test", origin="127.0.0.1", factor_at=at
        )


def new_invitation(world: World) -> str:
    """Invite somebody new, and give the token of the letter."""
    with world.app.app_context(), world.database.transaction() as session:
        build = Builder(session, at=clock.now())
        account = build.account(Role.EVALUATOR, email=f"{uuid.uuid4().hex}@mail.example")
        return accounts.invite(session, account=account, base_url="", by=build.portal(), at=build.at)


class _Undone(Session):
    """A session that takes everything back instead of saving it."""

    def commit(self) -> None:
        """Send all changes to the database, so that it may refuse them, and undo them."""
        self.flush()
        self.rollback()


@contextmanager
def nothing_is_kept(world: World) -> Iterator[None]:
    """Let requests go their whole way while none of them changes what the next one finds."""
    database = world.database
    kept = database.sessions
    database.sessions = sessionmaker(database.engine, class_=_Undone, expire_on_commit=False, info=kept.kw["info"])
    try:
        yield
    finally:
        database.sessions = kept


def build_world(app: Flask) -> World:
    """Build everything and save it."""
    world = World(app)
    with app.app_context():
        with world.database.transaction() as session:
            build = Builder(session, at=clock.now())
            _build_home(build, world)
            _build_elsewhere(build, world)
        _run_rounds(world)
    _name_words(world)
    return world


def _note(world: World, case: str, **records: Any) -> None:  # noqa: ANN401 - rows of any table, or words.
    """Keep the ids of some records under a case."""
    for argument, record in records.items():
        world.ids[argument, case] = record if isinstance(record, str) else str(record.id)


def _build_home(build: Builder, world: World) -> None:
    """Build the scheme in which the principals work."""
    course = build.course()
    agency, other_agency = build.agency("Probation Huyton"), build.agency("Probation Kirkby")
    for principal, roles in PRINCIPALS.items():
        if roles and not {Role.VOLUNTEER, Role.MENTOR} & set(roles):
            email = f"{roles[-1].name.lower()}@mail.example"
            account = build.account(*roles, email=email, agency=agency if Role.PARTNER_OFFICER in roles else None)
            world.accounts[principal] = account.id
            if Role.EVALUATOR in roles:
                grant = build.session.scalars(select(RoleGrant).where(RoleGrant.person_id == account.person_id)).one()
                _note(world, "own", grant_id=grant)
    mentor, volunteer = _build_volunteers(build, world)
    _build_matches(build, world, mentor, agency.id)
    _build_people(build, world, agency.id, other_agency.id)
    _note(world, "own", course_id=course, event_id=build.evening(course, {volunteer.id: 60}))
    token = accounts.invite(
        build.session,
        account=build.account(Role.VOLUNTEER, email="invited@mail.example"),
        base_url="",
        by=build.portal(),
        at=build.at,
    )
    world.ids["token", "invitation"] = token
    _note(world, "own", glass_id=_ask_glass(build, HOME), **privacy_records(build, HOME))
    _build_accounts(build, world)
    _note(world, "own", campaign_id=a_campaign(build, HOME))
    build.target(Measure.SESSIONS, 100)
    _note(world, "own", document_id=_write_document(build, HOME))
    build.figure(Measure.SESSIONS, 3)


def _build_accounts(build: Builder, world: World) -> None:
    """Give everybody factors of their own, and somebody else a passkey and a letter with which to start anew."""
    for principal, account_id in world.accounts.items():
        passkey_id = give_factors(build, build.session.get_one(Account, account_id))
        world.own["passkey_id", principal] = passkey_id
    other = build.account(Role.EVALUATOR, email="forgetful@mail.example")
    world.ids["passkey_id", "own"] = world.own["passkey_id", "evaluator"]
    world.ids["passkey_id", "other"] = give_factors(build, other)
    world.ids["token", "reset"] = reset_token(build, other)
    _note(world, "own", account_id=str(world.accounts["evaluator"]))


def _ask_glass(build: Builder, slug: str) -> BreakGlass:
    """Have an administrator ask for somebody's record."""
    account = build.account(Role.ADMINISTRATOR, slug=slug)
    return accounts.ask_break_glass(
        build.session,
        person_id=build.person(slug=slug).id,
        location="/people/somebody",
        why="A call at night.",
        by=build.actor(Role.ADMINISTRATOR, slug=slug, person_id=account.person_id),
        at=build.at,
        base_url="",
    )


def _build_volunteers(build: Builder, world: World) -> tuple[Volunteer, Volunteer]:
    """Build the volunteer and the mentor who sign in, and others whose records are not theirs."""
    applied = mentors.apply(
        build.session,
        scheme=build.scheme(),
        application=Application(
            name="Somebody New", email="new@mail.example", area="L36 9UX", slots=EVENINGS, languages=("en",)
        ),
        by=build.portal(),
        at=build.at,
        base_url="",
    )
    world.ids["token", "application"] = applied[1]
    mentor = build.ready_mentor(capacity=3, slots=EVENINGS, email="mentor@mail.example")
    volunteer = build.volunteer(Stage.TRAINING, email="volunteer@mail.example")
    other = build.volunteer(Stage.TRAINING)
    world.accounts["mentor"] = build.account(Role.MENTOR, person=mentor.person).id
    world.accounts["volunteer"] = build.account(Role.VOLUNTEER, person=volunteer.person).id
    for principal, row in (("mentor", mentor), ("volunteer", volunteer)):
        plan = build.plan(row)
        world.own["volunteer_id", principal] = str(row.id)
        world.own["goal_id", principal] = str(plan.goals[0].id)
    _note(world, "own", volunteer_id=volunteer, goal_id=world.own["goal_id", "volunteer"])
    _note(world, "other", volunteer_id=other, goal_id=build.plan(other).goals[0])
    _give(build, world, "own", volunteer)
    _give(build, world, "other", other)
    build.ready_mentor(slots=EVENINGS)
    # Nobody who waits has a morning, so that a rule which a senior may lift forbids all pairs with this one.
    _note(world, "lifted", volunteer_id=build.ready_mentor(slots=A_MORNING))
    _note(world, "served", volunteer_id=mentor)
    world.ids["token", "leaving"] = leaving_token(build)
    return mentor, volunteer


def _build_matches(build: Builder, world: World, mentor: Volunteer, agency_id: uuid.UUID) -> None:
    """Build the matches of the mentor, one of another mentor, and the people in them."""
    own = build.match(mentee=_person(build, agency_id), volunteer=mentor)
    ended = build.match(MatchState.ENDED, mentee=_person(build, agency_id), volunteer=mentor)
    other = build.match(mentee=_person(build, agency_id))
    for match in (own, other):
        build.meeting(match, note="We spoke about the week.")
    _note(world, "own", match_id=own, mentee_id=str(own.mentee_id))
    _note(world, "ended", match_id=ended, mentee_id=str(ended.mentee_id))
    _note(world, "other", match_id=other, mentee_id=str(other.mentee_id))
    offered = build.match(MatchState.OFFERED, mentee=_person(build, agency_id), volunteer=mentor)
    _note(world, "offered", match_id=offered, mentee_id=str(offered.mentee_id))
    _restrict(build, world, "own", own.mentee)
    _restrict(build, world, "other", other.mentee)
    # Parts of one person's record under the address of another open for nobody.
    for argument in ("area_id", "ban_id"):
        world.ids[argument, "mixed"] = world.ids[argument, "other"]


def _build_people(build: Builder, world: World, agency_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """Build people who wait: one of another agency, and one who took consent back."""
    _note(world, "other agency", mentee_id=_person(build, other_id))
    withdrawn = _person(build, agency_id)
    withdrawn.consent_on = None
    _note(world, "no consent", mentee_id=withdrawn)


def _person(build: Builder, agency_id: uuid.UUID, slug: str = HOME) -> Mentee:
    """Refer somebody from an agency."""
    mentee = build.mentee(slots=EVENINGS, slug=slug)
    mentee.agency_id = agency_id
    return mentee


def _restrict(build: Builder, world: World, case: str, mentee: Mentee, slug: str = HOME) -> None:
    """Give a person an area and somebody to keep away from."""
    by = build.portal(slug)
    area = mentees.add_exclusion_area(
        build.session, mentee=mentee, exclusion=Exclusion("LA1 1AA", "A street", 1), by=by, at=build.at
    )
    ban = mentees.add_contact_ban(
        build.session, mentee=mentee, ban=Ban("Somebody Else", "A court order."), by=by, at=build.at
    )
    _note(world, case, area_id=area, ban_id=ban)


def _build_elsewhere(build: Builder, world: World) -> None:
    """Build the same records in another scheme."""
    course = build.course(slug=ELSEWHERE)
    match = build.match(slug=ELSEWHERE)
    volunteer = build.ready_mentor(slug=ELSEWHERE, slots=EVENINGS)
    waiting = _person(build, build.agency(slug=ELSEWHERE).id, ELSEWHERE)
    grantee = build.account(Role.EVALUATOR, slug=ELSEWHERE, email="elsewhere@mail.example")
    grant = build.session.scalars(select(RoleGrant).where(RoleGrant.person_id == grantee.person_id)).one()
    _restrict(build, world, "other scheme", waiting, ELSEWHERE)
    _give(build, world, "other scheme", volunteer, ELSEWHERE)
    _note(
        world,
        "other scheme",
        match_id=match,
        mentee_id=waiting,
        volunteer_id=volunteer,
        goal_id=build.plan(volunteer, slug=ELSEWHERE).goals[0],
        course_id=course,
        event_id=build.evening(course, {volunteer.id: 60}, slug=ELSEWHERE),
        grant_id=grant,
        glass_id=_ask_glass(build, ELSEWHERE),
        account_id=grantee,
        document_id=_write_document(build, ELSEWHERE),
        campaign_id=a_campaign(build, ELSEWHERE),
        **privacy_records(build, ELSEWHERE),
    )


def _give(build: Builder, world: World, case: str, volunteer: Volunteer, slug: str = HOME) -> None:
    """Have a volunteer ask for other hours and plan a break, and have a coordinator be told of them."""
    by, day = build.portal(slug), build.at.date() + timedelta(days=60)
    own = build.actor(Role.VOLUNTEER, slug=slug, person_id=volunteer.person_id)
    asked = mentors.ask_commitment(
        build.session,
        volunteer=volunteer,
        hours_per_week=5,
        months=12,
        from_on=day,
        why="More time.",
        by=own,
        at=build.at,
    )
    pause = mentors.take_break(
        build.session, volunteer=volunteer, from_on=day, back_on=None, why=BreakWhy.WORK, by=by, at=build.at
    )
    told = {"since_on": build.at.date(), "raised_at": build.at, "kind": AlertKind.UNDER}
    build.session.add(CommitmentAlert(scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, **told))
    _note(world, case, commitment_id=asked, break_id=pause)


def _write_document(build: Builder, slug: str) -> str:
    """Write a document that asks everybody and holds in a month, so that the gate does not ask for it yet."""
    later = build.at.date() + timedelta(days=30)
    return str(build.document(effective_on=later, slug=slug).document_id)


def _run_rounds(world: World) -> None:
    """Have a round in both schemes, so that proposals wait."""
    for case, slug in (("own", HOME), ("other scheme", ELSEWHERE)):
        with world.database.transaction() as session:
            round_ = matching.ask_round(session, by=Builder(session, at=clock.now()).portal(slug), at=clock.now())
        jobs.run_due_rounds(world.database, clock.now())
        with world.database.sessions() as session:
            proposal = session.scalars(select(Proposal).where(Proposal.round_id == round_.id)).first()
            assert proposal is not None, f"the round of {slug} proposes nobody"
            _note(world, case, round_id=round_, proposal_id=proposal)
        world.ids["choice_id", case] = _choose(world, proposal, slug)
        # Those who stand in the round are others than those whose records the cases are about elsewhere.
        if case == "own":
            stood = {"mentee_id": str(proposal.mentee_id), "volunteer_id": str(proposal.volunteer_id)}
            _note(world, "in round", **stood)
            _lift(world, proposal)


def _choose(world: World, proposal: Proposal, slug: str) -> str:
    """Let a proposed pair stand, so that there is a choice and the round stays as it was."""
    with world.database.transaction() as session:
        choice = matching.pin_pair(
            session,
            round_id=proposal.round_id,
            mentee_id=proposal.mentee_id,
            volunteer_id=proposal.volunteer_id,
            why="A choice.",
            by=Builder(session, at=clock.now()).portal(slug),
            at=clock.now(),
        )
        return str(choice.id)


def _lift(world: World, proposal: Proposal) -> None:
    """Lift what forbids a pair of the round, so that there is something that can be let hold again."""
    with world.database.transaction() as session:
        senior = session.get_one(Account, world.accounts["senior coordinator"])
        matching.lift_vetoes(
            session,
            round_id=proposal.round_id,
            mentee_id=proposal.mentee_id,
            volunteer_id=uuid.UUID(world.ids["volunteer_id", "lifted"]),
            why="Sundays.",
            months=1,
            by=Builder(session, at=clock.now()).actor(Role.COORDINATOR, Role.SENIOR, person_id=senior.person_id),
            at=clock.now(),
        )
    _note(world, "lifted", mentee_id=str(proposal.mentee_id))


def _name_words(world: World) -> None:
    """Choose the words that stand in addresses, and ids that nothing has."""
    for argument in (
        "match_id",
        "mentee_id",
        "volunteer_id",
        "goal_id",
        "course_id",
        "event_id",
        "grant_id",
        "document_id",
    ):
        world.ids[argument, "absent"] = ABSENT
    for argument in (
        "round_id",
        "choice_id",
        "proposal_id",
        "area_id",
        "ban_id",
        "glass_id",
        "account_id",
        "passkey_id",
        "campaign_id",
    ):
        world.ids[argument, "absent"] = ABSENT
    for argument in (
        "person_id",
        "request_id",
        "complaint_id",
        "erasure_id",
        "hold_id",
        "run_id",
        "commitment_id",
        "break_id",
    ):
        world.ids[argument, "absent"] = ABSENT
    words = {
        "number": "1",
        "step": "promise",
        "change": "end",
        "kind": "identity",
        "code": "en",
        "filename": "icon.svg",
    }
    for argument, word in {**words, "slug": HOME, "measure": "sessions"}.items():
        world.ids[argument, "any"] = word
    for argument in ("token", "slug", "measure", "kind", "code", "filename"):
        world.ids[argument, "absent"] = "xx" if argument == "code" else "nothing-like-this"
