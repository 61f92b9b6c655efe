"""Opening a page changes nothing, whoever opens it, and every page can be opened by somebody."""

import hashlib
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.routing import Rule

from accounts import operations as accounts
from accounts.models import PasswordReset
from accounts.rules import Role
from app import METADATA
from demo.builders import PASSWORD, Builder
from foundation import access
from foundation.audit import READ, AuditEntry
from foundation.db import Base, Database, transaction
from foundation.submissions import Submission
from matching import jobs
from matching import operations as matching
from matching.models import Proposal, VetoLift
from mentees.rules import Ban, Exclusion
from mentoring.rules import MatchState
from mentors import operations as mentors
from mentors.models import CommitmentAlert, Volunteer
from mentors.rules import AlertKind, BreakWhy, CheckKind, Leaving
from privacy import operations as privacy
from privacy.rules import ComplaintAbout, ErasureWhy, IdentityCheck
from reports.rules import Measure
from tests.accounts.factoring import begin_new_app, give_app, give_passkey
from tests.conftest import NOW, Saved
from tests.pages import PageClient

STAFF, MENTOR = "staff@mail.example", "mentor@mail.example"
STAFF_ROLES = tuple(role for role in Role if role not in {Role.VOLUNTEER, Role.MENTOR})
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")
EVENINGS = 0b100100100
MOST_ROWS = 6
"""Enough to reach everything that is seeded, whatever order the ids come in."""
SEE_OTHER = 303
TRAIL = ("INSERT INTO audit_entry ", "UPDATE audit_head ")
"""What opening a page may write: that it was opened."""
TRAIL_END = {"audit_head"}
LEADS_ON = {"accounts.language", "privacy.notices"}
"""Addresses that show nothing themselves and lead to another page."""

SECRET_LINK = "x" * 43
"""The secret of the link that an applicant has."""

LETTER_OF_THANKS = "y" * 43
"""The secret of the link that somebody has who left."""

NOT_OPENED = {
    "static": "Files are no pages.",
    "metrics": "It opens for a token and for no person; tests/foundation/test_metrics.py opens it.",
}
"""Addresses that nobody opens here, each with its reason."""


def let_somebody_leave(build: Builder) -> None:
    """Let a mentor leave who has a letter of thanks with a link."""
    left = mentors.leave_volunteer(
        build.session, volunteer=build.ready_mentor(), leaving=Leaving(), by=build.portal(), at=NOW
    )
    left.token_hash, left.token_until = accounts.hash_token(LETTER_OF_THANKS), NOW + timedelta(days=1)


def seed(build: Builder) -> dict[str, list[str]]:
    """Make at least one of everything that has a page, and tell what fills the parts of addresses that are no ids."""
    mentor = build.ready_mentor(capacity=2, email=MENTOR)
    build.meeting(build.match(volunteer=mentor))
    build.match(MatchState.OFFERED, volunteer=mentor)
    build.plan(mentor)
    exclusions, bans = (Exclusion("L1 1AA", "A street", 1),), (Ban("Somebody", "A reason"),)
    build.mentee(exclusions=exclusions, bans=bans, slots=EVENINGS)
    build.ready_mentor(slots=EVENINGS)
    build.volunteer().status_token_hash = accounts.hash_token(SECRET_LINK)
    let_somebody_leave(build)
    build.account(Role.MENTOR, Role.VOLUNTEER, person=mentor.person)
    seed_hours(build)
    account = build.account(*STAFF_ROLES, email=STAFF)
    give_app(build, account)
    begin_new_app(build, account)
    give_passkey(build, account)
    by = build.portal()
    invitation = accounts.invite(build.session, account=account, base_url="", by=by, at=NOW)
    build.session.add(
        PasswordReset(email_key=STAFF, asked_at=NOW, account_id=account.id, token_hash=accounts.hash_token(SECRET_LINK))
    )
    matching.ask_round(build.session, by=by, at=NOW)
    seed_privacy(build)
    return {
        "slug": ["knowsley"],
        "token": [invitation, SECRET_LINK, LETTER_OF_THANKS],
        "code": ["it"],
        "number": ["1"],
        "kind": [kind.value for kind in CheckKind],
        "measure": [measure.slug for measure in Measure],
    }


def seed_hours(build: Builder) -> None:
    """Have a document to read, and for every volunteer a break to come and word about their weeks."""
    later = NOW.date() + timedelta(days=30)
    build.document(effective_on=later)
    for row in build.session.scalars(select(Volunteer).order_by(Volunteer.id)).all():
        mentors.take_break(
            build.session,
            volunteer=row,
            from_on=later,
            back_on=None,
            why=BreakWhy.WORK,
            by=build.portal(),
            at=NOW,
        )
        told = {"kind": AlertKind.UNDER, "since_on": NOW.date(), "raised_at": NOW}
        build.session.add(CommitmentAlert(scheme_id=row.scheme_id, volunteer_id=row.id, **told))


