"""The rules of privacy work: time limits, what stays of a person who is erased, and when data goes by itself."""

from privacy.rules.erasing import (
    ERASURES,
    GONE,
    KEPT,
    MENTORED,
    SHARED,
    STAYS_WITH_MENTORED,
    Blocker,
    ErasureState,
    ErasureWhy,
    pseudonym_of,
)
from privacy.rules.limits import ACKNOWLEDGE_DAYS, acknowledge_by, add_months, answer_by, holidays_of, working_day_from
from privacy.rules.requests import (
    AUTHORITIES,
    Authority,
    ComplaintAbout,
    ComplaintOutcome,
    IdentityCheck,
    WithheldWhy,
    authority_of,
)
from privacy.rules.retaining import CHECK_MONTHS, PERSON_YEARS, SHORT_DAYS, check_cutoff, person_cutoff, short_cutoff

__all__ = [
    "ACKNOWLEDGE_DAYS",
    "AUTHORITIES",
    "CHECK_MONTHS",
    "ERASURES",
    "GONE",
    "KEPT",
    "MENTORED",
    "PERSON_YEARS",
    "SHARED",
    "SHORT_DAYS",
    "STAYS_WITH_MENTORED",
    "Authority",
    "Blocker",
    "ComplaintAbout",
    "ComplaintOutcome",
    "ErasureState",
    "ErasureWhy",
    "IdentityCheck",
    "WithheldWhy",
    "acknowledge_by",
    "add_months",
    "answer_by",
    "authority_of",
    "check_cutoff",
    "holidays_of",
    "person_cutoff",
    "pseudonym_of",
    "short_cutoff",
    "working_day_from",
]
