"""The blueprint that all pages of this package share, and the way back to where somebody was."""

from urllib.parse import urlsplit

from flask import Blueprint, request
from werkzeug import Response

blueprint = Blueprint("accounts", "accounts")

Answer = str | Response | tuple[str, int]


def safe_next() -> str | None:
    """Give the page to return to, if it is a plain path of this portal and nothing else."""
    path = request.values.get("next", "")
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    is_odd = any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in path)
    return None if is_odd else path
