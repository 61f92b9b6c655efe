"""The keys under which level 2 values lie in the database: several with names, the first of them current.

A process that shares a file with others picks a new key up by itself: when it meets a value under a name that it does
not know, and within a second when it writes.
"""

import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from foundation.key_texts import ENTRY, KeysUnfit, format_keys, parse_keys, read_source

NONCE_BYTES = 12
LOOK_AGAIN_SECONDS = 1.0
"""How old the knowledge of which key is current may be when something is written."""


class Unreadable(Exception):
    """A sealed value was changed, or does not belong to the place at which it stands."""


class Keyring:
    """Named keys, one of them current.

    Args:
        keys: Name to 32 bytes; the first is current.
        source: The file they came from, read again when it changes; None where they came from the environment.
    """

    def __init__(self, keys: Mapping[str, bytes], source: Path | None = None) -> None:
        self._source = source
        self._looked_at, self._mark = time.monotonic(), _mark_of(source)
        self._take(keys)

    def _take(self, keys: Mapping[str, bytes]) -> None:
        """Use these keys from now on."""
        self._keys = dict(keys)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = next(iter(keys))

    @property
    def source(self) -> Path | None:
        """The file that a new key is written to."""
        return self._source

    @property
    def names(self) -> list[str]:
        """Names of all keys, the current one first."""
        return list(self._keys)

    @property
    def current(self) -> str:
        """Name of the key for what is written now; looks at the file again once a second."""
        if self._source is not None and time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self.look_again()
        return self._current

    def look_again(self) -> None:
        """Read the file again if it has changed; unfit contents leave the known keys in use."""
        self._looked_at, mark = time.monotonic(), _mark_of(self._source)
        if self._source is None or mark == self._mark:
            return
        try:
            self._take(parse_keys(read_source(self._source)))
        except KeysUnfit:
            return
        self._mark = mark

    def seal(self, content: bytes, place: str) -> str:
        """Encrypt with the current key so that only the same place opens it again.

        Args:
            content: What is hidden.
            place: Where it will stand, such as ``mentee.about:`` with the id of the row.

        Returns:
            Name of the key, a colon, and nonce with ciphertext in base64.
        """
        name = self.current
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[name].encrypt(nonce, content, place.encode())
        return f"{name}:{binascii.b2a_base64(nonce + sealed, newline=False).decode('ascii')}"

    def open(self, sealed: str, place: str) -> bytes:
        """Decrypt what was sealed for a place.

        Raises:
            KeysUnfit: It lies under a key that is not known.
            Unreadable: It was changed or belongs elsewhere.
        """
        name, _colon, body = sealed.partition(":")
        cipher = self._ciphers.get(name)
        if cipher is None:
            self.look_again()
            cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeysUnfit(f"A value lies under the key “{name}”, which is not among the {ENTRY} of this process.")
        try:
            raw = binascii.a2b_base64(body)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise Unreadable(f"the value at {place} was changed or belongs elsewhere") from None

    def check_value(self, name: str) -> str:
        """Compute the value by which a database knows a key again without holding it."""
        return hmac.new(self._keys[name], f"alongside key check {name}".encode(), hashlib.sha256).hexdigest()[:32]

    def text_with(self, name: str, key: bytes) -> str:
        """Write down all keys with a new current one before them."""
        return format_keys({name: key, **self._keys})

    def text_without(self, name: str) -> str:
        """Write down all keys but one."""
        return format_keys({known: key for known, key in self._keys.items() if known != name})


def _mark_of(source: Path | None) -> tuple[int, int] | None:
    """Tell by what a changed file is known."""
    try:
        status = source.stat() if source is not None else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ino) if status is not None else None
