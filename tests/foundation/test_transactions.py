"""The one transaction of the house: saved whole or not at all, one writer at a time, on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from accounts.models import Scheme
from foundation import db as house
from foundation.audit import AuditHead
from foundation.db import Database, Instant, after_commit, database, transaction
from foundation.submissions import Submission
from tests.conftest import NOW


def submission() -> Submission:
    return Submission(at=NOW, location="/somewhere")


def count(db: Database) -> int:
    with db.sessions() as session:
        return len(session.scalars(select(Submission)).all())


def test_what_a_transaction_did_is_saved_when_it_ends_well(db: Database) -> None:
    with db.transaction() as session:
        session.add(submission())
    assert count(db) == 1


def test_what_a_transaction_did_is_undone_when_it_fails(db: Database) -> None:
    with pytest.raises(RuntimeError, match="planted"), db.transaction() as session:
        session.add(submission())
        session.flush()
        raise RuntimeError("planted")
    assert count(db) == 0


def test_a_transaction_inside_another_is_refused_and_everything_is_undone(db: Database, app: Flask) -> None:
    with (
        app.app_context(),
        pytest.raises(RuntimeError, match="open already"),
        transaction() as session,
    ):
        session.add(submission())
        with transaction():
            pass
    assert count(db) == 0


def test_one_request_may_open_one_transaction_after_another_also_after_a_failed_one(db: Database, app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            session.add(submission())
        with pytest.raises(RuntimeError, match="planted"), transaction() as session:
            session.add(submission())
            raise RuntimeError("planted")
        with transaction() as session:
            session.add(submission())
    assert count(db) == 2


def test_an_error_of_the_database_never_quotes_what_was_sent(db: Database) -> None:
    with pytest.raises(DBAPIError) as refused, db.transaction() as session:
        session.execute(text("INSERT INTO nowhere (name) VALUES (:name)"), {"name": "typed by somebody"})
    assert "nowhere" in str(refused.value)
    assert "typed by somebody" not in str(refused.value)


def test_what_follows_a_commit_happens_after_it_and_never_after_a_failure(db: Database) -> None:
    seen: list[int] = []
    with db.transaction() as session:
        session.add(submission())
        after_commit(session, lambda: seen.append(count(db)))
        assert seen == []
    assert seen == [1]
    with pytest.raises(RuntimeError, match="planted"), db.transaction() as session:
        after_commit(session, lambda: seen.append(99))
        raise RuntimeError("planted")
    with db.transaction():
        pass
    assert seen == [1]


def test_what_a_request_read_before_is_read_again_inside_its_transaction(db: Database, app: Flask) -> None:
    with db.transaction() as session:
        session.add(Submission(id=(made := submission()).id, at=NOW, location="/old"))
    with app.app_context():
        seen = house.reading().get_one(Submission, made.id)
        with db.transaction() as other:
            other.get_one(Submission, made.id).location = "/new"
        with transaction():
            assert seen.location == "/new"


def test_two_writers_never_overlap_so_that_counting_on_is_safe(db: Database) -> None:
    def count_on() -> None:
        for _ in range(10):
            with db.transaction() as session:
                # Deliberately read first and written later, as a careless operation would.
                head = session.scalars(select(AuditHead)).one()
                head.position += 1

    threads = [threading.Thread(target=count_on) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.sessions() as session:
        assert session.scalars(select(AuditHead)).one().position == 80


def test_a_writer_gives_up_waiting_for_one_that_never_ends(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "BUSY_MILLISECONDS", 50)
    impatient = Database(db.engine.url.render_as_string(hide_password=False))
    with db.transaction(), pytest.raises(OperationalError), impatient.transaction():
        pass
    impatient.engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    with db.transaction() as session:
        session.add(submission())
        session.flush()
        assert count(db) == 0


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_keeps_a_log_syncs_fully_checks_references_and_wipes_what_is_deleted(db: Database) -> None:
    if db.engine.dialect.name != "sqlite":
        with db.engine.connect() as connection:
            assert connection.execute(text("SHOW fsync")).scalar() in {"on", "off"}
        return
    assert pragma(db.engine, "journal_mode") == "wal"
    assert pragma(db.engine, "synchronous") == 2
    assert pragma(db.engine, "foreign_keys") == 1
    assert pragma(db.engine, "secure_delete") == 1


def test_a_writing_transaction_takes_the_lock_at_once_and_a_reading_one_does_not(db: Database) -> None:
    begun: list[str] = []
    with db.engine.connect() as connection:
        connection.execution_options(writes=True)
        connection.begin()
        other = db.engine.connect().execution_options(writes=True)
        if db.engine.dialect.name == "sqlite":
            other.connection.execute("PRAGMA busy_timeout=20")
            with pytest.raises(OperationalError, match="locked"):
                other.begin()
            begun.append("refused")
        other.close()
    with db.engine.connect() as first, db.engine.connect() as second:
        first.execute(text("SELECT 1"))
        second.execute(text("SELECT 1"))
    assert begun == (["refused"] if db.engine.dialect.name == "sqlite" else [])


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),  # noqa: DTZ001 - the zone is drawn separately.
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_survives_the_way_into_a_column_and_back(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for engine in (house.make_engine("sqlite://"), house.make_engine("postgresql+psycopg://nowhere/none")):
        column = Instant()
        stored = column.process_bind_param(aware, engine.dialect)
        assert stored is not None
        assert (stored.tzinfo is None) == (engine.dialect.name == "sqlite")
        given_back = column.process_result_value(stored, engine.dialect)
        assert given_back == aware
        assert given_back is not None
        assert given_back.tzinfo is UTC


def test_an_instant_survives_the_database_in_utc_with_its_microseconds(db: Database) -> None:
    instant = datetime(2026, 7, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=2)))
    with db.transaction() as session:
        session.add(Submission(at=instant, location="/"))
    with db.sessions() as session:
        read = session.scalars(select(Submission)).one().at
    assert read == instant
    assert read.tzinfo is UTC


def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="aware"), db.transaction() as session:
        session.add(Submission(at=datetime(2026, 7, 1), location="/"))  # noqa: DTZ001 - the fault that is tested.
        session.flush()


def test_a_new_record_has_its_id_and_defaults_before_it_is_saved() -> None:
    one, two = Scheme(slug="a"), Scheme(slug="b")
    assert one.id != two.id
    assert one.contact_phone == ""
    with pytest.raises(TypeError, match="no column sulg"):
        Scheme(sulg="a")


def test_the_portal_gives_its_own_database(db: Database, app: Flask) -> None:
    with app.app_context():
        assert database() is db
