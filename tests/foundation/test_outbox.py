"""Letters: written with what they tell of, sent once, tried again, never lost."""

import smtplib
import ssl
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from foundation import mail, outbox
from foundation.db import Database
from foundation.mail import FolderMailer, MailRefused, SmtpMailer
from foundation.outbox import CLAIM_MINUTES, MOST_ATTEMPTS, Letter, LetterState, send_waiting, write_letter
from tests.conftest import NOW
from tests.foundation.postbox import Postbox, free_port, listening, self_signed

BODY = (
    "Grüße, 漢字 and “that”.\n\nhttps://alongside.test/invitations/"
    + "x" * 90
    + "\n.\nA line that begins with a dot.\n"
)


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server that takes everything."""
    with listening(Postbox()) as found:
        yield found


@pytest.fixture
def mailer(box: Postbox) -> SmtpMailer:
    """The portal's way to that server."""
    return SmtpMailer(f"smtp://127.0.0.1:{box.port}", "portal@alongside.test")


def write(db: Database, *subjects: str, to: str = "ada@mail.example") -> None:
    with db.transaction() as session:
        for subject in subjects:
            write_letter(session, to=to, subject=subject, body=BODY, at=NOW)


def states(db: Database) -> dict[str, LetterState]:
    with db.sessions() as session:
        return {letter.subject: letter.state for letter in session.scalars(select(Letter).order_by(Letter.id))}


class Clock:
    """A clock that a test moves on.

    Attributes:
        now: What it shows.
    """

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)


