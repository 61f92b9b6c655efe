"""The whole table of a round: the fit of every pair and every rule that forbids it."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
import numpy.typing as npt

from matching.engine.compatibility.combining import check_weights, combine
from matching.engine.compatibility.components import COMPONENTS, Yardsticks, components
from matching.engine.compatibility.location import distance_km
from matching.engine.compatibility.people import MenteeArrays, MentorArrays, with_narrow_sets
from matching.engine.compatibility.scored import Scored
from matching.engine.compatibility.vetoes import (
    ExclusionAreas,
    above_clearance,
    against_stated_need,
    beyond_travel,
    inside_exclusion_area,
    no_common_language,
    no_common_slot,
    prison_not_cleared,
)
from matching.engine.shapes import Booleans, Integers, Scores

RULES: dict[str, Callable[[MenteeArrays, MentorArrays], Booleans]] = {
    "risk_level": above_clearance,
    "language": no_common_language,
    "slot": no_common_slot,
    "prison": prison_not_cleared,
    "stated_need": against_stated_need,
}
"""The rules that look at both sides and at nothing else, in the order of their bits."""

OWN_VETOES = (*RULES, "travel", "exclusion_area")
"""All the rules that the engine works out itself. Others come as pairs, under names of the caller."""

MOST_VETOES = 16
"""The rules of a pair are packed into 16 bits."""

PAIRS_AT_ONCE = 2**17
"""Pairs scored in one step: its arrays stay in the cache, and memory does not grow with the round."""


def score(
    mentees: MenteeArrays,
    mentors: MentorArrays,
    weights: Mapping[str, float],
    *,
    yardsticks: Yardsticks | None = None,
    exclusion_areas: ExclusionAreas | None = None,
    barred: Mapping[str, npt.ArrayLike] | None = None,
    met_before: npt.ArrayLike = (),
) -> Scored:
    """Scores every pair of a round and notes every rule that forbids it.

    Args:
        mentees: Everybody who waits.
        mentors: Everybody who is ready.
        weights: How much each of `COMPONENTS` counts, >= 0; one that is left out counts nothing.
        yardsticks: The scheme's numbers; the defaults of `Yardsticks` if left out.
        exclusion_areas: Circles that licences keep people out of.
        barred: Further forbidden pairs by the name of their rule (contact ban, known to each other,
            panel condition ...), each as rows (mentee, mentor), shape `(n_pairs, 2)`.
        met_before: Pairs who know each other from the programme, shape `(n_pairs, 2)`: they score 1 in
            the component `continuity`, all others 0.

    Returns:
        Fit, rules and what can be asked about single pairs.

    Raises:
        ValueError: If a weight is unsound, a rule's name is taken, there are more than 16 rules, or an
            index names nobody. The message names the fault.
    """
    check_weights(weights, COMPONENTS)
    barred_pairs = _all_barred(mentees, mentors, exclusion_areas, barred or {})
    names = (*RULES, "travel", *barred_pairs)
    shape = (len(mentees), len(mentors))
    scored = Scored(
        fit=np.empty(shape, dtype=np.int16),
        vetoes=np.empty(shape, dtype=np.uint16),
        veto_names=names,
        mentees=mentees,
        mentors=mentors,
        weights=dict(weights),
        yardsticks=yardsticks or Yardsticks(),
        met_before=checked_pairs("met_before", met_before, shape),
    )
    _fill_in_blocks(scored)
    _fill_in_pairs(scored, barred_pairs)
    return scored


def _fill_in_blocks(scored: Scored) -> None:
    """Writes fit and the engine's own rules, some rows at a time."""
    rows = max(1, PAIRS_AT_ONCE // max(1, len(scored.mentors)))
    everybody, mentors = with_narrow_sets(scored.mentees, scored.mentors)
    for start in range(0, len(everybody), rows):
        block = slice(start, start + rows)
        mentees = everybody.take(block).as_rows()
        distance = distance_km(mentees, mentors)
        found = components(mentees, mentors, distance, scored.yardsticks)
        # Hardly any pair has met before, so those that have are written afterwards.
        scored.fit[block] = combine(found | {"continuity": np.zeros((1, 1), np.float32)}, scored.weights)
        scored.vetoes[block] = _packed_vetoes(mentees, mentors, distance)


def _packed_vetoes(mentees: MenteeArrays, mentors: MentorArrays, distance: Scores) -> Integers:
    """Packs the rules that need a look at every pair, one bit each, in the order of `OWN_VETOES`."""
    packed = beyond_travel(mentees, mentors, distance) * np.uint16(1 << len(RULES))
    for bit, forbids in enumerate(RULES.values()):
        packed |= forbids(mentees, mentors) * np.uint16(1 << bit)
    return packed


def _fill_in_pairs(scored: Scored, barred: Mapping[str, Integers]) -> None:
    """Writes what is known for single pairs only: the barred ones, and the fit of those who have met."""
    for bit, (mentees, mentors) in enumerate((pairs.T for pairs in barred.values()), start=len(RULES) + 1):
        scored.vetoes[mentees, mentors] |= np.uint16(1 << bit)
    if scored.met_before.size:
        mentees, mentors = scored.met_before.T
        scored.fit[mentees, mentors] = combine(scored.components_of(scored.met_before), scored.weights)


def _all_barred(
    mentees: MenteeArrays,
    mentors: MentorArrays,
    exclusion_areas: ExclusionAreas | None,
    barred: Mapping[str, npt.ArrayLike],
) -> dict[str, Integers]:
    """Gathers the rules that come as pairs, the exclusion areas first."""
    check_rule_names(barred)
    inside = () if exclusion_areas is None else inside_exclusion_area(exclusion_areas, mentors)
    shape = (len(mentees), len(mentors))
    return {name: checked_pairs(name, pairs, shape) for name, pairs in {OWN_VETOES[-1]: inside, **barred}.items()}


def check_rule_names(barred: Collection[str]) -> None:
    """Raises ValueError if a further rule has the name of one of the engine's own, or there are too many."""
    if taken := set(barred) & set(OWN_VETOES):
        raise ValueError(f"the engine has a rule called {min(taken)!r} of its own")
    if len(OWN_VETOES) + len(barred) > MOST_VETOES:
        raise ValueError(f"there are {len(barred)} further rules, and only {MOST_VETOES - len(OWN_VETOES)} fit in")


def checked_pairs(name: str, given: npt.ArrayLike, shape: tuple[int, int]) -> Integers:
    """Returns rows (mentee, mentor), or raises a ValueError if they are not that or name nobody."""
    pairs = np.asarray(given)
    if not pairs.size:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":  # noqa: PLR2004 - a pair is two.
        raise ValueError(f"{name} needs rows of two whole numbers and has shape {pairs.shape} of {pairs.dtype}")
    if np.any(pairs < 0) or np.any(pairs >= shape):
        raise ValueError(f"{name} names somebody outside {shape[0]} mentees and {shape[1]} mentors")
    return pairs.astype(np.int64)
