"""The composition root: puts the packages of the portal together; nobody imports it but servers, commands and tests."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import structlog
from babel import Locale
from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.commands
import accounts.jobs
import accounts.models
import accounts.queries
import accounts.views
import accounts.words
import demo.commands
import foundation.audit
import foundation.backup.commands
import foundation.commands
import foundation.data_keys
import foundation.heartbeat
import foundation.kept_forms
import foundation.outbox
import foundation.submissions
import foundation.words
import matching.commands
import matching.jobs
import matching.models
import matching.operations
import matching.queries
import matching.views
import matching.words
import mentees.models
import mentees.views
import mentees.words
import mentoring.commands
import mentoring.jobs
import mentoring.models
import mentoring.operations
import mentoring.views
import mentoring.words
import mentors.jobs
import mentors.models
import mentors.views
import mentors.words
import privacy.commands
import privacy.jobs
import privacy.models
import privacy.views
import privacy.words
import reports.models
import reports.views
import reports.words
import training.models
import training.views
import training.words
from accounts import signing
from accounts.rules import Permission
from foundation import (
    access,
    audit,
    data_keys,
    db,
    encryption,
    facts,
    heartbeat,
    jobs,
    kept_forms,
    language,
    metrics,
    outbox,
    pages,
    requests,
    standing,
)
from foundation.clock import now
from foundation.key_texts import parse_keys
from foundation.keyring import Keyring
from foundation.language import _
from foundation.mail import FolderMailer, Mailer, SmtpMailer
from foundation.reads import WatchedFlask
from foundation.settings import Mode, Settings, read_settings
from mentees.rules import CaseMoved, RestrictionsChanged, RiskChanged, WhereaboutsChanged
from mentors.rules import CheckRecorded, StageMoved

MODELS = (
    accounts.models,
    foundation.audit,
    foundation.data_keys,
    foundation.heartbeat,
    foundation.kept_forms,
    foundation.outbox,
    foundation.submissions,
    matching.models,
    mentees.models,
    mentoring.models,
    mentors.models,
    privacy.models,
    reports.models,
    training.models,
)
"""Every file that holds tables; importing it is what makes its tables known."""

METADATA = db.Base.metadata
"""All tables of the house, for migrations and for the data dictionary."""

HOME = Path(__file__).resolve().parent

SUBSCRIPTIONS: facts.Subscriptions = {
    StageMoved: (
        mentors.operations.keep_breaks,
        mentoring.operations.require_readiness,
        mentoring.operations.end_matches_of_leaver,
        mentoring.operations.note_readiness_of,
        matching.operations.withdraw_for_mentor,
    ),
    CheckRecorded: (mentoring.operations.note_readiness_of,),
    CaseMoved: (mentoring.operations.end_match_of_closed_case, matching.operations.withdraw_for_case),
    RiskChanged: (matching.operations.withdraw_for_person,),
    RestrictionsChanged: (matching.operations.withdraw_for_person,),
    WhereaboutsChanged: (matching.operations.withdraw_for_person,),
}
"""Who listens to which fact: the only wiring between packages that does not show in their imports."""

BLUEPRINTS = (
    accounts.views.blueprint,
    mentors.views.blueprint,
    reports.views.blueprint,
    mentoring.views.blueprint,
    mentees.views.blueprint,
    matching.views.blueprint,
    training.views.blueprint,
    privacy.views.blueprint,
)

COMMANDS = (
    foundation.commands.database_group,
    foundation.commands.audit_group,
    foundation.commands.keys_group,
    foundation.commands.worker,
    foundation.backup.commands.group,
    accounts.commands.group,
    demo.commands.group,
    privacy.commands.group,
    matching.commands.group,
    mentoring.commands.import_people,
)

AFTER_RESTORE: tuple[Callable[[], object], ...] = (privacy.jobs.follow_restore,)
"""What must follow a restore, in this order."""

NAVIGATION = (
    ("reports.home", _("Home"), None),
    ("mentors.volunteers", _("Volunteers"), Permission.VOLUNTEERS_READ),
    ("mentees.people", _("People"), Permission.MENTEES_READ),
    ("mentees.referrals", _("Referrals"), Permission.REFERRALS_MAKE),
    ("matching.rounds", _("Matching"), Permission.MATCHING_READ),
    ("mentoring.matches", _("Matches"), Permission.MATCHES_READ),
    ("mentoring.my_match", _("My match"), Permission.MENTORING_LOG),
    ("training.hours", _("Training"), Permission.TRAINING_READ),
    ("reports.board", _("Board"), Permission.FIGURES_READ),
    ("accounts.people", _("Accounts"), Permission.ACCOUNTS_MANAGE),
    ("accounts.audit_trail", _("Audit"), Permission.AUDIT_READ),
    ("accounts.letters", _("Letters"), Permission.LETTERS_READ),
    ("privacy.overview", _("Data protection"), Permission.PRIVACY_CONFIRM),
)
"""The main pages, in the order of the menu, with the permission that shows each."""

MENU_PLACES = {
    "/matches": "mentoring.my_match",
    "/plan-goals": "training.hours",
    "/targets": "reports.board",
    "/figures": "reports.board",
    "/lapses": "mentors.volunteers",
    "/emergency-access": "privacy.overview",
}
"""Main pages of addresses that do not begin with theirs."""

MOST_UPLOAD_BYTES = 5 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Make a portal.

    Args:
        settings: What to run with; read from the environment unless given.

    Raises:
        UnsafeSettings: The settings are not fit for where the portal runs.
        WrongKeys: The database was written with other keys than those of the settings.
        AccessNotDeclared: A route does not say who may use it.
    """
    settings = settings or read_settings(os.environ)
    app = WatchedFlask("alongside", root_path=str(HOME))
    app.reader = signing.current_author
    app.jinja_environment = pages.HouseEnvironment  # type: ignore[assignment] # Flask types the class too narrowly.
    connect(app, settings)
    _install_web(app)
    if proxies := settings.trusted_proxies:
        # Each proxy of ours appends what it saw, so only the last so many addresses are true.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign] # Flask's own advice.
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    standing.install(app)
    metrics.install(app, FIGURES)
    access.public(app.view_functions["static"])
    access.require_declarations(app)
    return app


