"""Pages on which people apply, see where they stand, and on which coordinators decide."""

from mentors.views import (
    agreements,
    applying,
    campaigns,
    checking,
    commitment,
    leaving,
    merging,
    own,
    own_agreements,
    pipeline,
)
from mentors.views.blueprint import blueprint

__all__ = [
    "agreements",
    "applying",
    "blueprint",
    "campaigns",
    "checking",
    "commitment",
    "leaving",
    "merging",
    "own",
    "own_agreements",
    "pipeline",
]
