"""One person with a row in every table, a mark in every personal column of theirs, and the search for what is left."""

import struct
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Account, BreakGlass, Person, RecoveryCode, SignInGuess
from accounts.operations import factors
from accounts.rules import Role, email_key
from app import METADATA
from demo.builders import Builder
from foundation.db import Database
from foundation.outbox import write_letter
from matching.models import Proposal, Round, RoundChoice, Unmatched, VetoLift
from matching.rules import ChoiceKind, WaitingWhy
from mentees.models import Mentee
from mentees.rules import Ban, Exclusion
from mentoring import operations as mentoring
from mentoring.models import Match, ReadinessLoss
from mentoring.rules import EndReason
from mentors import operations as mentors
from mentors.models import ApplicationDraft, AskAgain, CommitmentAlert, Departure, Volunteer
from mentors.rules import AlertKind, Asks, BreakWhy, LeavingGround, LeavingReason
from privacy.gathering import LOOSE, trace
from privacy.gathering.paths import is_personal
from privacy.gathering.rows import kind_of, load
from privacy.models import Complaint, LegalHold, SubjectRequest
from privacy.rules import ComplaintAbout, IdentityCheck
from tests.accounts.factoring import give_app, give_passkey
from tests.conftest import NOW
from training.models import GoalStep, Plan, PlanReview

MARK = "kanarie"
"""Begins every planted text; no word of the portal holds it."""

EMAIL = f"{MARK}@mail.example"
MARKED_DAY = date(1917, 3, 4)
MARKED_FLOAT = 71.71717171
ADDRESSES = {("person", "email"), ("account", "email_key"), ("application_draft", "answers"), *LOOSE.items()}
"""Columns that find the others; they hold the address, which is a mark itself."""


def live(build: Builder) -> Person:
    """Let one person be mentored, mentor others and sign in, with at least one row in every table about people."""
    session = build.session
    volunteer = build.ready_mentor(name=f"{MARK} Ada", email=EMAIL, capacity=2)
    person = volunteer.person
    build.accept(volunteer, build.document(asks=Asks.NOBODY))
    give(build, volunteer)
    end(build, mentor_somebody(build, volunteer))
    end(build, be_mentored(build, person))
    account = build.account(Role.VOLUNTEER, person=person)
    accounts.invite(session, account=account, base_url="", by=build.portal(), at=NOW)
    sign_in(session, account)
    have_left_once(session, volunteer)
    show_factors(build, account)
    train(session, build.plan(volunteer))
    session.add(
        ReadinessLoss(scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id, lost_on=NOW.date(), noted_at=NOW)
    )
    ask_and_complain(session, person, build.scheme().id)
    be_written_to(session, build.scheme().id)
    session.flush()
    session.expire_all()
    return person


def give(build: Builder, volunteer: Volunteer) -> None:
    """Have offered hours, taken a break, and been told of."""
    build.promise(volunteer)
    by, day = build.portal(), NOW.date() + timedelta(days=30)
    mentors.take_break(
        build.session, volunteer=volunteer, from_on=day, back_on=None, why=BreakWhy.HEALTH, by=by, at=build.at
    )
    told = {"scheme_id": volunteer.scheme_id, "since_on": NOW.date(), "raised_at": NOW, "note": "We spoke."}
    build.session.add(CommitmentAlert(volunteer_id=volunteer.id, kind=AlertKind.UNDER, **told))


def mentor_somebody(build: Builder, volunteer: Volunteer) -> Match:
    """Mentor somebody else, whose notes are theirs."""
    match = build.match(volunteer=volunteer)
    build.meeting(match, note="About the other person alone.")
    return match


def be_mentored(build: Builder, person: Person) -> Match:
    """Be mentored too, with everything that hangs on a case."""
    mentee = build.mentee(exclusions=(Exclusion("L1 1AA", "A street", 1),), bans=(Ban("Somebody", "A reason"),))
    mentee.person_id = person.id
    build.session.flush()
    match = build.match(mentee=mentee)
    build.meeting(match, note="What was talked about.")
    propose(build.session, match)
    return match


