"""Pages that show what a mentor offers and gives: their own, and the one for coordinators."""

import uuid
from collections.abc import Sequence

from flask import render_template

from accounts import queries as account_queries
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from mentoring import queries
from mentoring.views.matches import Answered, blueprint
from mentors import policy
from mentors import queries as volunteers
from mentors.models import Commitment, Volunteer, VolunteerBreak
from mentors.rules import GivenWeek


@blueprint.get("/my-commitment")
@requires(Permission.OWN_RECORD_READ)
def my_commitment() -> Answered:
    """Show volunteers what they offer, what they gave in each week of a year, and their breaks."""
    session, by = reading(), current_actor()
    volunteer = volunteers.get_own_volunteer(session, by)
    commitments, breaks = volunteers.list_commitments(session, volunteer), volunteers.list_breaks(session, volunteer)
    return render_template(
        "mentoring/my_commitment.html",
        volunteer=volunteer,
        weeks=_weeks(volunteer, commitments, breaks),
        commitments=commitments,
        breaks=breaks,
    )


def _weeks(
    volunteer: Volunteer, commitments: Sequence[Commitment], breaks: Sequence[VolunteerBreak]
) -> list[GivenWeek]:
    """Judge the weeks of a year by what the page has read already."""
    zone = current_actor().time_zone
    promises, spans = volunteers.as_promises(commitments), volunteers.as_spans(breaks)
    return queries.weeks_of_volunteer(reading(), volunteer.id, promises, spans, clock.today(zone), zone)


@blueprint.get("/volunteers/<uuid:volunteer_id>/commitment")
@requires(Permission.VOLUNTEERS_DECIDE)
def commitment(volunteer_id: uuid.UUID) -> Answered:
    """Show a coordinator what a volunteer offers and gives, with its history, breaks, and what was told of it."""
    session, by = reading(), current_actor()
    volunteer = volunteers.get_volunteer_head(session, by, volunteer_id)
    policy.require_decision(by, volunteer)
    commitments, breaks = volunteers.list_commitments(session, volunteer), volunteers.list_breaks(session, volunteer)
    alerts = volunteers.list_alerts(session, volunteer)
    people = {row.decided_by_id for row in commitments} | {row.answered_by_id for row in alerts}
    return render_template(
        "mentoring/commitment.html",
        volunteer=volunteer,
        weeks=_weeks(volunteer, commitments, breaks),
        commitments=commitments,
        breaks=breaks,
        alerts=alerts,
        names=account_queries.names_of(session, {person for person in people if person is not None}),
    )
