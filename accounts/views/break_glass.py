"""Pages of emergency access: the list of all uses, the decision of the second person, and closing a record again."""

import uuid

from flask import Response as Page
from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user

from accounts import operations, policy, queries
from accounts.forms import GlassDecisionForm, PlainForm
from accounts.models import BreakGlass
from accounts.rules import GlassState, Permission
from accounts.signing import current_actor
from accounts.views.blueprint import Answer, blueprint
from foundation import clock
from foundation.access import access_of, requires
from foundation.db import reading, transaction


@blueprint.get("/emergency-access")
@requires(Permission.RECORDS_UNSEAL, Permission.UNSEALING_DECIDE)
def break_glasses() -> Answer:
    """Show administrators and coordinators every use of emergency access, and what waits for a decision."""
    session, by, at = reading(), current_actor(), clock.now()
    glasses = queries.list_glasses(session, by)
    return render_template(
        "accounts/break_glasses.html",
        glasses=glasses,
        states={glass.id: glass.state_at(at) for glass in glasses},
        looks=queries.count_looks(session, [glass.id for glass in glasses]),
        names=queries.names_of(session, {one for glass in glasses for one in _people_of(glass)}),
    )


@blueprint.get("/emergency-access/<uuid:glass_id>")
@requires(Permission.RECORDS_UNSEAL, Permission.UNSEALING_DECIDE)
def break_glass(glass_id: uuid.UUID) -> Answer:
    """Show one request with what became of it, and the decision to whoever may take it."""
    glass = queries.get_glass(reading(), current_actor(), glass_id)
    form = GlassDecisionForm()
    form.version.data = str(glass.version)
    return _page_of(glass, form)


@blueprint.post("/emergency-access/<uuid:glass_id>")
@requires(Permission.UNSEALING_DECIDE)
def break_glass_post(glass_id: uuid.UUID) -> Answer:
    """Take the decision of the second person."""
    form = GlassDecisionForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.decide_break_glass(
                session,
                glass=queries.get_glass(session, current_actor(), glass_id),
                is_allowed=form.answer.data == "yes",
                by=current_actor(),
                at=clock.now(),
                base_url=current_app.config["BASE_URL"],
                version=form.seen_version,
            )
        if not form.errors:
            return redirect(url_for("accounts.break_glass", glass_id=glass_id), code=303)
    return _page_of(queries.get_glass(reading(), current_actor(), glass_id), form), 422


@blueprint.get("/emergency-access/<uuid:glass_id>/end")
@requires(Permission.RECORDS_UNSEAL, Permission.UNSEALING_DECIDE)
def end_break_glass(glass_id: uuid.UUID) -> Answer:
    """Ask whether a record is to be closed before its hour is over."""
    glass = queries.get_glass(reading(), current_actor(), glass_id)
    return render_template("accounts/end_break_glass.html", glass=glass, form=PlainForm())


@blueprint.post("/emergency-access/<uuid:glass_id>/end")
@requires(Permission.RECORDS_UNSEAL, Permission.UNSEALING_DECIDE)
def end_break_glass_post(glass_id: uuid.UUID) -> Answer:
    """Close a record again."""
    form = PlainForm()
    if form.validate():
        with form.guard(), transaction() as session:
            glass = queries.get_glass(session, current_actor(), glass_id)
            operations.end_break_glass(session, glass=glass, by=current_actor(), at=clock.now())
        if not form.errors:
            return redirect(url_for("accounts.break_glass", glass_id=glass_id), code=303)
    glass = queries.get_glass(reading(), current_actor(), glass_id)
    return render_template("accounts/end_break_glass.html", glass=glass, form=form), 422


def _page_of(glass: BreakGlass, form: GlassDecisionForm) -> str:
    """Draw the page of one request."""
    session, by, state = reading(), current_actor(), glass.state_at(clock.now())
    return render_template(
        "accounts/break_glass.html",
        glass=glass,
        form=form,
        state=state,
        is_open=state is GlassState.OPEN,
        decides=state is GlassState.ASKED and policy.may_decide_glass(by, glass),
        is_own=glass.asked_by_id == by.person_id,
        looks=queries.count_looks(session, [glass.id])[glass.id],
        names=queries.names_of(session, set(_people_of(glass))),
    )


def _people_of(glass: BreakGlass) -> list[uuid.UUID]:
    """List who asked, and who decided."""
    return [one for one in (glass.asked_by_id, glass.decided_by_id) if one is not None]


@blueprint.after_app_request
def note_look(response: Page) -> Page:
    """Write down every page that opened by emergency access alone, before it is sent; without the note no page."""
    if response.status_code == 200 and request.endpoint and current_user.is_authenticated:  # noqa: PLR2004 - it opened.
        by, declared = current_actor(), access_of(current_app.view_functions[request.endpoint])
        permissions = declared.permissions if declared else ()
        others = [one for one in permissions if one is not Permission.RECORDS_UNSEAL]
        if (
            by.unsealed
            and Permission.RECORDS_UNSEAL in permissions
            and Permission.UNSEALING_DECIDE not in permissions
            and not any(by.may(Permission(one)) for one in others)
        ):
            with transaction() as session:
                operations.note_look(session, page=request.endpoint, by=by, at=clock.now())
    return response
