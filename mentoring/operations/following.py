"""What follows in matches from what happens below: a volunteer becomes ready or leaves, a case is closed."""

from sqlalchemy.orm import Session

from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from mentees.rules import CaseMoved, CaseStage
from mentoring import queries
from mentoring.operations.moving import close_match, give_case, tell_coordinators
from mentoring.rules import Demand, EndReason, MatchState, Point
from mentoring.words import say_missing
from mentors.models import Volunteer
from mentors.rules import Stage, StageMoved


class NotReady(Refusal):
    """A volunteer lacks something that everybody must have before they may meet a person.

    Args:
        missing: Everything that is lacking.
    """

    def __init__(self, missing: list[Point]) -> None:
        super().__init__(_("Not ready yet."))
        self.missing = missing

    def __str__(self) -> str:
        """Name everything that is missing, in the reader's language."""
        things = "; ".join(say_missing(point) for point in self.missing)
        return str(_("Not ready yet. Still missing: %(things)s.", things=things))


def require_readiness(session: Session, fact: StageMoved) -> None:
    """Let nobody become ready who is not: listens to every move of a volunteer.

    A mentor who comes back from a break with all places taken is ready; one who would take nobody at all is not.

    Raises:
        NotReady: Naming everything that is missing.
    """
    if fact.after is not Stage.READY:
        return
    volunteer = session.get_one(Volunteer, fact.volunteer_id)
    missing = queries.readiness_of(session, volunteer, day_of(fact.at, fact.by.time_zone))
    if volunteer.capacity > 0:
        missing = [point for point in missing if point.demand is not Demand.PLACE]
    if missing:
        raise NotReady(missing)


def end_matches_of_leaver(session: Session, fact: StageMoved) -> None:
    """End the open matches of a volunteer who leaves: listens to every move of a volunteer.

    The people wait again, and the coordinators are told.
    """
    if fact.after is not Stage.LEFT:
        return
    for match in queries.list_open_matches_of(session, fact.volunteer_id):
        close_match(
            session,
            match,
            MatchState.ENDED,
            reason=EndReason.MENTOR_LEFT,
            why="",
            by=fact.by,
            at=fact.at,
            verb="end_matches_of_leaver",
        )
        give_case(session, match, CaseStage.WAITING, why=_("The mentor left."), by=fact.by, at=fact.at)
        tell_coordinators(session, match, fact.at, fact.base_url)


def end_match_of_closed_case(session: Session, fact: CaseMoved) -> None:
    """End the open match of a person who is no longer matched: listens to every move of a case.

    When a match ends first, it is closed by the time its person is moved, and there is nothing left to do.
    """
    if fact.before is not CaseStage.MATCHED:
        return
    match = queries.find_open_match(session, fact.mentee_id)
    if match is not None:
        close_match(
            session,
            match,
            MatchState.ENDED,
            reason=EndReason.OTHER,
            why="",
            by=fact.by,
            at=fact.at,
            verb="end_match_of_closed_case",
        )
