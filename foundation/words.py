"""The words that people read for the states of letters."""

from foundation.language import _, name_members
from foundation.outbox import LetterState

name_members(
    {
        LetterState.WAITING: _("Waiting"),
        LetterState.SENDING: _("Being sent"),
        LetterState.SENT: _("Sent"),
        LetterState.FAILED: _("Given up"),
    }
)
