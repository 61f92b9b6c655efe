"""The memory of a round: written once, read back alike, proved without the solver, and gone with whoever is erased."""

import io
import json
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update

from foundation.db import Database
from matching import operations
from matching.gathering import NotReadable, digest_of, pack, unpack
from matching.models import Proposal, Round, RoundRecord
from mentees.rules import RiskGroup, RiskLevel
from mentors.rules import Rosh
from tests.conftest import Saved
from tests.matching.test_rounds import ready, run, waiting


@pytest.fixture
def round_(app: Flask, saved: Saved, db: Database) -> Round:
    """A round of three people and two mentors, one of whom may not meet one of them."""
    with saved as build:
        ready(build, level=Rosh.MEDIUM)
        ready(build, level=Rosh.VERY_HIGH, languages=("en", "pl"))
        waiting(build)
        waiting(build, languages=("pl", "en"))
        waiting(build, risks={RiskGroup.CHILDREN: RiskLevel.HIGH})
    return run(app, saved, db)


def stored(db: Database) -> RoundRecord:
    with db.sessions() as session:
        record = session.scalars(select(RoundRecord)).one()
        assert record.arrays
        return record


def look(db: Database, round_: Round) -> operations.Verdict:
    with db.sessions() as session:
        return operations.verify_round(session, session.get_one(Round, round_.id))


def change(record: RoundRecord, **arrays: Any) -> bytes:  # noqa: ANN401 - arrays of any kind.
    """The block of a record with some arrays planted."""
    with np.load(io.BytesIO(record.arrays), allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    block = io.BytesIO()
    np.savez_compressed(block, **(found | arrays))
    return block.getvalue()


def plant(db: Database, **arrays: Any) -> None:  # noqa: ANN401 - arrays of any kind.
    with db.transaction() as session:
        record = session.scalars(select(RoundRecord)).one()
        record.arrays = change(record, **arrays)


def test_a_finished_round_holds(db: Database, round_: Round) -> None:
    verdict = look(db, round_)
    assert (verdict.holds, verdict.gap, verdict.strays) == (True, 0, 0)


def test_what_is_read_back_is_what_was_packed(db: Database, round_: Round) -> None:
    record = stored(db)
    memory = unpack(record.arrays)
    assert digest_of(memory) == round_.inputs_digest
    again = unpack(pack(memory))
    assert digest_of(again) == round_.inputs_digest
    assert memory.plan.total == again.plan.total
    assert memory.plan.certificate.holds
    assert len(record.mentee_ids) == 3
    assert memory.codings["languages"].keys() == {"en", "pl"}
    for proposal in round_.proposals:
        row, column = (
            record.mentee_ids.index(proposal.mentee_id.hex),
            record.volunteer_ids.index(proposal.volunteer_id.hex),
        )
        assert memory.scored.fit[row, column] == proposal.fit
        assert memory.mentor_of[row] == column


def test_a_better_fit_planted_afterwards_is_seen(db: Database, round_: Round) -> None:
    fit = unpack(stored(db).arrays).scored.fit.copy()
    fit[0, 0] += 1
    plant(db, fit=fit)
    assert not look(db, round_).is_unchanged


def test_a_plan_that_is_not_the_best_is_seen(db: Database, round_: Round) -> None:
    memory = unpack(stored(db).arrays)
    plant(db, mentor_of=np.full_like(memory.mentor_of, -1))
    verdict = look(db, round_)
    assert verdict.is_unchanged
    assert not verdict.is_proven
    assert verdict.gap > 0
    assert verdict.strays == len(round_.proposals)


def test_a_proposal_given_to_somebody_else_is_seen(db: Database, round_: Round) -> None:
    other = next(each for each in round_.proposals if each.volunteer_id != round_.proposals[0].volunteer_id)
    with db.transaction() as session:
        session.execute(
            update(Proposal).where(Proposal.id == round_.proposals[0].id).values(volunteer_id=other.volunteer_id)
        )
    assert look(db, round_).strays == 2


def test_a_block_of_another_release_says_so(db: Database, round_: Round) -> None:
    plant(db, about=np.frombuffer(json.dumps({"format": 999}).encode(), dtype=np.uint8))
    with pytest.raises(NotReadable, match="999"):
        look(db, round_)


def test_the_command_tells_every_round_and_fails_when_one_does_not_hold(
    app: Flask, db: Database, round_: Round
) -> None:
    runner = app.test_cli_runner()
    told = runner.invoke(args=["matching", "verify"])
    assert (told.exit_code, "holds: what it was reckoned from" in told.output) == (0, True)
    assert runner.invoke(args=["matching", "verify", str(round_.id)]).exit_code == 0
    assert runner.invoke(args=["matching", "verify", "00000000-0000-0000-0000-000000000000"]).exit_code == 1
    plant(db, urgent=np.ones(3, dtype=np.bool_))
    told = runner.invoke(args=["matching", "verify"])
    assert (told.exit_code, "DOES NOT HOLD" in told.output) == (1, True)


def test_the_record_goes_with_anybody_in_it_and_the_figures_stay(db: Database, round_: Round, saved: Saved) -> None:
    with saved as build:
        stranger = waiting(build)
        assert operations.forget_records(build.session, ids=[stranger.id]) == 0
    with db.transaction() as session:
        assert operations.forget_records(session, ids=[round_.proposals[0].volunteer_id]) == 1
    verdict = look(db, round_)
    assert (verdict.is_kept, verdict.holds) == (False, False)
    with db.sessions() as session:
        kept = session.get_one(Round, round_.id)
        assert (kept.mentee_count, kept.inputs_digest) == (3, round_.inputs_digest)


def test_an_empty_round_is_remembered_and_holds(app: Flask, saved: Saved, db: Database) -> None:
    assert look(db, run(app, saved, db)).holds


def test_a_round_after_a_change_of_people_has_another_digest(
    app: Flask, saved: Saved, db: Database, round_: Round
) -> None:
    again = run(app, saved, db)
    with saved as build:
        waiting(build)
    later = run(app, saved, db)
    assert again.inputs_digest == round_.inputs_digest
    assert later.inputs_digest != round_.inputs_digest
