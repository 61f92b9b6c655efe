"""How the keys of the data are written down, with the standard library alone, as it serves before any other is there.

They are written as ``name:key,name:key``, each key 32 random bytes in URL-safe base64, the current one first, and come
from the environment, a file of their own or the instance's secrets.
"""

import base64
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

KEY_BYTES = 32
ENTRY = "DATA_KEYS"
_NAME = re.compile(r"[a-z0-9]{1,16}")


class KeysUnfit(Exception):
    """The keys cannot be used; the sentence says why and never holds a key."""


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
