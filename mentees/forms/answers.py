"""Questions that several forms about people ask in the same words."""

from foundation.fields import DateField, LineField, required
from foundation.language import _

PLACE = _("Postcode or town")
RADIUS = _("Kilometres around it")
POSTCODE_ONLY = {"autocomplete": "off", "spellcheck": "false"}
"""What a browser must not fill in or mend in a box for a postcode."""


def assessment_fields() -> tuple[LineField, DateField]:
    """Ask where an assessment comes from and when it was made."""
    return (
        LineField(
            _("Who assessed it?"),
            [required(_("Enter who assessed the risk"))],
            longest=120,
            description=_("For example “OASys, Jo Lunt, probation”."),
        ),
        DateField(_("When was it assessed?"), [required(_("Enter the day of the assessment"))]),
    )
