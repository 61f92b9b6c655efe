"""Pages of matches for coordinators, the mentor's own page, logging a meeting, and the readiness checklist."""

import uuid
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.errors import NotVisible
from foundation.forms import HouseForm
from foundation.language import _
from foundation.sheets.carrying import seal, unseal
from foundation.sheets.columns import template_of
from foundation.sheets.reading import Sheet
from foundation.submissions import once
from mentoring import importing, operations, policy, queries, words
from mentoring.forms import ChangeForm, CompleteForm, EndForm, ImportForm, MeetingForm, OfferForm
from mentoring.models import Match
from mentoring.rules import (
    BEGUN_STATES,
    OPEN_STATES,
    Answer,
    Change,
    MatchFilter,
    MatchState,
    changes_from,
    is_past_end,
    is_quiet,
)
from mentors.queries import get_volunteer

blueprint = Blueprint("mentoring", __name__)

Answered = str | Response | tuple[str, int]
LONGEST_SEARCH = 100
MOST_SHOWN = 500
"""Faults and warnings on the page of an import; the command lists more."""


# ------------------------------------------------------------------------------------------------------- readiness


@blueprint.get("/volunteers/<uuid:volunteer_id>/readiness")
@requires(Permission.VOLUNTEERS_READ)
def readiness(volunteer_id: uuid.UUID) -> Answered:
    """Show staff what a volunteer has and lacks before they may meet a person, and who sees to it."""
    session, by = reading(), current_actor()
    volunteer = get_volunteer(session, by, volunteer_id)
    points = queries.checklists_of(session, [volunteer], clock.today(by.time_zone))[volunteer.id]
    return render_template("mentoring/readiness.html", volunteer=volunteer, points=points, name_point=words.name_point)


# --------------------------------------------------------------------------------------- for coordinators: matches


@blueprint.get("/matches")
@requires(Permission.MATCHES_READ)
def matches() -> Answered:
    """Show coordinators all matches of their scheme, those that need them first."""
    session, by = reading(), current_actor()
    today = clock.today(by.time_zone)
    show, text = _asked_filter(), request.args.get("text", "")[:LONGEST_SEARCH].replace("\x00", "").strip()
    listing = queries.list_matches(session, by, show=show, text=text, page=_asked_page(), on=today)
    return render_template(
        "mentoring/matches.html",
        listing=listing,
        show=show,
        text=text,
        filters=list(MatchFilter),
        counts=queries.count_matches(session, by, today),
    )


def _asked_filter() -> MatchFilter:
    """Read which matches are asked for; what the page does not offer shows the open ones."""
    asked = request.args.get("show", "")
    return MatchFilter(asked) if asked in set(MatchFilter) else MatchFilter.OPEN


def _asked_page() -> int:
    """Read which page is asked for; what is no number shows the first."""
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004 - no list is longer.


@blueprint.get("/matches/<uuid:match_id>")
@requires(Permission.MATCHES_READ, Permission.MENTORING_LOG)
def match(match_id: uuid.UUID) -> Answered:
    """Show a match to coordinators, and to its mentor for as long as it is open."""
    session, by = reading(), current_actor()
    shown = queries.get_match(session, by, match_id)
    today = clock.today(by.time_zone)
    meetings, page, pages = queries.list_meetings(session, shown, page=_asked_page())
    last_met_on = queries.find_last_met(session, shown)
    return render_template(
        "mentoring/match.html",
        match=shown,
        meetings=meetings,
        page_number=page,
        page_count=pages,
        last_met_on=last_met_on,
        weeks=queries.weeks_by_match(session, [shown.id], today)[shown.id],
        is_quiet=is_quiet(shown.state, shown.starts_on, last_met_on, today),
        is_past_end=is_past_end(shown.state, shown.ends_on, today),
        may_log=policy.may_log_meeting(by, shown),
        changes=changes_from(shown.state, shown.ends_on, today) if policy.may_change_match(by, shown) else (),
        moves=queries.list_moves(session, shown),
        approver=queries.find_approver(session, shown),
        lost=_lost(shown, today),
        say_missing=words.say_missing,
    )


def _lost(shown: Match, today: date) -> queries.Lost | None:
    """Look what the mentor of an open match has lost, for those who decide about volunteers."""
    by = current_actor()
    if shown.state not in OPEN_STATES or not by.may(Permission.VOLUNTEERS_DECIDE):
        return None
    return queries.find_lost(reading(), shown, today)


@blueprint.get("/matches/<uuid:match_id>/changes/<any(pause,resume,end,complete):change>")
@requires(Permission.MATCHING_DECIDE)
def change_match(match_id: uuid.UUID, change: str) -> Answered:
    """Ask a coordinator for the reason before a match is paused, resumed, ended or completed."""
    shown = _changeable(reading(), match_id, Change(change))
    form = _change_form(Change(change))
    form.version.data = str(shown.version)
    return render_template("mentoring/change_match.html", match=shown, form=form, change=Change(change))


