"""The words that people read for measures, colours, counts and what waits on a home page."""

from flask_babel import format_decimal, gettext

from foundation.language import _, name_acts, name_members, name_records
from reports.rules import Card, Count, Measure, Rating

name_members(
    {
        Measure.SESSIONS: _("Mentoring sessions"),
        Measure.PEOPLE_MENTORED: _("People mentored"),
        Measure.TRAINING_HOURS: _("Hours of volunteer training"),
        Measure.LIFE_CHANGE_PROGRAMMES: _("Life Change Programmes"),
        Measure.ACTION_LEARNING_SETS: _("Action learning sets"),
        Measure.LIFE_CHANGE_PLANS: _("12-month Life Change plans"),
        Rating.GREEN: _("Green"),
        Rating.AMBER: _("Amber"),
        Rating.RED: _("Red"),
        Rating.NOT_BEGUN: _("Not begun"),
        Rating.HIDDEN: _("Not shown"),
        Card.APPLICATIONS: _("New applications"),
        Card.REFERRALS: _("New referrals"),
        Card.PROPOSALS: _("Proposals waiting for you"),
        Card.OFFERS: _("Waiting for a mentor to say yes"),
        Card.QUIET: _("Quiet matches"),
        Card.LOST: _("Mentors no longer ready"),
        Card.COMMITMENTS: _("Mentors who give too little or too much"),
        Card.WISHES: _("Wishes for other hours"),
        Card.LAPSING: _("Checks about to lapse"),
        Card.RELEASES: _("Releases in the next 14 days"),
        Card.WAITING: _("Waiting longest for a mentor"),
        Card.LACKING: _("Training still lacking"),
        Card.REVIEWS: _("Plan reviews due"),
        Card.OWN_REFERRALS: _("Your latest referrals"),
        Card.EMERGENCY: _("Emergency access"),
        Card.INVITATIONS: _("Invitations not used yet"),
    }
)

name_acts(
    {
        "promise": _("Set a promise"),
        "record_figure": _("Recorded a figure"),
    }
)

name_records(
    {
        "target": _("Promise"),
        "recorded_figure": _("Figure"),
    }
)


def tell(count: Count) -> str:
    """Put into words what a reader is told of a count."""
    if count.is_exact:
        return str(format_decimal(count.least))
    if count.least:
        return gettext("At least %(least)s", least=format_decimal(count.least))
    if count.most is None:
        return gettext("Hidden")
    return gettext("Fewer than %(limit)s", limit=format_decimal(count.most + 1))
