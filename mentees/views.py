"""Pages of referrals for officers, and of the people referred for coordinators."""

import uuid
from collections.abc import Iterable
from enum import StrEnum

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _, language_name, words_for
from foundation.submissions import once
from mentees import operations, queries, words
from mentees.forms import BanForm, ExclusionForm, MoveForm, PeopleFilterForm, ReferralForm, RemoveForm, RiskForm
from mentees.models import Mentee
from mentees.rules import (
    OPEN_CASES,
    Ban,
    CaseStage,
    Exclusion,
    Interest,
    Pathway,
    RiskLevel,
    WantedExperience,
    highest_level,
    is_release_near,
    moves_by_hand,
)

blueprint = Blueprint("mentees", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/referrals")
@requires(Permission.REFERRALS_MAKE)
def referrals() -> Answer:
    """Show an officer what became of the people whom their agency referred, and staff all referrals."""
    actor = current_actor()
    listing = queries.list_referrals(reading(), actor, page=_page_number())
    return render_template(
        "mentees/referrals.html",
        listing=listing,
        referred_on={row.id: clock.day_of(row.referred_at, actor.time_zone) for row in listing.rows},
        since_on={row.id: clock.day_of(row.stage_since, actor.time_zone) for row in listing.rows},
        colours=words.STAGE_COLOURS,
    )


@blueprint.get("/referrals/<uuid:mentee_id>")
@requires(Permission.REFERRALS_MAKE)
def referral(mentee_id: uuid.UUID) -> Answer:
    """Show an officer what was decided about one person they referred, and who holds it."""
    return render_template(
        "mentees/referral.html",
        referral=queries.get_referral(reading(), current_actor(), mentee_id),
        answers=words.ANSWERS,
        colours=words.STAGE_COLOURS,
        scheme=current_scheme(),
    )


@blueprint.get("/referrals/new")
@requires(Permission.REFERRALS_MAKE)
def refer() -> Answer:
    """Let an officer or staff refer a person, on one page."""
    return render_template("mentees/refer.html", form=_referral_form(), scheme=current_scheme())


@blueprint.post("/referrals/new")
@requires(Permission.REFERRALS_MAKE)
def refer_post() -> Answer:
    """Keep the referral, and show what happens next."""
    form = _referral_form()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                agency = form.agency.data if "agency" in form else None
                mentee = operations.refer(
                    session,
                    referral=form.referral(),
                    by=current_actor(),
                    at=clock.now(),
                    agency_id=uuid.UUID(agency) if agency else None,
                )
                outcome.location = url_for("mentees.referral", mentee_id=mentee.id)
            flash(str(_("Your referral has been sent. Its reference is %(reference)s.", reference=mentee.reference)))
            return redirect(outcome.location, code=303)
    return render_template("mentees/refer.html", form=form, scheme=current_scheme()), 422


def _referral_form() -> ReferralForm:
    """Make the form for the scheme; only staff choose an agency, an officer refers for their own."""
    scheme = current_scheme()
    form = ReferralForm(country=scheme.country, today=clock.today(scheme.time_zone))
    if current_actor().may(Permission.MENTEES_READ):
        agencies = accounts.list_agencies(reading(), current_actor())
        form.agency.choices = [("", str(_("None: we refer them"))), *((str(row.id), row.name) for row in agencies)]
    else:
        del form.agency
    return form


@blueprint.get("/people")
@requires(Permission.MENTEES_READ)
def people() -> Answer:
    """Show coordinators the people referred, longest waiting first."""
    actor = current_actor()
    form = PeopleFilterForm(request.args)
    chosen, text = (form.stage.data or "", form.text.data or "") if form.validate() else ("", "")
    session, today = reading(), clock.today(actor.time_zone)
    listing = queries.list_mentees(session, actor, stages=_stages(chosen), text=text, page=_page_number())
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


def _stages(chosen: str) -> tuple[CaseStage, ...]:
    """Read which stages a coordinator wants to see; open cases unless told."""
    if chosen == "all":
        return ()
    return (CaseStage(chosen),) if chosen else OPEN_CASES


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
            return _back_to(mentee_id)
    return _draw_move(form, mentee)


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


@blueprint.get("/people/<uuid:mentee_id>/risk")
@requires(Permission.MENTEES_DECIDE)
def risk(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator what probation says of the risk to one group."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = RiskForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/risk.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/risk")
@requires(Permission.MENTEES_DECIDE)
def risk_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the assessment."""
    form = RiskForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.assess_risk(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    group=form.group.data,
                    level=form.level.data,
                    source=form.source.data,
                    assessed_on=form.assessed_on.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/risk.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/exclusion-areas/new")
@requires(Permission.MENTEES_DECIDE)
def exclusion_area(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator for an area that the person must not enter."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = ExclusionForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/exclusion_area.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/exclusion-areas/new")
@requires(Permission.MENTEES_DECIDE)
def exclusion_area_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the area."""
    form = ExclusionForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                outcome.location = url_for("mentees.person", mentee_id=mentee_id)
                operations.add_exclusion_area(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    exclusion=Exclusion(form.place.data, form.label.data or "", form.radius_km.data),
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/exclusion_area.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/exclusion-areas/<uuid:area_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_exclusion_area(mentee_id: uuid.UUID, area_id: uuid.UUID) -> Answer:
    """Ask a coordinator why an exclusion area holds no longer."""
    area = queries.get_exclusion_area(reading(), current_actor(), mentee_id, area_id)
    form = RemoveForm()
    form.version.data = str(area.mentee.version)
    return render_template("mentees/remove_exclusion_area.html", form=form, area=area)


@blueprint.post("/people/<uuid:mentee_id>/exclusion-areas/<uuid:area_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_exclusion_area_post(mentee_id: uuid.UUID, area_id: uuid.UUID) -> Answer:
    """Take the area away."""
    form = RemoveForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.remove_exclusion_area(
                    session,
                    area=queries.get_exclusion_area(session, current_actor(), mentee_id, area_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(mentee_id)
    area = queries.get_exclusion_area(reading(), current_actor(), mentee_id, area_id)
    return render_template("mentees/remove_exclusion_area.html", form=form, area=area), 422


@blueprint.get("/people/<uuid:mentee_id>/contact-bans/new")
@requires(Permission.MENTEES_DECIDE)
def contact_ban(mentee_id: uuid.UUID) -> Answer:
    """Ask a coordinator with whom the person must have no contact."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = BanForm()
    form.version.data = str(mentee.version)
    return render_template("mentees/contact_ban.html", form=form, mentee=mentee)


@blueprint.post("/people/<uuid:mentee_id>/contact-bans/new")
@requires(Permission.MENTEES_DECIDE)
def contact_ban_post(mentee_id: uuid.UUID) -> Answer:
    """Keep the ban."""
    form = BanForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                outcome.location = url_for("mentees.person", mentee_id=mentee_id)
                operations.add_contact_ban(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    ban=Ban(form.name.data, form.why.data or ""),
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return render_template("mentees/contact_ban.html", form=form, mentee=mentee), 422


@blueprint.get("/people/<uuid:mentee_id>/contact-bans/<uuid:ban_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_contact_ban(mentee_id: uuid.UUID, ban_id: uuid.UUID) -> Answer:
    """Ask a coordinator why a contact ban holds no longer."""
    ban = queries.get_contact_ban(reading(), current_actor(), mentee_id, ban_id)
    form = RemoveForm()
    form.version.data = str(ban.mentee.version)
    return render_template("mentees/remove_contact_ban.html", form=form, ban=ban)


@blueprint.post("/people/<uuid:mentee_id>/contact-bans/<uuid:ban_id>/removal")
@requires(Permission.MENTEES_DECIDE)
def remove_contact_ban_post(mentee_id: uuid.UUID, ban_id: uuid.UUID) -> Answer:
    """Take the ban away."""
    form = RemoveForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.remove_contact_ban(
                    session,
                    ban=queries.get_contact_ban(session, current_actor(), mentee_id, ban_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(mentee_id)
    ban = queries.get_contact_ban(reading(), current_actor(), mentee_id, ban_id)
    return render_template("mentees/remove_contact_ban.html", form=form, ban=ban), 422


def _back_to(mentee_id: uuid.UUID) -> Response:
    """Lead back to the person's page."""
    return redirect(url_for("mentees.person", mentee_id=mentee_id), code=303)


def _page_number() -> int:
    """Read which page of a list is asked for; nonsense is the first."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - far beyond any list.


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