def propose(session: Session, match: Match) -> None:
    """Have been in a round that proposed the match, and in one that found nobody."""
    found = [Round(scheme_id=match.scheme_id, asked_at=NOW, weights={}) for _ in range(2)]
    session.add_all(found)
    session.flush()
    session.add(
        Proposal(
            scheme_id=match.scheme_id,
            round_id=found[0].id,
            mentee_id=match.mentee_id,
            volunteer_id=match.volunteer_id,
            fit=7,
            components={},
            reasons={},
            changed_at=NOW,
        )
    )
    pair = {"mentee_id": match.mentee_id, "volunteer_id": match.volunteer_id}
    chosen: dict[str, Any] = {"scheme_id": match.scheme_id, "round_id": found[0].id, "made_at": NOW, **pair}
    session.add(RoundChoice(kind=ChoiceKind.DECLINE, why="They are neighbours.", **chosen))
    lifted = {"scheme_id": match.scheme_id, "made_at": NOW, "until_on": NOW.date(), **pair}
    session.add(VetoLift(vetoes=["slot"], why="They work nights.", **lifted))
    unmatched = {"mentors_considered": 1, "mentors_allowed": 0, "blocked_by": {}}
    session.add(Unmatched(round_id=found[1].id, mentee_id=match.mentee_id, why=next(iter(WaitingWhy)), **unmatched))


def end(build: Builder, match: Match) -> None:
    """End a match, so that nothing stands in the way."""
    by = build.portal()
    mentoring.end_match(build.session, match=match, reason=EndReason.OTHER, why="It was good.", by=by, at=build.at)


def have_left_once(session: Session, volunteer: Volunteer) -> None:
    """Have left before and come back, with a last word."""
    row = {"volunteer_id": volunteer.id, "left_on": NOW.date(), "recorded_at": NOW, "exit_words_at": NOW}
    session.add(Departure(ground=LeavingGround.LIFE, reason=LeavingReason.HEALTH, note="A bad back.", **row))


def sign_in(session: Session, account: Account) -> None:
    """Have signed in and have been invited."""
    accounts.begin_sign_in(session, account=account, at=NOW, device="A telephone", origin="192.0.2.7")
    accounts.note_guess(session, email=EMAIL, at=NOW)


def show_factors(build: Builder, account: Account) -> None:
    """Have second factors of every kind, have mistyped a code, wished for a password, and been read in an emergency."""
    give_app(build, account)
    give_passkey(build, account)
    build.session.add(RecoveryCode(account_id=account.id, code_hash="x", created_at=NOW))
    factors.note_factor_guess(build.session, account=account, at=NOW)
    accounts.ask_reset(build.session, email=EMAIL, at=NOW)
    by = build.actor(Role.ADMINISTRATOR)
    build.session.add(
        BreakGlass(
            scheme_id=build.scheme().id,
            person_id=account.person_id,
            location="/people/x",
            asked_by_id=by.person_id,
            asked_at=NOW,
            why="An emergency.",
            changed_at=NOW,
        )
    )
    build.session.flush()


def train(session: Session, plan: Plan) -> None:
    """Have gone a step and a review of a development plan."""
    session.flush()
    session.add(GoalStep(goal_id=plan.goals[0].id, noted_at=NOW, progress_percent=10, note="A step."))
    day = NOW.date()
    session.add(PlanReview(plan_id=plan.id, held_on=day, notes="Well.", next_review_on=day, noted_at=NOW))


def ask_and_complain(session: Session, person: Person, scheme_id: uuid.UUID) -> None:
    """Have asked for a copy and complained, both answered, and have been under a hold that was lifted."""
    shared: dict[str, Any] = {"scheme_id": scheme_id, "person_id": person.id}
    day = NOW.date()
    logged: dict[str, Any] = {"received_on": day, "logged_at": NOW, "changed_at": NOW}
    request = SubjectRequest(**shared, **logged, identity=IdentityCheck.KNOWN, due_on=day, delivered_on=day)
    about = ComplaintAbout.DATA
    complaint = Complaint(**shared, **logged, about=about, complainant="Ada", what="Slow.", answered_on=day)
    session.add_all([request, complaint, LegalHold(**shared, why="A claim.", set_at=NOW, lifted_at=NOW)])


