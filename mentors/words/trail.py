"""Words of the audit trail for volunteers and what is done with them."""

from foundation.language import _, name_acts, name_records

name_acts(
    {
        "accept_as_same": _("Accepted as the same person"),
        "apply": _("Applied as a volunteer"),
        "ask_again_due": _("Was due to be asked again"),
        "ask_later": _("Asked to be asked later"),
        "begin_draft": _("Began an application"),
        "clear_for_risk": _("Cleared a volunteer for a level of risk"),
        "keep_answers": _("Kept answers of an application"),
        "move_volunteer": _("Moved a volunteer on"),
        "record_check": _("Recorded a check"),
        "send_draft": _("Sent an application"),
        "set_capacity": _("Set how many people a volunteer mentors"),
    }
)

name_records(
    {
        "volunteer": _("Volunteer"),
        "stage_move": _("Step of a volunteer"),
        "volunteer_check": _("Check"),
        "application_draft": _("Application begun"),
        "ask_again": _("Wish to be asked again"),
    }
)
