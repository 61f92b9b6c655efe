"""The words that people read for stages, checks, background and steps."""

from mentors.words import background, checks, stages, steps, trail

__all__ = ["background", "checks", "stages", "steps", "trail"]
