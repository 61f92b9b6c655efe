"""The words that people read for the states of letters."""

from foundation.language import _, name_acts, name_members, name_records
from foundation.outbox import LetterState

name_members(
    {
        LetterState.WAITING: _("Waiting"),
        LetterState.SENDING: _("Being sent"),
        LetterState.SENT: _("Sent"),
        LetterState.FAILED: _("Given up"),
    }
)

name_acts(
    {
        "read": _("Read"),
        "destroy_person_key": _("Destroyed the key of an erased person"),
    }
)

name_records(
    {
        "person_key": _("Key of a person"),
        "letter": _("Letter"),
        "audit_entry": _("Entry of the trail"),
        "submission": _("Form"),
        "kept_form": _("Form kept over a sign-in"),
        "data_key": _("Key of the data"),
    }
)
