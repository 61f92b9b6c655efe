"""Volunteers with their way through the pipeline, their checks, and applications that are still being written."""

from mentors.models.agreements import Acceptance, Document, DocumentVersion
from mentors.models.applying import ApplicationDraft, AskAgain
from mentors.models.checks import Check, DbsCeiling
from mentors.models.commitment import Commitment, CommitmentAlert, CommitmentLook, VolunteerBreak
from mentors.models.volunteers import StageMove, Volunteer

__all__ = [
    "Acceptance",
    "ApplicationDraft",
    "AskAgain",
    "Check",
    "Commitment",
    "CommitmentAlert",
    "CommitmentLook",
    "DbsCeiling",
    "Document",
    "DocumentVersion",
    "StageMove",
    "Volunteer",
    "VolunteerBreak",
]
