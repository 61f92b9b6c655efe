"""The database: column types that both databases understand, and the one place where anything is committed.

SQLite begins every writing transaction with BEGIN IMMEDIATE, so that two writers queue instead of failing halfway. It
keeps a write-ahead log, so that readers never wait, and syncs each commit fully, so that a saved page survives a power
cut. On PostgreSQL writers queue at a lock of the house: every one of them appends to the one audit chain and so waits
for the others anyway, and waiting at the beginning means that two never hold what the other needs. Unique indexes and
conditional updates still decide who was first, whatever writes around this file.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, ClassVar, TypeVar, cast

from flask import current_app, g
from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    inspect,
    types,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from foundation import dictionary, encryption, facts

Member = TypeVar("Member", bound=StrEnum)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_MILLISECONDS = 10_000
"""How long a writer waits for the one before it; after that the page says that the portal is busy."""

WRITERS_LOCK = 0xA11D17E
"""Number of the lock at which the writers of one PostgreSQL database queue."""


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite has no time zones, so they are taken off on the way in and put back."""

    impl = types.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[datetime]:
        """Choose a column with a time zone where the database has one."""
        return dialect.type_descriptor(types.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants, which would be right in one place and wrong in another."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant must be aware"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy.
        """Give every instant back aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Choice(TypeDecorator[Any]):
    """A member of a StrEnum, stored by its value so that the table can be read without the program."""

    impl = String(40)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy.
        """Store the value, and refuse what the enum does not have."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy.
        """Give the member back."""
        return None if value is None else self.enum(value)


class Base(DeclarativeBase):
    """What every table has: a UUID made at construction, so that an object can be named before it is saved."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {uuid.UUID: Uuid(), datetime: Instant()}  # noqa: RUF012 - SQLAlchemy's own form.

    concerns: ClassVar[str] = "person_id"
    """The column that leads to the person whom a row is about; a model that has it elsewhere says so."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, info=dictionary.TECHNICAL)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - columns of any type.
        for key, make in _defaults(type(self)).items():
            values.setdefault(key, make())
        for key, value in values.items():
            if not hasattr(type(self), key):
                message = f"{type(self).__name__} has no column {key}"
                raise TypeError(message)
            setattr(self, key, value)


@cache
def _defaults(model: type[Base]) -> dict[str, Callable[[], Any]]:
    """Collect what makes the defaults of a table, so that a new object has them before it is saved."""
    made: dict[str, Callable[[], Any]] = {}
    for attribute in inspect(model).column_attrs:
        column = attribute.columns[0]
        default = column.default if isinstance(column, Column) else None
        if isinstance(default, ScalarElementColumnDefault):
            made[attribute.key] = partial(_give, default.arg)
        elif isinstance(default, CallableColumnDefault):
            # SQLAlchemy hands every maker of defaults a context, which ours do not look at.
            made[attribute.key] = partial(default.arg, cast("Any", None))
    return made


def _give(value: Any) -> Any:  # noqa: ANN401 - a plain default of any type.
    """Give a plain default back."""
    return value


class Database:
    """One engine with the sessions that use it.

    Args:
        url: SQLAlchemy address; ``sqlite:///file`` or ``postgresql+psycopg://…``.
        subscriptions: Who listens to which fact.
    """

    def __init__(self, url: str, subscriptions: facts.Subscriptions | None = None) -> None:
        self.engine = make_engine(url)
        info: dict[str, Any] = {}
        facts.install(info, subscriptions or {})
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, info=info)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session of its own, commit when the block ends well, undo everything when it does not.

        For commands, jobs and tests; a request uses the module's ``transaction()``, which keeps to its one session.
        """
        with self.sessions() as session, committing(session):
            yield session


def make_engine(url: str) -> Engine:
    """Make an engine with the habits of its database; its errors never quote what somebody typed."""
    if not url.startswith("sqlite"):
        patience = {"options": f"-c lock_timeout={BUSY_MILLISECONDS}"}
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
        event.listen(engine, "before_execute", encryption.bind_rows, retval=True)
        return engine
    arguments = {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_execute", encryption.bind_rows, retval=True)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection.
    """Set the habits of one SQLite connection; the driver's own transaction handling is switched off."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - given by SQLAlchemy's event.
    """Begin: at once with the write lock for a writing transaction, lazily for a reading one."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def committing(session: Session, *, queues: bool = True) -> Iterator[Session]:
    """Run a block as one writing transaction on a session; what was read before is read again.

    Args:
        session: The session.
        queues: Wait in the queue of writers; see ``transaction``.

    Raises:
        RuntimeError: A transaction is open already; operations never open their own.
    """
    if session.info.get("writing"):
        message = "a transaction is open already: only views, jobs and commands open one"
        raise RuntimeError(message)
    session.rollback()
    session.info["writing"] = True
    session.info["after_commit"] = []
    try:
        connection = session.connection(execution_options={"writes": True})
        if queues:
            _queue_writers(connection)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
    for call in session.info.pop("after_commit"):
        call()


def _queue_writers(connection: Connection) -> None:
    """Wait on PostgreSQL until no other writer is at work, as BEGIN IMMEDIATE has waited on SQLite already."""
    if connection.dialect.name == "postgresql":
        # Sent together, they take one way to the server and back.
        patience = f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}"
        connection.exec_driver_sql(f"{patience}; SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have something done once the transaction is safely saved, and not at all if it is undone."""
    calls = session.info.setdefault("after_commit", [])
    if call not in calls:
        calls.append(call)


def database() -> Database:
    """Give the database of the running portal."""
    return cast("Database", current_app.extensions["database"])


def reading() -> Session:
    """Give the request's session, for reading; it ends with the request."""
    if "session" not in g:
        g.session = database().sessions()
    return cast("Session", g.session)


class OnlyShown(Exception):
    """A form that is only shown again was about to be carried out."""


def show_only() -> None:
    """Let the rest of this request change nothing: a form is shown again that its sender has not sent again."""
    g.is_only_shown = True


def is_only_shown() -> bool:
    """Whether this request shows a form again and must change nothing."""
    return bool(g.get("is_only_shown"))


@contextmanager
def transaction(*, queues: bool = True) -> Iterator[Session]:
    """Open the writing transaction of a request, job or command: the one place in the house that commits.

    Args:
        queues: Wait in the queue of writers. Without it only where nothing but the audit trail is written, whose end
            has a lock of its own.

    Raises:
        OnlyShown: This request shows a form again and must change nothing.
    """
    # What was read is written into the trail also where a form is only shown.
    if queues and is_only_shown():
        raise OnlyShown
    with committing(reading(), queues=queues) as session:
        yield session


def close_session(_error: BaseException | None = None) -> None:
    """End the request's session; what was not committed is undone."""
    session = g.pop("session", None)
    if session is not None:
        session.close()
