"""Pages of the people referred, for coordinators."""

import uuid
from collections.abc import Iterable
from enum import StrEnum

from flask import current_app, render_template, request

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _, language_name, words_for
from mentees import operations, queries, words
from mentees.forms import MoveForm, PeopleFilterForm
from mentees.models import Mentee
from mentees.rules import (
    OPEN_CASES,
    CaseStage,
    Interest,
    Pathway,
    RiskLevel,
    WantedExperience,
    highest_level,
    is_release_near,
    is_release_past,
    moves_by_hand,
)
from mentees.views.blueprint import Answer, back_to, blueprint, page_number


@blueprint.get("/people")
@requires(Permission.MENTEES_READ)
def people() -> Answer:
    """Show coordinators the people referred, longest waiting first."""
    actor = current_actor()
    form = PeopleFilterForm(request.args)
    chosen, text = (form.stage.data or "", form.text.data or "") if form.validate() else ("", "")
    session, today = reading(), clock.today(actor.time_zone)
    listing = queries.list_mentees(session, actor, stages=_stages(chosen), text=text, page=page_number())
    return render_template(
        "mentees/people.html",
        filter_form=form,
        listing=listing,
        counts=queries.count_mentees(session, actor),
        stages=CaseStage,
        days={row.id: (today - clock.day_of(row.stage_since, actor.time_zone)).days for row in listing.rows},
        soon={row.id for row in listing.rows if is_release_near(row.release_on, today)},
        colours=words.STAGE_COLOURS,
        arguments={"text": text, "stage": chosen},
    )


@blueprint.get("/people/<uuid:mentee_id>")
@requires(Permission.MENTEES_READ, Permission.RECORDS_UNSEAL)
def person(mentee_id: uuid.UUID) -> Answer:
    """Show a coordinator everything about one person: what is next, what is risky, and what must be obeyed."""
    session, actor = reading(), current_actor()
    mentee = queries.get_mentee(session, actor, mentee_id)
    known = {move.by_id for move in mentee.moves} | {mentee.referred_by_id}
    return render_template(
        "mentees/person.html",
        mentee=mentee,
        today=clock.today(actor.time_zone),
        names=accounts.names_of(session, {person_id for person_id in known if person_id}),
        agency=queries.find_agency_name(session, mentee),
        is_release_near=is_release_near(mentee.release_on, clock.today(actor.time_zone)),
        is_release_past=is_release_past(mentee.setting, mentee.release_on, clock.today(actor.time_zone)),
        days=(clock.today(actor.time_zone) - clock.day_of(mentee.stage_since, actor.time_zone)).days,
        highest=highest_level(risk.level for risk in mentee.risks),
        risks=sorted(mentee.risks, key=lambda item: (-item.level, item.group_at_risk)),
        levels=RiskLevel,
        lists=_lists(mentee),
        next_step=words.NEXT_STEPS[mentee.stage],
        move_title=words.MOVE_TITLES[mentee.stage] if moves_by_hand(mentee.stage) else None,
        is_new=mentee.stage is CaseStage.REFERRED,
        stage_colour=words.STAGE_COLOURS[mentee.stage],
        risk_colours=words.RISK_COLOURS,
    )


@blueprint.get("/people/<uuid:mentee_id>/decision")
@requires(Permission.MENTEES_DECIDE)
def move(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator for the next stage of a case and the reason."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = _move_form(mentee)
    form.version.data = str(mentee.version)
    return _draw_move(form, mentee)


@blueprint.post("/people/<uuid:mentee_id>/decision")
@requires(Permission.MENTEES_DECIDE)
def move_post(mentee_id: uuid.UUID) -> Answer:
    """Move the case, and write to the officer who referred the person."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = _move_form(mentee)
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.move_case(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    to=CaseStage(form.to.data),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                    base_url=current_app.config["BASE_URL"],
                )
            return back_to(mentee_id)
    return _draw_move(form, mentee)


def _stages(chosen: str) -> tuple[CaseStage, ...]:
    """Read which stages a coordinator wants to see; open cases unless told."""
    if chosen == "all":
        return ()
    return (CaseStage(chosen),) if chosen else OPEN_CASES


def _move_form(mentee: Mentee) -> MoveForm:
    """Offer the moves that the stage allows by hand."""
    form = MoveForm()
    form.to.choices = [(to.value, str(words.MOVE_WORDS[mentee.stage, to])) for to in moves_by_hand(mentee.stage)]
    return form


def _draw_move(form: MoveForm, mentee: Mentee) -> Answer:
    """Draw the page of a decision."""
    title = words.MOVE_TITLES.get(mentee.stage, _("Nothing to decide"))
    will_tell = mentee.stage is CaseStage.REFERRED and mentee.agency_id is not None
    return (
        render_template("mentees/move.html", form=form, mentee=mentee, title=title, will_tell=will_tell),
        form.status,
    )


def _lists(mentee: Mentee) -> dict[str, list[str]]:
    """Put codes into words; one that an import brought and we do not know stands as it is."""
    return {
        "needs": _in_words(Pathway, mentee.needs),
        "interests": _in_words(Interest, mentee.interests),
        "wanted_experience": _in_words(WantedExperience, mentee.wanted_experience),
        "languages": [language_name(code) for code in mentee.languages],
    }


def _in_words(kind: type[StrEnum], codes: Iterable[str]) -> list[str]:
    """Name the codes of one list."""
    known = {member.value: member for member in kind}
    return [words_for(known[code]) if code in known else code for code in codes]
