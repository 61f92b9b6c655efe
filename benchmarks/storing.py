"""How long it takes to write a round to the database: its proposals with their reasons, and everybody who waits."""

import tempfile
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

from accounts.models import Person, Scheme
from app import METADATA
from foundation import encryption, migrating
from foundation.db import Database
from foundation.key_texts import new_key
from foundation.keyring import Keyring
from matching.engine import Plan, Scored
from matching.gathering import History, People
from matching.models import Round
from matching.operations.running import Outcome, store_outcome
from matching.rules import DEFAULT_WEIGHTS, RoundState
from mentees.models import Mentee, RiskOfHarm
from mentees.rules import RiskGroup, Setting
from mentors.models import Volunteer

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def measure_storing(scored: Scored, plan: Plan) -> float:
    """Write a round on a fresh SQLite database, and tell how many seconds it took.

    The records of the people are made before the clock starts, since a real round finds them there.

    Args:
        scored: Every pair of the round.
        plan: The pairs that are proposed.
    """
    if not METADATA.tables:
        raise LookupError("the portal has no tables")
    with tempfile.TemporaryDirectory() as folder:
        encryption.use(Keyring({"k1": new_key()}))
        database = Database(f"sqlite:///{Path(folder) / 'round.sqlite'}")
        migrating.upgrade(database.engine)
        round_id, people = _invent(database, scored, plan)
        begun = time.perf_counter()
        store_outcome(database, round_id, Outcome(people, scored, plan), AT)
        seconds = time.perf_counter() - begun
        database.engine.dispose()
    return seconds


def _invent(database: Database, scored: Scored, plan: Plan) -> tuple[uuid.UUID, People]:
    """Make a record for everybody in the round."""
    scheme = _scheme()
    mentees = [_mentee(scheme, number, int(slots)) for number, slots in enumerate(scored.mentees.slots)]
    volunteers = [_volunteer(scheme, int(slots)) for slots in scored.mentors.slots]
    round_ = Round(
        scheme_id=scheme.id, asked_at=AT, weights=dict(DEFAULT_WEIGHTS), state=RoundState.RUNNING, started_at=AT
    )
    with database.transaction() as session:
        session.add(scheme)
        session.flush()
        session.add_all([*mentees, *volunteers, round_])
    places = [int(number) for number in plan.problem.capacity]
    history = History(frozenset(), frozenset(), {})
    return round_.id, People(mentees, volunteers, places, history, AT.date())


def _scheme() -> Scheme:
    """Make a scheme."""
    return Scheme(
        slug="measured",
        name="Measured",
        charity="Measured",
        country="GB",
        time_zone="Europe/London",
        contact_email="measured@mail.example",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
    )


def _person() -> Person:
    """Make somebody."""
    return Person(name="Somebody", changed_at=AT)


def _mentee(scheme: Scheme, number: int, slots: int) -> Mentee:
    """Make somebody who waits."""
    return Mentee(
        scheme_id=scheme.id,
        person=_person(),
        stage_since=AT,
        reference=f"M-{number:05}",
        referred_at=AT,
        setting=Setting.COMMUNITY,
        slots=slots,
        languages=["en"],
        risks=[RiskOfHarm(group_at_risk=RiskGroup.PUBLIC, level=0, source="invented", assessed_on=AT.date())],
        changed_at=AT,
    )


def _volunteer(scheme: Scheme, slots: int) -> Volunteer:
    """Make somebody who is ready."""
    return Volunteer(
        scheme_id=scheme.id,
        person=_person(),
        stage_since=AT,
        applied_at=AT,
        hours_per_week=4,
        months=12,
        slots=slots,
        languages=["en"],
        changed_at=AT,
    )
