"""The blueprint that all pages of the matching share."""

from flask import Blueprint, request
from werkzeug import Response

blueprint = Blueprint("matching", "matching")

Answer = str | Response | tuple[str, int]


def page_number() -> int:
    """Read which page of a list is asked for; nonsense is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - far beyond any list.
