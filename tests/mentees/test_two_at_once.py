"""Two officers refer at the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from accounts.policy import Actor
from foundation.db import Database
from mentees import operations
from mentees.rules import CaseStage, Referral, Risk, RiskGroup, RiskLevel, Setting
from tests.conftest import NOW, Saved

REFERRAL = Referral(
    name="Sam Doe",
    setting=Setting.COMMUNITY,
    area="L36 9UX",
    consent_on=NOW.date(),
    risks=(Risk(RiskGroup.PUBLIC, RiskLevel.LOW, "OASys", NOW.date()),),
)
LONG_ENOUGH = 0.7
"""Seconds in which the second officer reaches the point at which they must wait."""


def refer(app: Flask, db: Database, by: Actor, *, begun: threading.Event | None = None) -> str:
    with app.app_context(), db.transaction() as session:
        reference = operations.refer(session, referral=REFERRAL, by=by, at=NOW).reference
        if begun is not None:
            begun.set()
            time.sleep(LONG_ENOUGH)
        return reference


def test_who_refers_while_another_referral_is_being_saved_gets_the_next_reference(
    saved: Saved, app: Flask, db: Database
) -> None:
    with saved as build:
        by = build.portal()
        build.mentee(CaseStage.REFERRED)
    begun = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(refer, app, db, by, begun=begun)
        assert begun.wait(timeout=60)
        second = pool.submit(refer, app, db, by)
        assert (first.result(), second.result()) == ("K-0002", "K-0003")
