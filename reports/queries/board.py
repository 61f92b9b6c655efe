"""What was promised and what is delivered, counted from records and added to what sources outside state."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor, require
from accounts.rules import Permission
from mentoring.models import Match, Meeting
from mentoring.rules import TOOK_PLACE, MeetingKind
from reports.models import RecordedFigure, Target
from reports.policy import may_see_exact_counts
from reports.rules import Count, Measure, Progress, Reported, coarse, exact, newest_of_each_source
from training.models import TrainingEvent
from training.rules import TARGET_TRAINING_HOURS


def board(session: Session, by: Actor, on: date) -> list[Progress]:
    """Tell how everything that the actor's scheme promised stands on a day, in the order of the measures.

    Two statements, whatever was promised. Only what happened within a promise's period, and by the day, counts.
    Whoever may see no person mentored is told what is about people in steps of five.

    Raises:
        NotPermitted: The actor may not read figures.
    """
    require(by, Permission.FIGURES_READ)
    return _progress(session, by, _with_figures(session, by), on)


def home_figures(
    session: Session, by: Actor, on: date, *, board: bool, training: bool
) -> tuple[list[Progress], Progress | None]:
    """Read what a home page shows of the board: all of it, the hours of training alone, or both, in two statements.

    Where nobody has set a promise of training hours, what the programme promised its funder stands in for it.

    Raises:
        NotPermitted: The actor may not read figures, or not the hours of training.
    """
    require(by, Permission.FIGURES_READ if board else Permission.TRAINING_READ)
    found = [row for row in _with_figures(session, by) if board or row[0].measure is Measure.TRAINING_HOURS]
    is_set = any(row[0].measure is Measure.TRAINING_HOURS for row in found)
    rows = _progress(session, by, found if is_set or not training else [*found, (_usual(session, by), [])], on)
    hours = next((row for row in rows if row.measure is Measure.TRAINING_HOURS), None)
    return rows[: len(found)], hours if training else None


def _usual(session: Session, by: Actor) -> Target:
    """Make the promise of training hours that the programme gave, which is not saved."""
    scheme = session.get_one(Scheme, by.scheme_id)
    return Target(
        scheme_id=scheme.id,
        measure=Measure.TRAINING_HOURS,
        promised=TARGET_TRAINING_HOURS,
        starts_on=scheme.starts_on,
        ends_on=scheme.ends_on,
    )


def _progress(session: Session, by: Actor, rows: Sequence[tuple[Target, list[Reported]]], on: date) -> list[Progress]:
    """Work out how promises stand on a day, given what was recorded for them."""
    counted = _count(session, by, [target for target, _figures in rows], on)
    return [
        Progress(
            measure=target.measure,
            promised=target.promised,
            counted=counted.get(target.measure, exact(0)),
            reported=newest_of_each_source(
                figure for figure in figures if target.starts_on <= figure.as_of <= _last(target, on)
            ),
            starts_on=target.starts_on,
            ends_on=target.ends_on,
            on=on,
        )
        for target, figures in rows
    ]


def _with_figures(session: Session, by: Actor) -> list[tuple[Target, list[Reported]]]:
    """Read the promises of the actor's scheme, each with its recorded figures, oldest first, in one statement."""
    is_same = and_(RecordedFigure.scheme_id == Target.scheme_id, RecordedFigure.measure == Target.measure)
    statement = (
        select(Target, RecordedFigure)
        .outerjoin(RecordedFigure, is_same)
        .where(Target.scheme_id == by.scheme_id)
        .order_by(Target.measure, RecordedFigure.as_of, RecordedFigure.recorded_at, RecordedFigure.id)
    )
    found: dict[Measure, tuple[Target, list[Reported]]] = {}
    for target, figure in session.execute(statement):
        figures = found.setdefault(target.measure, (target, []))[1]
        if figure is not None:
            figures.append(Reported(_tell(by, target.measure, figure.amount), figure.as_of, figure.source))
    return [found[measure] for measure in Measure if measure in found]


def list_targets(session: Session, by: Actor) -> Sequence[Target]:
    """List what the actor's scheme promised, in the order of the measures."""
    statement = select(Target).where(Target.scheme_id == by.scheme_id).order_by(Target.measure)
    found = {target.measure: target for target in session.scalars(statement)}
    return [found[measure] for measure in Measure if measure in found]


