"""Pages of matches, meetings, readiness and imports, and of what mentors offer and give."""

from mentoring.views import commitment, matches
from mentoring.views.matches import blueprint

__all__ = ["blueprint", "commitment", "matches"]
