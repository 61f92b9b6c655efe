"""How pages are drawn: strict templates, the filters they use, and an error page for every status."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, redirect, render_template, request
from flask.templating import Environment
from flask_babel import format_date, format_datetime, format_decimal, gettext, ngettext
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2 import ChainableUndefined, StrictUndefined, Template
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from foundation.errors import Conflict, NotPermitted, NotVisible, Refusal
from foundation.language import _, current_language, words_for
from foundation.submissions import AlreadyDone

_LIBRARY = "govuk_frontend_"

log = structlog.get_logger()


class HouseEnvironment(Environment):
    """Strict about names that our templates misspell, lenient inside the library's, which test for absent ones."""

    def __init__(self, app: Flask, **options: Any) -> None:  # noqa: ANN401 - Jinja's own options.
        super().__init__(app, **{**options, "undefined": StrictUndefined})
        self._lenient = self.overlay(undefined=ChainableUndefined)

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Template:  # noqa: A002, ANN401 - Jinja's own names.
        """Load a template of the library in the lenient environment and all others in the strict one."""
        if isinstance(name, str) and name.startswith(_LIBRARY) and self.undefined is StrictUndefined:
            return self._lenient.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def install(app: Flask, time_zone: Callable[[], ZoneInfo]) -> None:
    """Teach a portal's templates the filters of the house and give it its error pages.

    Args:
        app: The portal.
        time_zone: Tells the time zone of the page being drawn.
    """
    _install_filters(app, time_zone)
    _install_errors(app)
    app.after_request(_add_headers)


def _install_filters(app: Flask, time_zone: Callable[[], ZoneInfo]) -> None:
    """Register filters and globals; sentences are made by gettext, dates and numbers by Babel."""

    def day(value: date | None) -> str:
        return "" if value is None else str(format_date(value, "d MMMM y", rebase=False))

    def moment(value: datetime | None) -> str:
        if value is None:
            return ""
        return str(format_datetime(value.astimezone(time_zone()), "d MMMM y, HH:mm", rebase=False))

    def hours(minutes: int) -> str:
        return gettext("%(number)s hours", number=format_decimal(round(minutes / 60, 1)))

    app.jinja_env.filters.update(
        {"words": words_for, "day": day, "moment": moment, "hours": hours, "number": format_decimal, "text": str}
    )
    app.jinja_env.globals.update({"_": gettext, "ngettext": ngettext, "csrf_token": generate_csrf})
    app.jinja_env.globals["current_language"] = current_language
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _install_errors(app: Flask) -> None:
    """Give every way to fail a page that says what to do."""
    app.register_error_handler(AlreadyDone, lambda done: redirect(done.location, code=303))
    app.register_error_handler(NotVisible, lambda error: _page(404, str(error)))
    app.register_error_handler(NotPermitted, lambda error: _page(403, str(error)))
    app.register_error_handler(Conflict, lambda error: _page(409, str(error)))
    app.register_error_handler(Refusal, lambda error: _page(422, str(error)))
    app.register_error_handler(StaleDataError, lambda _error: _page(409, ""))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(DBAPIError, _failed)
    app.register_error_handler(CSRFError, lambda _error: _page(400, str(_TOO_OLD)))
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)


_TOO_OLD = _("This page was open too long or belongs to another sign-in. Go back, load it again and send it once more.")


def _titles() -> dict[int, str]:
    """Name the statuses that have words of their own."""
    return {
        400: gettext("That request could not be read"),
        403: gettext("Your role does not include this page"),
        404: gettext("Page not found"),
        405: gettext("That cannot be done here"),
        409: gettext("Somebody else was first"),
        410: gettext("This link can no longer be used"),
        413: gettext("That is too large"),
        422: gettext("That cannot be done"),
        429: gettext("Too many requests"),
        503: gettext("The portal is busy"),
    }


def _page(status: int, sentence: str) -> tuple[str, int]:
    """Draw the page of a status."""
    titles = _titles()
    fallback = gettext("Something went wrong") if status >= 500 else gettext("That cannot be done")  # noqa: PLR2004 - server's fault.
    return render_template("error.html", status=status, title=titles.get(status, fallback), sentence=sentence), status


def _refused(error: HTTPException) -> Any:  # noqa: ANN401 - pages and redirects.
    """Answer an HTTP refusal; redirects that Werkzeug raises pass through."""
    if error.code is None or error.code < 400:  # noqa: PLR2004 - not a refusal.
        return error
    response = app_response(*_page(error.code, ""))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def app_response(body: str, status: int) -> Response:
    """Make a response of a page."""
    return Response(body, status=status, mimetype="text/html")


def _unavailable(error: OperationalError) -> Response:
    """Answer while the database is away or busy: nothing was saved, and trying again is right."""
    log.error("database unavailable", path=request.path, kind=type(error.orig).__name__)
    response = app_response(*_page(503, gettext("Nothing was saved. Wait a moment and try again.")))
    response.headers["Retry-After"] = "5"
    return response


def _failed(error: Exception) -> tuple[str, int]:
    """Answer a fault of ours: logged in full, told in plain words."""
    if isinstance(error, HTTPException):
        raise InternalServerError from error
    log.exception("request failed", path=request.path)
    return _page(500, gettext("This is our fault, and it has been written down. Nothing you saved before is lost."))


def _add_headers(response: Response) -> Response:
    """Send the headers that keep a page from being framed, guessed at or stored."""
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
