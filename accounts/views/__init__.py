"""Pages for signing in and out, second factors and invitations, and the administrator's accounts, trail and letters."""

from accounts.views import (
    break_glass,
    factors,
    invitations,
    own,
    passkeys,
    passwords,
    people,
    second_factor,
    signing_in,
    watching,
)
from accounts.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "break_glass",
    "factors",
    "invitations",
    "own",
    "passkeys",
    "passwords",
    "people",
    "second_factor",
    "signing_in",
    "watching",
]
