"""Confidential columns: what is written comes back by every way of reading, and nothing opens at another place."""

import uuid
from datetime import date

import pytest
from sqlalchemy import String, func, insert, select, text, type_coerce, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased, undefer_group

from demo.builders import Builder
from foundation import encryption
from foundation.db import Database
from foundation.encryption import GROUP, KeysUnfit, NotSealable, Sealed, Unreadable
from mentees.models import ContactBan, Mentee, RiskOfHarm
from mentees.rules import Ban, Exclusion, RiskGroup, RiskLevel, StatedGender
from tests.conftest import NOW, Saved
from tests.pages import counted


@pytest.fixture
def people(saved: Saved, db: Database) -> list[uuid.UUID]:
    """Two people of whom much is known."""
    with saved as build:
        made = [person(build, number) for number in range(2)]
        return [mentee.id for mentee in made]


def person(build: Builder, number: int) -> Mentee:
    return build.mentee(
        about=f"secret {number} é 漢",
        needs=("health",),
        stated_gender=StatedGender.WOMAN,
        stated_gender_why="because",
        risks={RiskGroup.PUBLIC: RiskLevel.HIGH},
        exclusions=(Exclusion("L32 4XX", f"School {number}", 2.5),),
        bans=(Ban(f"Kim {number}"),),
    )


def stands(db: Database, column: str, row: uuid.UUID) -> str:
    """What the database itself holds."""
    table, name = column.split(".")
    with db.engine.connect() as connection:
        found = select(text(name)).select_from(text(table)).where(text("id = :id").bindparams(id=_as_id(db, row)))
        return str(connection.execute(found).scalar_one())


def _as_id(db: Database, row: uuid.UUID) -> object:
    return row.hex if db.engine.dialect.name == "sqlite" else row


def test_every_kind_of_value_comes_back_as_it_was(people: list[uuid.UUID], db: Database) -> None:
    with db.sessions() as session:
        mentee = session.get_one(Mentee, people[0])
        assert (mentee.about, mentee.needs, mentee.stated_gender) == ("secret 0 é 漢", ["health"], StatedGender.WOMAN)
        risk, area = mentee.risks[0], mentee.exclusion_areas[0]
        assert (risk.level, risk.assessed_on) == (RiskLevel.HIGH, NOW.date())
        assert (area.radius_km, type(area.latitude)) == (2.5, float)
        assert mentee.contact_bans[0].name == "Kim 0"


def test_what_stands_in_the_database_names_its_key_and_tells_neither_words_nor_their_length(
    people: list[uuid.UUID], db: Database
) -> None:
    found = stands(db, "mentee.about", people[0])
    assert found.startswith("k1:")
    assert "secret" not in found
    with db.transaction() as session:
        session.get_one(Mentee, people[0]).stated_gender = None
        session.get_one(Mentee, people[1]).stated_gender_why = "b"
    lengths = {len(stands(db, "mentee.stated_gender_why", row)) for row in people}
    assert len(lengths) == 1
    assert stands(db, "mentee.stated_gender", people[0]) == "None"


def test_plain_columns_aliases_subqueries_and_refreshed_records_open_alike(
    people: list[uuid.UUID], db: Database
) -> None:
    other = aliased(Mentee)
    with db.sessions() as session:
        pairs = select(Mentee.about, other.about).join(other, other.id == Mentee.id).order_by(Mentee.reference)
        assert session.execute(pairs).all()[1] == ("secret 1 é 漢", "secret 1 é 漢")
        inner = aliased(Mentee, select(Mentee).where(Mentee.id == people[1]).subquery())
        assert session.scalars(select(inner)).one().about == "secret 1 é 漢"
        both = select(Mentee.id, Mentee.about).union_all(select(Mentee.id, Mentee.about))
        assert len({row.about for row in session.execute(both)}) == 2
        mentee = session.scalars(select(Mentee).where(Mentee.id == people[0]).options(undefer_group(GROUP))).one()
        session.refresh(mentee)
        assert mentee.about == "secret 0 é 漢"
        session.expire(mentee)
        assert mentee.about == "secret 0 é 漢"


def test_a_change_is_bound_to_its_row_and_what_did_not_change_is_not_written_anew(
    people: list[uuid.UUID], db: Database
) -> None:
    before = stands(db, "mentee.about", people[0])
    with db.transaction() as session:
        for row in people:
            mentee = session.get_one(Mentee, row)
            mentee.about, mentee.stated_gender_why = mentee.about, f"new {row}"
    assert stands(db, "mentee.about", people[0]) == before
    with db.sessions() as session:
        assert [session.get_one(Mentee, row).stated_gender_why for row in people] == [f"new {row}" for row in people]


