"""How well two people would suit each other, and what forbids it.

Soft components are scored in [0, 1] and weighed; vetoes are masks that no score can outweigh.
Protected characteristics are never scored.
"""

from matching.engine.compatibility.availability import availability_fit
from matching.engine.compatibility.background import background_fit
from matching.engine.compatibility.combining import combine
from matching.engine.compatibility.components import COMPONENTS, Yardsticks
from matching.engine.compatibility.location import distance_km, location_fit
from matching.engine.compatibility.people import ANY_CODE, WEEK_SLOTS, MenteeArrays, MentorArrays
from matching.engine.compatibility.risk import risk_fit
from matching.engine.compatibility.scored import Scored
from matching.engine.compatibility.scoring import OWN_VETOES, score
from matching.engine.compatibility.vetoes import ExclusionAreas

__all__ = [
    "ANY_CODE",
    "COMPONENTS",
    "OWN_VETOES",
    "WEEK_SLOTS",
    "ExclusionAreas",
    "MenteeArrays",
    "MentorArrays",
    "Scored",
    "Yardsticks",
    "availability_fit",
    "background_fit",
    "combine",
    "distance_km",
    "location_fit",
    "risk_fit",
    "score",
]
