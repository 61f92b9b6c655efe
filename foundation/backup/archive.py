"""What lies inside a backup: named entries one after the other, and a manifest at the end that proves them all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field

from foundation.backup.sealing import BackupFault

MANIFEST = "manifest.json"
LENGTH_BYTES = 4


@dataclass
class Manifest:
    """What a backup says of itself.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        made_at: The moment, in UTC.
        revision: Where the schema stood.
        entries: SHA-256 of every entry by its name.
        rows: Number of rows by table.
        columns: The columns of every table in the order of its rows; only PostgreSQL needs them.
    """

    kind: str
    made_at: str
    revision: str
    entries: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)


class Packer:
    """Writes entries, and keeps their digests for the manifest.

    Args:
        write: Takes bytes.
        manifest: Is completed with the digest of every entry, and written at the end.
    """

    def __init__(self, write: Callable[[bytes], None], manifest: Manifest) -> None:
        self._write = write
        self._manifest = manifest

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write one entry."""
        digest = hashlib.sha256()
        self._block(name.encode())
        for block in blocks:
            if block:
                digest.update(block)
                self._block(block)
        self._block(b"")
        self._manifest.entries[name] = digest.hexdigest()

    def finish(self) -> None:
        """Write the manifest as the last entry."""
        text = json.dumps(asdict(self._manifest), sort_keys=True).encode()
        for block in (MANIFEST.encode(), text, b""):
            self._block(block)

    def _block(self, data: bytes) -> None:
        """Write bytes behind their length."""
        self._write(len(data).to_bytes(LENGTH_BYTES, "big") + data)


class Unpacker:
    """Reads entries one after the other, and in the end the manifest, against which they are then held.

    Args:
        chunks: The plain bytes of a backup.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._waiting = bytearray()
        self._found: dict[str, str] = {}
        self.manifest: Manifest | None = None

    def entries(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Give every entry with its blocks; the blocks of one must be used up before the next is asked for.

        Raises:
            BackupFault: An entry is not the one that the manifest names.
        """
        while (name := self._block().decode()) != MANIFEST:
            yield name, self._blocks(name)
        self.manifest = Manifest(**json.loads(b"".join(self._blocks(name))))
        self._found.pop(name)
        # Asking for more proves the last chunk, and with it that nothing was cut off.
        if self._waiting or any(self._chunks) or self._found != self.manifest.entries:
            raise BackupFault("The entries of this backup are not those that its manifest names.")

    def _blocks(self, name: str) -> Iterator[bytes]:
        """Give the blocks of one entry and note its digest."""
        digest = hashlib.sha256()
        while block := self._block():
            digest.update(block)
            yield block
        self._found[name] = digest.hexdigest()

    def _block(self) -> bytes:
        """Read bytes behind their length."""
        return self._take(int.from_bytes(self._take(LENGTH_BYTES), "big"))

    def _take(self, length: int) -> bytes:
        """Take a number of bytes off the front."""
        while len(self._waiting) < length:
            chunk = next(self._chunks, None)
            if chunk is None:
                raise BackupFault("This backup ends too early.")
            self._waiting += chunk
        taken = bytes(self._waiting[:length])
        del self._waiting[:length]
        return taken
