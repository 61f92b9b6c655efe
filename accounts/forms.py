"""What is typed to sign in, to choose a password and to invite somebody."""

from typing import Any

import wtforms
from wtforms import HiddenField

from accounts.rules import Role
from foundation.fields import EmailField, LineField, PasswordField, RadioField, SelectField, TextField, required
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


class ForgottenPasswordForm(HouseForm):
    """The address that a link for a new password is sent to."""

    email = EmailField(_("Email address"), [required(_("Enter your email address"))])


class NewPasswordForm(InvitationForm):
    """A new password in place of a forgotten one."""


class OwnPasswordForm(InvitationForm):
    """A new password, and the one it takes the place of."""

    current = PasswordField(
        _("Your password now"),
        [required(_("Enter your password"))],
        render_kw={"autocomplete": "current-password"},
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


class DevicesForm(HouseForm):
    """A button beside each device; it says which sign-in ends, or that all others do."""

    end = HiddenField()


class AccountForm(HouseForm):
    """A button that disables an account, lets its owner sign in again, or signs them out everywhere."""

    act = HiddenField()


class PlainForm(HouseForm):
    """A button alone."""


class GlassDecisionForm(HouseForm):
    """Whether somebody may read a record that is closed to them."""

    answer = RadioField(_("Shall the record be opened for one hour?"), [required(_("Choose yes or no"))])

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.answer.choices = [("yes", str(_("Yes, for one hour"))), ("no", str(_("No")))]


CODE_KEYBOARD = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
"""A phone shows digits, and offers the code by itself where it can."""


class SecondFactorForm(HouseForm):
    """One of the ways to show a second factor: a code of the app, a recovery code, or what a passkey answered."""

    code = LineField(
        _("Code"), description=_("6 digits, from your authenticator app."), longest=40, render_kw=CODE_KEYBOARD
    )
    recovery_code = LineField(
        _("Recovery code"),
        description=_("For example k7qm-2hxd-9wfa. Each code works once."),
        longest=40,
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    credential = HiddenField()

    def validate(self, *arguments: Any, **options: Any) -> bool:  # noqa: ANN401 - WTForms' own.
        """Insist on one of the ways."""
        is_shaped = bool(super().validate(*arguments, **options))
        if is_shaped and not (self.code.data or self.recovery_code.data or self.credential.data):
            self.form_errors.append(str(_("Enter the code")))
            return False
        return is_shaped


class AppForm(HouseForm):
    """The first code of a new authenticator app."""

    code = LineField(
        _("Code that your app shows now"), [required(_("Enter the code"))], longest=40, render_kw=CODE_KEYBOARD
    )


class PasskeyForm(HouseForm):
    """A new passkey with the name that its owner gives it."""

    name = LineField(
        _("Name of this passkey"),
        [required(_("Give the passkey a name"))],
        description=_("So that you know it again, for example: my phone."),
        longest=100,
        render_kw={"autocomplete": "off"},
    )
    credential = HiddenField()


class PasskeySignInForm(HouseForm):
    """What a passkey answered."""

    credential = HiddenField()


class ResetFactorsForm(HouseForm):
    """Why an administrator takes somebody's second factor away."""

    why = TextField(
        _("What happened, and how do you know that it is really this person who asks?"),
        [required(_("Tell what happened and how you made sure"))],
        longest=500,
    )
