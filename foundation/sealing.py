"""Small secrets that the portal must read again, such as the key of an authenticator app, locked before they are kept.

A sealed value opens only for the purpose and the row it was sealed for: copied to another row it is worth nothing. The
key comes from the portal's own secret and so lies outside of the database and its backups.
"""

import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

FORMAT = b"\x01"
"""The first byte of every sealed value, so that another way to seal can be told from this one."""

NONCE_BYTES = 12
KEY_BYTES = 32


class NotOpened(Exception):
    """A sealed value was changed, belongs to another row, or was sealed under another secret."""


def seal(purpose: str, row_id: uuid.UUID, value: bytes) -> bytes:
    """Lock a value for one purpose and one row.

    Args:
        purpose: What the value is for; each purpose has a key of its own.
        row_id: The row that holds it.
        value: What nobody shall read.
    """
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(_key(purpose)).encrypt(nonce, value, _place(purpose, row_id))


def unseal(purpose: str, row_id: uuid.UUID, sealed: bytes) -> bytes:
    """Open what ``seal`` has locked for the same purpose and row.

    Raises:
        NotOpened: It does not open.
    """
    start = len(FORMAT)
    if sealed[:start] != FORMAT:
        raise NotOpened("this was not sealed here")
    nonce, locked = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        return AESGCM(_key(purpose)).decrypt(nonce, locked, _place(purpose, row_id))
    except (InvalidTag, ValueError) as error:
        raise NotOpened("a sealed value does not open here") from error


def _key(purpose: str) -> bytes:
    """Derive the key of a purpose from the portal's secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"alongside seal " + purpose.encode()).derive(secret)


def _place(purpose: str, row_id: uuid.UUID) -> bytes:
    """Name where a value belongs; it is no secret, and the value opens nowhere else."""
    return FORMAT + purpose.encode() + row_id.bytes
