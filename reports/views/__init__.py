"""The front page for everybody, home pages, the board of targets, and certificates of service."""

from reports.views import pages, service
from reports.views.blueprint import blueprint

__all__ = ["blueprint", "pages", "service"]
