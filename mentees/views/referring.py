"""Pages on which officers and staff refer people and read what became of it."""

import uuid

from flask import flash, redirect, render_template, url_for

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.language import _
from foundation.submissions import once
from mentees import operations, queries, words
from mentees.forms import ReferralForm
from mentees.views.blueprint import Answer, blueprint, page_number


@blueprint.get("/referrals")
@requires(Permission.REFERRALS_MAKE)
def referrals() -> Answer:
    """Show an officer what became of the people whom their agency referred, and staff all referrals."""
    actor = current_actor()
    listing = queries.list_referrals(reading(), actor, page=page_number())
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
