"""What is typed to choose the day of the board, to set a promise and to record a figure."""

from typing import Any

from foundation.fields import DateField, LineField, NumberField, SelectField, TextField, choices_of, required
from foundation.forms import HouseForm
from foundation.language import _
from mentors.rules import CheckKind, Lapse
from reports.rules import MOST_AMOUNT, Measure


class DayForm(HouseForm):
    """The day on which the board is shown; read from the address, so that a link to it can be shared."""

    on = DateField(_("Show the board as it stood on"))


class LapseFilterForm(HouseForm):
    """Which checks that run out to list."""

    class Meta:
        """A form that only reads needs no protection against forgery."""

        csrf = False

    lapse = SelectField(_("Runs out"), members=Lapse)
    kind = SelectField(_("Check"), members=CheckKind)

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.lapse.choices = [("", str(_("Ran out, or within 90 days"))), *choices_of(Lapse)]
        self.kind.choices = [("", str(_("All checks"))), *choices_of(CheckKind)]


class TargetForm(HouseForm):
    """How much of a measure was promised, and for which period."""

    promised = NumberField(
        _("How much was promised?"), [required(_("Enter how much was promised"))], least=1, most=MOST_AMOUNT
    )
    starts_on = DateField(_("First day of the period"), [required(_("Enter the first day"))])
    ends_on = DateField(_("Last day of the period"), [required(_("Enter the last day"))])


class FigureForm(HouseForm):
    """A running total from outside the portal."""

    measure = SelectField(_("Measure"), [required(_("Choose a measure"))], members=Measure)
    amount = NumberField(
        _("Total so far"),
        [required(_("Enter the total"))],
        least=0,
        most=MOST_AMOUNT,
        description=_("All that this source knows of until the day below, without what is logged in the portal."),
    )
    as_of = DateField(_("As it stood on"), [required(_("Enter the day"))])
    source = LineField(
        _("Where does the figure come from?"),
        [required(_("Enter where the figure comes from"))],
        description=_("A report or a list, for example “Quarterly report, March 2026”. No names of people."),
    )


class AskBreakGlassForm(HouseForm):
    """Whose record an administrator must read, and why."""

    record = LineField(
        _("Whose record?"),
        [required(_("Enter the reference or the email address"))],
        description=_("The reference of a person referred, such as K-0042, or the email address of a volunteer."),
    )
    why = TextField(
        _("Why must you read it now?"),
        [required(_("Enter why you must read this record now"))],
        longest=500,
        description=_("Say what has happened, without telling anything about the person."),
    )
