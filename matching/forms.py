"""What is typed to try other weights, to ask for a round and to decide on a proposal."""

from enum import StrEnum

from foundation.fields import NumberField, RadioField, TextField, required
from foundation.forms import HouseForm
from foundation.language import _, name_members
from matching.rules import MOST_WEIGHT


class Decision(StrEnum):
    """What a person decides about a proposal."""

    APPROVE = "approve"
    DECLINE = "decline"


name_members({Decision.APPROVE: _("Approve this match"), Decision.DECLINE: _("Decline it")})


class PairChoice(StrEnum):
    """What a person chooses about a pair in a round."""

    STAND = "stand"
    DECLINE = "decline"


class DeclineFor(StrEnum):
    """For how many months a declined pair is not to be proposed again."""

    THREE = "3"
    SIX = "6"
    TWELVE = "12"


name_members(
    {
        PairChoice.STAND: _("Propose this pair, and let it stand whatever else changes in the round"),
        PairChoice.DECLINE: _("Decline this pair"),
    }
)
name_members(
    {
        DeclineFor.THREE: _("3 months"),
        DeclineFor.SIX: _("6 months"),
        DeclineFor.TWELVE: _("12 months"),
    }
)

_ASK = required(_("Enter a weight, 0 if it should not count"))


class RoundForm(HouseForm):
    """Asking for a round: nothing is to be filled in, the rules in force hold."""


class WeightsForm(HouseForm):
    """How much each part of the fit should count."""

    location = NumberField(_("Distance"), [_ASK], least=0, most=MOST_WEIGHT)
    availability = NumberField(_("Common time"), [_ASK], least=0, most=MOST_WEIGHT)
    risk = NumberField(_("Clearance and experience"), [_ASK], least=0, most=MOST_WEIGHT)
    background = NumberField(_("Background"), [_ASK], least=0, most=MOST_WEIGHT)
    continuity = NumberField(_("Met before"), [_ASK], least=0, most=MOST_WEIGHT)


class AdoptionForm(WeightsForm):
    """Weights that have been tried, with the reason to adopt them."""

    why = TextField(
        _("Why should these weights hold from now on?"),
        [required(_("Give a reason. It is kept with the rules."))],
        description=_("Whoever asks later reads it. Write nothing about single people."),
        render_kw={"rows": "3"},
    )


class DecisionForm(HouseForm):
    """A decision with its reason."""

    decision = RadioField(_("Your decision"), [required(_("Choose what you decide"))], members=Decision)
    why = TextField(
        _("Why"),
        [required(_("Give a reason. It is kept with the decision."))],
        description=_("In your own words. Nobody is told before the mentor agrees."),
        render_kw={"rows": "4"},
    )


class ReasonForm(HouseForm):
    """A choice with its reason."""

    why = TextField(
        _("Why"),
        [required(_("Give a reason. It is kept with the choice."))],
        description=_("In your own words. Coordinators read it later."),
        render_kw={"rows": "3"},
    )


class PairForm(ReasonForm):
    """What is chosen about a pair."""

    choice = RadioField(
        _("What do you choose?"), [required(_("Choose what is to be with this pair"))], members=PairChoice
    )
    months = RadioField(
        _("For how long is a declined pair not to be proposed again?"),
        [required(_("Choose for how long"))],
        members=DeclineFor,
        default=DeclineFor.SIX,
    )


class LiftFor(StrEnum):
    """For how many months a rule is lifted."""

    ONE = "1"
    THREE = "3"
    SIX = "6"


name_members({LiftFor.ONE: _("1 month"), LiftFor.THREE: _("3 months"), LiftFor.SIX: _("6 months")})


class LiftForm(HouseForm):
    """Why and for how long the rules of one pair are lifted."""

    months = RadioField(_("For how long?"), [required(_("Choose for how long"))], members=LiftFor)
    why = TextField(
        _("Why"),
        [required(_("Give a reason. It is kept with the decision."))],
        description=_("Say what makes it right for these two people although the rule says no."),
        render_kw={"rows": "3"},
    )


class UndoForm(HouseForm):
    """Taking a choice back: nothing is to be filled in."""
