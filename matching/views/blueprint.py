"""The blueprint that all pages of the matching share."""

from flask import Blueprint
from werkzeug import Response

blueprint = Blueprint("matching", "matching")

Answer = str | Response | tuple[str, int]
