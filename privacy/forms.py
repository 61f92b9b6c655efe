"""What is typed to log requests and complaints, to answer them, and to let data go."""

import wtforms
from wtforms import validators

from foundation.fields import DateField, LineField, RadioField, TextField, TickField, required
from foundation.forms import HouseForm
from foundation.language import _
from privacy.rules import ComplaintAbout, ComplaintOutcome, ErasureWhy, IdentityCheck

ASKABLE = (ErasureWhy.ASKED, ErasureWhy.CONSENT, ErasureWhy.MISTAKE)
"""Reasons that a person gives; that its time is over is for the schedule to say."""


class SearchForm(wtforms.Form):
    """Whom a request is about."""

    text = LineField(_("Name or email address"), longest=100)


class RequestForm(HouseForm):
    """A request for a copy, as it came in."""

    received_on = DateField(_("When did it come in?"), [required(_("Enter the day on which it came in"))])
    identity = RadioField(
        _("How do we know that it is them?"),
        [required(_("Choose how we know that it is them"))],
        members=IdentityCheck,
    )
    identity_note = LineField(
        _("More about that (optional)"), description=_("For example which document. Keep no copy of it.")
    )


class ExtendForm(HouseForm):
    """Why it takes longer."""

    why = TextField(
        _("Why does it take longer?"),
        [required(_("Enter why it takes longer"))],
        longest=2000,
        description=_("Only if it is complex, or one of several. Tell the person the same reason, in the first month."),
    )


class DeliverForm(HouseForm):
    """When the person got their copy."""

    delivered_on = DateField(_("When did they get it?"), [required(_("Enter the day on which they got it"))])


class EraseForm(HouseForm):
    """Why everything about a person goes."""

    why = RadioField(_("Why?"), [required(_("Choose why"))], members=ASKABLE)


class SureForm(HouseForm):
    """A yes that nobody gives by mistake."""

    is_sure = TickField(
        _("I have read this, and I know that nothing of it comes back"),
        [validators.InputRequired(_("Tick that you have read this"))],
    )


class PlainForm(HouseForm):
    """Nothing but a button."""


class HoldForm(HouseForm):
    """Why nothing of a person may go."""

    why = TextField(
        _("Why?"),
        [required(_("Enter why nothing may go"))],
        longest=2000,
        description=_("For example a claim before a court, with its number."),
    )


class ComplaintForm(HouseForm):
    """A complaint, as it came in."""

    complainant = LineField(_("Who complains?"), [required(_("Enter who complains"))])
    received_on = DateField(_("When did it come in?"), [required(_("Enter the day on which it came in"))])
    about = RadioField(_("What is it about?"), [required(_("Choose what it is about"))], members=ComplaintAbout)
    what = TextField(_("What do they say?"), [required(_("Enter what they say"))])


class AcknowledgeForm(HouseForm):
    """When whoever complained was told that we have it."""

    on = DateField(_("When did you tell them that we have it?"), [required(_("Enter the day"))])


class AnswerForm(HouseForm):
    """What came of a complaint."""

    outcome = RadioField(_("What came of it?"), [required(_("Choose what came of it"))], members=ComplaintOutcome)
    answer = TextField(
        _("What did you answer?"),
        [required(_("Enter what you answered"))],
        description=_("Tell them too where they can complain if they are not content."),
    )
    on = DateField(_("When did you answer?"), [required(_("Enter the day"))])
