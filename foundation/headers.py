"""The headers of every answer: no page may be framed, guessed at, stored, or run what the portal did not write."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load and where its forms may lead: the portal itself and nothing else."""

PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
"""What a page may ask of the device: nothing."""

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
"""Headers that every answer carries, whatever its status."""

ENCRYPTED_ONLY = "max-age=31536000; includeSubDomains"
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_AGAIN = "public, no-cache"


def install(app: Flask) -> None:
    """Send the headers with every answer of a portal and name static files by what they hold."""
    app.url_defaults(_name_by_content)
    app.after_request(add_headers)


def _name_by_content(endpoint: str, values: dict[str, Any]) -> None:
    """Put the digest of a static file into its address, so that a browser may keep it for good."""
    if endpoint == "static" and current_app.static_folder is not None and "v" not in values:
        digest = digest_of(Path(current_app.static_folder) / str(values.get("filename", "")))
        values.update({"v": digest} if digest else {})


@cache
def digest_of(file: Path) -> str:
    """Tell the first characters of a file's digest; empty where there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else ""


def add_headers(response: Response) -> Response:
    """Send what keeps an answer safe in the browser; what a view has set itself stands."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", ENCRYPTED_ONLY)
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = KEPT_FOR_GOOD if _is_named_by_content() else ASKED_AGAIN
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_named_by_content() -> bool:
    """Whether the address of a static file carries the digest of what it holds now."""
    folder, name = current_app.static_folder, (request.view_args or {}).get("filename", "")
    asked = request.args.get("v", "")
    return bool(asked) and folder is not None and asked == digest_of(Path(folder) / str(name))
