"""The documents of an invented scheme, and the mentors who agree to them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.staff import Staff
from mentors import operations as mentors
from mentors.models import DocumentVersion, Volunteer
from mentors.rules import Asks, Stage

NEW_VERSION_DAYS = 12
"""How long ago the second version of the agreement was written; it holds from three weeks after that day."""

AGREEMENT = """\
# What we do together
This agreement is between you and the charity. It is no contract of work: we promise each other time, honesty and care.

# What you promise
- Three to four hours a week for twelve months, and to tell us early when that changes.
- To keep what people tell you to yourself, but for what our safeguarding policy says.
- To come to supervision once a month and to the training that we agree on.
- To note every meeting on the same day.

# What we promise
- A coordinator whom you can call, and supervision that is there for you.
- Training before you meet anybody, and a match to which you may say no.
- Your fares, and a thank you that you can show to others.

# When it does not work
Either of us can end this agreement at any time. Talk with us first, so that nobody is left without a goodbye.
"""

AGREEMENT_2 = AGREEMENT.replace(
    "- To note every meeting on the same day.",
    "- To note every meeting within two days.\n- Never to lend money or take any, and to tell us if somebody asks.",
).replace("once a month", "once every four weeks")

CONFIDENTIALITY = """\
# What stays between you
What somebody tells you is theirs. You do not tell it at home, at work or among friends, not even without a name.

# What you tell your coordinator, the same day
- That somebody is in danger, or that a child may be.
- That somebody plans to hurt themselves or another person.
- That somebody has broken a condition of their licence.

Tell the person at your first meeting that you would have to pass this on, so that they can choose what to say.

# What you write
Write in the portal and nowhere else. No names in messages, no photographs, no notes on paper.
"""

EXPENSES = """\
# What we pay
- Bus and train fares to every meeting, at the cheapest ticket.
- Up to three pounds for a hot drink together.

Send the receipt within three months. Never pay for anything else for the person whom you mentor.
"""

TEXTS = (
    ("Mentoring agreement", AGREEMENT, Asks.EVERYBODY),
    ("Confidentiality", CONFIDENTIALITY, Asks.EVERYBODY),
    ("Expenses", EXPENSES, Asks.NOBODY),
)


@dataclass
class Agreements:
    """Writes the documents of one scheme and has its volunteers agree to them."""

    session: Session
    staff: Staff
    chance: Random
    versions: list[DocumentVersion] = field(default_factory=list)
    mentors: list[Volunteer] = field(default_factory=list)

    def write(self, at: datetime) -> None:
        """Write the first versions on the first day."""
        for place, (title, text, asks) in enumerate(TEXTS):
            self.versions.append(
                mentors.write_document(
                    self.session,
                    title=title,
                    text=text,
                    effective_on=at.date(),
                    asks=asks,
                    by=self.staff.coordinator,
                    at=at + timedelta(minutes=place),
                )
            )

    def write_again(self, at: datetime) -> None:
        """Write the second version of the agreement, which asks everybody anew."""
        self.versions[0] = mentors.write_document(
            self.session,
            title=TEXTS[0][0],
            text=AGREEMENT_2,
            changes="Meetings may be noted within two days, and money is never lent or taken.",
            effective_on=at.date() + timedelta(days=21),
            asks=Asks.EVERYBODY,
            document_id=self.versions[0].document_id,
            by=self.staff.coordinator,
            at=at,
        )

    def agree(self, volunteer: Volunteer, at: datetime) -> None:
        """Have a volunteer agree to everything, as they are about to become a mentor; now and then on paper."""
        is_on_paper = self.chance.random() < 0.12
        for version in self.versions:
            if version.asks is not Asks.NOBODY:
                self._accept(volunteer, version, at, is_on_paper=is_on_paper)
        self.mentors.append(volunteer)

    def agree_again(self, share: float) -> Callable[[datetime], None]:
        """Make an event in which a share of the mentors agrees to the newest agreement."""

        def agree(at: datetime) -> None:
            for volunteer in self.mentors:
                if self.chance.random() < share:
                    self._accept(volunteer, self.versions[0], at, is_on_paper=False)

        return agree

    def _accept(self, volunteer: Volunteer, version: DocumentVersion, at: datetime, *, is_on_paper: bool) -> None:
        """Have a volunteer agree to one version, unless they have left."""
        if is_on_paper:
            why = "Signed with us in the office, on the evening of the course."
            mentors.enter_acceptance(
                self.session,
                volunteer=volunteer,
                version=version,
                accepted_on=at.date(),
                why=why,
                by=self.staff.coordinator,
                at=at,
            )
        elif volunteer.stage in {Stage.TRAINING, Stage.READY}:
            own = replace(
                self.staff.coordinator, person_id=volunteer.person_id, roles=frozenset({Role.VOLUNTEER}), name=""
            )
            name = volunteer.person.name
            mentors.accept_document(self.session, volunteer=volunteer, version=version, typed_name=name, by=own, at=at)