class Refusing:
    """A mailer that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tries = 0

    def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
        self.tries += 1
        raise self.error


def test_every_letter_goes_out_once_with_its_words_intact(db: Database, box: Postbox, mailer: SmtpMailer) -> None:
    write(db, "Grüße an Ada", "Second", "Third")
    assert send_waiting(db, mailer, Clock()) == 3
    assert send_waiting(db, mailer, Clock()) == 0
    assert {letter["Subject"] for letter in box.letters} == {"Grüße an Ada", "Second", "Third"}
    for letter in box.letters:
        assert letter.get_content().replace("\r\n", "\n") == BODY
        assert letter["To"] == "ada@mail.example"
        assert letter["From"] == "portal@alongside.test"
        assert letter["Date"].datetime == NOW
    assert set(states(db).values()) == {LetterState.SENT}


def test_a_letter_travels_in_seven_bits(box: Postbox, mailer: SmtpMailer) -> None:
    mailer.send(uuid.uuid4(), "ada@mail.example", "Grüße", BODY)
    assert box.letters[0].as_bytes().isascii()


def test_a_letter_of_an_undone_transaction_never_goes_out(db: Database, box: Postbox, mailer: SmtpMailer) -> None:
    with pytest.raises(RuntimeError, match="planted"), db.transaction() as session:
        write_letter(session, to="ada@mail.example", subject="No", body="No", at=NOW)
        raise RuntimeError("planted")
    assert send_waiting(db, mailer, Clock()) == 0
    assert box.letters == []


def test_a_letter_that_the_server_refuses_is_tried_again_later(db: Database, box: Postbox, mailer: SmtpMailer) -> None:
    write(db, "First", "Second")
    box.answer = "451 later, please"
    clock = Clock()
    assert send_waiting(db, mailer, clock) == 0
    assert set(states(db).values()) == {LetterState.WAITING}
    box.answer = "250 taken"
    assert send_waiting(db, mailer, clock) == 0
    clock.move(minutes=2)
    assert send_waiting(db, mailer, clock) == 2
    assert len(box.letters) == 2


def test_no_letter_is_lost_while_the_server_is_away(db: Database) -> None:
    names = [f"Letter {number}" for number in range(20)]
    write(db, *names)
    box, clock = Postbox(), Clock()
    box.port = free_port()
    mailer = SmtpMailer(f"smtp://127.0.0.1:{box.port}", "portal@alongside.test")
    assert send_waiting(db, mailer, clock) == 0
    clock.move(hours=1)
    with listening(box):
        assert send_waiting(db, mailer, clock) == 20
    assert sorted(letter["Subject"] for letter in box.letters) == sorted(names)


def test_a_letter_that_is_never_taken_is_given_up_in_the_end_and_says_why(db: Database) -> None:
    write(db, "Unwanted")
    refusing, clock = Refusing(MailRefused("550 no such person")), Clock()
    for _ in range(MOST_ATTEMPTS + 5):
        send_waiting(db, refusing, clock)
        clock.move(hours=5)
    assert refusing.tries == MOST_ATTEMPTS
    assert states(db) == {"Unwanted": LetterState.FAILED}
    with db.sessions() as session:
        assert "550 no such person" in session.scalars(select(Letter)).one().last_error


def test_a_letter_that_cannot_be_composed_does_not_hold_up_the_others(
    db: Database, box: Postbox, mailer: SmtpMailer
) -> None:
    write(db, "Poison", to="ada@mail.example\nBcc: everybody@mail.example")
    write(db, "Healthy")
    assert send_waiting(db, mailer, Clock()) == 1
    assert [letter["Subject"] for letter in box.letters] == ["Healthy"]
    assert states(db) == {"Poison": LetterState.WAITING, "Healthy": LetterState.SENT}


def test_a_letter_whose_worker_died_while_sending_goes_out_again_as_the_same_letter(
    db: Database, box: Postbox, mailer: SmtpMailer
) -> None:
    write(db, "First")
    clock = Clock()

    class Dying(SmtpMailer):
        def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
            super().send(letter_id, to, subject, body)
            raise SystemExit

    with pytest.raises(SystemExit):
        send_waiting(db, Dying(f"smtp://127.0.0.1:{box.port}", "portal@alongside.test"), clock)
    assert send_waiting(db, mailer, clock) == 0
    clock.move(minutes=CLAIM_MINUTES)
    assert send_waiting(db, mailer, clock) == 1
    assert box.letters[0]["Message-ID"] == box.letters[1]["Message-ID"]


def test_several_workers_at_once_send_every_letter_once(db: Database, box: Postbox, mailer: SmtpMailer) -> None:
    names = [f"Letter {number}" for number in range(40)]
    write(db, *names)
    workers = [threading.Thread(target=send_waiting, args=(db, mailer, Clock())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(letter["Subject"] for letter in box.letters) == sorted(names)


def test_a_worker_that_was_too_slow_does_not_overwrite_what_the_next_one_did(db: Database) -> None:
    write(db, "First")
    slow = outbox._claim_next(db, NOW)
    assert slow is not None
    later = NOW + timedelta(minutes=CLAIM_MINUTES)
    quick = outbox._claim_next(db, later)
    assert quick is not None
    outbox._finish(db, quick, later, None)
    outbox._finish(db, slow, later, MailRefused("too late"))
    assert states(db) == {"First": LetterState.SENT}


def test_a_letter_claimed_by_one_worker_is_not_given_to_another(db: Database) -> None:
    write(db, "First")
    assert outbox._claim_next(db, NOW) is not None
    assert outbox._claim_next(db, NOW + timedelta(minutes=CLAIM_MINUTES - 1)) is None


def test_a_claim_counts_from_the_moment_it_is_made_however_long_the_others_took(db: Database) -> None:
    write(db, "First", "Second")
    clock = Clock()
    claims = []

    class Slow:
        def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
            with db.sessions() as session:
                claims.append(session.get_one(Letter, letter_id).due_at - clock.now)
            clock.move(minutes=CLAIM_MINUTES + 1)

    assert send_waiting(db, Slow(), clock) == 2
    assert claims == [timedelta(minutes=CLAIM_MINUTES)] * 2


def test_a_server_that_says_goodbye_badly_does_not_get_the_letter_twice(
    db: Database, box: Postbox, mailer: SmtpMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_server: smtplib.SMTP) -> None:
        raise TimeoutError

    monkeypatch.setattr(smtplib.SMTP, "quit", fail)
    write(db, "First")
    assert send_waiting(db, mailer, Clock()) == 1
    assert len(box.letters) == 1


def test_a_password_is_not_sent_over_an_open_line(box: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LOOPBACK", set())
    mailer = SmtpMailer(f"smtp://portal:secret@127.0.0.1:{box.port}", "portal@alongside.test")
    with pytest.raises(MailRefused, match="not sent without"):
        mailer.send(uuid.uuid4(), "ada@mail.example", "Hello", "Hello")
    assert box.letters == []


@pytest.mark.parametrize(("scheme", "option"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_a_server_for_whose_certificate_nobody_vouches_gets_no_letter(tmp_path: Path, scheme: str, option: str) -> None:
    box = Postbox()
    with listening(box, **{option: self_signed(tmp_path)}):
        mailer = SmtpMailer(f"{scheme}://127.0.0.1:{box.port}", "portal@alongside.test")
        with pytest.raises(ssl.SSLCertVerificationError):
            mailer.send(uuid.uuid4(), "ada@mail.example", "Hello", "Hello")
    assert box.letters == []


def test_where_there_is_no_server_letters_lie_in_a_folder(tmp_path: Path, db: Database) -> None:
    mailer = FolderMailer(tmp_path / "letters", "portal@alongside.test")
    assert mailer.read_letters() == []
    write(db, "First", "Second")
    assert send_waiting(db, mailer, Clock()) == 2
    letters = mailer.read_letters()
    assert {letter["Subject"] for letter in letters} == {"First", "Second"}
    assert {letter.get_content() for letter in letters} == {BODY}


def test_a_folder_that_cannot_be_written_keeps_letters_waiting(tmp_path: Path, db: Database) -> None:
    (tmp_path / "letters").write_text("a file where the folder should be")
    write(db, "First")
    assert send_waiting(db, FolderMailer(tmp_path / "letters", "portal@alongside.test"), Clock()) == 0
    assert states(db) == {"First": LetterState.WAITING}


def test_a_line_break_in_a_subject_cannot_smuggle_a_header() -> None:
    message = mail.compose(uuid.uuid4(), "a@b.example", "c@d.example", "Hello\r\nBcc: x@y.example", "Body")
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: x@y.example"
