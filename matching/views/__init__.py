"""Pages on which coordinators run rounds, read proposals and decide."""

from matching.views import comparing, proposals, rounds
from matching.views.blueprint import blueprint

__all__ = ["blueprint", "comparing", "proposals", "rounds"]
