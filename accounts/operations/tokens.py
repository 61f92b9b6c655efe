"""Tokens of cookies and links: random, and stored by their hashes."""

import hashlib


def hash_token(token: str) -> str:
    """Hash a random token; it has 256 bits of chance in it, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
