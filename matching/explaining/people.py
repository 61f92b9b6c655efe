"""Who is who in a round: names for its rows and columns, and places told no more exactly than a postcode sector."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation.places import normalise_postcode
from matching import queries
from matching.explaining.recalling import Recalled

SECTOR = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?: \d)?")
INWARD_LETTERS = 2


@dataclass(frozen=True)
class Named:
    """Somebody on a page.

    Attributes:
        id: Their record.
        name: How they are called.
    """

    id: uuid.UUID
    name: str


@dataclass(frozen=True)
class Names:
    """Names for rows and columns of a round, as far as they were asked for."""

    recalled: Recalled
    names: Mapping[uuid.UUID, str]

    def person(self, row: int) -> Named:
        """Name the person of a row."""
        found = self.recalled.mentee_ids[row]
        return Named(found, self.names.get(found) or nameless())

    def mentor(self, column: int) -> Named:
        """Name the mentor of a column."""
        found = self.recalled.volunteer_ids[column]
        return Named(found, self.names.get(found) or nameless())


def nameless() -> str:
    """Call somebody whose name the reader cannot see."""
    return gettext("name not known")


def name_them(
    session: Session, by: Actor, recalled: Recalled, *, rows: Iterable[int] = (), columns: Iterable[int] = ()
) -> Names:
    """Look up the names of some rows and columns, in one statement."""
    mentees = {recalled.mentee_ids[row] for row in rows}
    mentors = {recalled.volunteer_ids[column] for column in columns if column >= 0}
    return Names(recalled, queries.name_everybody(session, by, mentees | mentors))


def coarse_place(area: str) -> str:
    """Name a place no more exactly than the matching knows it: a postcode by its sector, an address by its town.

    Args:
        area: What was typed.
    """
    postcode = normalise_postcode(area)
    if postcode is not None:
        return postcode[:-INWARD_LETTERS]
    if SECTOR.fullmatch(typed := " ".join(area.upper().split())):
        return typed
    # Whatever has a digit is a house number or a postcode, and two capitals are a part of one or a province.
    parts = [part.split() for part in area.split(",") if part.strip()]
    towns = [words for words in parts if not any(re.search(r"\d", word) for word in words)] or parts
    words = towns[-1] if towns else []
    return " ".join(word for word in words if not re.search(r"\d", word) and not re.fullmatch("[A-Z]{2}", word))
