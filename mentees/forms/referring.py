"""What is typed to refer a person."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import wtforms
from wtforms import FormField

from foundation import places
from foundation.fields import (
    DateField,
    EmailField,
    LineField,
    ManyField,
    NumberField,
    RadioField,
    SelectField,
    TextField,
    TickField,
    choices_of,
    required,
)
from foundation.language import _, language_name
from mentees.forms.answers import (
    PLACE,
    POSTCODE_ONLY,
    RADIUS,
    WhereaboutsAnswers,
    assessment_fields,
    establishment_field,
    time_fields,
    where_fields,
)
from mentees.rules import (
    LANGUAGE_CODES,
    MOST_RADIUS_KM,
    Ban,
    Exclusion,
    Interest,
    Pathway,
    Referral,
    Risk,
    RiskGroup,
    RiskLevel,
    StatedGender,
    WantedExperience,
)


class _Row(wtforms.Form):
    """A few boxes that belong together; all of them empty means nothing."""

    @property
    def is_in_use(self) -> bool:
        """Whether anything was typed, so that the page shows the row."""
        return any(box.data or box.errors for box in self)


class ExclusionRow(_Row):
    """One area that the person must not enter."""

    place = LineField(PLACE, longest=120, render_kw=POSTCODE_ONLY)
    radius_km = NumberField(RADIUS, least=1, most=MOST_RADIUS_KM)
    label = LineField(_("What is there (optional)"), longest=120)

    country = ""

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Insist on place and radius together, and on a place that can be found, since it must be obeyed."""
        is_fine = super().validate(extra_validators)
        if self.place.data and self.radius_km.data is None and not self.radius_km.errors:
            self.radius_km.errors = [str(_("Enter how many kilometres"))]
        if not self.place.data and (self.radius_km.data is not None or self.label.data):
            self.place.errors = [str(_("Enter the postcode or town of the area they must not enter"))]
        if self.place.data and not self.place.errors and places.locate(self.place.data, self.country) is None:
            sentence = _("“%(place)s” is not on our map. Give a postcode inside the area", place=self.place.data)
            self.place.errors = [str(sentence)]
        return is_fine and not self.errors

    def exclusion(self) -> Exclusion | None:
        """Give the area, if one was typed."""
        if not self.place.data or self.radius_km.data is None:
            return None
        return Exclusion(self.place.data, self.label.data or "", self.radius_km.data)


