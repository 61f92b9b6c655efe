"""What is typed when a volunteer leaves."""

from collections import Counter
from typing import Any

from foundation.fields import DateField, SelectField, TextField, TickField, required
from foundation.forms import HouseForm
from foundation.language import _, words_for
from mentors.rules import GROUND_OF, Leaving, LeavingGround, LeavingReason


class LeavingForm(HouseForm):
    """Why and when somebody leaves."""

    reason = SelectField(
        _("Why do they leave?"),
        [required(_("Choose the reason that fits best"))],
        members=LeavingReason,
        description=_("The one that weighs most, as they tell it. Only coordinators read it."),
    )
    left_on = DateField(_("Last day"), [required(_("Enter their last day"))])
    note = TextField(
        _("What was said, if anything"),
        description=_("It stays in the record. The volunteer may ask to read it."),
    )
    is_thanked = TickField(
        _("Send a letter of thanks, with a link to their certificate and to say a last word"),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.reason.choices = [("", str(_("Choose"))), *_grouped()]

    def leaving(self) -> Leaving:
        """Give what was typed."""
        return Leaving(
            reason=self.reason.data,
            left_on=self.left_on.data,
            note=self.note.data or "",
            is_thanked=bool(self.is_thanked.data),
        )


def _grouped() -> list[tuple[str, str]]:
    """List the reasons by their groups, each told with its group, so that the list reads in groups on any device."""
    sizes = Counter(GROUND_OF.values())
    return [
        (reason.value, f"{words_for(ground)}: {words_for(reason)}" if sizes[ground] > 1 else words_for(reason))
        for ground in LeavingGround
        for reason in LeavingReason
        if GROUND_OF[reason] is ground
    ]


class ExitWordsForm(HouseForm):
    """The last word of somebody who left."""

    words = TextField(
        _("What would you like us to know?"),
        [required(_("Write a word or two, or close this page"))],
        description=_("What was good, what was hard, what we should change. Only the coordinators read it."),
        render_kw={"rows": 8},
    )
