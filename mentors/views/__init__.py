"""Pages on which people apply, see where they stand, and on which coordinators decide."""

from mentors.views import applying, checking, merging, own, pipeline
from mentors.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "checking", "merging", "own", "pipeline"]
