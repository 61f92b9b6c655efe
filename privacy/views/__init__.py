"""Pages of privacy work: requests, erasures, the retention schedule, complaints, and the public notice."""

from privacy.views import complaints, erasures, notice, requests, retention
from privacy.views.blueprint import blueprint

__all__ = ["blueprint", "complaints", "erasures", "notice", "requests", "retention"]
