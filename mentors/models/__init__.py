"""Volunteers with their way through the pipeline, their checks, and applications that are still being written."""

from mentors.models.applying import ApplicationDraft, AskAgain
from mentors.models.checks import Check, DbsCeiling
from mentors.models.volunteers import StageMove, Volunteer

__all__ = ["ApplicationDraft", "AskAgain", "Check", "DbsCeiling", "StageMove", "Volunteer"]
