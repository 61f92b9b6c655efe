"""Requests and complaints: how somebody is known, what is held back and why, and who watches over it all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class IdentityCheck(StrEnum):
    """How we know that whoever asks is the person themselves."""

    KNOWN = "known"
    SIGNED_IN = "signed in"
    DOCUMENT = "document"
    CALLED_BACK = "called back"
    AUTHORISED = "authorised"


class WithheldWhy(StrEnum):
    """Why something in the records is not in the copy."""

    IN_CONFIDENCE = "in confidence"
    SOMEBODY_ELSE = "somebody else"
    TRAIL = "trail"


class ComplaintAbout(StrEnum):
    """What somebody complains about."""

    DATA = "data"
    MENTORING = "mentoring"
    STAFF = "staff"
    OTHER = "other"


class ComplaintOutcome(StrEnum):
    """What came of a complaint."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly upheld"
    NOT_UPHELD = "not upheld"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Authority:
    """Who watches over data protection in a country.

    Attributes:
        name: As it calls itself.
        website: Where it takes complaints.
        phone: Where there is one for everybody.
    """

    name: str
    website: str
    phone: str


AUTHORITIES: Mapping[str, Authority] = {
    "GB": Authority("Information Commissioner's Office (ICO)", "ico.org.uk", "0303 123 1113"),
    "NL": Authority("Autoriteit Persoonsgegevens (AP)", "autoriteitpersoonsgegevens.nl", "088 1805 250"),
    "IT": Authority("Garante per la protezione dei dati personali", "garanteprivacy.it", "06 696771"),
}


def authority_of(country: str) -> Authority:
    """Tell who watches over data protection in a country; the British one where we know no better."""
    return AUTHORITIES.get(country, AUTHORITIES["GB"])