def be_written_to(session: Session, scheme_id: uuid.UUID) -> None:
    """Have got letters, begun an application, wanted to be asked again, and mistyped a password."""
    write_letter(session, to=EMAIL, subject="Hello", body="A link.", at=NOW)
    token = uuid.uuid4().hex
    kept = {"contact": {"email": EMAIL.title()}}
    session.add(ApplicationDraft(scheme_id=scheme_id, token_hash=token, answers=kept, begun_at=NOW, saved_at=NOW))
    session.add(AskAgain(scheme_id=scheme_id, email=EMAIL, ask_on=NOW.date() + timedelta(days=9), noted_at=NOW))
    session.add(SignInGuess(email_key=email_key(EMAIL), at=NOW))


def plant(session: Session, person: Person) -> dict[str, set[str]]:
    """Put a mark into every personal column of every row about a person, and tell which columns were marked."""
    marked: dict[str, set[str]] = {}
    for table, rows in trace(session, person).items():
        for row in load(session, table, rows):
            for column in METADATA.tables[table].columns:
                if not is_personal(column):
                    continue
                marked.setdefault(table, set()).add(column.name)
                value = mark_for(column)
                if value is not None and (table, column.name) not in ADDRESSES and is_own(row):
                    setattr(row, column.name, value)
    session.flush()
    return marked


def is_own(row: Any) -> bool:  # noqa: ANN401 - a row of any table.
    """Whether a row's words are about the person: the notes of whom they mentored are not."""
    return getattr(row, "note", "") != "About the other person alone."


def mark_for(column: Column[Any]) -> Any:  # noqa: ANN401 - a value of any column.
    """Make a mark that fits a column; None where its type holds none, such as a choice of few."""
    kind = kind_of(column)
    if kind is str:
        text = f"{MARK} {uuid.uuid4().hex}"
        return text[: getattr(column.type, "length", None) or len(text)]
    return {list: [MARK], dict: {MARK: 1}, date: MARKED_DAY, float: MARKED_FLOAT}.get(kind)


def needles() -> list[bytes]:
    """What planted marks look like on a disk."""
    return [MARK.encode(), MARKED_DAY.isoformat().encode(), struct.pack(">d", MARKED_FLOAT)]


def marks_in_files(*places: Path) -> dict[str, int]:
    """Count the marks in the raw bytes of files, and of all files in folders."""
    found = {}
    for place in places:
        for file in place.rglob("*") if place.is_dir() else [place]:
            if file.is_file():
                # Letters may be folded and coded, but an address stands in their head as it is.
                content = file.read_bytes()
                count = sum(content.lower().count(needle) for needle in needles()[:2]) + content.count(needles()[2])
                if count:
                    found[file.name] = count
    return found


def marks_in_rows(db: Database) -> dict[str, int]:
    """Count the rows of every table that still hold a mark."""
    found: dict[str, int] = {}
    with db.engine.connect() as connection:
        for name, table in sorted(METADATA.tables.items()):
            for row in connection.execute(select(table)):
                text = str(tuple(row)).lower()
                if MARK in text or str(MARKED_FLOAT) in text or repr(MARKED_DAY) in str(tuple(row)):
                    found[name] = found.get(name, 0) + 1
    return found


def files_of(db: Database) -> Iterator[Path]:
    """The file of an SQLite database with its log; none on PostgreSQL."""
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        yield from (place for place in file.parent.glob(f"{file.name}*") if place.exists())


def case_of(session: Session, person: Person) -> Mentee:
    """The case of the person."""
    return session.scalars(select(Mentee).where(Mentee.person_id == person.id)).one()
