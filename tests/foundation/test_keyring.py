"""What lies sealed is AES-256-GCM and nothing weaker, as another reader of the same standard finds."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from foundation.key_texts import KeysUnfit, parse_keys
from foundation.keyring import Keyring, Unreadable
from tests.conftest import DATA_KEYS

KEYS = parse_keys(DATA_KEYS)
PLACE = "mentee.about:0"
TAG_BYTES = 16


def opened(sealed: str, place: str) -> bytes:
    """Open a value step by step as the standard of GCM has it, without the portal's own reading."""
    name, _colon, body = sealed.partition(":")
    raw = base64.b64decode(body)
    nonce, locked, tag = raw[:12], raw[12:-TAG_BYTES], raw[-TAG_BYTES:]
    reader = Cipher(AES(KEYS[name]), GCM(nonce, tag)).decryptor()
    reader.authenticate_additional_data(place.encode())
    return reader.update(locked) + reader.finalize()


def test_a_sealed_value_is_read_by_aes_in_gcm_with_256_bits_and_a_nonce_of_its_own() -> None:
    sealed = [Keyring(KEYS).seal(b"a secret", PLACE) for _ in range(100)]
    assert {len(key) * 8 for key in KEYS.values()} == {256}
    assert {opened(value, PLACE) for value in sealed} == {b"a secret"}
    assert len({base64.b64decode(value.partition(":")[2])[:12] for value in sealed}) == len(sealed)
    with pytest.raises(InvalidTag):
        opened(sealed[0], "mentee.about:1")


def test_equal_blocks_of_a_value_do_not_look_alike() -> None:
    raw = base64.b64decode(Keyring(KEYS).seal(b"sixteen letters!" * 8, PLACE).partition(":")[2])[12:-TAG_BYTES]
    blocks = [raw[start : start + 16] for start in range(0, len(raw), 16)]
    assert len(raw) == 16 * 8, "nothing is filled up, so there is no filling to guess at"
    assert len(set(blocks)) == len(blocks)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_one_changed_bit_of_a_sealed_value_is_seen(place: int) -> None:
    ring = Keyring(KEYS)
    name, _colon, body = ring.seal(b"a secret", PLACE).partition(":")
    raw = bytearray(base64.b64decode(body))
    raw[place] ^= 1
    with pytest.raises(Unreadable):
        ring.open(f"{name}:{base64.b64encode(bytes(raw)).decode()}", PLACE)


@pytest.mark.parametrize("size", [16, 24, 31])
def test_a_key_of_fewer_than_256_bits_is_refused(size: int) -> None:
    with pytest.raises(KeysUnfit):
        parse_keys(f"k1:{base64.urlsafe_b64encode(bytes(range(size))).decode()}")
