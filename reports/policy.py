"""Which cards a home page shows, and who is told counts of people as they are."""

from collections.abc import Mapping

from accounts.policy import Actor
from accounts.rules import Permission, Role
from reports.rules import TODAY, Card

CARDS: Mapping[Role, tuple[Card, ...]] = {
    Role.COORDINATOR: TODAY,
    Role.TRAINING_LEAD: (Card.LACKING, Card.REVIEWS),
    Role.PARTNER_OFFICER: (Card.OWN_REFERRALS,),
    Role.ADMINISTRATOR: (Card.EMERGENCY, Card.INVITATIONS),
}


def cards_of(by: Actor) -> tuple[Card, ...]:
    """List the cards of all the roles that somebody has, each once."""
    return tuple(dict.fromkeys(card for role, cards in CARDS.items() if role in by.roles for card in cards))


def may_see_exact_counts(by: Actor) -> bool:
    """Tell whether somebody is told counts of people as they are, since they may see the people themselves."""
    return by.may(Permission.MENTEES_READ)
