"""Ways for a letter to leave: a mail server, or a folder that the administrator of a trial can read."""

import contextlib
import smtplib
import ssl
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from foundation import clock

SMTP_TIMEOUT_SECONDS = 20
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# Letters are written in seven bits, as not every server on the way carries eight.
_POLICY = policy.default.clone(cte_type="7bit")


class MailRefused(Exception):
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
            server = self._connect()
            try:
                self._introduce(server)
                server.send_message(message)
                # The letter is taken; a server that says goodbye badly must not make us send it again.
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
            finally:
                server.close()
        except smtplib.SMTPException as error:
            raise MailRefused(str(error)) from error

    def _connect(self) -> smtplib.SMTP:
        """Reach the server."""
        host = self.address.hostname or "localhost"
        if self.address.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self.address.port or 465, timeout=SMTP_TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(host, self.address.port or 25, timeout=SMTP_TIMEOUT_SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        """Encrypt the connection where the server offers that, and sign in where we have a password.

        Raises:
            MailRefused: The password would travel unencrypted.
        """
        server.ehlo()
        is_encrypted = isinstance(server, smtplib.SMTP_SSL)
        if not is_encrypted and server.has_extn("starttls"):
            # Without a context of ours the library would accept any certificate.
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            is_encrypted = True
        if self.address.username:
            if not is_encrypted and self.address.hostname not in LOOPBACK:
                raise MailRefused("the server offers no encryption, and the password is not sent without it")
            server.login(unquote(self.address.username), unquote(self.address.password or ""))


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
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter_id}@alongside>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
