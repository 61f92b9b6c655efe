"""What changes second factors: authenticator apps, passkeys and recovery codes are set up, shown and taken away."""

from accounts.operations.factors.apps import begin_app, check_app_code, confirm_app, key_of
from accounts.operations.factors.passing import (
    FactorNotFresh,
    TooManyCodes,
    WrongCode,
    is_fresh,
    note_factor_guess,
    pass_factor,
    put_off_factor,
    require_fresh,
)
from accounts.operations.factors.passkeys import (
    PasskeyNotAccepted,
    Portal,
    add_passkey,
    ask_for_passkey,
    ask_to_register,
    check_passkey,
)
from accounts.operations.factors.recovery import (
    check_recovery_codes,
    hash_recovery_codes,
    make_recovery_codes,
    renew_recovery_codes,
    use_recovery_code,
)
from accounts.operations.factors.removing import needs_factor, remove_app, remove_passkey, reset_factors

__all__ = [
    "FactorNotFresh",
    "PasskeyNotAccepted",
    "Portal",
    "TooManyCodes",
    "WrongCode",
    "add_passkey",
    "ask_for_passkey",
    "ask_to_register",
    "begin_app",
    "check_app_code",
    "check_passkey",
    "check_recovery_codes",
    "confirm_app",
    "hash_recovery_codes",
    "is_fresh",
    "key_of",
    "make_recovery_codes",
    "needs_factor",
    "note_factor_guess",
    "pass_factor",
    "put_off_factor",
    "remove_app",
    "remove_passkey",
    "renew_recovery_codes",
    "require_fresh",
    "reset_factors",
    "use_recovery_code",
]
