"""The front page for everybody and the home page for each role."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from foundation.access import public, signed_in

blueprint = Blueprint("reports", __name__)


@blueprint.get("/")
@public
def front() -> str | Response:
    """Tell anybody what mentoring asks and where to begin."""
    if current_user.is_authenticated:
        return redirect(url_for("reports.home"), code=303)
    return render_template("reports/front.html")


@blueprint.get("/home")
@signed_in
def home() -> str:
    """Show each person what waits for them."""
    return render_template("reports/home.html")
