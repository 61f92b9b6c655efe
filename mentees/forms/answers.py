"""Questions that several forms about people ask in the same words."""

from datetime import date

from foundation.fields import DateField, LineField, NumberField, RadioField, WeekField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentees.rules import MOST_HOURS_PER_WEEK, MOST_TRAVEL_KM, Setting, Whereabouts, is_badly_formed_place

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


def where_fields() -> tuple[RadioField, DateField, LineField, LineField, NumberField]:
    """Ask where somebody is, when they are released, and where and how far away they would meet a mentor."""
    return (
        RadioField(_("Where are they now?"), [required(_("Choose where they are now"))], members=Setting),
        DateField(_("Release date, if they are in custody")),
        LineField(_("If the release date is not known, why?"), description=_("For example “parole hearing in May”.")),
        LineField(
            _("Where would they meet a mentor?"),
            longest=120,
            description=_(
                "The postcode of an agreed meeting place, or its town. Not their home, unless they choose it. "
                "You may leave it empty while they are in custody."
            ),
            render_kw=POSTCODE_ONLY,
        ),
        NumberField(
            _("How far can they travel to it, in kilometres?"),
            [required(_("Enter how far they can travel"))],
            description=_("10 kilometres are about 6 miles."),
            least=0,
            most=MOST_TRAVEL_KM,
        ),
    )


def establishment_field() -> LineField:
    """Ask in which establishment somebody is."""
    return LineField(
        _("If they are in custody, where?"),
        longest=120,
        description=_("For example “HMP Liverpool”. Mentors are proposed only if it has vetted them."),
        render_kw={"list": "establishments", "autocomplete": "off"},
    )


def time_fields() -> tuple[WeekField, NumberField]:
    """Ask when somebody could meet, and how many hours a week they would like."""
    return (
        WeekField(
            _("When could they meet?"),
            [required(_("Tick at least one part of the week"))],
            description=_("Tick every part of the week in which they usually have time, or in custody can be visited."),
        ),
        NumberField(
            _("How many hours a week would they like?"),
            [required(_("Enter how many hours a week"))],
            description=_("Most people meet their mentor for 1 to 4 hours a week."),
            least=1,
            most=MOST_HOURS_PER_WEEK,
        ),
    )


class WhereaboutsAnswers(HouseForm):
    """What forms share that ask by ``where_fields`` and ``time_fields``: the check of all of it together.

    Attributes:
        country: Of the scheme; decides what a place may look like.
        today: The day for the people of the scheme.
    """

    country: str
    today: date

    def check_where(self) -> None:
        """Check that where the person is and where they can be met make sense together."""
        is_inside = self["setting"].data is Setting.CUSTODY
        release_on = self["release_on"].data
        if is_inside and release_on is None and not self["release_missing_why"].data:
            self.say("release_on", _("Enter the release date, or below why it is not known"))
        if is_inside and release_on and release_on < self.today:
            self.say("release_on", _("This date has passed. Enter a later one, or choose “in the community”"))
        area = self["area"].data or ""
        if not area and self["setting"].data is Setting.COMMUNITY:
            self.say("area", _("Enter the agreed meeting place"))
        if is_badly_formed_place(area, self.country):
            self.say("area", _("Enter a full postcode, like L36 9UX, or the name of a town without street and number"))

    def say(self, name: str, sentence: object) -> None:
        """Add an error to a field, unless it has a better one."""
        field = self[name]
        field.errors = [*field.errors] or [str(sentence)]

    def whereabouts(self) -> Whereabouts:
        """Put what was typed together; only after the form was found in order."""
        return Whereabouts(
            setting=self["setting"].data,
            establishment_name=self["establishment_name"].data or "",
            release_on=self["release_on"].data,
            release_missing_why=self["release_missing_why"].data or "",
            area=self["area"].data or "",
            travel_km=self["travel_km"].data,
            slots=self["slots"].data or 0,
            hours_per_week=self["hours_per_week"].data,
        )
