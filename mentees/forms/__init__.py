"""What is typed to refer a person, to find people, and to decide about them."""

from mentees.forms.deciding import (
    BanForm,
    ExclusionForm,
    MoveForm,
    PeopleFilterForm,
    RemoveForm,
    RiskForm,
    WhereaboutsForm,
)
from mentees.forms.referring import ReferralForm

__all__ = [
    "BanForm",
    "ExclusionForm",
    "MoveForm",
    "PeopleFilterForm",
    "ReferralForm",
    "RemoveForm",
    "RiskForm",
    "WhereaboutsForm",
]
