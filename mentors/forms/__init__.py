"""What an applicant types, page by page, and what a coordinator types to move, check and clear a volunteer."""

from mentors.forms.applying import (
    STEPS,
    NotNowForm,
    PlainForm,
    StepForm,
    WhereForm,
    application_of,
    first_incomplete,
    kept_form,
)
from mentors.forms.campaigns import CampaignForm
from mentors.forms.deciding import (
    NOT_CLEARED,
    CheckForm,
    ClearanceForm,
    FilterForm,
    MoveForm,
    PlacesForm,
    SamePersonForm,
)
from mentors.forms.leaving import ExitWordsForm, LeavingForm

__all__ = [
    "NOT_CLEARED",
    "STEPS",
    "CampaignForm",
    "CheckForm",
    "ClearanceForm",
    "ExitWordsForm",
    "FilterForm",
    "LeavingForm",
    "MoveForm",
    "NotNowForm",
    "PlacesForm",
    "PlainForm",
    "SamePersonForm",
    "StepForm",
    "WhereForm",
    "application_of",
    "first_incomplete",
    "kept_form",
]
