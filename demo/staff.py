"""The people who work for an invented scheme and its partners, and who can sign in to the demo."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Agency, Person
from accounts.policy import Actor
from accounts.queries import find_account
from accounts.rules import Role, email_key
from demo.builders import PASSWORD
from demo.schemes import SchemePlan

STAFF_NAMES = {
    "knowsley": ("Grace Holland", "Tom Ashworth", "Ruth Delaney", "Priya Nair", "Ewan Reid", "Sam Whitfield"),
    "the-hague": ("Marloes Brand", "Kees Verhoef", "Annelies Post", "Dirk Blom", "Eva Kramer", "Sjoerd Wit"),
    "turin": ("Paola Ferri", "Luca Monti", "Silvia Neri", "Marco Sala", "Elena Bassi", "Andrea Costa"),
}


@dataclass
class Staff:
    """Everybody who works for a scheme, as actors.

    Attributes:
        second_coordinator: Approves high risk as the second person.
        agencies: Partners that refer, with an officer each.
    """

    slug: str
    coordinator: Actor
    second_coordinator: Actor
    training_lead: Actor
    administrator: Actor
    agencies: list[Agency]
    officers: dict[str, Actor]

    @property
    def mentor_email(self) -> str:
        """Address of the mentor whom the demo signs in."""
        return f"mentor@{self.slug}.example"

    @property
    def volunteer_email(self) -> str:
        """Address of the volunteer whom the demo signs in."""
        return f"volunteer@{self.slug}.example"

    def officer_of(self, agency: Agency) -> Actor:
        """Give the officer who refers for an agency."""
        return self.officers[agency.name]

    def give_password(self, session: Session, person: Person, at: datetime) -> None:
        """Let somebody of the demo sign in with the password that everybody knows."""
        account = find_account(session, email_key(person.email))
        if account is not None:
            accounts.set_password(session, account=account, password=PASSWORD, at=at)


def appoint_staff(session: Session, plan: SchemePlan, portal: Actor, at: datetime) -> Staff:
    """Appoint everybody who works for a scheme."""
    agencies = [accounts.add_agency(session, name=name, by=portal, at=at) for name in plan.agencies]
    session.flush()
    first, second, lead, officer, evaluator, administrator = STAFF_NAMES[plan.slug]

    def appoint(name: str, address: str, *roles: Role, agency: Agency | None = None) -> Actor:
        return _appoint(session, portal, at, name, f"{address}@{plan.slug}.example", roles, agency)

    appoint(evaluator, "evaluator", Role.EVALUATOR)
    officers = {
        agency.name: appoint(
            officer if number == 0 else f"{officer} ({number + 1})",
            "partner" if number == 0 else f"partner{number + 1}",
            Role.PARTNER_OFFICER,
            agency=agency,
        )
        for number, agency in enumerate(agencies)
    }
    return Staff(
        slug=plan.slug,
        coordinator=appoint(first, "coordinator", Role.COORDINATOR),
        second_coordinator=appoint(second, "coordinator2", Role.COORDINATOR, Role.SENIOR),
        training_lead=appoint(lead, "training", Role.TRAINING_LEAD),
        administrator=appoint(administrator, "administrator", Role.ADMINISTRATOR),
        agencies=agencies,
        officers=officers,
    )


def _appoint(  # noqa: PLR0917 - the parts of one appointment.
    session: Session,
    portal: Actor,
    at: datetime,
    name: str,
    email: str,
    roles: tuple[Role, ...],
    agency: Agency | None,
) -> Actor:
    """Make one member of staff with an account."""
    person = accounts.add_person(session, name=name, email=email, phone="", by=portal, at=at)
    session.flush()
    for role in roles:
        accounts.grant_role(session, person=person, role=role, agency=agency, by=portal, at=at)
    account = accounts.open_account(session, person=person, by=portal, at=at)
    accounts.set_password(session, account=account, password=PASSWORD, at=at)
    return Actor(
        person.id,
        portal.scheme_id,
        frozenset(roles),
        name=name,
        agency_id=agency.id if agency else None,
        time_zone=portal.time_zone,
    )
