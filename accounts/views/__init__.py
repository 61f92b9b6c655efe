"""Pages for signing in and out, for invitations, and for the administrator's accounts, audit trail and letters."""

from accounts.views import invitations, own, passwords, people, signing_in, watching
from accounts.views.blueprint import blueprint

__all__ = ["blueprint", "invitations", "own", "passwords", "people", "signing_in", "watching"]
