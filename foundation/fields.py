"""Form fields in the patterns of the GOV.UK Design System, with messages that say what to do."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any, cast

import wtforms
from babel import Locale
from flask import render_template
from flask_babel import get_locale
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from markupsafe import Markup
from wtforms import validators
from wtforms.validators import StopValidation, ValidationError

from foundation.language import _, words_for

LONGEST_LINE = 200
LONGEST_TEXT = 4000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DATE_PARTS = 3
YEARS = range(1900, 2101)
"""Years in which somebody in the portal lived or will."""

Check = Callable[[wtforms.Form, wtforms.Field], None]


def required(message: object) -> Check:
    """Insist on an answer; the message says which."""

    def check(_form: wtforms.Form, field: wtforms.Field) -> None:
        data = field.data
        if data is None or (isinstance(data, str) and not data.strip()) or (isinstance(data, list) and not data):
            # A field that already has a better message, such as a date that is none, keeps it.
            field.errors = list(field.errors)[:1]
            raise StopValidation("" if field.errors else str(message))

    return check


def _clean(text: str | None) -> str | None:
    """Trim, and take out what no keyboard types and PostgreSQL refuses."""
    return None if text is None else _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


class LineField(wtforms.StringField):
    """One line of text."""

    widget = GovTextInput()
    # A view reads it after the form was found in order, and knows then whether it may be empty.
    data: Any

    def __init__(
        self,
        label: str,
        checks: Sequence[Any] = (),
        *,
        longest: int = LONGEST_LINE,
        **options: Any,  # noqa: ANN401 - WTForms' own options.
    ) -> None:
        limit = validators.Length(max=longest, message=_("Use %(number)s characters or fewer", number=longest))
        # An answer that nobody insists on may be empty, whatever else is checked.
        super().__init__(label, [*(checks or [validators.Optional()]), limit], filters=[_clean], **options)


class _TextWidget(GovTextArea):
    """The library's widget, told how many rows to show, which it otherwise writes twice."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own.
        rows = kwargs.pop("rows", None)
        params = super().map_gov_params(field, **kwargs)
        if rows is not None:
            params["rows"] = rows
        return cast("dict[str, Any]", params)


class TextField(wtforms.TextAreaField):
    """Several lines of text."""

    widget = _TextWidget()
    # A view reads it after the form was found in order, and knows then whether it may be empty.
    data: Any

    def __init__(
        self,
        label: str,
        checks: Sequence[Any] = (),
        *,
        longest: int = LONGEST_TEXT,
        **options: Any,  # noqa: ANN401 - WTForms' own options.
    ) -> None:
        limit = validators.Length(max=longest, message=_("Use %(number)s characters or fewer", number=longest))
        super().__init__(label, [*checks, limit], filters=[_clean], **options)


class EmailField(LineField):
    """An e-mail address, checked for its form alone."""

    def __init__(self, label: str, checks: Sequence[Any] = (), **options: Any) -> None:  # noqa: ANN401 - WTForms' own options.
        form = validators.Email(message=_("Enter an email address in the correct format, like name@example.com"))
        options.setdefault("render_kw", {"type": "email", "autocomplete": "email", "spellcheck": "false"})
        super().__init__(label, [*(checks or [validators.Optional()]), form], longest=254, **options)


