"""What is sealed opens only for its purpose and its row, and only under the secret it was sealed with."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask

from foundation.sealing import NotOpened, seal, unseal

ROW = uuid.UUID(int=1)
OTHER = uuid.UUID(int=2)


@pytest.fixture(autouse=True)
def portal() -> Iterator[Flask]:
    """The least that sealing needs: a portal with a secret."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "one invented secret that is long enough"
    with app.app_context():
        yield app


def test_what_is_sealed_opens_again() -> None:
    assert unseal("app", ROW, seal("app", ROW, b"a key")) == b"a key"


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert seal("app", ROW, b"a key") != seal("app", ROW, b"a key")
    assert b"a key" not in seal("app", ROW, b"a key")


@pytest.mark.parametrize(("purpose", "row"), [("other", ROW), ("app", OTHER)])
def test_it_opens_nowhere_else(purpose: str, row: uuid.UUID) -> None:
    with pytest.raises(NotOpened):
        unseal(purpose, row, seal("app", ROW, b"a key"))


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_one_changed_bit_anywhere_is_seen(place: int) -> None:
    sealed = bytearray(seal("app", ROW, b"a key"))
    sealed[place] ^= 1
    with pytest.raises(NotOpened):
        unseal("app", ROW, bytes(sealed))


@pytest.mark.parametrize("stump", [b"", b"\x01", b"\x01abc"])
def test_a_stump_is_refused(stump: bytes) -> None:
    with pytest.raises(NotOpened):
        unseal("app", ROW, stump)


def test_another_secret_does_not_open_it(portal: Flask) -> None:
    sealed = seal("app", ROW, b"a key")
    portal.config["SECRET_KEY"] = "another invented secret, long enough too"
    with pytest.raises(NotOpened):
        unseal("app", ROW, sealed)
