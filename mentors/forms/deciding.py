"""What a coordinator types to find, move, check and clear a volunteer."""

from typing import Any

from foundation.fields import (
    DateField,
    LineField,
    NumberField,
    RadioField,
    SelectField,
    TextField,
    choices_of,
    required,
)
from foundation.forms import HouseForm
from foundation.language import _, words_for
from mentors.forms.drawing import number_box
from mentors.rules import MOST_PLACES, ROSH_BY_WORD, Stage

NOT_CLEARED = "none"
"""The answer that takes a clearance back."""


class FilterForm(HouseForm):
    """Which volunteers to list."""

    class Meta:
        """A form that only reads needs no protection against forgery."""

        csrf = False

    text = LineField(_("Name"))
    stage = SelectField(_("Stage"), members=Stage)

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.stage.choices = [("", str(_("All stages"))), *choices_of(Stage)]


class MoveForm(HouseForm):
    """A move along the pipeline."""

    to = RadioField(_("Move to"), [required(_("Choose a stage"))], members=Stage)
    ask_again_on = DateField(_("If “not now”: ask again on"))
    why = TextField(
        _("Why"),
        [required(_("Say why; it stays in the record"))],
        description=_("It stays in the record. The volunteer may ask to read it."),
    )


class ClearanceForm(HouseForm):
    """The highest risk of serious harm that a volunteer may work with."""

    level = RadioField(
        _("Cleared up to"),
        [required(_("Choose a level"))],
        choices=lambda: [
            *((word, words_for(level)) for word, level in ROSH_BY_WORD.items()),
            (NOT_CLEARED, str(_("Not cleared"))),
        ],
    )
    why = TextField(_("Why"), [required(_("Say why; it stays in the record"))])


class PlacesForm(HouseForm):
    """How many people at the same time."""

    capacity = NumberField(
        _("People at the same time"),
        [required(_("Enter how many people"))],
        least=0,
        most=MOST_PLACES,
        description=_("0 means that this volunteer is not matched for now."),
        render_kw=number_box(2),
    )


class SamePersonForm(HouseForm):
    """Which earlier record is the same person's."""

    earlier = RadioField(_("Which record is theirs?"), [required(_("Choose a record"))])
    why = TextField(_("How do you know?"), [required(_("Say how you know; it stays in the record"))])
