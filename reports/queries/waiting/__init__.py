"""What waits on the home pages, card by card."""

from reports.queries.waiting.reading import list_waiting, required_courses

__all__ = ["list_waiting", "required_courses"]
