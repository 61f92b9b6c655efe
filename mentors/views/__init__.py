"""Pages on which people apply, see where they stand, and on which coordinators decide."""

from mentors.views import applying, own, pipeline
from mentors.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "own", "pipeline"]
