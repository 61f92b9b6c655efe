"""The blueprint that all pages of this package share."""

from flask import Blueprint
from werkzeug import Response

blueprint = Blueprint("mentors", "mentors")

Answer = str | Response | tuple[str, int]
