"""What an applicant types, page by page."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar

from foundation.fields import (
    DateField,
    EmailField,
    LineField,
    ManyField,
    NumberField,
    RadioField,
    TextField,
    WeekField,
    required,
)
from foundation.forms import HouseForm
from foundation.language import _, language_name
from foundation.places import locate, normalise_postcode
from mentors.forms.drawing import number_box
from mentors.rules import (
    LANGUAGE_CODES,
    MOST_HOURS_PER_WEEK,
    MOST_MONTHS,
    MOST_TRAVEL_KM,
    Application,
    Gender,
    Interest,
    LivedExperience,
    Skill,
    can_promise,
)

_BOLD_LEGEND = {"params": {"fieldset": {"legend": {"classes": "govuk-fieldset__legend--s"}}}}
"""Sets off the questions of a page that has two."""


class StepForm(HouseForm):
    """One page of an application.

    Attributes:
        heading: The question of the page.
        lead: What to know before answering.
        names: Fields, in their order.
    """

    heading: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *arguments: Any, country: str = "GB", **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        self.country = country

    def answers(self) -> dict[str, Any]:
        """Give the answers as plain values that JSON can hold."""
        return {name: _plain(self[name].data) for name in self.names}

    def chosen(self, name: str) -> list[str]:
        """Give the words of what is ticked in a field."""
        return [str(words) for _value, words, is_chosen, *_rest in self[name].iter_choices() if is_chosen]


def _plain(value: Any) -> Any:  # noqa: ANN401 - an answer of any field.
    """Turn an answer into what JSON can hold."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


class PromiseForm(StepForm):
    """Hours a week and months."""

    heading = _("How much time can you promise?")
    lead = _(
        "People who leave prison need somebody who stays. Think of work, family and holidays. "
        "If it is less at the moment, say so: there may be a better time."
    )
    names = ("hours_per_week", "months")

    hours_per_week = NumberField(
        _("Hours a week"),
        [required(_("Enter how many hours a week you can give"))],
        least=0,
        most=MOST_HOURS_PER_WEEK,
        description=_("For example, 4"),
        render_kw=number_box(3, _("hours")),
    )
    months = NumberField(
        _("For how many months"),
        [required(_("Enter for how many months you can give this time"))],
        least=0,
        most=MOST_MONTHS,
        description=_("For example, 12"),
        render_kw=number_box(3, _("months")),
    )


class ContactForm(StepForm):
    """Name, e-mail address and telephone number."""

    heading = _("How can we reach you?")
    names = ("name", "email", "phone")

    name = LineField(_("Full name"), [required(_("Enter your full name"))], render_kw={"autocomplete": "name"})
    email = EmailField(
        _("Email address"),
        [required(_("Enter your email address"))],
        description=_("We send you a link to a page that shows where your application stands."),
    )
    phone = LineField(
        _("Telephone number, if you like to be called"),
        longest=40,
        render_kw={"type": "tel", "autocomplete": "tel"},
    )


class WhereForm(StepForm):
    """A British postcode, or a town elsewhere."""

    heading = _("Where do you live?")
    lead = _("We use this only to find somebody near you. Nobody you mentor will see it.")
    names = ("area",)

    area = LineField(_("Postcode"), render_kw={"params": {"classes": "govuk-input--width-20"}}, longest=120)

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(*arguments, **options)
        if self.is_british:
            self.area.description = _("For example, L32 4XX")
            self.area.render_kw = {"autocomplete": "postal-code", "params": {"classes": "govuk-input--width-10"}}
        else:
            self.area.label.text = _("Town")

    @property
    def is_british(self) -> bool:
        """Whether a postcode is asked for."""
        return self.country == "GB"

    @property
    def is_known(self) -> bool:
        """Whether the place can be found, so that distances can be told."""
        return locate(self.area.data or "", self.country) is not None

    def validate(self, *arguments: Any, **options: Any) -> bool:  # noqa: ANN401 - WTForms' own.
        """Insist on a place, and in Great Britain on something shaped like a postcode."""
        if not super().validate(*arguments, **options):
            return False
        fault = self._fault(self.area.data or "")
        self.area.errors = [*self.area.errors, *([str(fault)] if fault else [])]
        return fault is None

    def _fault(self, text: str) -> object:
        """Say what is wrong with a place; one that is well formed but unknown is accepted."""
        if not text:
            return _("Enter your postcode") if self.is_british else _("Enter the name of your town")
        if self.is_british and normalise_postcode(text) is None and not self.is_known:
            return _("Enter a full postcode, like L32 4XX")
        return None

    def answers(self) -> dict[str, Any]:
        """Write a British postcode as the post does."""
        text = self.area.data or ""
        return {"area": (normalise_postcode(text) or text.upper()) if self.is_british else text}


