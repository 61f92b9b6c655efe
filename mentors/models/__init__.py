"""Volunteers with their way through the pipeline, their checks, applications being written, campaigns, departures."""

from mentors.models.agreements import Acceptance, Document, DocumentVersion
from mentors.models.applying import ApplicationDraft, AskAgain
from mentors.models.campaigns import Campaign
from mentors.models.checks import Check, DbsCeiling
from mentors.models.commitment import Commitment, CommitmentAlert, CommitmentLook, VolunteerBreak
from mentors.models.leaving import Departure
from mentors.models.volunteers import StageMove, Volunteer

__all__ = [
    "Acceptance",
    "ApplicationDraft",
    "AskAgain",
    "Campaign",
    "Check",
    "Commitment",
    "CommitmentAlert",
    "CommitmentLook",
    "DbsCeiling",
    "Departure",
    "Document",
    "DocumentVersion",
    "StageMove",
    "Volunteer",
    "VolunteerBreak",
]
