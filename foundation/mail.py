"""Ways for a letter to leave: a mail server, or a folder that the administrator of a trial can read."""

import smtplib
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SMTP_TIMEOUT_SECONDS = 20


class MailRefused(Exception):  # noqa: N818 - named as the fact.
    """The mail server did not take the letter."""


class Mailer(Protocol):
    """Whatever takes a letter away."""

    def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
        """Hand one letter over.

        Raises:
            OSError: The server cannot be reached.
            MailRefused: The server does not take it.
        """


class SmtpMailer:
    """Hands letters to a mail server.

    Args:
        url: ``smtp://[user:password@]host[:port]`` with STARTTLS where offered, or ``smtps://…``.
        sender: Address that letters come from.
    """

    def __init__(self, url: str, sender: str) -> None:
        self.address = urlsplit(url)
        self.sender = sender

    def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
        """Send one letter over a connection of its own."""
        message = compose(letter_id, self.sender, to, subject, body)
        try:
            with self._connect() as server:
                if self.address.username:
                    server.login(unquote(self.address.username), unquote(self.address.password or ""))
                server.send_message(message)
        except smtplib.SMTPException as error:
            raise MailRefused(str(error)) from error

    def _connect(self) -> smtplib.SMTP:
        """Reach the server, encrypted where it offers that."""
        host = self.address.hostname or "localhost"
        if self.address.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.address.port or 465, timeout=SMTP_TIMEOUT_SECONDS)
        server = smtplib.SMTP(host, self.address.port or 25, timeout=SMTP_TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        return server


class FolderMailer:
    """Lays letters into a folder as ``.eml`` files.

    Args:
        folder: Where the files go; made when the first letter comes.
        sender: Address that letters come from.
    """

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, letter_id: uuid.UUID, to: str, subject: str, body: str) -> None:
        """Write one letter; the same letter twice is one file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        message = compose(letter_id, self.sender, to, subject, body)
        (self.folder / f"{letter_id}.eml").write_bytes(message.as_bytes())

    def read_letters(self, most: int = 200) -> list[EmailMessage]:
        """Read the newest letters, newest first."""
        if not self.folder.exists():
            return []
        files = sorted(self.folder.glob("*.eml"), key=lambda file: (-file.stat().st_mtime_ns, file.name))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files[:most]]


def compose(letter_id: uuid.UUID, sender: str, to: str, subject: str, body: str) -> EmailMessage:
    """Compose a plain letter whose Message-ID is its own id, so that a second sending can be recognised."""
    message = EmailMessage(policy=policy.default)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{letter_id}@alongside>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
