"""The words that people read for stages, checks, background and steps."""

from mentors.words import agreements, background, checks, commitment, stages, steps, trail

__all__ = ["agreements", "background", "checks", "commitment", "stages", "steps", "trail"]
