"""Coordinators pause, resume, end and complete matches."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation.clock import day_of
from foundation.errors import NotPermitted, Refusal
from foundation.language import _
from foundation.lifecycle import ForbiddenMove
from foundation.versions import require_version
from mentees.rules import CaseStage
from mentoring import policy
from mentoring.models import Match
from mentoring.operations.moving import close_match, give_case, move_match
from mentoring.rules import WAITS_AGAIN, EndReason, MatchState, is_past_end


def pause_match(
    session: Session, *, match: Match, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Let a match rest for a while; its place stays taken, and the mentor logs nothing meanwhile."""
    _require_decision(by, match, version)
    _require_reason(why)
    move_match(session, match, MatchState.PAUSED, why=why, by=by, at=at, verb="pause_match")


def resume_match(
    session: Session, *, match: Match, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Take a paused match up again; its last day stays as agreed."""
    _require_decision(by, match, version)
    _require_reason(why)
    if match.state is not MatchState.PAUSED:
        # The lifecycle lets an offered match become active too, but only by the mentor's own word.
        raise ForbiddenMove(match.state, MatchState.ACTIVE)
    move_match(session, match, MatchState.ACTIVE, why=why, by=by, at=at, verb="resume_match")


def end_match(
    session: Session,
    *,
    match: Match,
    reason: EndReason,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """End a match before its time; the mentor reads nothing of the person from now on.

    After some reasons the person waits for another mentor, after the others the case closes and can be reopened.
    """
    _require_decision(by, match, version)
    _require_reason(why)
    close_match(session, match, MatchState.ENDED, reason=reason, why=why, by=by, at=at, verb="end_match")
    after = CaseStage.WAITING if reason in WAITS_AGAIN else CaseStage.CLOSED
    give_case(session, match, after, why=_("The match has ended."), by=by, at=at)


def complete_match(
    session: Session, *, match: Match, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> None:
    """Complete a match that has run its months; the case closes.

    Raises:
        Refusal: Its last day is still to come; until then it can be ended early, with a reason.
    """
    _require_decision(by, match, version)
    if match.state is MatchState.ACTIVE and not is_past_end(match.state, match.ends_on, day_of(at, by.time_zone)):
        raise Refusal(_("This match has not run its months yet. To stop it now, end it early and say why."))
    close_match(session, match, MatchState.COMPLETED, reason=None, why=why, by=by, at=at, verb="complete_match")
    give_case(session, match, CaseStage.CLOSED, why=_("The match has run its months."), by=by, at=at)


def _require_decision(by: Actor, match: Match, version: int | None) -> None:
    """Let staff of the scheme decide on a match as they saw it, and nobody on one of their own."""
    require(by, Permission.MATCHING_DECIDE)
    require_scheme(by, match.scheme_id)
    if not policy.may_change_match(by, match):
        raise NotPermitted(_("Nobody decides about themselves. Ask another coordinator."))
    require_version(match, version)


def _require_reason(why: str) -> None:
    """Insist on a reason."""
    if not why.strip():
        raise Refusal(_("Say why; it stays in the record"), field="why")