def find_target(session: Session, by: Actor, measure: Measure) -> Target | None:
    """Find what the actor's scheme promised of one measure."""
    statement = select(Target).where(Target.scheme_id == by.scheme_id, Target.measure == measure)
    return session.scalars(statement).one_or_none()


def list_figures(session: Session, by: Actor) -> Sequence[RecordedFigure]:
    """List the figures recorded in the actor's scheme, newest first."""
    statement = (
        select(RecordedFigure)
        .where(RecordedFigure.scheme_id == by.scheme_id)
        .order_by(RecordedFigure.as_of.desc(), RecordedFigure.recorded_at.desc(), RecordedFigure.id)
    )
    return session.scalars(statement).all()


def _last(target: Target, on: date) -> date:
    """Tell the last day that counts towards a promise."""
    return min(target.ends_on, on)


def _tell(by: Actor, measure: Measure, amount: int, *, people: int | None = None) -> Count:
    """Tell a reader an amount of a measure, as far as they may know it."""
    if may_see_exact_counts(by) or not measure.is_about_people:
        return exact(amount)
    return coarse(amount, people=people)


def _count(session: Session, by: Actor, targets: Sequence[Target], on: date) -> dict[Measure, Count]:
    """Count in one statement what the records show of every promise that records can show, and the people behind it."""
    counted = [target for target in targets if target.measure in _COUNTERS]
    if not counted:
        return {}
    behind = [target for target in counted if target.measure in _PEOPLE_BEHIND]
    columns = [
        *(_COUNTERS[target.measure](target, _last(target, on)).label(target.measure.name) for target in counted),
        *(_PEOPLE_BEHIND[target.measure](target, _last(target, on)).label("people") for target in behind),
    ]
    amounts = [int(amount or 0) for amount in session.execute(select(*columns)).one()]
    people = dict(zip((target.measure for target in behind), amounts[len(counted) :], strict=True))
    return {
        target.measure: _tell(by, target.measure, amount, people=people.get(target.measure))
        for target, amount in zip(counted, amounts, strict=False)
    }


def _took_place(target: Target, last: date) -> ColumnElement[bool]:
    """Give the sessions of a promise that took place; other contacts and missed ones are none."""
    return and_(
        Meeting.scheme_id == target.scheme_id,
        Meeting.kind == MeetingKind.SESSION,
        Meeting.outcome.in_(TOOK_PLACE),
        Meeting.held_on.between(target.starts_on, last),
    )


def _sessions(target: Target, last: date) -> ScalarSelect[Any]:
    """Count sessions that took place."""
    return select(func.count(Meeting.id)).where(_took_place(target, last)).scalar_subquery()


def _people_met(target: Target, last: date) -> ScalarSelect[Any]:
    """Count the people who came to those sessions, each once."""
    return (
        select(func.count(func.distinct(Match.mentee_id)))
        .join(Meeting, Meeting.match_id == Match.id)
        .where(_took_place(target, last))
        .scalar_subquery()
    )


def _people(target: Target, last: date) -> ScalarSelect[Any]:
    """Count people whose mentor agreed to a match, each once, however many matches they had."""
    return (
        select(func.count(func.distinct(Match.mentee_id)))
        .where(Match.scheme_id == target.scheme_id, Match.starts_on.between(target.starts_on, last))
        .scalar_subquery()
    )


def _training_hours(target: Target, last: date) -> ScalarSelect[Any]:
    """Sum whole hours of training evenings, counted once for the group and not for each who was there."""
    return (
        select(func.coalesce(func.sum(TrainingEvent.duration_minutes), 0) // 60)
        .where(
            TrainingEvent.scheme_id == target.scheme_id,
            TrainingEvent.withdrawn_at.is_(None),
            TrainingEvent.held_on.between(target.starts_on, last),
        )
        .scalar_subquery()
    )


_COUNTERS: Mapping[Measure, Callable[[Target, date], ScalarSelect[Any]]] = {
    Measure.SESSIONS: _sessions,
    Measure.PEOPLE_MENTORED: _people,
    Measure.TRAINING_HOURS: _training_hours,
}
"""Measures that the portal's own records show; the others stand on recorded figures alone."""

_PEOPLE_BEHIND: Mapping[Measure, Callable[[Target, date], ScalarSelect[Any]]] = {Measure.SESSIONS: _people_met}
"""Measures that count something else than people, though a few people may stand behind it."""
