"""Pages on which coordinators keep their recruitment campaigns."""

import uuid
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug import Response

from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.models import Campaign
from mentors.views.applying import CAMPAIGN
from mentors.views.blueprint import Answer, blueprint


@blueprint.get("/campaigns")
@requires(Permission.VOLUNTEERS_DECIDE)
def campaigns() -> Answer:
    """Show coordinators their campaigns, each with the link to put on posters."""
    rows = queries.list_campaigns(reading(), current_actor())
    slug = current_scheme().slug
    return render_template(
        "mentors/campaigns.html", rows=rows, links={found.id: _link(found, slug) for found, _applied in rows}
    )


def _link(found: Campaign, slug: str) -> str:
    """Give the address to put on a poster."""
    values: dict[str, Any] = {"slug": slug, CAMPAIGN: found.code}
    return f"{current_app.config['BASE_URL']}{url_for('mentors.apply', **values)}"


@blueprint.get("/campaigns/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_campaign() -> Answer:
    """Let a coordinator begin a campaign."""
    today = clock.today(current_actor().time_zone)
    form = forms.CampaignForm(formdata=None, data={"starts_on": today, "cost": 0})
    return render_template("mentors/new_campaign.html", form=form)


@blueprint.post("/campaigns/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_campaign_post() -> Answer:
    """Begin a campaign."""
    form = forms.CampaignForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentors.campaigns")
            operations.begin_campaign(session, **form.values(), by=current_actor(), at=clock.now())
        if not form.errors:
            return _saved()
    return render_template("mentors/new_campaign.html", form=form), 422


@blueprint.get("/campaigns/<uuid:campaign_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def campaign(campaign_id: uuid.UUID) -> Answer:
    """Let a coordinator change a campaign."""
    found = queries.get_campaign(reading(), current_actor(), campaign_id)
    form = forms.CampaignForm(record=found, data={"cost": found.cost_pence // 100})
    return render_template("mentors/campaign.html", form=_carrying(form, found), campaign=found)


@blueprint.post("/campaigns/<uuid:campaign_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def campaign_post(campaign_id: uuid.UUID) -> Answer:
    """Change a campaign."""
    found = queries.get_campaign(reading(), current_actor(), campaign_id)
    form = forms.CampaignForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.change_campaign(
                session,
                campaign=queries.get_campaign(session, current_actor(), campaign_id),
                **form.values(),
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return _saved()
    return render_template("mentors/campaign.html", form=form, campaign=found), 422


def _carrying(form: forms.CampaignForm, found: Campaign) -> forms.CampaignForm:
    """Have the form carry the version that it was filled from."""
    form.version.data = str(found.version)
    return form


def _saved() -> Response:
    """Lead back to the list, and say that it is saved."""
    flash(str(_("Saved.")))
    return redirect(url_for("mentors.campaigns"), code=303)
