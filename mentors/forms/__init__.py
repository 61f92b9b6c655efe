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
from mentors.forms.campaigns import CampaignForm
from mentors.forms.checking import CheckForm, DbsCeilingForm, DrivingForm
from mentors.forms.commitment import BreakEndForm, BreakForm, NoteForm, TermsForm, WishAnswerForm, WishForm
from mentors.forms.deciding import NOT_CLEARED, ClearanceForm, FilterForm, MoveForm, PlacesForm, SamePersonForm
from mentors.forms.leaving import ExitWordsForm, LeavingForm

__all__ = [
    "NOT_CLEARED",
    "STEPS",
    "AcceptForm",
    "BreakEndForm",
    "BreakForm",
    "CampaignForm",
    "CheckForm",
    "ClearanceForm",
    "DbsCeilingForm",
    "DocumentForm",
    "DrivingForm",
    "ExitWordsForm",
    "FilterForm",
    "LeavingForm",
    "MoveForm",
    "NotNowForm",
    "NoteForm",
    "PaperForm",
    "PlacesForm",
    "PlainForm",
    "SamePersonForm",
    "StepForm",
    "TermsForm",
    "WhereForm",
    "WishAnswerForm",
    "WishForm",
    "application_of",
    "first_incomplete",
    "kept_form",
]
