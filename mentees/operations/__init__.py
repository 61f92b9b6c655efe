"""What changes people referred: they are referred, taken on or not, assessed, restricted, closed and taken up again."""

from mentees.operations.keeping import PlaceUnknown
from mentees.operations.moving import ReasonMissing, move_case
from mentees.operations.referring import refer
from mentees.operations.restricting import (
    add_contact_ban,
    add_exclusion_area,
    assess_risk,
    remove_contact_ban,
    remove_exclusion_area,
)
from mentees.operations.whereabouts import change_whereabouts

__all__ = [
    "PlaceUnknown",
    "ReasonMissing",
    "add_contact_ban",
    "add_exclusion_area",
    "assess_risk",
    "change_whereabouts",
    "move_case",
    "refer",
    "remove_contact_ban",
    "remove_exclusion_area",
]