class TravelForm(StepForm):
    """How far somebody would go."""

    heading = _("How far would you go to meet somebody?")
    lead = _("Bus fares and petrol are paid back. 15 kilometres is about 9 miles.")
    names = ("travel_km",)

    travel_km = NumberField(
        _("Kilometres, one way"),
        [required(_("Enter how many kilometres you would go"))],
        least=1,
        most=MOST_TRAVEL_KM,
        render_kw=number_box(3, _("km")),
    )


class WeekForm(StepForm):
    """When somebody usually has time."""

    heading = _("When do you usually have time?")
    names = ("slots",)

    slots = WeekField(_("Your week"), [required(_("Tick at least one part of the week"))])


class LanguagesForm(StepForm):
    """Languages that somebody can hold a conversation in."""

    heading = _("Which languages do you speak?")
    names = ("languages",)

    languages = ManyField(
        _("Languages"),
        [required(_("Tick at least one language"))],
        choices=lambda: [(code, language_name(code)) for code in LANGUAGE_CODES],
        description=_("Tick those in which you can talk about everyday things."),
    )


class BackgroundForm(StepForm):
    """What somebody knows from their own life, and their gender, both only if they wish."""

    heading = _("What do you know from your own life?")
    lead = _(
        "You need not answer. We ask because some people would like a mentor who has been where they are. "
        "A conviction is no bar to mentoring. Only your coordinator reads this."
    )
    names = ("lived_experience", "gender")

    lived_experience = ManyField(
        _("Tick what you know from your own life"), members=LivedExperience, render_kw=_BOLD_LEGEND
    )
    gender = RadioField(
        _("How do you describe yourself?"),
        members=Gender,
        render_kw=_BOLD_LEGEND,
        description=_(
            "We ask because some people can only work with a woman, or only with a man, and say why. "
            "It is used for nothing else."
        ),
    )


class SkillsForm(StepForm):
    """What somebody could help with and likes to do."""

    heading = _("What could you help with?")
    lead = _("Tick what fits. Nothing here is needed to be a good mentor.")
    names = ("skills", "interests")

    skills = ManyField(_("I could help with"), members=Skill, render_kw=_BOLD_LEGEND)
    interests = ManyField(_("I like"), members=Interest, render_kw=_BOLD_LEGEND)


class WhyForm(StepForm):
    """Why, in their own words."""

    heading = _("Why would you like to mentor?")
    names = ("why",)

    why = TextField(
        _("In your own words"),
        [required(_("Tell us why, in a sentence or two"))],
        description=_("A sentence or two is enough."),
    )


STEPS: Mapping[str, type[StepForm]] = {
    "promise": PromiseForm,
    "contact": ContactForm,
    "where": WhereForm,
    "travel": TravelForm,
    "week": WeekForm,
    "languages": LanguagesForm,
    "background": BackgroundForm,
    "skills": SkillsForm,
    "why": WhyForm,
}
"""The pages of an application by their address, in order."""


def kept_form(step: str, answers: Mapping[str, Any], country: str) -> StepForm:
    """Make the form of a page from answers that were kept, without looking at what was just typed."""
    return STEPS[step](formdata=None, data=answers.get(step, {}), country=country, meta={"csrf": False})


def first_incomplete(answers: Mapping[str, Any], country: str) -> str | None:
    """Check all kept answers anew and name the first page that lacks one, or promises too little."""
    return next((step for step in STEPS if not _is_complete(step, answers, country)), None)


def _is_complete(step: str, answers: Mapping[str, Any], country: str) -> bool:
    """Tell whether the answers of a page are there and right."""
    if step not in answers or not kept_form(step, answers, country).validate():
        return False
    return step != "promise" or can_promise(**answers[step])


def application_of(answers: Mapping[str, Any]) -> Application:
    """Put the kept answers of all pages together; they must be complete."""
    values = {name: value for step in STEPS for name, value in answers[step].items()}
    return Application(
        **{
            **values,
            "phone": values["phone"] or "",
            "languages": tuple(values["languages"]),
            "lived_experience": tuple(map(LivedExperience, values["lived_experience"] or ())),
            "skills": tuple(map(Skill, values["skills"] or ())),
            "interests": tuple(map(Interest, values["interests"] or ())),
            "gender": Gender(values["gender"] or Gender.NOT_SAID),
        }
    )


class PlainForm(HouseForm):
    """A button alone."""


class NotNowForm(HouseForm):
    """Where and when to ask again."""

    email = EmailField(_("Email address"), [required(_("Enter your email address"))])
    ask_on = DateField(
        _("When shall we ask again?"),
        [required(_("Enter the day on which we shall ask again"))],
        description=_("For example, 1 9 2027"),
    )
