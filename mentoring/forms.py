"""What is typed to log a meeting, to answer an offered match, and to change a match."""

from typing import Any

from wtforms.validators import Optional

from foundation.fields import DateField, NumberField, RadioField, SelectField, TextField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentoring.rules import (
    LONGEST_SESSION_MINUTES,
    QUICK_MINUTES,
    USUAL_SESSION_MINUTES,
    Answer,
    AttendanceOutcome,
    EndReason,
    MeetingKind,
    MeetingPlace,
)

ANOTHER_LENGTH = "other"
LONGEST_NOTE = 500


class MeetingForm(HouseForm):
    """One session or contact; everything but the note stands ready, so that most are saved with one tap."""

    held_on = DateField(_("Day"), [required(_("Enter the day"))])
    minutes = RadioField(
        _("How many minutes?"), [required(_("Choose how many minutes"))], default=str(USUAL_SESSION_MINUTES)
    )
    other_minutes = NumberField(
        _("Another number of minutes"),
        [Optional()],
        description=_("Only if you chose “Another”. 0 if you did not meet."),
        least=0,
        most=LONGEST_SESSION_MINUTES,
    )
    kind = RadioField(
        _("What was it?"),
        [required(_("Choose session or contact"))],
        members=MeetingKind,
        default=MeetingKind.SESSION,
        description=_("A session is a meeting you had planned. Any other call, message or brief meeting is a contact."),
    )
    place = RadioField(
        _("How did you meet?"),
        [required(_("Choose how you met"))],
        members=MeetingPlace,
        default=MeetingPlace.IN_PERSON,
    )
    outcome = RadioField(
        _("Did they come?"),
        [required(_("Choose whether they came"))],
        members=AttendanceOutcome,
        default=AttendanceOutcome.ATTENDED,
        description=_("If not, the time does not count towards your week."),
    )
    note = TextField(
        _("Short note (optional)"),
        longest=LONGEST_NOTE,
        description=_(
            "What you did and what you agreed on. Only you and the coordinators read it. Leave out offences, health, "
            "other people's names and addresses."
        ),
        render_kw={"rows": "3"},
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        quick = [(str(minutes), str(minutes)) for minutes in QUICK_MINUTES]
        self.minutes.choices = [*quick, (ANOTHER_LENGTH, str(_("Another")))]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Ask for the number where somebody chose another length."""
        is_valid = bool(super().validate(extra_validators))
        if self.minutes.data == ANOTHER_LENGTH and self.other_minutes.data is None and not self.other_minutes.errors:
            self.other_minutes.errors = [str(_("Enter how many minutes"))]
            return False
        return is_valid

    @property
    def duration_minutes(self) -> int:
        """The minutes that were chosen or typed."""
        if self.minutes.data == ANOTHER_LENGTH:
            return int(self.other_minutes.data)
        return int(self.minutes.data)


class OfferForm(HouseForm):
    """The mentor's answer to an offered match."""

    answer = RadioField(_("Do you agree?"), [required(_("Choose yes or no"))], members=Answer)
    why = TextField(
        _("If not: why not?"),
        longest=1000,
        description=_("In a few words. Only the coordinators read it. “Not now” is a good answer."),
        render_kw={"rows": "3"},
    )


class ChangeForm(HouseForm):
    """A coordinator's reason for a change of a match."""

    why = TextField(_("Why?"), [required(_("Say why; it stays in the record"))], longest=1000)


class EndForm(ChangeForm):
    """A coordinator's reason for ending a match early."""

    reason = SelectField(
        _("What happened?"),
        [required(_("Choose what happened"))],
        members=EndReason,
    )


class CompleteForm(HouseForm):
    """A last word on a match that has run its months."""

    why = TextField(_("What was reached? (optional)"), longest=1000)
