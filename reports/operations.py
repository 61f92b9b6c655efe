"""What changes the board: promises to funders, and figures from outside the portal."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit, clock
from foundation.errors import Conflict, Refusal
from foundation.language import _
from foundation.versions import require_version
from reports import queries
from reports.models import RecordedFigure, Target
from reports.rules import MOST_AMOUNT, Measure


class PeriodEndsBeforeItBegins(Refusal):
    """The last day of a period lies before its first."""


class AmountOutOfBounds(Refusal):
    """An amount below nothing, or above what any programme does."""


class FigureFromTheFuture(Refusal):
    """A figure for a day that has not come yet."""


def promise(
    session: Session,
    *,
    measure: Measure,
    promised: int,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Target:
    """Set how much of a measure the actor's scheme promised for a period, anew or instead of what stood there.

    Args:
        session: The transaction.
        measure: What was promised.
        promised: How much of it; at least 1.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        by: Who acts.
        at: When.
        version: What the form carried; 0 where it was opened before anything was promised.

    Raises:
        NotPermitted: The actor does not manage accounts and settings.
        PeriodEndsBeforeItBegins: The period is empty.
        AmountOutOfBounds: Nothing, or too much, is promised.
        StaleEdit: Somebody else saved this promise meanwhile.
    """
    require(by, Permission.ACCOUNTS_MANAGE)
    _require_amount(promised, least=1, field="promised")
    if ends_on <= starts_on:
        raise PeriodEndsBeforeItBegins(_("The last day must be after the first day."), field="ends_on")
    target = queries.find_target(session, by, measure)
    if target is None:
        target = Target(scheme_id=by.scheme_id, measure=measure)
        session.add(target)
    else:
        require_version(target, version)
    target.promised, target.starts_on, target.ends_on = promised, starts_on, ends_on
    target.changed_at, target.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="promise", subject=target)
    _flush(session)
    return target


def record_figure(
    session: Session, *, measure: Measure, amount: int, as_of: date, source: str, by: Actor, at: datetime
) -> RecordedFigure:
    """Record the running total that a source states for a day; it adds to what the portal counts.

    A later figure of the same source replaces this one on the board, and nothing is deleted.

    Raises:
        NotPermitted: The actor does not manage accounts and settings.
        AmountOutOfBounds: The amount is below nothing or beyond any programme.
        FigureFromTheFuture: The day has not come.
        Refusal: No source is named.
    """
    require(by, Permission.ACCOUNTS_MANAGE)
    _require_amount(amount, least=0, field="amount")
    if as_of > clock.day_of(at, by.time_zone):
        raise FigureFromTheFuture(
            _("A figure cannot be from the future: choose today or an earlier day."), field="as_of"
        )
    if not source.strip():
        raise Refusal(_("Enter where the figure comes from"), field="source")
    figure = RecordedFigure(
        scheme_id=by.scheme_id, measure=measure, amount=amount, as_of=as_of, source=source.strip(), recorded_at=at
    )
    session.add(figure)
    audit.record(session, by=by, at=at, verb="record_figure", subject=figure)
    session.flush()
    return figure


def _require_amount(amount: int, *, least: int, field: str) -> None:
    """Pass silently or refuse an amount that no programme promises or reaches."""
    if not least <= amount <= MOST_AMOUNT:
        sentence = _("Enter a whole number from %(least)s to %(most)s", least=least, most=MOST_AMOUNT)
        raise AmountOutOfBounds(sentence, field=field)


def _flush(session: Session) -> None:
    """Save a promise; of two people who make the same one at once, the second is told."""
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(
            _("Somebody else set this promise while you had it open. Look at it again and decide.")
        ) from None
