"""Pages for training leads, coordinators and volunteers about hours and development plans."""

from training.views import plans
from training.views.hours import blueprint

__all__ = ["blueprint", "plans"]
