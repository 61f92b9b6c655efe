"""The keys under which level 2 values lie in the database: several with names, the first of them current.

They are written as ``name:key,name:key``, each key 32 random bytes in URL-safe base64, and come from the environment, a
file of their own or the instance's secrets. A process that shares a file with others picks a new key up by itself: when
it meets a value under a name that it does not know, and within a second when it writes.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
LOOK_AGAIN_SECONDS = 1.0
"""How old the knowledge of which key is current may be when something is written."""
ENTRY = "DATA_KEYS"
_NAME = re.compile(r"[a-z0-9]{1,16}")


class KeysUnfit(Exception):
    """The keys cannot be used; the sentence says why and never holds a key."""


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


def new_key() -> bytes:
    """Make a key."""
    return secrets.token_bytes(KEY_BYTES)


def format_keys(keys: Mapping[str, bytes]) -> str:
    """Write keys down, the current one first."""
    return ",".join(f"{name}:{base64.urlsafe_b64encode(key).decode('ascii')}" for name, key in keys.items())


def parse_keys(text: str) -> dict[str, bytes]:
    """Read keys.

    Raises:
        KeysUnfit: There is none, or one is badly written, too short, too regular or named twice.
    """
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _colon, body = part.partition(":")
        if not _NAME.fullmatch(name):
            raise KeysUnfit("a key needs a name of small letters and digits before its colon.")
        if name in keys:
            raise KeysUnfit(f"the key “{name}” is there twice.")
        keys[name] = _parse_key(name, body)
    if not keys:
        raise KeysUnfit("there is none.")
    return keys


def _parse_key(name: str, body: str) -> bytes:
    """Read one key."""
    try:
        key = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise KeysUnfit(f"the key “{name}” is not URL-safe base64.") from None
    if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
        raise KeysUnfit(f"the key “{name}” must be {KEY_BYTES} random bytes.")
    return key


def read_source(file: Path) -> str:
    """Read the text of keys from a file that holds nothing else, or from the secrets of an instance."""
    try:
        text = file.read_text(encoding="utf-8").strip()
        found = json.loads(text) if text.startswith("{") else {ENTRY: text}
    except (OSError, ValueError):
        return ""
    return str(found.get(ENTRY, ""))


def write_source(file: Path, text: str) -> None:
    """Put the text of keys into their file at once, readable by its owner alone; what else is in it stays."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    whole = json.dumps({**json.loads(before), ENTRY: text}) if before.lstrip().startswith("{") else text
    number, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(number, "w", encoding="utf-8") as written:
        written.write(whole)
        written.flush()
        os.fsync(written.fileno())
    Path(name).replace(file)


def _mark_of(source: Path | None) -> tuple[int, int] | None:
    """Tell by what a changed file is known."""
    try:
        status = source.stat() if source is not None else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ino) if status is not None else None
