"""What is typed to sign in, to choose a password and to invite somebody."""

from typing import Any

import wtforms

from accounts.rules import Role
from foundation.fields import EmailField, LineField, PasswordField, RadioField, SelectField, required
from foundation.forms import HouseForm
from foundation.language import _


class SignInForm(HouseForm):
    """Email address and password."""

    email = EmailField(_("Email address"), [required(_("Enter your email address"))])
    password = PasswordField(
        _("Password"),
        [required(_("Enter your password"))],
        render_kw={"autocomplete": "current-password"},
    )


class InvitationForm(HouseForm):
    """A new password."""

    password = PasswordField(
        _("Choose a password"),
        [required(_("Enter a password"))],
        description=_("At least 12 characters. Three words you remember are good."),
        render_kw={"autocomplete": "new-password"},
    )


class InviteForm(HouseForm):
    """Somebody who shall be able to sign in."""

    name = LineField(_("Full name"), [required(_("Enter the full name"))])
    email = EmailField(_("Email address"), [required(_("Enter the email address"))])
    role = RadioField(_("Role"), [required(_("Choose a role"))], members=Role)
    agency = SelectField(_("Agency"), description=_("For partner officers only."))


class SchemeChoiceForm(HouseForm):
    """The scheme to work in."""

    scheme = RadioField(_("Which scheme do you want to work in?"), [required(_("Choose a scheme"))])


class TrailFilterForm(wtforms.Form):
    """Which entries of the audit trail to list; the lists of words are given by the page."""

    name = LineField(_("Who"), longest=100)
    verb = SelectField(_("What"))
    kind = SelectField(_("Record"))
    days = SelectField(
        _("When"),
        choices=lambda: [
            ("1", str(_("Since yesterday"))),
            ("7", str(_("The last 7 days"))),
            ("30", str(_("The last 30 days"))),
            ("365", str(_("The last year"))),
            ("all", str(_("Always"))),
        ],
        default="30",
    )


class PlainForm(HouseForm):
    """A button alone."""


class GlassDecisionForm(HouseForm):
    """Whether somebody may read a record that is closed to them."""

    answer = RadioField(_("Shall the record be opened for one hour?"), [required(_("Choose yes or no"))])

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.answer.choices = [("yes", str(_("Yes, for one hour"))), ("no", str(_("No")))]
