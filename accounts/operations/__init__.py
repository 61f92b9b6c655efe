"""What changes accounts: schemes are founded, people invited, roles granted, sign-ins begun and ended."""

from accounts.operations.break_glass import (
    AlreadyDecided,
    ask_break_glass,
    decide_break_glass,
    end_break_glass,
    note_look,
)
from accounts.operations.devices import (
    end_sign_in,
    end_sign_ins,
    note_use,
    renew_token,
)
from accounts.operations.establishments import name_establishment
from accounts.operations.passwords import (
    check_password,
    set_password,
    stronger_hash,
    upgrade_hash,
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
    sign_out_account,
)
from accounts.operations.resets import (
    ask_reset,
    forget_old_resets,
    reset_password,
    send_resets,
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
from accounts.operations.tokens import hash_token

__all__ = [
    "AlreadyDecided",
    "LinkNotUsable",
    "TooManyGuesses",
    "WrongCredentials",
    "accept_invitation",
    "add_agency",
    "add_person",
    "ask_break_glass",
    "ask_reset",
    "begin_sign_in",
    "check_password",
    "decide_break_glass",
    "disable_account",
    "enable_account",
    "end_break_glass",
    "end_role",
    "end_sign_in",
    "end_sign_ins",
    "forget_guess",
    "forget_old_guesses",
    "forget_old_resets",
    "found_scheme",
    "grant_role",
    "hash_token",
    "invite",
    "invite_person",
    "name_establishment",
    "note_guess",
    "note_look",
    "note_use",
    "open_account",
    "renew_token",
    "reset_password",
    "send_resets",
    "set_password",
    "sign_out_account",
    "stronger_hash",
    "upgrade_hash",
]
