"""The blueprint that all pages of this package share."""

from flask import Blueprint
from flask_babel import format_percent
from werkzeug import Response

from reports.words import tell

blueprint = Blueprint("reports", "reports")
blueprint.add_app_template_filter(format_percent, "share")
blueprint.add_app_template_filter(tell, "told")

Answer = str | Response | tuple[str, int]
