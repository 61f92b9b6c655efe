"""From records to arrays and back: what the engine needs to know, and what a round leaves behind."""

from matching.gathering.desks import Desk, lay_out_desk, read_desk
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
from matching.gathering.sides import Sides
from matching.gathering.solving import Answer, Figures, Pair, Wishes, solve_again
from matching.gathering.trying import Effect, Tally, difference, effect_of_weights

__all__ = [
    "ACCEPTED",
    "GENDER_CODES",
    "Answer",
    "Desk",
    "Effect",
    "Figures",
    "History",
    "NotReadable",
    "Pair",
    "People",
    "Remembered",
    "Sides",
    "Tally",
    "Wishes",
    "asks_for",
    "codings_of",
    "difference",
    "digest_of",
    "effect_of_weights",
    "exclusion_areas_of",
    "helps_with",
    "highest_risk",
    "lay_out_desk",
    "pack",
    "read_desk",
    "read_history",
    "remember",
    "score_people",
    "solve_again",
    "unpack",
]
