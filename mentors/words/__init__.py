"""The words that people read for stages, checks, background and steps."""

from mentors.words import agreements, background, campaigns, checks, commitment, leaving, stages, steps, trail

__all__ = ["agreements", "background", "campaigns", "checks", "commitment", "leaving", "stages", "steps", "trail"]
