"""What every page of a decision about a volunteer has in common."""

import uuid
from typing import TypeVar

from flask import flash, redirect, url_for
from werkzeug import Response

from accounts.signing import current_actor
from foundation.db import reading
from foundation.forms import HouseForm
from foundation.language import _
from mentors import policy, queries
from mentors.models import Volunteer

Form = TypeVar("Form", bound=HouseForm)


def for_decision(volunteer_id: uuid.UUID) -> Volunteer:
    """Get a volunteer about whom the actor is going to decide."""
    found = queries.get_volunteer(reading(), current_actor(), volunteer_id)
    policy.require_decision(current_actor(), found)
    return found


def carrying(form: Form, found: Volunteer) -> Form:
    """Have a form carry the version that it was filled from."""
    form.version.data = str(found.version)
    return form


def done(volunteer_id: uuid.UUID) -> Response:
    """Lead back to the volunteer, and say that it is saved."""
    flash(str(_("Saved.")))
    return redirect(url_for("mentors.volunteer", volunteer_id=volunteer_id), code=303)
