"""Recruitment campaigns are begun and changed; each has a code of its own for links and posters."""

import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from foundation.versions import require_version
from mentors.models import Campaign
from mentors.rules import CODE_LENGTH, CODE_LETTERS, CampaignKind


def begin_campaign(
    session: Session,
    *,
    name: str,
    kind: CampaignKind,
    starts_on: date,
    ends_on: date | None,
    cost_pence: int,
    by: Actor,
    at: datetime,
) -> Campaign:
    """Begin a campaign and draw the code of its link.

    Args:
        session: The transaction.
        name: What staff call it.
        kind: How it reaches people.
        starts_on: First day.
        ends_on: Last day; None while it goes on. Its link works for ever, since posters hang for long.
        cost_pence: What it costs in all, in pence or cents.
        by: Who begins it.
        at: When.

    Raises:
        Refusal: It would end before it begins.
    """
    require(by, Permission.VOLUNTEERS_DECIDE)
    _require_order(starts_on, ends_on)
    campaign = Campaign(
        scheme_id=by.scheme_id,
        name=name,
        kind=kind,
        code="".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH)),
        starts_on=starts_on,
        ends_on=ends_on,
        cost_pence=cost_pence,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(campaign)
    audit.record(session, by=by, at=at, verb="begin_campaign", subject=campaign)
    session.flush()
    return campaign


def change_campaign(
    session: Session,
    *,
    campaign: Campaign,
    name: str,
    kind: CampaignKind,
    starts_on: date,
    ends_on: date | None,
    cost_pence: int,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Change what is written down of a campaign; its code stays, since it is on posters.

    Raises:
        Refusal: It would end before it begins.
    """
    require(by, Permission.VOLUNTEERS_DECIDE)
    require_scheme(by, campaign.scheme_id)
    require_version(campaign, version)
    _require_order(starts_on, ends_on)
    campaign.name, campaign.kind, campaign.cost_pence = name, kind, cost_pence
    campaign.starts_on, campaign.ends_on = starts_on, ends_on
    campaign.changed_at, campaign.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="change_campaign", subject=campaign)
    session.flush()


def _require_order(starts_on: date, ends_on: date | None) -> None:
    """Refuse a campaign that ends before it begins."""
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(_("A campaign ends after it begins"), field="ends_on")
