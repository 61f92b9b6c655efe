"""What is typed to sign in, to choose a password and to invite somebody."""

from wtforms import HiddenField

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


class DevicesForm(HouseForm):
    """A button beside each device; it says which sign-in ends, or that all others do."""

    end = HiddenField()


class AccountForm(HouseForm):
    """A button that disables an account, or lets its owner sign in again."""

    act = HiddenField()


class PlainForm(HouseForm):
    """A button alone."""
