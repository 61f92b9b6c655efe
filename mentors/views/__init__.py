"""Pages on which people apply, see where they stand, and on which coordinators decide."""

from mentors.views import applying, campaigns, checking, leaving, merging, own, pipeline
from mentors.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "campaigns", "checking", "leaving", "merging", "own", "pipeline"]
