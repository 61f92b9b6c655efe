"""What an applicant types, page by page, and what a coordinator types to move, check and clear a volunteer."""

from mentors.forms.agreements import AcceptForm, DocumentForm, PaperForm
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
from mentors.forms.deciding import (
    NOT_CLEARED,
    CheckForm,
    ClearanceForm,
    FilterForm,
    MoveForm,
    PlacesForm,
    SamePersonForm,
)

__all__ = [
    "NOT_CLEARED",
    "STEPS",
    "AcceptForm",
    "CheckForm",
    "ClearanceForm",
    "DocumentForm",
    "FilterForm",
    "MoveForm",
    "NotNowForm",
    "PaperForm",
    "PlacesForm",
    "PlainForm",
    "SamePersonForm",
    "StepForm",
    "WhereForm",
    "application_of",
    "first_incomplete",
    "kept_form",
]
