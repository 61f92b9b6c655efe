"""Pages on which volunteers see where they stand: by the link of their letter, or signed in."""

from collections.abc import Sequence

from flask import g, render_template
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import public, requires
from foundation.db import reading
from mentors import queries
from mentors.models import Volunteer
from mentors.rules import PASSED, Standing, Step, furthest_stage, lapse_of, passed_checks, task_list
from mentors.views.blueprint import Answer, blueprint


@blueprint.get("/applications/<token>")
@public
def application(token: str) -> Answer:
    """Show somebody with the link of a letter where their application stands; it names nobody."""
    session = reading()
    volunteer = queries.get_volunteer_of_token(session, token)
    scheme = session.get_one(Scheme, volunteer.scheme_id)
    g.page_scheme = scheme
    return render_template(
        "mentors/application.html",
        volunteer=volunteer,
        scheme=scheme,
        steps=steps_of(volunteer, scheme, documents_of(session, volunteer, scheme)),
    )


@blueprint.get("/my-application")
@requires(Permission.OWN_RECORD_READ)
def my_application() -> Answer:
    """Show a volunteer what is done, what is next and whose move it is, and what they told us."""
    session = reading()
    volunteer = queries.get_own_volunteer(session, current_actor())
    scheme = current_scheme()
    today = clock.today(scheme.time_zone)
    documents = documents_of(session, volunteer, scheme)
    return render_template(
        "mentors/my_application.html",
        volunteer=volunteer,
        scheme=scheme,
        steps=steps_of(volunteer, scheme, documents),
        documents=documents,
        lapsing=[row for row in volunteer.checks if row.outcome in PASSED and lapse_of(row.expires_on, today)],
        today=today,
    )


def documents_of(session: Session, volunteer: Volunteer, scheme: Scheme) -> Sequence[Standing]:
    """Tell how a volunteer stands with the documents of the scheme."""
    today = clock.today(scheme.time_zone)
    return queries.document_standings(session, scheme.id, [volunteer.id], today)[volunteer.id]


def steps_of(volunteer: Volunteer, scheme: Scheme, documents: Sequence[Standing] = ()) -> tuple[Step, ...]:
    """Make the task list from what this package knows; ``checks`` and ``moves`` must be loaded."""
    return task_list(
        volunteer.stage,
        reached=furthest_stage(volunteer.stage, [move.after for move in volunteer.moves]),
        passed=passed_checks(volunteer.checks, clock.today(scheme.time_zone)),
        has_agreed=queries.has_agreed(documents),
    )