def connect(app: Flask, settings: Settings) -> None:
    """Give a portal its settings, its database, its way to send letters and its worker's queue.

    Everything that belongs to one installation is set here and nowhere else, so that tests can lend one portal, with
    all its compiled pages, to one database after another.
    """
    _configure(app, settings)
    encryption.use(make_keyring(settings))
    app.extensions["database"] = db.Database(settings.database_url, SUBSCRIPTIONS)
    data_keys.require_right_keys(app.extensions["database"])
    app.extensions["after_restore"] = AFTER_RESTORE
    app.extensions["mailer"] = make_mailer(settings)
    jobs.install(app, settings.jobs_database, settings.secret_key, SWEEPS)


def _configure(app: Flask, settings: Settings) -> None:
    """Set what Flask and its extensions read."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        BASE_URL=settings.base_url.rstrip("/"),
        TESTING=settings.mode is Mode.TEST,
        MAX_CONTENT_LENGTH=MOST_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_UPLOAD_BYTES,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-alongside" if settings.is_production else "alongside",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may lie open for as long as the sign-in lasts; what was typed is not thrown away for its age.
        WTF_CSRF_TIME_LIMIT=None,
    )
    structlog.configure(
        # Structlog's own form for development prints local variables, and so what people typed.
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def make_keyring(settings: Settings) -> Keyring | None:
    """Make the keys of the data; a portal that is only looked at has none, and can then read nothing confidential."""
    if not settings.data_keys:
        return None
    return Keyring(parse_keys(settings.data_keys), settings.data_keys_source)


def make_mailer(settings: Settings) -> Mailer:
    """Choose how letters leave: a mail server where one is set, else a folder."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(settings.letters_folder, settings.mail_from)


def _send_letters() -> None:
    """Send what waits in the outbox."""
    outbox.send_waiting(db.database(), current_app.extensions["mailer"], now)


def _run_rounds() -> None:
    """Run the matching rounds that people asked for."""
    matching.jobs.run_due_rounds(db.database(), now())