def test_many_rows_at_once_are_each_bound_to_their_own(people: list[uuid.UUID], db: Database) -> None:
    rows = [{"id": uuid.uuid4(), "mentee_id": people[0], "name": f"Name {n}", "why": ""} for n in range(3)]
    with db.transaction() as session:
        session.execute(insert(ContactBan), rows)
        risks = session.scalars(select(RiskOfHarm.id).order_by(RiskOfHarm.id)).all()
        session.execute(update(RiskOfHarm), [{"id": row, "source": f"all {row}"} for row in risks])
    with db.sessions() as session:
        found = session.scalars(select(ContactBan).where(ContactBan.mentee_id == people[0])).all()
        assert {ban.name for ban in found} == {"Kim 0", "Name 0", "Name 1", "Name 2"}
        assert {risk.source for risk in session.scalars(select(RiskOfHarm))} == {f"all {row}" for row in risks}


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("about = (SELECT other.about FROM mentee other WHERE other.id = :two)", "another row"),
        ("about = release_missing_why", "another column"),
        ("about = (SELECT name FROM contact_ban WHERE mentee_id = :one)", "another table"),
        ("about = 'k1:' || upper(substr(about, 4))", "changed"),
        ("about = 'k1:' || substr(about, 4, 20)", "cut off"),
        ("about = 'k1:é'", "no base64"),
    ],
)
def test_a_value_opens_nowhere_but_where_it_was_written(
    people: list[uuid.UUID], db: Database, target: str, source: str
) -> None:
    one, two = (_as_id(db, row) for row in people)
    with db.transaction() as session:
        session.execute(
            text(f"UPDATE mentee SET {target} WHERE id = :one").bindparams(one=one)
            if ":two" not in target
            else text(f"UPDATE mentee SET {target} WHERE id = :one").bindparams(one=one, two=two)
        )
    with db.sessions() as session, pytest.raises(Unreadable, match="belongs elsewhere"):
        assert session.get_one(Mentee, people[0]).about, source


def test_a_value_under_an_unknown_key_says_which_key_is_missing(people: list[uuid.UUID], db: Database) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE mentee SET about = 'k9:' || substr(about, 4)"))
    with db.sessions() as session, pytest.raises(KeysUnfit, match="k9"):
        assert session.get_one(Mentee, people[0]).about


def test_a_process_without_keys_neither_reads_nor_writes(people: list[uuid.UUID], db: Database) -> None:
    held = encryption.keyring()
    encryption.use(None)
    try:
        with db.sessions() as session, pytest.raises(KeysUnfit, match="no DATA_KEYS"):
            assert session.get_one(Mentee, people[0]).about
    finally:
        encryption.use(held)


def test_a_statement_that_names_no_row_cannot_write(people: list[uuid.UUID], db: Database) -> None:
    for statement in (
        update(Mentee).values(about="x"),
        update(Mentee).where(Mentee.id == people[0]).values(about="x"),
        insert(ContactBan).values(id=uuid.uuid4(), mentee_id=people[0], name="x", why=""),
    ):
        with pytest.raises(StatementError, match="only through its record"), db.transaction() as session:
            session.execute(statement)
    assert stands(db, "mentee.about", people[0]).startswith("k1:")


def test_nothing_encrypted_is_compared_sorted_or_summed_in_the_database(db: Database) -> None:
    for compare in (
        lambda: Mentee.about == "x",
        lambda: Mentee.about.contains("x"),
        lambda: RiskOfHarm.level >= RiskLevel.HIGH,
        RiskOfHarm.level.desc,
        lambda: RiskOfHarm.level.in_([1]),
    ):
        with pytest.raises(NotSealable, match="in Python"):
            compare()
    with db.sessions() as session:
        assert session.scalars(select(Mentee.id).where(Mentee.stated_gender.is_(None))).all() == []
        with pytest.raises(AttributeError):
            session.execute(select(func.max(RiskOfHarm.level)))
        with pytest.raises(AttributeError):
            session.execute(select(select(Mentee.about).subquery().c.about))


def test_a_list_reads_and_opens_nothing_confidential(people: list[uuid.UUID], db: Database) -> None:
    with db.sessions() as session, counted(db.engine) as statements:
        opened: dict[tuple[str, str], None] = {}
        token = encryption.OPENED.set(opened)
        found = session.scalars(select(Mentee).order_by(Mentee.id)).all()
        encryption.OPENED.reset(token)
    assert len(found) == len(people)
    assert opened == {}
    assert "about" not in " ".join(statements)


def test_a_column_knows_its_place_also_in_a_copy_of_its_table() -> None:
    column = Mentee.__table__.c.about
    assert isinstance(column.type, Sealed)
    assert column.type.place == "mentee.about"
    assert encryption.sealed_names(RiskOfHarm.__table__) == {"level", "source", "assessed_on"}


def test_the_same_value_never_stands_there_twice_alike(people: list[uuid.UUID], db: Database) -> None:
    with db.transaction() as session:
        for row in people:
            session.get_one(Mentee, row).about = "the same"
    assert stands(db, "mentee.about", people[0]) != stands(db, "mentee.about", people[1])
    with db.sessions() as session:
        raw = select(type_coerce(Mentee.__table__.c.about, String)).order_by(Mentee.id)
        assert len(set(session.scalars(raw))) == 2


def test_a_day_and_a_missing_value_are_kept_apart(people: list[uuid.UUID], db: Database) -> None:
    with db.transaction() as session:
        risk = session.scalars(select(RiskOfHarm).where(RiskOfHarm.mentee_id == people[0])).one()
        risk.assessed_on = date(2020, 2, 29)
    with db.sessions() as session:
        days = select(RiskOfHarm.assessed_on).where(RiskOfHarm.mentee_id == people[0])
        assert session.scalars(days).one() == date(2020, 2, 29)