def seed_privacy(build: Builder) -> None:
    """Make one of everything that people may ask about their data."""
    by, person, day = build.portal(), build.volunteer().person, NOW.date()
    known = IdentityCheck.KNOWN
    shared: dict[str, Any] = {"by": by, "at": NOW}
    privacy.ask_erasure(build.session, person=build.volunteer().person, why=ErasureWhy.ASKED, **shared)
    privacy.set_hold(build.session, person=person, why="A claim.", **shared)
    asked: dict[str, Any] = {"received_on": day, "identity": known, "identity_note": ""}
    privacy.log_request(build.session, person=person, **asked, **shared)
    about = ComplaintAbout.DATA
    privacy.log_complaint(build.session, complainant="A", about=about, what="B", received_on=day, **shared)
    privacy.preview_retention(build.session, **shared)


@pytest.fixture
def portal(app: Flask, db: Database, saved: Saved) -> tuple[Flask, dict[str, list[str]]]:
    """A portal in which there is something to see, with a round that has been run."""
    with saved as build:
        texts = seed(build)
    with app.app_context():
        jobs.run_due_rounds(db, NOW)
    with saved as build:
        choose(build)
    return app, texts


def choose(build: Builder) -> None:
    """Let a pair stand that the round proposes, for which a rule has been lifted too."""
    proposal = build.session.scalars(select(Proposal).order_by(Proposal.id)).first()
    assert proposal is not None
    pair: dict[str, Any] = {"mentee_id": proposal.mentee_id, "volunteer_id": proposal.volunteer_id}
    shared: dict[str, Any] = {"by": build.portal(), "at": NOW, "why": "They live in one street.", **pair}
    matching.pin_pair(build.session, round_id=proposal.round_id, **shared)
    lifted = {"scheme_id": proposal.scheme_id, "made_at": NOW, "until_on": NOW.date() + timedelta(days=9), **pair}
    build.session.add(VetoLift(vetoes=["slot"], why="They work nights.", **lifted))


def rows_for(name: str, db: Database) -> list[uuid.UUID]:
    """Ids that fit a part of an address such as ``mentee_id``: of the records whose class ends like it."""
    stem = name.removesuffix("_id").replace("_", "")
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: len(mapper.class_.__name__)):
        if mapper.class_.__name__.lower().endswith(stem):
            with db.sessions() as session:
                return list(session.scalars(select(mapper.class_.id).order_by(mapper.class_.id).limit(MOST_ROWS)))
    return []


def paths_of(app: Flask, rule: Rule, texts: dict[str, list[str]], db: Database, most: int) -> list[str]:
    """Addresses of one page, its parts filled in with what there is, each with the first few of its kind."""
    # An address may fix a part that is an argument all the same, such as one file for each kind.
    names = sorted(rule._converters)
    choices: list[list[Any]] = []
    for name in names:
        offered = getattr(rule._converters[name], "items", None)
        choices.append(list(offered) if offered else texts.get(name) or rows_for(name, db)[:most])
    fixed = rule.defaults or {}
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **fixed, **dict(zip(names, values, strict=True)))
            for values in itertools.product(*choices)
        ]


def digest(engine: Engine) -> str:
    """A mark of everything that stands in the database, but for entries of the trail that tell of a reading."""
    found = hashlib.sha256()
    with engine.connect() as connection:
        for name, table in sorted(METADATA.tables.items()):
            statement = select(table)
            if name == AuditEntry.__tablename__:
                statement = statement.where(table.c.verb != READ)
            rows = [] if name in TRAIL_END else sorted(str(tuple(row)) for row in connection.execute(statement))
            found.update("\n".join([name, *rows]).encode())
    return found.hexdigest()


@contextmanager
def writing(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that write, also those that are undone later."""
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", note)


def open_all(app: Flask, db: Database, texts: dict[str, list[str]], email: str | None) -> dict[str, set[int]]:
    """Open every page as one person, and tell which statuses each endpoint answered."""
    browser = PageClient(app, db.engine)
    if email:
        browser.sign_in(email, PASSWORD)
    client = browser.client
    answers: dict[str, set[int]] = {}
    before = digest(db.engine)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_OPENED:
            continue
        for path in paths_of(app, rule, texts, db, MOST_ROWS if email else 1):
            with writing(db.engine) as written, client.get(path) as response:
                assert [line for line in written if not line.startswith(TRAIL)] == [], f"opening {path} writes"
            assert response.status_code < 500, f"{path} answers {response.status_code}"
            answers.setdefault(rule.endpoint, set()).add(response.status_code)
    assert digest(db.engine) == before
    return answers


def test_opening_any_page_changes_nothing_and_every_page_opens_for_somebody(
    portal: tuple[Flask, dict[str, list[str]]], db: Database
) -> None:
    app, texts = portal
    answers: dict[str, set[int]] = {}
    for email in (STAFF, MENTOR, None):
        for endpoint, statuses in open_all(app, db, texts, email).items():
            answers.setdefault(endpoint, set()).update(statuses)
    never = {endpoint: statuses for endpoint, statuses in answers.items() if 200 not in statuses}
    assert {endpoint: statuses for endpoint, statuses in never.items() if endpoint not in LEADS_ON} == {}


def test_a_page_that_writes_is_found(own_app: Flask) -> None:
    engine = own_app.extensions["database"].engine

    @access.public
    def page() -> str:
        with transaction() as session:
            session.add(Submission(at=NOW, location="/"))
        return ""

    own_app.add_url_rule("/planted", endpoint="planted", view_func=page)
    before = digest(engine)
    with writing(engine) as written:
        own_app.test_client().get("/planted")
    assert len(written) == 1
    assert digest(engine) != before