def _anchor() -> None:
    """Once a day, write down where the audit chain ends."""
    file = audit.AnchorFile(current_app.config["SETTINGS"].anchors_file)
    if not file.has_day(now()):
        with db.database().sessions() as session:
            file.write(audit.current_anchor(session, now()))


FIGURES = (
    metrics.Figure("letters", "Letters that are not sent, by state.", "state", outbox.count_letters),
    metrics.Figure(
        "letter_wait_seconds", "For how long the oldest letter that is due has waited.", "", outbox.oldest_wait
    ),
    metrics.Figure("matching_rounds", "Matching rounds, by state.", "state", matching.queries.count_rounds),
    metrics.Figure(
        "failed_sign_ins", "Failed tries to sign in of the last minutes.", "", accounts.queries.count_failed_sign_ins
    ),
    metrics.Figure("open_sign_ins", "Devices that are signed in.", "", accounts.queries.count_open_sign_ins),
    metrics.Figure(
        "worker_seen_timestamp_seconds", "When each worker last looked for work.", "worker", heartbeat.seconds_of
    ),
    metrics.Figure(
        "worker_failed_sweeps", "Sweeps that a worker could not do at its last look.", "worker", heartbeat.count_failed
    ),
)
"""What `/metrics` counts in the database; the letters, rounds and sign-ins of all schemes together."""

SWEEPS: dict[str, jobs.Job] = {
    "anchor": _anchor,
    "asking again": mentors.jobs.ask_again,
    "lapses": mentors.jobs.remind_of_lapses,
    "readiness": mentoring.jobs.judge_readiness,
    "new documents": mentors.jobs.tell_of_documents,
    "weeks of mentors": mentoring.jobs.look_at_weeks,
    "kept forms": kept_forms.forget_expired,
    "new passwords": accounts.jobs.send_resets,
    "old guesses": accounts.jobs.forget_old_guesses,
    "letters": _send_letters,
    "rounds": _run_rounds,
    "erasures": privacy.jobs.finish_erasures,
    "old traces": privacy.jobs.sweep_short,
    "details of checks": privacy.jobs.purge_check_details,
}
"""What the worker does whenever it is woken, and every minute."""


def _install_web(app: Flask) -> None:
    """Set up what stands between a request and a view."""
    app.teardown_appcontext(db.close_session)
    requests.install(app)
    standing.close_while_unfinished(app)
    language.install(app)
    signing.install(app)
    # The gate comes first: a form whose sign-in has ended is kept, though its mark against forgery ended too.
    access.install(app)
    CSRFProtect(app)
    kept_forms.install(app, signing.owner_of_cookie)
    pages.install(app, signing.page_time_zone)
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(HOME / "templates"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)
    app.jinja_env.globals["Permission"] = Permission
    app.jinja_env.globals.update(navigation=_navigation, languages=language.LANGUAGES, day_names=_day_names)
    app.jinja_env.globals["may"] = lambda permission: current_user.is_authenticated and current_user.may(permission)


def _navigation() -> list[dict[str, object]]:
    """List the main pages that the signed-in person may open, for the menu."""
    if not current_user.is_authenticated or current_user.waits_at is not None:
        return []
    may = current_user.may
    shown = {endpoint: label for endpoint, label, permission in NAVIGATION if permission is None or may(permission)}
    here = _menu_place(list(shown))
    return [
        {
            "text": str(label),
            "href": url_for(endpoint),
            "current": endpoint == request.endpoint,
            "active": endpoint == here,
        }
        for endpoint, label in shown.items()
    ]


def _menu_place(endpoints: list[str]) -> str | None:
    """Tell under which of the main pages the reader is: the one whose address begins the page's own."""
    places = {url_for(endpoint): endpoint for endpoint in endpoints}
    places |= {part: endpoint for part, endpoint in MENU_PLACES.items() if endpoint in endpoints and part not in places}
    return next(
        (endpoint for part, endpoint in places.items() if request.path == part or request.path.startswith(f"{part}/")),
        None,
    )


def _day_names(width: str) -> list[str]:
    """Name the days of the week, Monday first, in the reader's language."""
    locale = get_locale() or Locale("en")
    return [locale.days["stand-alone"][width][day] for day in range(7)]
