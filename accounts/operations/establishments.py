"""What changes the list of prisons and other closed places where people of a scheme are."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Establishment
from accounts.policy import Actor
from accounts.rules import establishment_key
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _

LONGEST_NAME = 120


def name_establishment(session: Session, *, name: str, by: Actor, at: datetime) -> Establishment:
    """Find an establishment of the actor's scheme by its name, however it is written, or add it to the list.

    Raises:
        Refusal: The name says nothing, or is too long.
    """
    key, shown = establishment_key(name), " ".join(name.split())
    if not key or len(shown) > LONGEST_NAME:
        raise Refusal(_("Enter the name of the establishment"), field="establishment_name")
    known = queries.find_establishment(session, by, name)
    if known is not None:
        return known
    added = Establishment(scheme_id=by.scheme_id, name=shown, key=key)
    session.add(added)
    audit.record(session, by=by, at=at, verb="name_establishment", subject=added)
    session.flush()
    return added
