"""From records to arrays and back: what the engine needs to know, and what a round leaves behind."""

from matching.gathering.people import (
    ACCEPTED,
    GENDER_CODES,
    History,
    People,
    asks_for,
    codings_of,
    exclusion_areas_of,
    helps_with,
    highest_risk,
    read_history,
    score_people,
)
from matching.gathering.records import NotReadable, Remembered, digest_of, pack, remember, unpack

__all__ = [
    "ACCEPTED",
    "GENDER_CODES",
    "History",
    "NotReadable",
    "People",
    "Remembered",
    "asks_for",
    "codings_of",
    "digest_of",
    "exclusion_areas_of",
    "helps_with",
    "highest_risk",
    "pack",
    "read_history",
    "remember",
    "score_people",
    "unpack",
]
