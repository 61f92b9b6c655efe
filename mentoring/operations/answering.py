"""The mentor answers: agrees and begins, or declines and says why."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation.clock import day_of
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.language import _
from mentees.rules import CaseStage
from mentoring import policy
from mentoring.models import Match
from mentoring.operations.moving import close_match, give_case, move_match, tell_coordinators
from mentoring.rules import MATCH_MONTHS, MatchState
from training.rules import add_months


def agree_match(session: Session, *, match: Match, by: Actor, at: datetime) -> None:
    """Take a match on: it runs from today for twelve months.

    Raises:
        NotVisible: The match is not offered to this mentor.
    """
    _require_own(by, match)
    match.agreed_at = at
    match.starts_on = day_of(at, by.time_zone)
    match.ends_on = add_months(match.starts_on, MATCH_MONTHS)
    move_match(session, match, MatchState.ACTIVE, why="", by=by, at=at, verb="agree_match")


def decline_match(session: Session, *, match: Match, why: str, by: Actor, at: datetime, base_url: str = "") -> None:
    """Say no to a match: the person waits for another mentor, and the coordinators are told.

    Raises:
        Refusal: No reason is given.
        NotVisible: The match is not offered to this mentor.
    """
    _require_own(by, match)
    if not why.strip():
        raise Refusal(_("Enter why not, in a few words. Only coordinators read it."), field="why")
    close_match(session, match, MatchState.DECLINED, reason=None, why=why, by=by, at=at, verb="decline_match")
    give_case(session, match, CaseStage.WAITING, why=_("The mentor declined."), by=by, at=at)
    tell_coordinators(session, match, at, base_url)


def _require_own(by: Actor, match: Match) -> None:
    """Let only the mentor to whom a match is offered answer it."""
    require(by, Permission.MENTORING_LOG)
    require_scheme(by, match.scheme_id)
    if not policy.is_own(by, match):
        raise NotPermitted(_("Only the mentor answers for themselves."))
    if not policy.may_answer_match(by, match):
        raise NotVisible(_("This match does not wait for your answer any more."))
