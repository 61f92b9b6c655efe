"""What the pages of choices share: the round on its desk, names, prices in words, and what else would change."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import format_date, gettext

from accounts.policy import Actor
from accounts.signing import current_actor
from foundation import clock
from foundation.clock import day_of
from foundation.db import reading
from foundation.errors import NotVisible
from foundation.language import _
from matching import queries
from matching.gathering import Answer, Desk, Effect, Figures, difference, read_desk
from matching.models import Round, RoundChoice, VetoLift
from matching.rules import Veto
from matching.words import price_words

MOST_MOVES = 30
"""So many of the others who would move are told by name."""


@dataclass(frozen=True)
class Opened:
    """A round on its desk, for a page.

    Attributes:
        round: The round.
        desk: What was decided in it.
        is_open: Whether choices can be made in it now.
    """

    round: Round
    desk: Desk
    is_open: bool


def open_for_page(round_id: uuid.UUID) -> Opened:
    """Read a round for a page of choices.

    Raises:
        NotVisible: There is none, or what it was reckoned from is no longer kept.
    """
    session, actor = reading(), current_actor()
    round_, is_open = queries.get_round_to_choose(session, actor, round_id)
    desk = read_desk(session, actor, round_, day_of(clock.now(), actor.time_zone))
    if desk is None:
        raise NotVisible(
            _("What this round was reckoned from is no longer kept, so nothing can be chosen in it. Run a new one.")
        )
    return Opened(round_, desk, is_open)


def row_of(desk: Desk, mentee_id: uuid.UUID) -> int:
    """Find a person in the record of a round.

    Raises:
        NotVisible: They did not stand in it.
    """
    if mentee_id not in desk.rows:
        raise NotVisible(_("This person did not stand in this round."))
    return desk.rows[mentee_id]


def column_of(desk: Desk, volunteer_id: uuid.UUID) -> int:
    """Find a mentor in the record of a round.

    Raises:
        NotVisible: They did not stand in it.
    """
    if volunteer_id not in desk.columns:
        raise NotVisible(_("This mentor did not stand in this round."))
    return desk.columns[volunteer_id]


def names_for(actor: Actor, ids: Iterable[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Give the names behind some records."""
    return queries.name_everybody(reading(), actor, {each for each in ids if each is not None})


def lifts_told(mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> list[tuple[VetoLift, list[Veto], str]]:
    """Tell what is lifted today for a pair: each lift with its rules and who made it."""
    session, actor = reading(), current_actor()
    on = day_of(clock.now(), actor.time_zone)
    lifts = queries.list_lifts_of(session, actor, mentee_id, volunteer_id, on)
    return [(lift, [Veto(rule) for rule in lift.vetoes], name or "") for lift, name in lifts]


def price_told(price: Figures, before: Answer) -> str:
    """Say what a choice costs."""
    return price_words(*price, before.figures.fit)


def cost_told(choice: RoundChoice) -> str:
    """Say what a choice cost when it was made."""
    cost = choice.cost
    if not cost:
        return gettext("not known")
    return price_words(cost["high_need"], cost["served"], cost["fit"], cost["total"])


def declined_told(choice: RoundChoice) -> str:
    """Say until when a declined pair is not proposed again."""
    day = format_date(choice.until_on, "d MMMM y", rebase=False)
    return gettext("Declined. This pair is not proposed again before %(day)s.", day=day)


def moves_to(desk: Desk, then: Answer) -> Effect:
    """Tell who would move if an answer took the place of what is proposed now."""
    return difference(desk.memory.scored, desk.memory.urgent, desk.current, then.mentor_of)


def moves_told(desk: Desk, effect: Effect, names: Mapping[uuid.UUID, str], but: int | None = None) -> list[str]:
    """Say who else would move, one sentence each.

    Args:
        desk: The round.
        effect: What changes.
        names: By record.
        but: Row of the person whom the choice is about, who is not told of.
    """
    person = [names.get(each, "") for each in desk.mentee_ids]
    mentor = [names.get(each, "") for each in desk.volunteer_ids]
    told = [
        *(
            gettext("%(person)s would be proposed to %(mentor)s", person=person[row], mentor=mentor[then])
            for row, then in effect.gained
            if row != but
        ),
        *(
            gettext("%(person)s would stay waiting, now with %(mentor)s", person=person[row], mentor=mentor[now])
            for row, now in effect.lost
            if row != but
        ),
        *(
            gettext(
                "%(person)s would move from %(before)s to %(after)s",
                person=person[row],
                before=mentor[now],
                after=mentor[then],
            )
            for row, now, then in effect.changed
            if row != but
        ),
    ]
    more = len(told) - MOST_MOVES
    return told if more <= 0 else [*told[:MOST_MOVES], gettext("and %(number)s more", number=more)]


def ids_in(desk: Desk, effect: Effect) -> set[uuid.UUID]:
    """Gather the records of those who would move."""
    rows = {each[0] for each in (*effect.gained, *effect.lost, *effect.changed)}
    columns = {column for each in (*effect.gained, *effect.lost, *effect.changed) for column in each[1:]}
    return {desk.mentee_ids[row] for row in rows} | {desk.volunteer_ids[column] for column in columns}