class BanRow(_Row):
    """One person with whom there must be no contact."""

    name = LineField(_("Full name"), render_kw={"autocomplete": "off"})
    why = LineField(_("Why (optional)"), longest=500)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Insist on a name wherever a reason was typed."""
        is_fine = super().validate(extra_validators)
        if self.why.data and not self.name.data:
            self.name.errors = [str(_("Enter the name of the person they must not contact"))]
        return is_fine and not self.errors

    def ban(self) -> Ban | None:
        """Give the ban, if one was typed."""
        return Ban(self.name.data, self.why.data or "") if self.name.data else None


def _level_field(label: object) -> SelectField:
    """Ask for the risk of serious harm to one group; left alone it was not assessed."""
    return SelectField(str(label), choices=_levels)


def _levels() -> list[tuple[str, str]]:
    """Offer the levels of risk, and the honest answer that nobody assessed it."""
    return [("", str(_("Not assessed"))), *choices_of(RiskLevel)]


class ReferralForm(WhereaboutsAnswers):
    """A whole referral on one page: everything that can be wrong is told at once.

    Args:
        country: Of the scheme; decides what a place may look like.
        today: The day for the people of the scheme.
    """

    name = LineField(_("Full name"), [required(_("Enter the person's name"))], render_kw={"autocomplete": "off"})
    phone = LineField(
        _("Phone number (optional)"),
        longest=40,
        description=_("Leave empty if they have none yet."),
        render_kw={"type": "tel", "autocomplete": "off"},
    )
    email = EmailField(_("Email address (optional)"))
    agency = SelectField(_("Which agency refers them?"))
    consent_on = DateField(
        _("When did they agree to be referred?"),
        [required(_("Enter the day on which they agreed. Without consent they cannot be referred"))],
        description=_("They know what is sent here, and may take their consent back at any time."),
    )

    setting, release_on, release_missing_why, area, travel_km = where_fields()
    establishment_name = establishment_field()

    risk_children = _level_field(_("Children"))
    risk_public = _level_field(_("The public"))
    risk_known_adult = _level_field(_("A known adult"))
    risk_staff = _level_field(_("Staff"))
    risk_prisoners = _level_field(_("Prisoners"))
    source, assessed_on = assessment_fields()

    exclusion_1 = FormField(ExclusionRow)
    exclusion_2 = FormField(ExclusionRow)
    exclusion_3 = FormField(ExclusionRow)
    ban_1 = FormField(BanRow)
    ban_2 = FormField(BanRow)
    ban_3 = FormField(BanRow)
    ban_4 = FormField(BanRow)
    ban_5 = FormField(BanRow)

    needs = ManyField(_("What do they need help with?"), [required(_("Choose at least one need"))], members=Pathway)
    languages = ManyField(
        _("Which languages do they speak well enough for a conversation?"),
        [required(_("Choose at least one language"))],
    )
    has_interpreter = TickField(_("An interpreter can be there"))
    wanted_experience = ManyField(
        _("Would they like a mentor who knows one of these from their own life? (optional)"), members=WantedExperience
    )
    interests = ManyField(_("What do they like to do? (optional)"), members=Interest)
    stated_gender = RadioField(
        _("Did they say that they can only work with a woman, or only with a man?"),
        choices=lambda: [
            ("", str(_("They did not say so"))),
            (StatedGender.WOMAN.value, str(_("Only with a woman"))),
            (StatedGender.MAN.value, str(_("Only with a man"))),
        ],
    )
    stated_gender_why = LineField(_("If so, why?"), longest=500)

    slots, hours_per_week = time_fields()
    about = TextField(
        _("Anything a mentor should know (optional)"),
        description=_("Strengths, hopes, what helps. Only the coordinator and the mentor read it."),
    )

    def __init__(self, *, country: str, today: date, **options: Any) -> None:  # noqa: ANN401 - WTForms' own.
        super().__init__(**options)
        self.country, self.today = country, today
        self.languages.choices = [(code, _capitalised(language_name(code))) for code in LANGUAGE_CODES]
        for row in self.exclusions():
            row.country = country

    def exclusions(self) -> list[ExclusionRow]:
        """List the rows for exclusion areas."""
        return [self.exclusion_1.form, self.exclusion_2.form, self.exclusion_3.form]

    def bans(self) -> list[BanRow]:
        """List the rows for contact bans."""
        fields = (self.ban_1, self.ban_2, self.ban_3, self.ban_4, self.ban_5)
        return [field.form for field in fields]

    def risk_fields(self) -> dict[RiskGroup, SelectField]:
        """List the questions for the five groups at risk."""
        return {
            RiskGroup.CHILDREN: self.risk_children,
            RiskGroup.PUBLIC: self.risk_public,
            RiskGroup.KNOWN_ADULT: self.risk_known_adult,
            RiskGroup.STAFF: self.risk_staff,
            RiskGroup.PRISONERS: self.risk_prisoners,
        }

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Check every answer, then what answers say together."""
        super().validate(extra_validators)
        self.check_where()
        self._check_days()
        if not any(field.data or field.errors for field in self.risk_fields().values()):
            self.say("risk_children", _("Give the risk of serious harm for at least one group"))
        if self.stated_gender.data and not self.stated_gender_why.data:
            self.say("stated_gender_why", _("Enter why they need it"))
        if self.stated_gender_why.data and not self.stated_gender.data:
            self.say("stated_gender", _("Choose a woman or a man, or take the reason away"))
        return not self.errors

    def _check_days(self) -> None:
        """Check that what has happened lies in the past."""
        if self.consent_on.data and self.consent_on.data > self.today:
            self.say("consent_on", _("The day of consent cannot lie in the future"))
        if self.assessed_on.data and self.assessed_on.data > self.today:
            self.say("assessed_on", _("The day of the assessment cannot lie in the future"))

    def error_list(self) -> list[dict[str, str]]:
        """List the errors with links that lead into the rows, not only to them."""
        rows = [field for field in self if isinstance(field, FormField)]
        ids = {f"#{field.id}" for field in rows}
        return [item for item in super().error_list() if item["href"] not in ids] + [
            {"text": str(error), "href": f"#{box.id}"} for row in rows for box in row.form for error in box.errors
        ]

    def referral(self) -> Referral:
        """Put what was typed together; only after the form was found in order."""
        return Referral(
            name=self.name.data,
            email=self.email.data or "",
            phone=self.phone.data or "",
            **asdict(self.whereabouts()),
            needs=tuple(member.value for member in self.needs.data or ()),
            languages=tuple(self.languages.data or ()),
            has_interpreter=self.has_interpreter.data,
            wanted_experience=tuple(member.value for member in self.wanted_experience.data or ()),
            interests=tuple(member.value for member in self.interests.data or ()),
            stated_gender=StatedGender(self.stated_gender.data) if self.stated_gender.data else None,
            stated_gender_why=self.stated_gender_why.data or "",
            about=self.about.data or "",
            consent_on=self.consent_on.data,
            risks=tuple(self._risks()),
            exclusions=tuple(area for row in self.exclusions() if (area := row.exclusion())),
            bans=tuple(ban for row in self.bans() if (ban := row.ban())),
        )

    def _risks(self) -> Iterator[Risk]:
        """Walk over the groups that were assessed."""
        for group, field in self.risk_fields().items():
            if field.data:
                yield Risk(group, RiskLevel(int(field.data)), self.source.data, self.assessed_on.data)


def _capitalised(text: str) -> str:
    """Begin with a capital, as a label does, also where a language writes its names without."""
    return text[:1].upper() + text[1:]
