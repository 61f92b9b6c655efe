"""Reads about recruitment campaigns."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Campaign, Volunteer
from mentors.rules import CODE_LENGTH, CODE_LETTERS


def list_campaigns(session: Session, by: Actor) -> Sequence[tuple[Campaign, int]]:
    """List the campaigns of the actor's scheme with how many applied by each, the newest first."""
    statement = (
        select(Campaign, func.count(Volunteer.id))
        .outerjoin(Volunteer, Volunteer.campaign_id == Campaign.id)
        .where(Campaign.scheme_id == by.scheme_id)
        .group_by(Campaign.id)
        .order_by(Campaign.starts_on.desc(), Campaign.name, Campaign.id)
    )
    return [(campaign, applied) for campaign, applied in session.execute(statement)]


def get_campaign(session: Session, by: Actor, campaign_id: uuid.UUID) -> Campaign:
    """Get a campaign of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    statement = select(Campaign).where(Campaign.id == campaign_id, Campaign.scheme_id == by.scheme_id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such campaign."))
    return found


def find_campaign_of_code(session: Session, scheme: Scheme, code: str) -> Campaign | None:
    """Find the campaign by whose link somebody comes; an unknown code is no fault of theirs and finds none."""
    code = code.strip().lower()
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        # Anybody may type anything into an address, also what PostgreSQL refuses to compare.
        return None
    statement = select(Campaign).where(Campaign.scheme_id == scheme.id, Campaign.code == code)
    return session.scalars(statement).one_or_none()
