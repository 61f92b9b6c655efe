"""Builders: people and records made through the operations of the house, with sensible answers for what is not said."""

import itertools
import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Account, Agency, Person, Scheme
from accounts.policy import Actor, portal_in
from accounts.rules import Role

PASSWORD = "alongside demo only"  # noqa: S105 - printed for everybody to use; no real portal has it.


class Builder:
    """Builds inside one transaction.

    Args:
        session: The transaction.
        at: The instant at which everything happens unless told otherwise.
    """

    def __init__(self, session: Session, *, at: datetime) -> None:
        self.session = session
        self.at = at
        self._numbers = itertools.count(1)
        self._schemes: dict[str, Scheme] = {}

    def scheme(self, slug: str = "knowsley", *, country: str = "GB", time_zone: str = "Europe/London") -> Scheme:
        """Found a scheme, or give the one founded before."""
        if slug not in self._schemes:
            self._schemes[slug] = accounts.found_scheme(
                self.session,
                slug=slug,
                name=slug.replace("-", " ").title(),
                charity=f"Charity of {slug}",
                country=country,
                time_zone=time_zone,
                contact_email=f"hello@{slug}.example",
                starts_on=date(self.at.year - 1, 1, 1),
                ends_on=date(self.at.year + 1, 12, 31),
                at=self.at,
            )
            self.session.flush()
        return self._schemes[slug]

    def portal(self, slug: str = "knowsley") -> Actor:
        """The portal itself, acting in a scheme."""
        return portal_in(self.scheme(slug))

    def person(self, name: str = "", *, email: str = "", slug: str = "knowsley") -> Person:
        """Open the record of a human being."""
        number = next(self._numbers)
        person = accounts.add_person(
            self.session,
            name=name or f"Person {number}",
            email=email or f"person{number}@mail.example",
            phone="",
            by=self.portal(slug),
            at=self.at,
        )
        self.session.flush()
        return person

    def agency(self, name: str = "Probation Office", *, slug: str = "knowsley") -> Agency:
        """Add a partner agency."""
        agency = accounts.add_agency(self.session, name=name, by=self.portal(slug), at=self.at)
        self.session.flush()
        return agency

    def account(
        self, *roles: Role, email: str = "", name: str = "", slug: str = "knowsley", agency: Agency | None = None,
        person: Person | None = None,
    ) -> Account:
        """Make somebody who can sign in with ``PASSWORD`` and has some roles in a scheme."""
        person = person or self.person(name, email=email, slug=slug)
        by = self.portal(slug)
        for role in roles:
            needed = agency or (self.agency(slug=slug) if role is Role.PARTNER_OFFICER else None)
            accounts.grant_role(self.session, person=person, role=role, agency=needed, by=by, at=self.at)
        account = accounts.open_account(self.session, person=person, by=by, at=self.at)
        accounts.set_password(self.session, account=account, password=PASSWORD, at=self.at)
        self.session.flush()
        return account

    def actor(self, *roles: Role, slug: str = "knowsley", person_id: uuid.UUID | None = None) -> Actor:
        """Make an actor with some roles in a scheme, without an account to sign in with."""
        scheme = self.scheme(slug)
        return Actor(
            person_id or self.person(slug=slug).id, scheme.id, frozenset(roles), time_zone=scheme.time_zone
        )
