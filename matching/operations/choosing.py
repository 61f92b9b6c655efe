"""What staff choose in a finished round: a pair that stands or is not to be, somebody left out; and undoing it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.errors import Conflict, NotVisible, Refusal
from foundation.language import _, words_for
from matching.gathering import Answer, Desk, Pair, Wishes
from matching.gathering.desks import DECIDED
from matching.models import RoundChoice
from matching.operations.deciding import decline_proposal
from matching.operations.following import NotAllowed, follow, open_desk, place_of
from matching.operations.remembering import note_cost, note_decline
from matching.rules import OPEN_PROPOSALS, USUAL_DECLINE_MONTHS, ChoiceKind, Veto


class AlreadyUndone(Conflict):
    """Somebody undid this choice before."""


class OwnLift(Refusal):
    """Whoever lifted a rule for a pair neither proposes nor approves it."""


def pin_pair(
    session: Session,
    *,
    round_id: uuid.UUID,
    mentee_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    why: str,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> RoundChoice:
    """Let a pair stand, whatever else changes in the round; one that was not proposed is proposed by hand.

    Args:
        session: The transaction.
        round_id: The newest finished round.
        mentee_id: The person.
        volunteer_id: The mentor.
        why: The reason, in the words of the person who chooses.
        by: A coordinator.
        at: When.
        revision: What the page showed.

    Raises:
        NotAllowed: A rule forbids the pair.
        Refusal: No reason, another choice stands in the way, or the mentor has no free place in the round.
    """
    desk = _begin(session, round_id, why=why, by=by, at=at, revision=revision)
    pair = place_of(desk, mentee_id, volunteer_id)
    require_free(desk, pair, by=by)
    before = desk.solve()
    choice = _note(session, desk, ChoiceKind.PIN, why=why, by=by, at=at, mentee_id=mentee_id, volunteer_id=volunteer_id)
    hand = pair if desk.current[pair[0]] != pair[1] else None
    return _finish(session, desk, choice, before, desk.wishes.but(pin=pair), by=by, at=at, hand=hand)


def decline_pair(
    session: Session,
    *,
    round_id: uuid.UUID,
    mentee_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    why: str,
    by: Actor,
    at: datetime,
    months: int = USUAL_DECLINE_MONTHS,
    revision: int | None = None,
) -> RoundChoice:
    """Decline a pair, proposed or not: neither this round nor any other proposes it again until a date.

    Args:
        session: The transaction.
        round_id: The newest finished round.
        mentee_id: The person.
        volunteer_id: The mentor.
        why: The reason, in the words of the person who chooses.
        by: A coordinator.
        at: When.
        months: For how long; one of ``DECLINE_MONTHS``.
        revision: What the page showed.

    Raises:
        Refusal: No reason, or the pair is approved already.
    """
    desk = _begin(session, round_id, why=why, by=by, at=at, revision=revision)
    pair = place_of(desk, mentee_id, volunteer_id)
    proposal = desk.live.get(pair[0])
    if proposal is not None and proposal.volunteer_id == volunteer_id:
        if proposal.state not in OPEN_PROPOSALS:
            raise Refusal(_("This pair has been approved. End the match instead."))
        return decline_proposal(session, proposal=proposal, why=why, by=by, at=at, months=months)
    if pair in desk.wishes.forbidden:
        raise Refusal(_("This pair has been declined already."))
    before = desk.solve()
    choice = note_decline(
        session, desk.round, mentee_id=mentee_id, volunteer_id=volunteer_id, why=why, by=by, at=at, months=months
    )
    return _finish(session, desk, choice, before, desk.wishes.but(forbid=frozenset({pair})), by=by, at=at)


def leave_person_out(
    session: Session,
    *,
    round_id: uuid.UUID,
    mentee_id: uuid.UUID,
    why: str,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> RoundChoice:
    """Give a person no proposal in this round; nothing is noted on their record.

    Raises:
        Refusal: No reason, or another choice or an approval stands in the way.
    """
    desk = _begin(session, round_id, why=why, by=by, at=at, revision=revision)
    if mentee_id not in desk.rows:
        raise NotVisible(_("This person did not stand in this round."))
    row = desk.rows[mentee_id]
    _require_undecided(desk, row)
    _require_no_choice([each for each in desk.standing if each.mentee_id == mentee_id and _binds(each)])
    before = desk.solve()
    choice = _note(session, desk, ChoiceKind.LEAVE_PERSON, why=why, by=by, at=at, mentee_id=mentee_id)
    return _finish(session, desk, choice, before, desk.wishes.but(row_out=row), by=by, at=at)


def leave_mentor_out(
    session: Session,
    *,
    round_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    why: str,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> RoundChoice:
    """Propose a mentor for nobody in this round; what somebody has approved stays, and so does their record.

    Raises:
        Refusal: No reason, or another choice stands in the way.
    """
    desk = _begin(session, round_id, why=why, by=by, at=at, revision=revision)
    if volunteer_id not in desk.columns:
        raise NotVisible(_("This mentor did not stand in this round."))
    _require_no_choice([each for each in desk.standing if each.volunteer_id == volunteer_id and _binds(each)])
    before = desk.solve()
    choice = _note(session, desk, ChoiceKind.LEAVE_MENTOR, why=why, by=by, at=at, volunteer_id=volunteer_id)
    wishes = desk.wishes.but(column_out=desk.columns[volunteer_id])
    return _finish(session, desk, choice, before, wishes, by=by, at=at)


def undo_choice(
    session: Session,
    *,
    round_id: uuid.UUID,
    choice_id: uuid.UUID,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> RoundChoice:
    """Take a choice back; the round is solved again without it.

    Raises:
        AlreadyUndone: Somebody was faster.
    """
    require(by, Permission.MATCHING_DECIDE)
    desk = open_desk(session, round_id=round_id, by=by, at=at, revision=revision)
    choice = next((each for each in desk.choices if each.id == choice_id), None)
    if choice is None:
        raise NotVisible(_("There is no such choice."))
    if choice.ended_at is not None:
        raise AlreadyUndone(_("This choice has been undone already."))
    wishes = desk.wishes_without(choice)
    choice.ended_at, choice.ended_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="undo_choice", subject=choice)
    follow(session, desk, wishes, by=by, at=at)
    return choice


def require_free(desk: Desk, pair: Pair, *, by: Actor) -> None:
    """Refuse a pair that cannot stand in a round, or that this person may not let stand, and say why.

    Raises:
        NotAllowed: A rule forbids it.
        OwnLift: Whoever asks lifted a rule for the pair.
        Refusal: A choice, an approval, a change or a full mentor stands in the way.
    """
    row, column = pair
    _require_undecided(desk, row)
    if row in desk.changed_rows or column in desk.changed_columns:
        raise Refusal(_("One of them has changed since this round. Run a new one."))
    people, mentor = desk.mentee_ids[row], desk.volunteer_ids[column]
    _require_no_choice([each for each in desk.standing if _stands_against(each, people, mentor)])
    if not desk.memory.scored.allowed[pair] and pair not in desk.wishes.lifted:
        names = ", ".join(words_for(Veto(name)) for name in desk.memory.scored.vetoes_of(row, column))
        raise NotAllowed(_("A rule forbids this pair: %(rules)s.", rules=names))
    taken = sum(other == column for person, other in desk.wishes.pins.items() if person != row)
    if taken >= desk.memory.capacity[column]:
        raise Refusal(_("All places that this mentor had in this round are taken by pairs that stand."))
    if any(lift.made_by_id == by.person_id for lift in desk.lifts_of(people, mentor)):
        raise OwnLift(_("You lifted a rule for this pair. Another person has to propose it."))


def _begin(session: Session, round_id: uuid.UUID, *, why: str, by: Actor, at: datetime, revision: int | None) -> Desk:
    """Check right and reason, and take the round up."""
    require(by, Permission.MATCHING_DECIDE)
    desk = open_desk(session, round_id=round_id, by=by, at=at, revision=revision)
    if not why.strip():
        raise Refusal(_("Give a reason. It is kept with the choice."), field="why")
    return desk


def _note(
    session: Session,
    desk: Desk,
    kind: ChoiceKind,
    *,
    why: str,
    by: Actor,
    at: datetime,
    mentee_id: uuid.UUID | None = None,
    volunteer_id: uuid.UUID | None = None,
) -> RoundChoice:
    """Write a choice down."""
    choice = RoundChoice(
        scheme_id=desk.round.scheme_id,
        round_id=desk.round.id,
        kind=kind,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        why=why.strip(),
        made_by_id=by.person_id,
        made_at=at,
    )
    session.add(choice)
    audit.record(session, by=by, at=at, verb=_VERBS[kind], subject=choice, why=why.strip())
    session.flush()
    return choice


_VERBS = {
    ChoiceKind.PIN: "pin_pair",
    ChoiceKind.LEAVE_PERSON: "leave_person_out",
    ChoiceKind.LEAVE_MENTOR: "leave_mentor_out",
}


def _finish(
    session: Session,
    desk: Desk,
    choice: RoundChoice,
    before: Answer,
    wishes: Wishes,
    *,
    by: Actor,
    at: datetime,
    hand: Pair | None = None,
) -> RoundChoice:
    """Make the round follow a choice, and note what it cost."""
    note_cost(choice, before, follow(session, desk, wishes, by=by, at=at, hand=hand))
    session.flush()
    return choice


def _require_undecided(desk: Desk, row: int) -> None:
    """Refuse to choose for a person for whom somebody has approved a proposal.

    Raises:
        Refusal: Somebody has.
    """
    proposal = desk.live.get(row)
    if proposal is not None and proposal.state in DECIDED:
        raise Refusal(_("Somebody has approved a proposal for this person already. Decide on that one."))


def _require_no_choice(against: Sequence[RoundChoice]) -> None:
    """Refuse a choice that contradicts one that stands.

    Raises:
        Refusal: Naming the choice.
    """
    if against:
        raise Refusal(
            _("Another choice stands against it: %(choice)s. Undo that one first.", choice=words_for(against[0].kind))
        )


def _binds(choice: RoundChoice) -> bool:
    """Whether a choice says whom somebody gets, or that they are left out already."""
    return choice.kind is not ChoiceKind.DECLINE


def _stands_against(choice: RoundChoice, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> bool:
    """Whether a choice contradicts that a pair stands."""
    if choice.kind is ChoiceKind.DECLINE:
        return choice.mentee_id == mentee_id and choice.volunteer_id == volunteer_id
    if choice.kind is ChoiceKind.LEAVE_MENTOR:
        return choice.volunteer_id == volunteer_id
    return choice.mentee_id == mentee_id
