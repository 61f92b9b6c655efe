"""Access is declared on the view; a portal with a route that declares none does not start.

Three declarations exist: ``@public``, ``@signed_in`` and ``@requires(Permission.X)``. The gate that enforces them asks
the signed-in user, whom this module knows only as something with ``may`` and ``waits_at``. The latter names the page on
which a sign-in that still lacks something is completed; until then no other page opens but those that say
``@also_while_waiting_at`` and the public ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug import Response

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "__access__"
SIGN_IN_ENDPOINT = "accounts.sign_in"


@dataclass(frozen=True)
class Access:
    """Who may open a page: anybody, anybody signed in, or whoever has one of the permissions.

    Attributes:
        is_public: Whether anybody may.
        permissions: Any one of these is enough; none are asked for where it is empty.
        waiting_at: Endpoints at which sign-ins are completed; who waits there may open the page already.
    """

    is_public: bool = False
    permissions: tuple[StrEnum, ...] = ()
    waiting_at: tuple[str, ...] = ()

    def describe(self) -> str:
        """Say it in one word for docs/permissions.md."""
        if self.is_public:
            return "public"
        if self.waiting_at:
            return "signed in, on the way to a second factor"
        return " or ".join(self.permissions) if self.permissions else "signed in"


class AccessNotDeclared(RuntimeError):
    """Some routes do not say who may use them."""


def public(view: View) -> View:
    """Declare that anybody may open this page, without signing in."""
    return _declare(view, Access(is_public=True))


def signed_in(view: View) -> View:
    """Declare that anybody who is signed in may open this page."""
    return _declare(view, Access())


def requires(*permissions: StrEnum) -> Callable[[View], View]:
    """Declare that whoever has one of these permissions may open this page.

    Raises:
        ValueError: No permission is named; a page for everybody signed in says so by ``@signed_in``.
    """
    if not permissions:
        raise ValueError("@requires names at least one permission")

    def declare(view: View) -> View:
        return _declare(view, Access(permissions=permissions))

    return declare


def also_while_waiting_at(*endpoints: str) -> Callable[[View], View]:
    """Declare that a signed-in person may open this page although their sign-in still waits to be completed."""

    def declare(view: View) -> View:
        return _declare(view, Access(waiting_at=endpoints))

    return declare


def access_of(view: Callable[..., Any]) -> Access | None:
    """Read the declaration of a view."""
    access = getattr(view, _MARK, None)
    return access if isinstance(access, Access) else None


def require_declarations(app: Flask) -> None:
    """Refuse to start while a route does not declare its access.

    Raises:
        AccessNotDeclared: Naming every such route.
    """
    missing = sorted(name for name, view in app.view_functions.items() if access_of(view) is None)
    if missing:
        message = f"these routes do not declare who may use them: {', '.join(missing)}"
        raise AccessNotDeclared(message)


Keeper = Callable[[], str | None]


def install(app: Flask) -> None:
    """Put the gate before every request."""
    app.before_request(gate)


def install_keeper(app: Flask, keep: Keeper) -> None:
    """Have forms kept that reach the gate without a sign-in.

    Args:
        app: The portal.
        keep: Keeps the form of the request, and tells the address at which it comes back; None where it cannot.
    """
    app.extensions["keep_form"] = keep


def gate() -> Response | None:
    """Let a request pass, lead it to the sign-in page, or refuse it."""
    if request.endpoint is None:
        return None
    from_declaration = access_of(_view(request.endpoint))
    if from_declaration is None:
        abort(403)
    if from_declaration.is_public:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for(SIGN_IN_ENDPOINT, next=_way_back()), code=303)
    if current_user.waits_at is not None and current_user.waits_at not in from_declaration.waiting_at:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for(current_user.waits_at, next=here), code=303)
    if from_declaration.permissions and not any(current_user.may(item) for item in from_declaration.permissions):
        abort(403)
    return None


def _way_back() -> str | None:
    """Tell where somebody goes on after signing in: to the page they asked for, or to the form that they sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    keep: Keeper | None = current_app.extensions.get("keep_form")
    return keep() if keep is not None and request.method == "POST" else None


def _view(endpoint: str) -> Callable[..., Any]:
    """Find the function behind an endpoint."""
    return current_app.view_functions[endpoint]


def _declare(view: View, access: Access) -> View:
    """Write the declaration onto the function itself, where no wrapper can lose it unseen."""
    setattr(view, _MARK, access)
    return view
