"""Kinds of recruitment campaign and the codes in their links."""

from enum import StrEnum

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for one another on a poster."""
CODE_LENGTH = 6
MOST_COST_POUNDS = 1_000_000


class CampaignKind(StrEnum):
    """How a campaign reaches people."""

    POSTER = "poster"
    EVENT = "event"
    PRESS = "press"
    SOCIAL_MEDIA = "social media"
    WEBSITE = "website"
    UNIVERSITY = "university"
    EMPLOYER = "employer"
    FAITH_GROUP = "faith group"
    PARTNER = "partner"
    WORD_OF_MOUTH = "word of mouth"
    FORMER_MENTEES = "former mentees"
    OTHER = "other campaign"
