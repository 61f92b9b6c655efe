"""The page on which coordinators lay two rounds beside one another."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation.access import requires
from foundation.db import reading
from matching import queries
from matching.explaining import compare
from matching.models import Round
from matching.rules import RoundState
from matching.views.blueprint import Answer, blueprint


@blueprint.get("/matching/compare", endpoint="compare")
@requires(Permission.MATCHING_READ)
def comparison() -> Answer:
    """Show a coordinator what changed between two rounds that they choose; the two newest unless they choose."""
    session, actor = reading(), current_actor()
    known = queries.list_rounds(session, actor)
    done = [each for each in known if each.state is RoundState.DONE]
    later = _chosen("other", known, done[0] if done else None)
    earlier = _chosen("one", known, _before(later, done))
    one, other = sorted(filter(None, (earlier, later)), key=_asked) if earlier and later else (None, None)
    return render_template(
        "matching/compare.html",
        rounds=sorted({*done, *filter(None, (one, other))}, key=_asked, reverse=True),
        one=one,
        other=other,
        found=compare(session, actor, one, other) if one and other and one is not other else None,
    )


def _chosen(name: str, known: Sequence[Round], otherwise: Round | None) -> Round | None:
    """Find the finished round that the address names; another one where it names none."""
    try:
        wanted = uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return otherwise
    found = next((each for each in known if each.id == wanted), None)
    # A link may name a round that is too old for the list.
    found = found or queries.get_round(reading(), current_actor(), wanted)
    return found if found.state is RoundState.DONE else None


def _before(later: Round | None, done: Sequence[Round]) -> Round | None:
    """Find the round before one; where it is the oldest, the newest."""
    older = (each for each in done if later is not None and _asked(each) < _asked(later))
    return next(older, done[0] if done else None)


def _asked(round_: Round) -> tuple[datetime, uuid.UUID]:
    """Put rounds in the order in which they were asked for."""
    return round_.asked_at, round_.id