@blueprint.post("/matches/<uuid:match_id>/changes/<any(pause,resume,end,complete):change>")
@requires(Permission.MATCHING_DECIDE)
def change_match_post(match_id: uuid.UUID, change: str) -> Answered:
    """Pause, resume, end or complete a match."""
    form = _change_form(Change(change))
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentoring.match", match_id=match_id)
            _change(session, queries.get_match(session, current_actor(), match_id), Change(change), form)
        if not form.errors:
            return redirect(url_for("mentoring.match", match_id=match_id), code=303)
    shown = _changeable(reading(), match_id, Change(change))
    return render_template("mentoring/change_match.html", match=shown, form=form, change=Change(change)), 422


def _changeable(session: Session, match_id: uuid.UUID, change: Change) -> Match:
    """Get a match for which the page of a change makes sense."""
    by = current_actor()
    shown = queries.get_match(session, by, match_id)
    if change not in changes_from(shown.state, shown.ends_on, clock.today(by.time_zone)):
        raise NotVisible(_("This cannot be done with the match as it stands now."))
    return shown


def _change_form(change: Change) -> HouseForm:
    """Choose the form of a change."""
    kinds: dict[Change, type[HouseForm]] = {Change.END: EndForm, Change.COMPLETE: CompleteForm}
    return kinds.get(change, ChangeForm)()


def _change(session: Session, shown: Match, change: Change, form: HouseForm) -> None:
    """Carry out a change."""
    by, at, version, why = current_actor(), clock.now(), form.seen_version, form.why.data or ""
    if change is Change.END:
        operations.end_match(session, match=shown, reason=form.reason.data, why=why, by=by, at=at, version=version)
    elif change is Change.COMPLETE:
        operations.complete_match(session, match=shown, why=why, by=by, at=at, version=version)
    elif change is Change.PAUSE:
        operations.pause_match(session, match=shown, why=why, by=by, at=at, version=version)
    else:
        operations.resume_match(session, match=shown, why=why, by=by, at=at, version=version)


# ------------------------------------------------------------------------------------------------ for the mentor


@blueprint.get("/my-match")
@requires(Permission.MENTORING_LOG)
def my_match() -> Answered:
    """Show mentors whom they mentor, what they gave this week, and what waits for their answer."""
    session, by = reading(), current_actor()
    today = clock.today(by.time_zone)
    own = queries.find_own_matches(session, by)
    begun = [row for row in own if row.state in BEGUN_STATES]
    ids = [row.id for row in begun]
    return render_template(
        "mentoring/my_match.html",
        offers=[row for row in own if row.state is MatchState.OFFERED],
        begun=begun,
        weeks=queries.weeks_by_match(session, ids, today),
        latest=queries.latest_by_match(session, ids),
        known={row.id: words.known_of(row.mentee) for row in begun},
    )


@blueprint.get("/matches/<uuid:match_id>/offer")
@requires(Permission.MENTORING_LOG)
def offer(match_id: uuid.UUID) -> Answered:
    """Show a mentor what they need to know before they agree to a match."""
    shown = queries.get_offer(reading(), current_actor(), match_id)
    return render_template("mentoring/offer.html", match=shown, form=OfferForm(), known=words.known_of(shown.mentee))


@blueprint.post("/matches/<uuid:match_id>/offer")
@requires(Permission.MENTORING_LOG)
def offer_post(match_id: uuid.UUID) -> Answered:
    """Take the mentor's answer."""
    form = OfferForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentoring.my_match")
            _answer(session, queries.get_offer(session, current_actor(), match_id), form)
        if not form.errors:
            flash(_agreed() if form.answer.data is Answer.AGREE else _declined())
            return redirect(url_for("mentoring.my_match"), code=303)
    shown = queries.get_offer(reading(), current_actor(), match_id)
    known = words.known_of(shown.mentee)
    return render_template("mentoring/offer.html", match=shown, form=form, known=known), 422


def _answer(session: Session, offered: Match, form: OfferForm) -> None:
    """Agree or decline."""
    by, at = current_actor(), clock.now()
    if form.answer.data is Answer.AGREE:
        operations.agree_match(session, match=offered, by=by, at=at)
    else:
        base_url = current_app.config["BASE_URL"]
        operations.decline_match(session, match=offered, why=form.why.data or "", by=by, at=at, base_url=base_url)


def _agreed() -> str:
    """Tell what happens after a yes."""
    return str(_("Thank you. Your match has begun. Your coordinator arranges the first meeting with you."))


def _declined() -> str:
    """Tell what happens after a no."""
    return str(_("Thank you for your answer. Your coordinator reads it and looks for another match."))


# ------------------------------------------------------------------------------------------------------- meetings


