"""Which cards a home page shows: what waits for each role."""

from collections.abc import Mapping

from accounts.policy import Actor
from accounts.rules import Role
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
