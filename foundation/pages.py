"""How pages are drawn: strict templates, the filters they use, and an error page for every status."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, g, redirect, render_template, request
from flask.templating import Environment
from flask_babel import format_date, format_datetime, format_decimal, gettext, ngettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2 import ChainableUndefined, StrictUndefined, Template
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from foundation import headers
from foundation.db import reading
from foundation.errors import Closed, Conflict, NotPermitted, NotVisible, Refusal, trace_of
from foundation.language import _, current_language, words_for
from foundation.requests import request_id
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
    headers.install(app)


def _install_filters(app: Flask, time_zone: Callable[[], ZoneInfo]) -> None:
    """Register filters and globals; sentences are made by gettext, dates and numbers by Babel."""

    def day(value: date | None) -> str:
        return "" if value is None else str(format_date(value, "d MMMM y", rebase=False))

    def short_day(value: date) -> str:
        return str(format_date(value, "d MMM", rebase=False))

    def moment(value: datetime | None) -> str:
        if value is None:
            return ""
        return str(format_datetime(value.astimezone(time_zone()), "d MMMM y, HH:mm", rebase=False))

    def hours(minutes: int) -> str:
        return gettext("%(number)s hours", number=format_decimal(round(minutes / 60, 1)))

    app.jinja_env.filters.update(
        {"words": words_for, "day": day, "moment": moment, "hours": hours, "number": format_decimal, "text": str}
    )
    app.jinja_env.filters["short_day"] = short_day
    app.jinja_env.globals.update({"_": gettext, "ngettext": ngettext, "csrf_token": generate_csrf})
    app.jinja_env.globals["current_language"] = current_language
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _install_errors(app: Flask) -> None:
    """Give every way to fail a page that says what to do."""
    app.register_error_handler(AlreadyDone, lambda done: redirect(done.location, code=303))
    app.register_error_handler(Closed, _closed)
    app.register_error_handler(NotVisible, lambda error: _page(404, str(error)))
    app.register_error_handler(NotPermitted, lambda error: _page(403, str(error)))
    app.register_error_handler(Conflict, lambda error: _page(409, str(error)))
    app.register_error_handler(Refusal, lambda error: _page(422, str(error)))
    app.register_error_handler(StaleDataError, lambda _error: _page(409, ""))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(NoConnectionLeft, _unavailable)
    app.register_error_handler(IntegrityError, _collided)
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


def _page(status: int, sentence: str, title: str = "") -> tuple[str, int]:
    """Draw the page of a status, under the title of the status unless another one is given."""
    fallback = gettext("Something went wrong") if status >= 500 else gettext("That cannot be done")  # noqa: PLR2004 - server's fault.
    title = title or _titles().get(status, fallback)
    return render_template("error.html", status=status, title=title, sentence=sentence), status


def _refused(error: HTTPException) -> Any:  # noqa: ANN401 - pages and redirects.
    """Answer an HTTP refusal; redirects that Werkzeug raises pass through."""
    if error.code is None or error.code < 400:  # noqa: PLR2004 - not a refusal.
        return error
    if isinstance(error, SecurityError):
        # The request names another host, under which no link of a page could be made.
        return Response(gettext("The portal is not reached under this name."), status=400, mimetype="text/plain")
    response = app_response(*_page(error.code, ""))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def app_response(body: str, status: int) -> Response:
    """Make a response of a page."""
    return Response(body, status=status, mimetype="text/html")


def _page_without_database(status: int, sentence: str, title: str = "") -> tuple[str, int]:
    """Draw a page for nobody in particular, so that nothing about the signed-in person has to be read."""
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 - Flask-Login keeps the person of a request here and has no way to set it.
    return _page(status, sentence, title)


def _closed(error: Closed) -> Response:
    """Answer while the portal serves nobody; what the database holds then is shown to nobody either."""
    response = app_response(*_page_without_database(503, str(error), gettext("The portal is closed for the moment")))
    response.headers["Retry-After"] = "60"
    return response


def _unavailable(error: SQLAlchemyError) -> Response:
    """Answer while the database is away or busy: nothing was saved, and trying again is right."""
    log.error(
        "database unavailable", page=_address(), request=request_id(), kind=type(getattr(error, "orig", error)).__name__
    )
    response = app_response(*_page_without_database(503, gettext("Nothing was saved. Wait a moment and try again.")))
    response.headers["Retry-After"] = "5"
    return response


def _collided(error: IntegrityError) -> tuple[str, int]:
    """Answer a write that another one has overtaken, seen by the database itself; other refusals are faults of ours."""
    if not _is_duplicate(error):
        return _failed(error)
    log.warning("somebody else was first", page=_address(), request=request_id())
    return _page(409, gettext("Somebody else saved the same at this moment. Nothing of yours was saved. Look again."))


def _is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique index refused a write, as each driver says it."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def _address() -> str:
    """Name a page by the pattern of its address, since the address itself may hold a secret link."""
    return request.url_rule.rule if request.url_rule is not None else ""


def _failed(error: Exception) -> tuple[str, int]:
    """Answer a fault of ours: logged in full, told in plain words."""
    log.error("request failed", page=_address(), request=request_id(), trace=trace_of(error))
    sentence = gettext("This is our fault, and it has been written down. Nothing you saved before is lost.")
    try:
        # What is still open may be broken; the page reads with a fresh start.
        reading().rollback()
        return _page(500, sentence)
    except Exception as second:  # noqa: BLE001 - the page of a fault must stand whatever else is broken.
        log.error("the page of the fault failed too", page=_address(), request=request_id(), trace=trace_of(second))  # noqa: TRY400 - with a trace of our own.
        return _page_without_database(500, sentence)
