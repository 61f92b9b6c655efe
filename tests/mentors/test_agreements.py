"""Documents of a scheme: written in versions, read, accepted by name or on paper, and asked again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.outbox import Letter
from mentors import jobs, operations, queries
from mentors.models import Acceptance, Volunteer
from mentors.rules import (
    Asks,
    BlockKind,
    Edition,
    Fate,
    Stage,
    StepName,
    StepState,
    blocks_of,
    compare,
    has_word,
    in_force,
    newest,
    task_list,
)
from tests.conftest import Saved
from tests.pages import Page, PageClient, counted

TODAY = date(2026, 11, 16)
DOCUMENT = uuid4()


def edition(number: int, asks: Asks = Asks.EVERYBODY, days: int = 0) -> Edition:
    return Edition(uuid4(), DOCUMENT, number, "Agreement", TODAY + timedelta(days=days), asks)


# ------------------------------------------------------------------------------------------------------------ rules


def test_the_version_that_holds_is_the_last_whose_day_has_come() -> None:
    versions = [edition(1, days=-9), edition(2, days=-2), edition(3, days=-2), edition(4, days=1)]
    held = [in_force(versions, TODAY + timedelta(days=days)) for days in (-10, -9, -2, 0, 1)]
    assert [found.number if found else None for found in held] == [None, 1, 3, 3, 4]


@pytest.mark.parametrize(
    ("asks", "accepted", "expected"),
    [
        ((Asks.EVERYBODY,), (), False),
        ((Asks.EVERYBODY,), (1,), True),
        ((Asks.NEWCOMERS,), (), False),
        ((Asks.EVERYBODY, Asks.NEWCOMERS), (1,), True),
        ((Asks.EVERYBODY, Asks.NEWCOMERS), (), False),
        ((Asks.EVERYBODY, Asks.EVERYBODY), (1,), False),
        ((Asks.EVERYBODY, Asks.EVERYBODY, Asks.NEWCOMERS), (1,), False),
        ((Asks.EVERYBODY, Asks.EVERYBODY, Asks.NEWCOMERS), (2,), True),
        ((Asks.EVERYBODY, Asks.NOBODY), (), True),
        ((Asks.NOBODY, Asks.NEWCOMERS), (), False),
    ],
)
def test_a_word_counts_until_a_version_asks_everybody_anew(
    asks: tuple[Asks, ...], accepted: tuple[int, ...], expected: bool
) -> None:
    versions = [edition(number, one) for number, one in enumerate(asks, 1)]
    assert has_word(versions, newest(versions), accepted) is expected


def test_a_text_is_read_as_headings_paragraphs_and_lists() -> None:
    blocks = blocks_of("# One\nA line\nand its end.\n\n- first\n- second\nAfter.\n\n\n# Two\n# Three")
    assert [(block.kind, block.lines) for block in blocks] == [
        (BlockKind.HEADING, ("One",)),
        (BlockKind.PARAGRAPH, ("A line", "and its end.")),
        (BlockKind.LIST, ("first", "second")),
        (BlockKind.PARAGRAPH, ("After.",)),
        (BlockKind.HEADING, ("Two",)),
        (BlockKind.HEADING, ("Three",)),
    ]


def test_a_comparison_shows_the_words_that_changed() -> None:
    (line,) = compare("Come once a month.", "Come twice a month.")
    assert [(piece.fate, piece.words) for piece in line] == [
        (Fate.KEPT, "Come"),
        (Fate.REMOVED, "once"),
        (Fate.ADDED, "twice"),
        (Fate.KEPT, "a month."),
    ]


TEXTS = st.text(alphabet="ab \n#-", max_size=60)


@given(before=TEXTS, after=TEXTS)
def test_a_comparison_holds_all_words_of_both_texts_and_no_others(before: str, after: str) -> None:
    pieces = [piece for line in compare(before, after) for piece in line]
    old = " ".join(piece.words for piece in pieces if piece.fate is not Fate.ADDED)
    new = " ".join(piece.words for piece in pieces if piece.fate is not Fate.REMOVED)
    assert (old.split(), new.split()) == (before.split(), after.split())


@given(text=st.text(max_size=300))
def test_no_word_of_a_text_is_lost_when_it_is_read(text: str) -> None:
    shown = " ".join(line for block in blocks_of(text) for line in block.lines)
    kept = [word for word in shown.split() if word not in {"#", "-"}]
    assert kept == [word for word in text.split() if word not in {"#", "-"}]


@pytest.mark.parametrize(("has_agreed", "expected"), [(None, StepState.NOW), (True, StepState.DONE)])
def test_the_step_of_the_agreement_is_done_by_what_was_accepted(has_agreed: bool | None, expected: StepState) -> None:
    steps = task_list(Stage.TRAINING, reached=Stage.TRAINING, passed=(), has_agreed=has_agreed)
    assert {step.name: step.state for step in steps}[StepName.AGREEMENT] is expected
    ready = task_list(Stage.READY, reached=Stage.READY, passed=(), has_agreed=False)
    assert {step.name: step.state for step in ready}[StepName.AGREEMENT] is StepState.NOW


# ------------------------------------------------------------------------------------------------------- operations


def test_a_version_never_holds_from_a_day_that_has_passed_or_before_the_last(build: Builder) -> None:
    with pytest.raises(Refusal, match="has passed"):
        build.document(effective_on=TODAY - timedelta(days=1))
    first = build.document(effective_on=TODAY + timedelta(days=5))
    with pytest.raises(Refusal, match="not before"):
        build.document(after=first, effective_on=TODAY + timedelta(days=4))
    with pytest.raises(Refusal, match="title"):
        build.document(" ")
    with pytest.raises(Refusal, match="text"):
        build.document(text=" \n")


def test_two_who_write_the_next_version_at_once_do_not_undo_each_other(build: Builder, session: Session) -> None:
    first = build.document()
    build.document(after=first)
    with pytest.raises(Conflict):
        operations.write_document(
            session,
            title="Mine",
            text="Mine.",
            effective_on=TODAY,
            asks=Asks.NOBODY,
            document_id=first.document_id,
            after=1,
            by=build.portal(),
            at=build.at,
        )


def test_everybody_accepts_for_themselves_and_only_the_newest_version(build: Builder, session: Session) -> None:
    volunteer, other = build.volunteer(Stage.TRAINING), build.actor(Role.VOLUNTEER)
    first = build.document()
    with pytest.raises(NotPermitted):
        operations.accept_document(session, volunteer=volunteer, version=first, typed_name="Ada", by=other, at=build.at)
    second = build.document(after=first)
    with pytest.raises(Refusal, match="newer version"):
        build.accept(volunteer, first)
    word = build.accept(volunteer, second)
    assert build.accept(volunteer, second) is word
    assert (word.typed_name, word.noted_at, word.entered_by_id) == (volunteer.person.name, build.at, None)


def test_a_signature_on_paper_needs_a_reason_and_a_day_that_has_come(build: Builder, session: Session) -> None:
    volunteer, version = build.volunteer(Stage.TRAINING), build.document()
    by = build.actor(Role.COORDINATOR)
    paper = {"volunteer": volunteer, "version": version, "by": by, "at": build.at}
    with pytest.raises(Refusal, match="Say why"):
        operations.enter_acceptance(session, accepted_on=TODAY, why=" ", **paper)  # type: ignore[arg-type] # the arguments are of several types.
    with pytest.raises(Refusal, match="to come"):
        operations.enter_acceptance(session, accepted_on=TODAY + timedelta(days=1), why="Yes", **paper)  # type: ignore[arg-type] # the arguments are of several types.
    word = operations.enter_acceptance(session, accepted_on=TODAY, why="No phone.", **paper)  # type: ignore[arg-type] # the arguments are of several types.
    assert (word.entered_by_id, word.why, word.accepted_on) == (by.person_id, "No phone.", TODAY)
    with pytest.raises(NotPermitted):
        operations.enter_acceptance(
            session,
            accepted_on=TODAY,
            why="Mine.",
            volunteer=volunteer,
            version=version,
            by=build.actor(Role.COORDINATOR, person_id=volunteer.person_id),
            at=build.at,
        )


def test_a_document_of_another_scheme_is_not_there(build: Builder, session: Session) -> None:
    version = build.document(slug="turin")
    with pytest.raises(Refusal, match="no such document"):
        build.accept(build.volunteer(Stage.TRAINING), version)


@pytest.mark.parametrize("asks", [(one, other) for one in Asks for other in Asks])
def test_the_database_counts_missing_words_as_the_rule_does(
    build: Builder, session: Session, asks: tuple[Asks, Asks]
) -> None:
    has, lacks = build.volunteer(Stage.TRAINING), build.volunteer(Stage.TRAINING)
    first = build.document(asks=asks[0])
    build.accept(has, first)
    build.document(after=first, asks=asks[1])
    build.document(slug="turin")
    rows = session.execute(
        select(Volunteer.id, queries.asking_documents(), queries.unanswered_documents()).order_by(Volunteer.id)
    ).all()
    counted_there = {volunteer_id: (bool(asking), bool(unanswered)) for volunteer_id, asking, unanswered in rows}
    standings = queries.document_standings(session, build.scheme().id, [has.id, lacks.id], TODAY)
    assert counted_there == {
        volunteer_id: (asks[1] is not Asks.NOBODY, one.is_asked) for volunteer_id, (one,) in standings.items()
    }


def test_standings_take_as_many_statements_for_many_as_for_one(build: Builder, session: Session) -> None:
    few = [build.volunteer(Stage.TRAINING)]
    many = few + [build.volunteer(Stage.TRAINING) for _ in range(8)]
    for _ in range(3):
        build.accept(many[0], build.document())
    needed = []
    for group in (few, many):
        with counted(session.get_bind().engine) as statements:
            queries.document_standings(session, build.scheme().id, [row.id for row in group], TODAY)
        needed.append(len(statements))
    assert needed == [2, 2]


# --------------------------------------------------------------------------------------------------- letters, pages


def letters(db: Database) -> list[tuple[str, str]]:
    with db.sessions() as session:
        rows = session.scalars(select(Letter).order_by(Letter.to_address, Letter.id)).all()
        return [(row.to_address, row.body) for row in rows if "something for you to read" in row.body]


def test_a_new_version_writes_once_to_those_whom_it_asks(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        first = build.document("Secret title")
        build.accept(build.volunteer(Stage.TRAINING, email="has@mail.example"), first)
        build.volunteer(Stage.TRAINING, email="lacks@mail.example")
        build.volunteer(Stage.SCREENING, email="early@mail.example")
        build.document("Other", slug="turin", asks=Asks.NOBODY)
        build.volunteer(Stage.TRAINING, email="turin@mail.example", slug="turin")
    with app.app_context():
        jobs.tell_of_documents()
        jobs.tell_of_documents()
    ((address, body),) = letters(db)
    assert address == "lacks@mail.example"
    assert "http://alongside.test/my-agreements" in body
    assert "Secret" not in body
    with saved as build:
        build.document("Secret title", after=first, effective_on=TODAY + timedelta(days=7))
    with app.app_context():
        jobs.tell_of_documents()
    assert [address for address, _body in letters(db)] == [
        "has@mail.example",
        "lacks@mail.example",
        "lacks@mail.example",
    ]


def test_a_volunteer_reads_agrees_with_their_name_and_is_asked_again(
    client: PageClient, db: Database, saved: Saved
) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING, name="Ada Mercer", email="ada@mail.example")
        build.account(Role.VOLUNTEER, person=volunteer.person)
        first = build.document("Agreement", "# Promise\nCome once a month.")
    client.sign_in("ada@mail.example", PASSWORD)
    link = f"/my-agreements/{first.document_id}"
    assert "1 document to read and agree to" in client.get("/home").text
    assert link in client.get("/my-application").links()
    assert client.get("/my-agreements").text.count("Read and agree") == 1
    page = Page(client.fill(link, {"typed_name": " "}, status=422), [])
    assert page.errors == ["Type your name"]
    assert "Your word is noted" in client.follow(client.fill(link, {"typed_name": "Ada J. Mercer"})).text
    assert "as “Ada J. Mercer”" in client.get(link).text
    with saved as build:
        build.document("Agreement", "# Promise\nCome twice a month.", after=first)
    page = client.get(link)
    assert "needs your word again" in page.text
    assert "once twice" in page.text
    stale = client.get(link).form()
    with saved as build:
        build.document("Agreement", "# Promise\nCome every week.", after=first)
    page = Page(client.send(link, {**stale, "typed_name": "Ada"}, status=422), [])
    assert "newer version" in page.errors[0]
    with db.sessions() as session:
        words = session.scalars(select(Acceptance)).all()
        assert [word.typed_name for word in words] == ["Ada J. Mercer"]


@pytest.fixture
def staff(client: PageClient, saved: Saved) -> PageClient:
    with saved as build:
        build.account(Role.COORDINATOR, email="grace@mail.example")
    client.sign_in("grace@mail.example", PASSWORD)
    return client


NEW = {"title": "Agreement", "text": "# Promise\nCome.", "effective_on": "2026-11-20", "asks": Asks.EVERYBODY.value}


def test_staff_see_a_preview_before_they_save_a_document(staff: PageClient, saved: Saved) -> None:
    assert "no document yet" in staff.get("/agreements").text
    page = Page(staff.fill("/agreements/new", {**NEW, "preview": "yes"}, status=200), [])
    assert "Not saved yet" in page.text
    assert page.form()["text"] == NEW["text"].replace("\n", "\r\n") or page.form()["text"] == NEW["text"]
    assert "no document yet" in staff.get("/agreements").text
    with saved as build:
        build.volunteer(Stage.TRAINING, name="Ada Mercer")
    page = staff.follow(staff.fill("/agreements/new", NEW))
    assert "1 volunteer's word is missing" in page.text
    assert "1 word missing" in staff.get("/agreements").text


def test_staff_compare_the_next_version_with_the_last_before_they_save_it(staff: PageClient, saved: Saved) -> None:
    with saved as build:
        first = build.document("Agreement", "Come once a month.")
    address = f"/agreements/{first.document_id}"
    new = {**NEW, "text": "Come twice a month.", "changes": "Twice."}
    page = Page(staff.fill(f"{address}/next", {**new, "preview": "yes"}, status=200), [])
    assert "once twice" in page.text
    assert "Version 2" in staff.follow(staff.fill(f"{address}/next", new)).text
    page = staff.get(f"{address}/versions/2")
    assert "once twice" in page.text
    assert "Twice." in page.text
    assert "once twice" not in staff.get(f"{address}/versions/1").text
    assert staff.raw(f"{address}/versions/3").status_code == 404


def test_staff_enter_a_signature_on_paper_and_see_who_accepted(staff: PageClient, saved: Saved) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING, name="Ada Mercer")
        first = build.document("Agreement")
        build.accept(build.volunteer(Stage.TRAINING, name="Bo Lund"), first)
    address = f"/agreements/{first.document_id}"
    paper = f"/volunteers/{volunteer.id}{address}"
    assert "Bo Lund" not in staff.get(f"{address}?show=missing").text
    staff.fill(paper, {"accepted_on": "2027-01-01", "why": "x"}, status=422)
    staff.fill(paper, {"accepted_on": "2026-11-10", "why": "In the office."})
    page = staff.get(address)
    assert "In the office." in page.text
    assert "Typed “Bo Lund”" in page.text
    assert "0 volunteers' words are missing" in page.text
    assert "no document" not in staff.get(f"/volunteers/{volunteer.id}/readiness").text


def test_a_list_of_words_takes_as_many_statements_for_many_as_for_few(staff: PageClient, saved: Saved) -> None:
    with saved as build:
        first = build.document()
        build.accept(build.volunteer(Stage.TRAINING), first)
    few = len(staff.get(f"/agreements/{first.document_id}").statements)
    with saved as build:
        for number in range(6):
            build.accept(build.volunteer(Stage.TRAINING, email=f"more{number}@mail.example"), first)
            build.document(after=first)
            first = build.document(after=first)
    assert len(staff.get(f"/agreements/{first.document_id}").statements) == few
