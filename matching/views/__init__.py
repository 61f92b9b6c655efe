"""Pages on which coordinators run rounds, read proposals and decide."""

from matching.views import by_hand, choosing, comparing, lifting, proposals, rounds, rules
from matching.views.blueprint import blueprint

__all__ = ["blueprint", "by_hand", "choosing", "comparing", "lifting", "proposals", "rounds", "rules"]