class _PasswordWidget(GovPasswordInput):
    """The library's widget, told how the browser may complete, which it otherwise writes twice."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own.
        completion = kwargs.pop("autocomplete", "current-password")
        params = super().map_gov_params(field, **kwargs)
        params["autocomplete"] = completion
        params |= {
            "showPasswordText": str(_("Show")),
            "hidePasswordText": str(_("Hide")),
            "showPasswordAriaLabelText": str(_("Show password")),
            "hidePasswordAriaLabelText": str(_("Hide password")),
        }
        return cast("dict[str, Any]", params)


class PasswordField(wtforms.PasswordField):
    """A password; never shown again, not even after a mistake."""

    widget = _PasswordWidget()
    data: Any

    def __init__(self, label: str, checks: Sequence[Any] = (), **options: Any) -> None:  # noqa: ANN401 - WTForms' own options.
        limit = validators.Length(max=1024, message=_("Use a shorter password"))
        super().__init__(label, [*checks, limit], **options)


class NumberField(wtforms.Field):
    """A whole number within stated bounds.

    Args:
        least: Smallest number accepted.
        most: Largest number accepted.
    """

    widget = GovTextInput()

    def __init__(self, label: str, checks: Sequence[Any] = (), *, least: int, most: int, **options: Any) -> None:  # noqa: ANN401 - WTForms' own options.
        options.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, [*checks], **options)
        self.least, self.most = least, most

    def _value(self) -> str:
        """Show what was typed, even when it is no number."""
        if self.raw_data:
            return _clean(str(self.raw_data[0])) or ""
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; spaces around it do no harm."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        sentence = _("Enter a whole number from %(least)s to %(most)s", least=self.least, most=self.most)
        # ASCII digits alone: other scripts' digits and very long numbers are mistakes here.
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            raise ValueError(str(sentence))
        self.data = int(text)


class DateField(wtforms.Field):
    """A day in three boxes: day, month, year."""

    class _Widget(GovDateInput):
        """The library's three boxes, with translated labels and safe against boxes that are missing."""

        def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own.
            kwargs.pop("value", None)
            params = super(GovDateInput, self).map_gov_params(field, **kwargs)
            params["attributes"] = {}
            texts = field.parts()
            parts = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))
            params["fieldset"] = {"legend": {"text": str(field.label.text)}}
            params["items"] = [
                {
                    "label": str(label),
                    # The summary of errors links to the field's own id, which must be a box one can type in.
                    "id": field.id if index == 0 else f"{field.id}-{name}",
                    "name": field.name,
                    "classes": f"govuk-input--width-{width}" + (" govuk-input--error" if field.errors else ""),
                    "value": texts[index],
                }
                for index, (name, label, width) in enumerate(parts)
            ]
            params["id"] = f"{field.id}-group"
            params["namePrefix"] = ""
            return cast("dict[str, Any]", params)

    widget = _Widget()

    def parts(self) -> list[str]:
        """Give the three boxes: as typed, else the date, else empty."""
        if self.raw_data:
            texts = [_clean(str(text)) or "" for text in self.raw_data[:_DATE_PARTS]]
            return texts + [""] * (_DATE_PARTS - len(texts))
        if isinstance(self.data, date):
            return [str(self.data.day), str(self.data.month), str(self.data.year)]
        return [""] * _DATE_PARTS

    def _value(self) -> str:
        """Give the boxes as one text; the widget asks for it."""
        return " ".join(self.parts())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the boxes; all empty is no date, and a single ISO date is understood too."""
        self.data = None
        if len(valuelist) == 1 and "-" in valuelist[0]:
            valuelist = valuelist[0].split("-")[::-1]
            self.raw_data = valuelist
        texts = [text.strip() for text in valuelist]
        if not any(texts):
            return
        try:
            self.data = _day_of(texts)
        except ValueError:
            raise ValueError(str(_("Enter a real date, like 27 3 2026"))) from None


def _day_of(texts: Sequence[str]) -> date:
    """Read day, month and year.

    Raises:
        ValueError: They are no day, or none on which anybody in the portal lived or will.
    """
    if len(texts) != _DATE_PARTS or not all(re.fullmatch("[0-9]{1,4}", text) for text in texts):
        raise ValueError(texts)
    day, month, year = (int(text) for text in texts)
    if year not in YEARS:
        raise ValueError(year)
    return date(year, month, day)


class TickField(wtforms.BooleanField):
    """A single box to tick."""

    widget = GovCheckboxInput()


class FileField(wtforms.FileField):
    """A file to send."""

    widget = GovFileInput()


def choices_of(members: Iterable[Enum]) -> list[tuple[str, str]]:
    """Turn members of an enum into the choices of a field, in their order."""
    return [(str(member.value), words_for(member)) for member in members]


class _ChoiceMixin:
    """What fields of choices share: choices from an enum or from pairs known when the form is made."""

    _members: Sequence[Enum]

    def _coerce_to(self, value: Any) -> Any:  # noqa: ANN401 - what was sent.
        """Turn what was sent into a member; what the enum lacks becomes None and is refused."""
        if value is None or value == "":
            return None
        for member in self._members:
            if str(member.value) == str(value.value if isinstance(value, Enum) else value):
                return member
        return str(value)


class RadioField(_ChoiceMixin, wtforms.RadioField):
    """One of a few, as radio buttons.

    Args:
        members: Members of an enum, or none where the view sets ``choices``.
    """

    widget = GovRadioInput()

    def __init__(
        self,
        label: str,
        checks: Sequence[Any] = (),
        *,
        members: Iterable[Enum] = (),
        **options: Any,  # noqa: ANN401 - WTForms' own options.
    ) -> None:
        self._members = tuple(members)
        if self._members:
            # Words are put into the reader's language when the form is made, not when the module is read.
            options["choices"] = lambda: choices_of(self._members)
        super().__init__(label, [*checks], coerce=self._coerce_to, validate_choice=False, **options)

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms' own.
        """Refuse what was not offered."""
        _refuse_unoffered(self, [self.data] if self.data is not None else [])


class SelectField(_ChoiceMixin, wtforms.SelectField):
    """One of many, as a list that opens."""

    widget = GovSelect()

    def __init__(
        self,
        label: str,
        checks: Sequence[Any] = (),
        *,
        members: Iterable[Enum] = (),
        **options: Any,  # noqa: ANN401 - WTForms' own options.
    ) -> None:
        self._members = tuple(members)
        if self._members:
            options["choices"] = lambda: [("", str(_("Choose"))), *choices_of(self._members)]
        super().__init__(label, [*checks], coerce=self._coerce_to, validate_choice=False, **options)

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms' own.
        """Refuse what was not offered."""
        _refuse_unoffered(self, [self.data] if self.data is not None else [])


class ManyField(_ChoiceMixin, wtforms.SelectMultipleField):
    """Any of several, as boxes to tick."""

    widget = GovCheckboxesInput()
    option_widget = wtforms.widgets.CheckboxInput()

    def __init__(
        self,
        label: str,
        checks: Sequence[Any] = (),
        *,
        members: Iterable[Enum] = (),
        **options: Any,  # noqa: ANN401 - WTForms' own options.
    ) -> None:
        self._members = tuple(members)
        if self._members:
            options["choices"] = lambda: choices_of(self._members)
        super().__init__(label, [*checks], coerce=self._coerce_to, validate_choice=False, **options)

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms' own.
        """Refuse what was not offered."""
        _refuse_unoffered(self, self.data or [])


def _refuse_unoffered(field: Any, chosen: Sequence[Any]) -> None:  # noqa: ANN401 - any of the fields above.
    """Refuse an answer that the page did not offer."""
    offered = {str(value) for value, *_rest in field.iter_choices()}
    if any(str(getattr(value, "value", value)) not in offered for value in chosen):
        field.data = None
        raise ValidationError(str(_("Choose one of the answers on the page")))


DAYS = 7
PARTS = ("morning", "afternoon", "evening")


class WeekField(wtforms.Field):
    """A week of 21 boxes, seven days by morning, afternoon and evening, kept as one number.

    Bit ``day * 3 + part`` is set where the person has time; Monday is day 0.
    """

    def __init__(self, label: str, checks: Sequence[Any] = (), **options: Any) -> None:  # noqa: ANN401 - WTForms' own options.
        super().__init__(label, [*checks], **options)

    def widget(self, field: Any, **_options: Any) -> Markup:  # noqa: ANN401 - called by WTForms.
        """Draw the grid as a table of boxes with a name for every box."""
        names = (get_locale() or Locale("en")).days["format"]["wide"]
        return Markup(render_template("parts/week_field.html", field=field, day_names=[names[d] for d in range(DAYS)]))  # noqa: S704 - a template escapes.

    def process_formdata(self, valuelist: list[str]) -> None:
        """Gather the ticked boxes into one number."""
        bits = 0
        for text in valuelist:
            if not re.fullmatch("[0-9]{1,2}", text) or int(text) >= DAYS * len(PARTS):
                raise ValueError(str(_("Choose one of the answers on the page")))
            bits |= 1 << int(text)
        self.data = bits or None

    def has(self, slot: int) -> bool:
        """Whether the box of a slot is ticked."""
        return bool((self.data or 0) >> slot & 1)
