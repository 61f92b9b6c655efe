"""What every form of the house has: protection against forgery, an idempotency key, and a way to say no."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from foundation.db import is_only_shown
from foundation.errors import Conflict, NotPermitted, NotVisible, Refusal
from foundation.language import _


class HouseForm(FlaskForm):  # Flask-WTF has no types, so this base is Any.
    """A form that keeps what was typed and answers 422 when something is wrong.

    Attributes:
        key: Idempotency key; made when the page is drawn, carried by the form, passed to ``once``.
        version: Version of the record that the form was filled from; empty where there is none.
    """

    key = HiddenField()
    version = HiddenField()

    def __init__(self, *arguments: Any, record: Any = None, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        if record is not None:
            options.setdefault("obj", record)
        super().__init__(*arguments, **options)
        if not _is_key(self.key.data):
            self.key.data = str(uuid.uuid4())
        if is_only_shown():
            # Whatever a form checks of its own, one that is only shown again is neither in order nor at fault.
            self.__dict__["validate"] = _not_now

    @property
    def submission_key(self) -> uuid.UUID:
        """The idempotency key as a UUID."""
        return uuid.UUID(self.key.data)

    @property
    def seen_version(self) -> int | None:
        """The version that the person saw; None where the form carries none."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - an int column.

    @property
    def status(self) -> int:
        """The answer's status: 422 for a refused form, else 200."""
        return 422 if self.errors else 200

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn a refusal inside the block into an error of this form, so that everything typed is still there.

        Conflicts and missing rights have pages of their own and pass through.
        """
        try:
            yield
        except (Conflict, NotPermitted, NotVisible):
            raise
        except Refusal as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Add a refusal to the field at fault, or to the whole form."""
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]

    def error_list(self) -> list[dict[str, str]]:
        """List the errors for the summary on top of the page, each with a link to its field."""
        found = [{"text": error, "href": "#main-content"} for error in self.form_errors]
        for field in self:
            for error in _flat(field.errors):
                text = str(_TOO_LONG) if field.name == "csrf_token" else error
                found.append({"text": text, "href": f"#{field.id}"})
        return found


_TOO_LONG = _("This page was open too long. Nothing is lost: send it again.")


def _flat(errors: Any) -> Iterator[str]:  # noqa: ANN401 - WTForms nests them as it likes.
    """Walk over errors however deeply they are nested."""
    if isinstance(errors, dict):
        for nested in errors.values():
            yield from _flat(nested)
    elif isinstance(errors, list | tuple):
        for nested in errors:
            yield from _flat(nested)
    else:
        yield str(errors)


def _not_now(*_arguments: object, **_options: object) -> bool:
    """Find no form in order."""
    return False


def _is_key(text: object) -> bool:
    """Whether a form came back with a key that we made."""
    try:
        uuid.UUID(str(text))
    except ValueError:
        return False
    return True