@blueprint.get("/matches/<uuid:match_id>/meetings/new")
@requires(Permission.MENTORING_LOG, Permission.MATCHES_READ)
def log_meeting(match_id: uuid.UUID) -> Answered:
    """Show the form with which a mentor, or a coordinator for them, logs a meeting in under a minute."""
    by = current_actor()
    shown = queries.get_loggable(reading(), by, match_id)
    form = MeetingForm()
    form.held_on.data = clock.today(by.time_zone)
    return render_template("mentoring/log_meeting.html", match=shown, form=form)


@blueprint.post("/matches/<uuid:match_id>/meetings/new")
@requires(Permission.MENTORING_LOG, Permission.MATCHES_READ)
def log_meeting_post(match_id: uuid.UUID) -> Answered:
    """Save a meeting."""
    form = MeetingForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            shown = queries.get_loggable(session, current_actor(), match_id)
            outcome.location = _after_logging(shown)
            operations.log_meeting(
                session,
                match=shown,
                kind=form.kind.data,
                place=form.place.data,
                outcome=form.outcome.data,
                held_on=form.held_on.data,
                duration_minutes=form.duration_minutes,
                note=form.note.data or "",
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            flash(str(_("Saved. Thank you.")))
            return redirect(outcome.location, code=303)
    shown = queries.get_loggable(reading(), current_actor(), match_id)
    return render_template("mentoring/log_meeting.html", match=shown, form=form), 422


def _after_logging(shown: Match) -> str:
    """Lead mentors back to their own page and coordinators to the match."""
    if policy.is_own(current_actor(), shown):
        return url_for("mentoring.my_match")
    return url_for("mentoring.match", match_id=shown.id)


# ------------------------------------------------------------------------------------------- bringing spreadsheets


@blueprint.get("/import")
@requires(Permission.PEOPLE_IMPORT)
def import_people() -> Answered:
    """Show coordinators how to bring the people of their charity from spreadsheets."""
    return _import_page(ImportForm(), None)


@blueprint.post("/import")
@requires(Permission.PEOPLE_IMPORT)
def import_people_post() -> Answered:
    """Check sheets without keeping anything; then, on a second button, import everybody on them."""
    form, report = ImportForm(), None
    if form.validate():
        sheets, is_new = _brought(form)
        with form.guard():
            importing.require_few(sheets)
            report = _import(form, sheets, is_rehearsal=is_new)
            form.carried.data = _sealed(sheets) if report.is_clean else ""
            if report.is_clean and not is_new:
                flash(str(_("%(number)s people have been imported.", number=report.people)))
                return redirect(url_for("mentors.volunteers" if "mentors" in sheets else "mentees.people"), code=303)
    return _import_page(form, report)


def _brought(form: ImportForm) -> tuple[Mapping[str, Sheet], bool]:
    """Tell the sheets, and whether they are new: just sent, or else those that were checked and are now confirmed."""
    if files := form.contents():
        return importing.read_sheets(files, importing.MOST_IN_PORTAL), True
    carried = unseal(form.carried.data or "", key=current_app.config["SECRET_KEY"], owner=_owner())
    return carried or {}, not form.is_confirmed


def _sealed(sheets: Mapping[str, Sheet]) -> str:
    """Write checked sheets for the page to carry until they are confirmed."""
    return seal(sheets, key=current_app.config["SECRET_KEY"], owner=_owner())


def _owner() -> str:
    """Name whom a checked sheet belongs to: this person in this scheme."""
    by = current_actor()
    return f"{by.person_id} in {by.scheme_id}"


def _import(form: ImportForm, sheets: Mapping[str, Sheet], *, is_rehearsal: bool) -> importing.Report:
    """Import everybody, or undo it all and tell why."""
    try:
        with once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentoring.import_people")
            return importing.import_people(
                session, sheets=sheets, by=current_actor(), at=clock.now(), is_rehearsal=is_rehearsal
            )
    except importing.Undone as undone:
        return undone.report


def _import_page(form: ImportForm, report: importing.Report | None) -> Answered:
    """Draw the page; its status tells whether the sheets can be imported."""
    status = 200 if not form.errors and (report is None or report.is_clean) else 422
    return render_template(
        "mentoring/import_people.html", form=form, report=report, columns=importing.COLUMNS, most=MOST_SHOWN
    ), status


@blueprint.get("/import/templates/mentors.csv", defaults={"kind": "mentors"})
@blueprint.get("/import/templates/mentees.csv", defaults={"kind": "mentees"})
@requires(Permission.PEOPLE_IMPORT)
def import_template(kind: str) -> Answered:
    """Give coordinators an empty sheet with headings and two invented rows."""
    headers = {"Content-Disposition": f"attachment; filename={kind}.csv"}
    return Response(template_of(importing.COLUMNS[kind]), mimetype="text/csv", headers=headers)
