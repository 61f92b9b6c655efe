"""The words that people read for stages, checks, background and steps."""

from mentors.words import background, campaigns, checks, leaving, stages, steps, trail

__all__ = ["background", "campaigns", "checks", "leaving", "stages", "steps", "trail"]
