"""One encrypted file that is whole or refused: AES-256-GCM in chunks, each bound to its place and the last to the end.

This is the STREAM construction: the nonce of a chunk is a random prefix, the number of the chunk and a mark for the
last one, so a chunk that was altered, left out, moved or cut off does not open.

**Source:** Hoang, Reyhanitabar, Rogaway, Vizár, Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, CRYPTO 2015.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"ALONGSIDE BACKUP 1\n"
SALT_BYTES = 32
PREFIX_BYTES = 7
TAG_BYTES = 16
CHUNK_BYTES = 64 * 1024
HEADER_BYTES = len(MAGIC) + SALT_BYTES + PREFIX_BYTES


class BackupFault(Exception):
    """A backup that cannot be made, read or put back; the sentence is for whoever owns the machine."""


class Sealer:
    """Writes an encrypted file; ``close`` must be called, or the file will be refused as cut off.

    Args:
        file: Where to write.
        key: The backup key as it stands in the settings.
    """

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._header = MAGIC + secrets.token_bytes(SALT_BYTES + PREFIX_BYTES)
        self._cipher = _cipher(key, self._header)
        self._number = 0
        self._waiting = bytearray()
        file.write(self._header)

    def write(self, data: bytes) -> None:
        """Add bytes; full chunks leave at once, but for the one that may turn out to be the last."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        """Encrypt one chunk for its place."""
        self._file.write(self._cipher.encrypt(_nonce(self._header, self._number, is_last=is_last), chunk, self._header))
        self._number += 1


def unsealed(file: BinaryIO, key: str) -> Iterator[bytes]:
    """Give the bytes of an encrypted file chunk by chunk, each of them proven.

    Raises:
        BackupFault: The key is another one, or the file was altered or cut off; what came before is not to be used.
    """
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise BackupFault("This is no backup of Alongside, or its beginning was altered.")
    cipher = _cipher(key, header)
    number = 0
    chunk = file.read(CHUNK_BYTES + TAG_BYTES)
    is_last = False
    while not is_last:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        is_last = not following
        try:
            yield cipher.decrypt(_nonce(header, number, is_last=is_last), chunk, header)
        except (InvalidTag, ValueError) as error:
            raise BackupFault("The key is another one, or the file was altered or cut off.") from error
        chunk, number = following, number + 1


def _cipher(key: str, header: bytes) -> AESGCM:
    """Derive the key of one file, so that no two files share one."""
    if not key:
        raise BackupFault("There is no backup key; set ALONGSIDE_BACKUP_KEY or BACKUP_KEY in secrets.json.")
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    return AESGCM(HKDF(SHA256(), 32, salt, b"alongside backup").derive(key.encode()))


def _nonce(header: bytes, number: int, *, is_last: bool) -> bytes:
    """Name the place of a chunk: the file's prefix, its number, and whether it is the last."""
    return header[-PREFIX_BYTES:] + number.to_bytes(4, "big") + bytes([is_last])
