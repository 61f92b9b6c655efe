"""Words for leaving."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import LeavingGround, LeavingReason

name_members(
    {
        LeavingGround.PROMISE_KEPT: _("Kept the promise and stopped"),
        LeavingGround.LIFE: _("Their life changed"),
        LeavingGround.EXPERIENCE: _("How it was with us"),
        LeavingGround.CHARITY: _("We decided it"),
        LeavingGround.DIED: _("Died"),
        LeavingGround.NOT_SAID: _("Another reason, or not said"),
    }
)
name_members(
    {
        LeavingReason.TIME: _("No time any more"),
        LeavingReason.WORK_OR_STUDY: _("A new job, or studies"),
        LeavingReason.MOVED_AWAY: _("Moved away"),
        LeavingReason.HEALTH: _("Health"),
        LeavingReason.FAMILY: _("Family, or caring for somebody"),
        LeavingReason.PROMISE_KEPT: _("The time that was promised is over"),
        LeavingReason.NOT_AS_EXPECTED: _("The role is not what they expected"),
        LeavingReason.WAITED_TOO_LONG: _("Waited too long for somebody to mentor"),
        LeavingReason.SUPPORT: _("Not happy with our support"),
        LeavingReason.MONEY: _("Travel or money"),
        LeavingReason.CHECKS: _("A check was not passed, or not renewed"),
        LeavingReason.ASKED_TO_LEAVE: _("We asked them to leave"),
        LeavingReason.NO_CONTACT: _("We cannot reach them"),
        LeavingReason.DIED: _("They died"),
        LeavingReason.OTHER: _("Another reason"),
    }
)

name_acts(
    {
        "note_departure": _("Wrote down that a volunteer left"),
        "say_exit_words": _("Said a last word on leaving"),
    }
)
name_records({"departure": _("Leaving")})
