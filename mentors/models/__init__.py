"""Volunteers with their way through the pipeline, their checks, applications being written, campaigns, departures."""

from mentors.models.applying import ApplicationDraft, AskAgain
from mentors.models.campaigns import Campaign
from mentors.models.checks import Check
from mentors.models.leaving import Departure
from mentors.models.volunteers import StageMove, Volunteer

__all__ = ["ApplicationDraft", "AskAgain", "Campaign", "Check", "Departure", "StageMove", "Volunteer"]
