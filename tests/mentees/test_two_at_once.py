"""Several officers refer at the same moment."""

import threading

from flask import Flask
from sqlalchemy import select

from foundation.db import Database
from mentees import operations
from mentees.models import Mentee
from mentees.rules import CaseStage, Referral, Risk, RiskGroup, RiskLevel, Setting
from tests.conftest import NOW, Saved

THREADS = 4
ROUNDS = 3


def test_people_referred_at_the_same_moment_get_references_of_their_own(saved: Saved, app: Flask, db: Database) -> None:
    with saved as build:
        by = build.portal()
        build.mentee(CaseStage.REFERRED)
    referral = Referral(
        name="Sam Doe",
        setting=Setting.COMMUNITY,
        area="L36 9UX",
        consent_on=NOW.date(),
        risks=(Risk(RiskGroup.PUBLIC, RiskLevel.LOW, "OASys", NOW.date()),),
    )
    barrier = threading.Barrier(THREADS)
    faults: list[Exception] = []

    def refer() -> None:
        try:
            for _round in range(ROUNDS):
                barrier.wait(timeout=60)
                with app.app_context(), db.transaction() as session:
                    operations.refer(session, referral=referral, by=by, at=NOW)
        except Exception as fault:  # noqa: BLE001 - told to the test below, whatever it is.
            faults.append(fault)
            barrier.abort()

    threads = [threading.Thread(target=refer) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with db.sessions() as session:
        found = session.scalars(select(Mentee.reference).order_by(Mentee.reference)).all()
    assert found == [f"K-{number:04}" for number in range(1, THREADS * ROUNDS + 2)]
