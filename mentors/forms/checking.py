"""What is typed about checks, about who drives people, and about the level of DBS check that the role allows."""

from foundation.fields import DateField, LineField, RadioField, SelectField, TextField, TickField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentors.rules import CheckKind, CheckOutcome, CheckPaper, DbsLevel

LONGEST_REFERENCE = 40

ONLY_OF = {
    "level": CheckKind.DBS,
    "eligible_why": CheckKind.DBS,
    "establishment_name": CheckKind.PRISON_VETTING,
    "is_lived_route": CheckKind.PRISON_VETTING,
}
"""Questions that are asked about checks of one kind only."""


class CheckForm(HouseForm):
    """How a check stands."""

    establishment_name = LineField(
        _("Establishment"),
        longest=120,
        description=_("For example “HMP Liverpool”. Each establishment vets by itself."),
        render_kw={"list": "establishments", "autocomplete": "off"},
    )
    outcome = RadioField(_("Outcome"), [required(_("Choose an outcome"))], members=CheckOutcome)
    level = SelectField(
        _("Level"), members=DbsLevel, description=_("No higher than the role allows: asking for more is unlawful.")
    )
    eligible_why = TextField(_("Why the role allows this level"), longest=500)
    reference = LineField(
        _("Reference of the application"),
        longest=LONGEST_REFERENCE,
        description=_("Never the number or the words of the certificate itself."),
    )
    issued_on = DateField(_("Day of the certificate or document"))
    decided_on = DateField(_("Decided on"), description=_("Leave empty while it is awaited."))
    expires_on = DateField(_("Runs out on"), description=_("Leave empty if it does not run out."))
    conditions = TextField(_("Conditions"), description=_("For example, “in the community only”."))
    is_lived_route = TickField(_("Vetted on the way for people with lived experience"))

    def keep_to(self, kind: CheckKind) -> None:
        """Ask only what is asked about checks of a kind."""
        for name, only in ONLY_OF.items():
            if only is not kind:
                del self[name]

    def paper(self) -> CheckPaper:
        """Put together what the papers say, but for the establishment, which has yet to be found."""
        return CheckPaper(
            eligible_why=self.eligible_why.data or "" if "eligible_why" in self else "",
            reference=self.reference.data or "",
            issued_on=self.issued_on.data,
            is_lived_route=bool(self.is_lived_route.data) if "is_lived_route" in self else False,
        )


class DrivingForm(HouseForm):
    """Whether a volunteer drives people."""

    drives_people = TickField(_("Says that they drive people"))


class DbsCeilingForm(HouseForm):
    """The highest level of DBS check that the role allows."""

    level = RadioField(_("Highest level"), [required(_("Choose a level"))], members=DbsLevel)
    why = TextField(
        _("Why the role is eligible for it"),
        [required(_("Say why; it stays in the record"))],
        longest=500,
        description=_("Name the law or the guidance, so that anybody who asks for a check can say why."),
    )
