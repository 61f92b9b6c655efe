"""The blueprint that all pages of this package share."""

from flask import Blueprint
from werkzeug import Response

from privacy.words import table_words

blueprint = Blueprint("privacy", __name__)
blueprint.add_app_template_filter(table_words, "table_words")

Answer = str | Response | tuple[str, int]
