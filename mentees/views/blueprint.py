"""The blueprint that all pages of this package share, and what several of them need."""

import uuid

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response

blueprint = Blueprint("mentees", "mentees")

Answer = str | Response | tuple[str, int]


def back_to(mentee_id: uuid.UUID) -> Response:
    """Lead back to the person's page."""
    return redirect(url_for("mentees.person", mentee_id=mentee_id), code=303)


def page_number() -> int:
    """Read which page of a list is asked for; nonsense is the first."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - far beyond any list.
