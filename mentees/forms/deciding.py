"""What is typed to find people and to decide about them."""

from datetime import date
from typing import Any

import wtforms

from foundation.fields import LineField, NumberField, RadioField, SelectField, TextField, choices_of, required
from foundation.forms import HouseForm
from foundation.language import _
from mentees.forms.answers import (
    PLACE,
    POSTCODE_ONLY,
    RADIUS,
    WhereaboutsAnswers,
    assessment_fields,
    establishment_field,
    time_fields,
    where_fields,
)
from mentees.rules import MOST_RADIUS_KM, CaseStage, RiskGroup, RiskLevel


class PeopleFilterForm(wtforms.Form):
    """Which people to list."""

    text = LineField(_("Name or reference"), longest=100)
    stage = SelectField(
        _("Stage"),
        choices=lambda: [("", str(_("All open cases"))), *choices_of(CaseStage), ("all", str(_("Everybody")))],
    )


class MoveForm(HouseForm):
    """The next stage of a case, with the reason."""

    to = RadioField(_("What is decided?"), [required(_("Choose what is decided"))])
    why = TextField(
        _("Why?"),
        [required(_("Enter why, so that the next person understands"))],
        longest=2000,
        description=_("Kept with your name and the date. The officer who referred them does not see it."),
    )


class RiskForm(HouseForm):
    """The risk of serious harm to one group, as probation gives it now."""

    group = RadioField(_("Who is at risk?"), [required(_("Choose who is at risk"))], members=RiskGroup)
    level = RadioField(_("How high is it?"), [required(_("Choose how high the risk is"))], members=RiskLevel)
    source, assessed_on = assessment_fields()


class ExclusionForm(HouseForm):
    """An area that the person must not enter."""

    place = LineField(
        PLACE,
        [required(_("Enter the postcode or town of the area"))],
        longest=120,
        description=_("In the middle of the area."),
        render_kw=POSTCODE_ONLY,
    )
    radius_km = NumberField(
        RADIUS, [required(_("Enter how many kilometres around the place"))], least=1, most=MOST_RADIUS_KM
    )
    label = LineField(_("What is there (optional)"), longest=120)


class BanForm(HouseForm):
    """Somebody with whom the person must have no contact."""

    name = LineField(
        _("Full name"),
        [required(_("Enter the name of the person they must not contact"))],
        description=_("The name is compared with every mentor, however it is spelt."),
        render_kw={"autocomplete": "off"},
    )
    why = LineField(_("Why (optional)"), longest=500)


class WhereaboutsForm(WhereaboutsAnswers):
    """Where a person is now, and how a mentor can meet them.

    Args:
        country: Of the scheme; decides what a place may look like.
        today: The day for the people of the scheme.
    """

    setting, release_on, release_missing_why, area, travel_km = where_fields()
    establishment_name = establishment_field()
    slots, hours_per_week = time_fields()

    def __init__(self, *, country: str, today: date, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(**options)
        self.country, self.today = country, today

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Check every answer, then what answers say together."""
        super().validate(extra_validators)
        self.check_where()
        return not self.errors


class RemoveForm(HouseForm):
    """Why something holds no longer."""

    why = TextField(_("Why?"), [required(_("Enter why it holds no longer"))], longest=2000)
