"""What is typed to change what a volunteer offers, to note breaks, and to answer what weeks tell."""

from foundation.fields import DateField, NumberField, RadioField, TextField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentors.forms.drawing import number_box
from mentors.rules import (
    LEAST_TERMS_HOURS,
    LEAST_TERMS_MONTHS,
    MOST_HOURS_PER_WEEK,
    MOST_MONTHS,
    BreakWhy,
    CommitmentState,
    Terms,
)


class WishForm(HouseForm):
    """What a volunteer would like to offer instead."""

    hours_per_week = NumberField(
        _("Hours a week"),
        [required(_("Enter how many hours a week"))],
        least=LEAST_TERMS_HOURS,
        most=MOST_HOURS_PER_WEEK,
        render_kw=number_box(2),
    )
    months = NumberField(
        _("Months in all"),
        [required(_("Enter for how many months"))],
        least=LEAST_TERMS_MONTHS,
        most=MOST_MONTHS,
        render_kw=number_box(2),
    )
    from_on = DateField(_("From"), [required(_("Enter the first day"))])
    why = TextField(_("Why?"), [required(_("Say why, in a sentence"))])


class TermsForm(WishForm):
    """What staff write down."""

    terms = RadioField(_("Which terms?"), [required(_("Choose the terms"))], members=Terms)
    until_on = DateField(_("If flexible: last day"))


class WishAnswerForm(HouseForm):
    """The answer to a wish for other hours."""

    decision = RadioField(
        _("Do you agree?"),
        [required(_("Choose an answer"))],
        members=(CommitmentState.AGREED, CommitmentState.DECLINED),
    )
    answer = TextField(_("Answer"), description=_("The volunteer reads it. Needed if you do not agree."))


class BreakForm(HouseForm):
    """A break."""

    from_on = DateField(_("First day"), [required(_("Enter the first day"))])
    back_on = DateField(_("Back on"), description=_("Leave it empty while nobody knows."))
    why = RadioField(_("Why?"), [required(_("Choose a reason"))], members=BreakWhy)


class BreakEndForm(HouseForm):
    """The end of a break."""

    ended_on = DateField(_("First day back"), [required(_("Enter the first day back"))])


class NoteForm(HouseForm):
    """What was talked about."""

    note = TextField(
        _("What was talked about or done?"),
        [required(_("Say what was talked about or done"))],
        description=_(
            "For example, “Talked with her: new job, two hours until March.” It stays in the record, and the volunteer "
            "may ask to read it."
        ),
    )
