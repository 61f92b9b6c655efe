"""What is typed to log a meeting, to answer an offered match, and to change a match."""

from typing import Any

from wtforms import HiddenField, SubmitField
from wtforms.validators import Optional

from foundation.fields import DateField, FileField, NumberField, RadioField, SelectField, TextField, required
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
        description=_("A session was planned. Any other call, message or brief meeting is a contact."),
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
            "Only you and the coordinators read it. Leave out offences, health, and names and addresses of others."
        ),
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


class ImportForm(HouseForm):
    """Spreadsheets to check, and then the same again to import, which the page carries meanwhile."""

    mentors = FileField(
        _("Sheet of mentors"),
        description=_("CSV or Excel (.xlsx), 5 MB at most"),
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
    mentees = FileField(
        _("Sheet of people to be mentored"),
        description=_("CSV or Excel (.xlsx), 5 MB at most"),
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
    carried = HiddenField()
    act = SubmitField()

    def contents(self) -> dict[str, bytes]:
        """Read the files that were sent, by kind of sheet."""
        files = {"mentors": self.mentors.data, "mentees": self.mentees.data}
        return {kind: file.read() for kind, file in files.items() if getattr(file, "filename", "")}

    @property
    def is_confirmed(self) -> bool:
        """Whether the button that imports was pressed, and not the one that checks."""
        return bool(self.act.raw_data and self.act.raw_data[0] == "import")
