"""Builders of people: schemes, accounts, volunteers at any stage, and people who are referred."""

import itertools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Account, Agency, Person, Scheme
from accounts.policy import Actor, portal_in
from accounts.queries import find_scheme
from accounts.rules import Role
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import CaseStage, Pathway, Referral, Risk, RiskGroup, RiskLevel, Setting
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import ALWAYS_ASKED, PIPELINE, Application, CheckKind, CheckOutcome, DbsLevel, Rosh, Stage

PASSWORD = "alongside demo only"  # noqa: S105 - printed for everybody to use; no real portal has it.

A_PLACE_IN = {"GB": "L36 9UX", "IT": "Torino", "NL": "Den Haag"}
WORKDAY_AFTERNOONS = sum(1 << (day * 3 + 1) for day in range(5))
WAY_TO: Mapping[CaseStage, tuple[CaseStage, ...]] = {
    CaseStage.REFERRED: (),
    CaseStage.WAITING: (CaseStage.WAITING,),
    CaseStage.MATCHED: (CaseStage.WAITING, CaseStage.MATCHED),
    CaseStage.CLOSED: (CaseStage.WAITING, CaseStage.CLOSED),
    CaseStage.NOT_TAKEN: (CaseStage.NOT_TAKEN,),
}
"""The moves that bring a new case to a stage."""


class PeopleBuilder:
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
            # What an earlier builder saved is gone on with.
            self._schemes[slug] = find_scheme(self.session, slug) or accounts.found_scheme(
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
        self,
        *roles: Role,
        email: str = "",
        name: str = "",
        slug: str = "knowsley",
        agency: Agency | None = None,
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
        return Actor(person_id or self.person(slug=slug).id, scheme.id, frozenset(roles), time_zone=scheme.time_zone)

    def volunteer(
        self,
        stage: Stage = Stage.APPLIED,
        *,
        slug: str = "knowsley",
        base_url: str = "",
        before_ready: Callable[[Volunteer], object] | None = None,
        **answers: Any,  # noqa: ANN401 - the fields of an application, each with its own type.
    ) -> Volunteer:
        """Make a volunteer who applied and was moved along the pipeline to a stage.

        Args:
            stage: Where they are; on the way to ready they pass all checks and are cleared for medium risk.
            slug: The scheme.
            base_url: Address of the portal; where given, letters are written.
            before_ready: Does what else the readiness gate asks, such as training, before the last move.
            **answers: Fields of ``mentors.rules.Application``; sensible ones for those not given.
        """
        number = next(self._numbers)
        plain = {"name": f"Volunteer {number}", "email": f"volunteer{number}@mail.example", "area": "L32 4XX"}
        usual: dict[str, Any] = {**plain, "slots": 0b100100, "languages": ("en",), "why": "I want to help."}
        unknown = set(answers) - {field.name for field in fields(Application)}
        if unknown:
            raise TypeError(f"an application has no {sorted(unknown)}")
        scheme, by = self.scheme(slug), self.portal(slug)
        volunteer, _token = mentors.apply(
            self.session,
            scheme=scheme,
            application=Application(**{**usual, **answers}),
            by=by,
            at=self.at,
            base_url=base_url,
        )
        for step in _way_to(stage):
            if step is Stage.READY:
                self.check_and_clear(volunteer, slug=slug)
                if before_ready is not None:
                    before_ready(volunteer)
            self.move(volunteer, step, slug=slug, base_url=base_url)
        return volunteer

    def ready_volunteer(
        self,
        *,
        level: Rosh = Rosh.MEDIUM,
        slug: str = "knowsley",
        before_ready: Callable[[Volunteer], object] | None = None,
        **answers: Any,  # noqa: ANN401 - the fields of an application, each with its own type.
    ) -> Volunteer:
        """Make a volunteer with all checks passed and cleared for a level of risk, and move them to ready.

        Where the scheme has required courses, ``before_ready`` logs their hours, or the readiness gate says no.
        """
        volunteer = self.volunteer(Stage.READY, slug=slug, before_ready=before_ready, **answers)
        self.clear(volunteer, level, slug=slug)
        return volunteer

    def move(self, volunteer: Volunteer, to: Stage, *, slug: str = "knowsley", base_url: str = "") -> None:
        """Move a volunteer, as the portal."""
        mentors.move_volunteer(
            self.session,
            volunteer=volunteer,
            to=to,
            why="Built so.",
            by=self.portal(slug),
            at=self.at,
            ask_again_on=self.at.date() + timedelta(days=90) if to is Stage.NOT_NOW else None,
            base_url=base_url,
        )

    def check_and_clear(self, volunteer: Volunteer, level: Rosh = Rosh.MEDIUM, *, slug: str = "knowsley") -> None:
        """Pass every check of a volunteer and clear them for a level of risk."""
        for kind in ALWAYS_ASKED:
            mentors.record_check(
                self.session,
                volunteer=volunteer,
                kind=kind,
                outcome=CheckOutcome.CLEAR,
                level=DbsLevel.ENHANCED if kind is CheckKind.DBS else None,
                decided_on=self.at.date(),
                by=self.portal(slug),
                at=self.at,
            )
        self.clear(volunteer, level, slug=slug)

    def clear(self, volunteer: Volunteer, level: Rosh, *, slug: str = "knowsley") -> None:
        """Clear a volunteer for a level of risk."""
        mentors.clear_for_risk(
            self.session, volunteer=volunteer, level=level, why="Panel of today.", by=self.portal(slug), at=self.at
        )

    def mentee(
        self,
        stage: CaseStage = CaseStage.WAITING,
        *,
        risks: Mapping[RiskGroup, RiskLevel] | None = None,
        slug: str = "knowsley",
        by: Actor | None = None,
        agency: Agency | None = None,
        **fields: Any,  # noqa: ANN401 - whatever a referral says.
    ) -> Mentee:
        """Refer a person, and move their case on to a stage.

        Args:
            stage: Where the case shall be.
            risks: Risk of serious harm by group; low to a known adult unless told.
            slug: The scheme.
            by: Who refers; the portal unless told.
            agency: Where the referral comes from, if staff enter it.
            fields: Anything that a ``Referral`` says.
        """
        by = by or self.portal(slug)
        given = risks if risks is not None else {RiskGroup.KNOWN_ADULT: RiskLevel.LOW}
        today = self.at.date()
        said: dict[str, Any] = {
            "name": f"Person {next(self._numbers)}",
            "setting": Setting.COMMUNITY,
            "area": A_PLACE_IN[self.scheme(slug).country],
            "slots": WORKDAY_AFTERNOONS,
            "languages": ("en",),
            "needs": (Pathway.ACCOMMODATION.value,),
            "consent_on": today,
            "risks": tuple(Risk(group, level, "Probation, OASys", today) for group, level in given.items()),
        }
        referral = Referral(**{**said, **fields})
        agency_id = agency.id if agency else None
        mentee = mentees.refer(self.session, referral=referral, by=by, at=self.at, agency_id=agency_id)
        for step in WAY_TO[stage]:
            mentees.move_case(self.session, mentee=mentee, to=step, why="As built.", by=self.portal(slug), at=self.at)
        return mentee


def _way_to(stage: Stage) -> tuple[Stage, ...]:
    """Tell the moves that lead an applicant to a stage."""
    if stage in PIPELINE:
        return PIPELINE[1 : PIPELINE.index(stage) + 1]
    return (*PIPELINE[1:5], stage) if stage is Stage.ON_A_BREAK else (stage,)
