"""What a coordinator types about a recruitment campaign."""

from typing import Any

from foundation.fields import DateField, LineField, NumberField, SelectField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentors.forms.drawing import number_box
from mentors.rules import MOST_COST_POUNDS, CampaignKind


class CampaignForm(HouseForm):
    """Name, kind, time and cost of a campaign."""

    name = LineField(
        _("Name"),
        [required(_("Enter a name"))],
        longest=120,
        description=_("What you call it among yourselves, for example “Fair in Huyton library, March”."),
    )
    kind = SelectField(_("How does it reach people?"), [required(_("Choose a kind"))], members=CampaignKind)
    starts_on = DateField(_("First day"), [required(_("Enter the first day"))])
    ends_on = DateField(_("Last day"), description=_("Leave empty while it goes on."))
    cost = NumberField(
        _("Cost in all"),
        [required(_("Enter what it costs, or 0"))],
        least=0,
        most=MOST_COST_POUNDS,
        description=_("Whole pounds or euros."),
        render_kw=number_box(5),
    )

    def values(self) -> dict[str, Any]:
        """Give what was typed as the operations take it."""
        return {
            "name": self.name.data,
            "kind": self.kind.data,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "cost_pence": self.cost.data * 100,
        }
