"""What changes accounts: schemes are founded, people invited, roles granted, sign-ins begun and ended."""

from accounts.operations.devices import (
    end_sign_in,
    end_sign_ins,
    note_use,
)
from accounts.operations.passwords import (
    check_password,
    hash_token,
    set_password,
)
from accounts.operations.people import (
    LinkNotUsable,
    accept_invitation,
    add_person,
    disable_account,
    enable_account,
    end_role,
    grant_role,
    invite,
    invite_person,
    open_account,
)
from accounts.operations.schemes import (
    add_agency,
    found_scheme,
)
from accounts.operations.signing_in import (
    TooManyGuesses,
    WrongCredentials,
    begin_sign_in,
    forget_guess,
    forget_old_guesses,
    note_guess,
)

__all__ = [
    "LinkNotUsable",
    "TooManyGuesses",
    "WrongCredentials",
    "accept_invitation",
    "add_agency",
    "add_person",
    "begin_sign_in",
    "check_password",
    "disable_account",
    "enable_account",
    "end_role",
    "end_sign_in",
    "end_sign_ins",
    "forget_guess",
    "forget_old_guesses",
    "found_scheme",
    "grant_role",
    "hash_token",
    "invite",
    "invite_person",
    "note_guess",
    "note_use",
    "open_account",
    "set_password",
]
