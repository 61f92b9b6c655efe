"""Moving a case along: taken on or not, matched, closed, taken up again."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.policy import Actor, require_scheme
from accounts.queries import list_live_roles
from accounts.rules import Permission, permissions_of
from foundation import audit, facts
from foundation.errors import NotPermitted, Refusal
from foundation.language import _
from foundation.outbox import write_letter
from foundation.versions import require_version
from mentees.models import Mentee
from mentees.operations.keeping import touch, write_move
from mentees.policy import may_move_case
from mentees.rules import CASES, DECISIONS, NEEDS_REASON, CaseMoved, CaseStage


class ReasonMissing(Refusal):
    """A decision against somebody without a word why."""


def move_case(
    session: Session,
    *,
    mentee: Mentee,
    to: CaseStage,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    base_url: str = "",
) -> None:
    """Move a case to another stage; the officer who referred the person is told of the decision.

    Raises:
        ForbiddenMove: The lifecycle has no such move.
        ReasonMissing: Not taking on and closing need a reason.
        StaleEdit: Somebody saved the record after the form was opened.
    """
    require_scheme(by, mentee.scheme_id)
    if not may_move_case(by, mentee, to):
        raise NotPermitted(_("Your role does not include this. Ask your coordinator or administrator."))
    require_version(mentee, version)
    CASES.check(mentee.stage, to)
    if to in NEEDS_REASON and not why.strip():
        raise ReasonMissing(_("Enter why, so that the next person understands."), field="why")
    before = mentee.stage
    mentee.stage, mentee.stage_since = to, at
    touch(mentee, by, at)
    audit.record(session, by=by, at=at, verb="move_case", subject=mentee, why=why)
    write_move(mentee, before, by, at, why)
    if before is CaseStage.REFERRED and to in DECISIONS:
        _tell_officer(session, mentee, at, base_url)
    session.flush()
    facts.publish(session, CaseMoved(mentee.id, before, to, at, by))


def _tell_officer(session: Session, mentee: Mentee, at: datetime, base_url: str) -> None:
    """Write to the officer who referred a person that there is a decision, while they may still read it."""
    if mentee.referred_by_id is None or mentee.agency_id is None or mentee.consent_on is None or not base_url:
        return
    officer = session.get_one(Person, mentee.referred_by_id)
    may_read = any(
        grant.scheme_id == mentee.scheme_id
        and grant.agency_id == mentee.agency_id
        and Permission.REFERRALS_MAKE in permissions_of(frozenset({grant.role}))
        for grant in list_live_roles(session, officer.id)
    )
    if may_read and officer.email:
        write_letter(
            session,
            to=officer.email,
            subject=_("A decision on your referral"),
            body=_(
                "Hello,\n\na referral that you made has been decided. Sign in to see it:\n\n%(link)s\n",
                link=f"{base_url}/referrals/{mentee.id}",
            ),
            at=at,
        )
