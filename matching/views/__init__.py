"""Pages on which coordinators run rounds, read proposals and decide."""

from matching.views import proposals, rounds, rules
from matching.views.blueprint import blueprint

__all__ = ["blueprint", "proposals", "rounds", "rules"]
