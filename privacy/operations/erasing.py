"""Erasing one person: asked by one, confirmed by another, replayed after an older backup was restored."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import Person, Scheme
from accounts.policy import Actor, portal_in, require
from accounts.rules import Permission
from foundation import audit
from foundation.db import after_commit
from foundation.errors import NotPermitted, Refusal
from foundation.jobs import wake_worker
from foundation.language import _
from privacy import queries
from privacy.models import Erasure, LegalHold
from privacy.operations.emptying import carry_out
from privacy.operations.ledger import LedgerEntry
from privacy.policy import may_confirm
from privacy.rules import ERASURES, Blocker, ErasureState, ErasureWhy
from privacy.words import BLOCKER_WORDS


class NotErasable(Refusal):
    """Something must be settled before this person can be erased.

    Args:
        blockers: All of it.
    """

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(_("This person cannot be erased yet."))
        self.blockers = blockers

    def __str__(self) -> str:
        """Name everything that must be settled first, in the reader's language."""
        reasons = " ".join(str(BLOCKER_WORDS[blocker]) for blocker in self.blockers)
        return str(_("This person cannot be erased yet. %(reasons)s", reasons=reasons))


def ask_erasure(session: Session, *, person: Person, why: ErasureWhy, by: Actor, at: datetime) -> Erasure:
    """Ask that everything about a person goes; a second person has to confirm it.

    Raises:
        NotErasable: Something must be settled first.
        Refusal: It has been asked or done already, or somebody asks it of themselves.
    """
    require(by, Permission.PRIVACY_MANAGE)
    queries.get_subject(session, by, person.id)
    if by.person_id == person.id:
        raise Refusal(_("Nobody erases themselves. Ask another coordinator."))
    if queries.find_open_erasure(session, person.id) is not None:
        raise Refusal(_("This has been asked already."))
    _require_nothing_open(session, person.id, by.scheme_id)
    erasure = Erasure(scheme_id=by.scheme_id, subject_id=person.id, why=why, asked_at=at, asked_by_id=by.person_id)
    session.add(erasure)
    audit.record(session, by=by, at=at, verb="ask_erasure", subject=erasure)
    session.flush()
    return erasure


def confirm_erasure(session: Session, *, erasure: Erasure, by: Actor, at: datetime) -> None:
    """Carry an erasure out, as its second person.

    Raises:
        NotPermitted: The one who asked cannot confirm.
        NotErasable: Something must be settled first.
        ForbiddenMove: It has been carried out or withdrawn.
    """
    require(by, Permission.PRIVACY_CONFIRM)
    ERASURES.check(erasure.state, ErasureState.DONE)
    if not may_confirm(by, erasure):
        raise NotPermitted(_("A second person has to confirm this: not the one who asked, and not the one erased."))
    _require_nothing_open(session, erasure.subject_id, erasure.scheme_id)
    finish_erasure(session, erasure=erasure, by=by, at=at)


def finish_erasure(session: Session, *, erasure: Erasure, by: Actor, at: datetime) -> None:
    """Empty the person, write down what went, and have the worker clear the disk once it is saved."""
    person = session.get(Person, erasure.subject_id)
    if person is not None:
        erasure.counts, erasure.letter_ids = carry_out(session, person=person, by=by, at=at)
    erasure.state, erasure.decided_at, erasure.decided_by_id = ErasureState.DONE, at, by.person_id
    audit.record(session, by=by, at=at, verb="erase_person", subject=erasure)
    after_commit(session, wake_worker)
    session.flush()


def withdraw_erasure(session: Session, *, erasure: Erasure, by: Actor, at: datetime) -> None:
    """Let a person stay after all.

    Raises:
        ForbiddenMove: It has been carried out or withdrawn.
    """
    require(by, Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
    ERASURES.check(erasure.state, ErasureState.WITHDRAWN)
    erasure.state, erasure.decided_at, erasure.decided_by_id = ErasureState.WITHDRAWN, at, by.person_id
    audit.record(session, by=by, at=at, verb="withdraw_erasure", subject=erasure)


def replay_erasure(session: Session, *, entry: LedgerEntry, at: datetime) -> bool:
    """Erase a person again whom an older backup brought back, whatever state the backup has them in.

    Returns:
        Whether there was anything to do; what the database knows as done is left alone.
    """
    known = session.get(Erasure, entry.erasure_id)
    scheme = session.get(Scheme, entry.scheme_id)
    if scheme is None or (known is not None and known.state is ErasureState.DONE):
        return False
    if known is None:
        known = Erasure(
            id=entry.erasure_id,
            scheme_id=entry.scheme_id,
            subject_id=entry.subject_id,
            why=entry.why,
            asked_at=entry.decided_at,
        )
        session.add(known)
        session.flush()
    known.state = ErasureState.ASKED
    finish_erasure(session, erasure=known, by=portal_in(scheme), at=at)
    known.letter_ids = sorted({*known.letter_ids, *entry.letter_ids})
    return True


def note_scrubbed(session: Session, *, erasure_ids: list[uuid.UUID], by: Actor, at: datetime) -> None:
    """Write down that the last traces of some erasures are off the disk."""
    for erasure_id in erasure_ids:
        erasure = session.get_one(Erasure, erasure_id)
        erasure.scrubbed_at = at
        audit.record(session, by=by, at=at, verb="note_scrubbed", subject=erasure)


def set_hold(session: Session, *, person: Person, why: str, by: Actor, at: datetime) -> LegalHold:
    """Keep everything of a person until the hold is lifted."""
    require(by, Permission.PRIVACY_MANAGE)
    queries.get_subject(session, by, person.id)
    hold = LegalHold(scheme_id=by.scheme_id, person_id=person.id, why=why, set_at=at, set_by_id=by.person_id)
    session.add(hold)
    audit.record(session, by=by, at=at, verb="set_hold", subject=hold)
    session.flush()
    return hold


def lift_hold(session: Session, *, hold: LegalHold, by: Actor, at: datetime) -> None:
    """Let the ordinary rules hold for a person again."""
    require(by, Permission.PRIVACY_MANAGE)
    hold.lifted_at, hold.lifted_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="lift_hold", subject=hold)


def _require_nothing_open(session: Session, person_id: uuid.UUID, scheme_id: uuid.UUID | None) -> None:
    """Pass silently if nothing stands in the way of erasing a person."""
    if blockers := queries.blockers_of(session, person_id, scheme_id):
        raise NotErasable(blockers)
