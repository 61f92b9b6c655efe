"""The privacy notice, for everybody: what is kept, why, how long, and what one may ask."""

from flask import redirect, render_template, url_for

from accounts import queries as accounts
from foundation.access import public
from foundation.db import reading
from foundation.dictionary import Retention
from privacy.rules import authority_of
from privacy.views.blueprint import Answer, blueprint
from privacy.words import KEPT_WORDS


@blueprint.get("/privacy")
@public
def notices() -> Answer:
    """Lead anybody to the notice of the scheme they deal with; where there is one alone, straight to it."""
    schemes = accounts.list_schemes(reading())
    if len(schemes) == 1:
        return redirect(url_for("privacy.notice", slug=schemes[0].slug), code=303)
    return render_template("privacy/notices.html", schemes=schemes)


@blueprint.get("/privacy/<slug>")
@public
def notice(slug: str) -> Answer:
    """Tell anybody what a scheme keeps about people, and what they may ask."""
    scheme = accounts.get_scheme(reading(), slug)
    return render_template(
        "privacy/notice.html",
        scheme=scheme,
        authority=authority_of(scheme.country),
        kept=KEPT_WORDS,
        Retention=Retention,
    )
