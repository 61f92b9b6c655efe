"""A passkey made of software, for tests: what a phone or a security key would answer, byte by byte.

It makes attestations of the format “none”. Source: Web Authentication Level 2, sections 6.1, 6.5 and 8.7.
"""

import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """One device that holds one passkey.

    Attributes:
        count: Counter of signatures; it grows with each.
        flags: What it says of its holder: that somebody is there, and that they have unlocked it.
    """

    def __init__(self, origin: str = "http://alongside.test") -> None:
        self.origin = origin
        self.credential_id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.flags = PRESENT | VERIFIED
        self.user_handle = ""

    def register(self, options: dict[str, Any]) -> str:
        """Make the passkey that a portal asks for."""
        self.user_handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        known_as = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], ATTESTED) + known_as
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def answer(self, options: dict[str, Any]) -> str:
        """Sign what a portal asks."""
        self.count += 1
        data, client = self._data(options["rpId"], 0), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, host: str, more: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        response: dict[str, Any] = {key: bytes_to_base64url(value) for key, value in parts.items()}
        if "signature" in response:
            response["userHandle"] = self.user_handle
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
