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
from mentors.forms.checking import CheckForm, DbsCeilingForm, DrivingForm
from mentors.forms.deciding import (
    NOT_CLEARED,
    ClearanceForm,
    FilterForm,
    MoveForm,
    PlacesForm,
    SamePersonForm,
)

__all__ = [
    "NOT_CLEARED",
    "STEPS",
    "CheckForm",
    "ClearanceForm",
    "DbsCeilingForm",
    "DrivingForm",
    "FilterForm",
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
