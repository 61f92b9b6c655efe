"""What every decision about a volunteer has in common: the right to it, a reason, and a new version of the record."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from accounts.policy import Actor
from foundation.errors import Refusal
from foundation.language import _
from foundation.versions import require_version
from mentors.models import Volunteer
from mentors.policy import require_decision


def require_decision_on(by: Actor, volunteer: Volunteer, version: int | None) -> None:
    """Pass silently if this actor may decide about this volunteer as they saw them."""
    require_decision(by, volunteer)
    require_version(volunteer, version)


def require_reason(why: str) -> None:
    """Insist on a reason."""
    if not why.strip():
        raise Refusal(_("Say why; it stays in the record"), field="why")


def touch(volunteer: Volunteer, by: Actor, at: datetime) -> None:
    """Count a new version of the record even where no column of its own changes, as when a check is recorded."""
    volunteer.changed_at, volunteer.changed_by_id = at, by.person_id
    flag_modified(volunteer, "changed_at")
