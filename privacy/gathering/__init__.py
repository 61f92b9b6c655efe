"""Finding everything that the portal holds about one person, and everything whose time is over."""

from privacy.gathering.bundles import Bundle, Section, Withheld, gather_bundle
from privacy.gathering.due import Due, find_due
from privacy.gathering.paths import LOOSE, MENTIONS, Link, links_of, unknown_links
from privacy.gathering.rows import Trace, addresses_of, count_acts, trace

__all__ = [
    "LOOSE",
    "MENTIONS",
    "Bundle",
    "Due",
    "Link",
    "Section",
    "Trace",
    "Withheld",
    "addresses_of",
    "count_acts",
    "find_due",
    "gather_bundle",
    "links_of",
    "trace",
    "unknown_links",
]
