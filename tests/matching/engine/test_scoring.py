"""The whole table of a round."""

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.matching import WEIGHTS, invented_round
from matching.engine import COMPONENTS, OWN_VETOES, ExclusionAreas, Problem, blockers, score, solve
from matching.engine.compatibility import combine, scoring
from matching.engine.compatibility.scoring import RULES
from matching.engine.compatibility.vetoes import beyond_travel
from tests.matching.engine.sides import LIVERPOOL, mentees, mentors


def test_a_round_is_scored_in_whole_numbers_from_one_to_a_thousand() -> None:
    scored = score(*invented_round(60, 50), WEIGHTS)
    assert scored.fit.dtype == np.int16
    assert scored.fit.shape == scored.vetoes.shape == scored.allowed.shape == (60, 50)
    assert scored.fit.min() >= 1
    assert scored.fit.max() <= 1000


def test_the_fit_of_a_pair_follows_from_its_components() -> None:
    scored = score(*invented_round(60, 50), WEIGHTS, met_before=[(3, 4), (5, 6)])
    pairs = np.argwhere(np.ones((60, 50), dtype=bool))
    found = scored.components_of(pairs)
    assert tuple(found) == COMPONENTS
    assert all(part.dtype == np.float32 and part.min() >= 0 and part.max() <= 1 for part in found.values())
    # A sum of 32-bit numbers may fall on the other side of a half when it is taken in other blocks.
    assert np.abs(combine(found, WEIGHTS) - scored.fit.ravel()).max() <= 1


def test_every_rule_is_packed_under_its_name() -> None:
    people, helpers = invented_round(60, 50)
    scored = score(people, helpers, WEIGHTS)
    for name, rule in RULES.items():
        assert np.array_equal(scored.masks[name], rule(people.as_rows(), helpers))
    assert np.array_equal(scored.masks["travel"], beyond_travel(people.as_rows(), helpers))
    assert np.array_equal(scored.allowed, ~np.any(list(scored.masks.values()), axis=0))
    assert tuple(scored.masks) == scored.veto_names == OWN_VETOES


def test_about_three_quarters_of_an_invented_round_are_forbidden() -> None:
    assert 0.7 < 1 - score(*invented_round(400, 400), WEIGHTS).allowed.mean() < 0.82


def test_barred_pairs_are_forbidden_under_their_own_names() -> None:
    scored = score(mentees(2), mentors(2), WEIGHTS, barred={"contact_ban": [(0, 1)], "known": [(0, 1), (1, 0)]})
    assert scored.allowed.tolist() == [[True, False], [False, True]]
    assert scored.vetoes_of(0, 1) == ("contact_ban", "known")
    assert scored.vetoes_of(0, 0) == ()
    assert scored.masks["known"].tolist() == [[False, True], [True, False]]


def test_exclusion_areas_are_obeyed() -> None:
    areas = ExclusionAreas(
        mentee=np.array([0]),
        latitude=np.array([LIVERPOOL[0]]),
        longitude=np.array([LIVERPOOL[1]]),
        radius_km=np.array([1.0]),
    )
    there = mentors(latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]])
    scored = score(mentees(2), there, WEIGHTS, exclusion_areas=areas)
    assert scored.vetoes_of(0, 0) == ("exclusion_area",)
    assert scored.vetoes_of(1, 0) == ()


def test_a_pair_that_met_before_scores_continuity() -> None:
    scored = score(mentees(), mentors(2), {"continuity": 1.0, "availability": 1.0}, met_before=[(0, 1)])
    assert scored.fit[0, 1] - scored.fit[0, 0] in {499, 500}
    assert scored.components_of(np.array([[0, 0], [0, 1]]))["continuity"].tolist() == [0, 1]


def test_a_round_scored_in_other_blocks_differs_by_a_rounding_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = score(*invented_round(90, 70), WEIGHTS)
    monkeypatch.setattr(scoring, "PAIRS_AT_ONCE", 500)
    parts = score(*invented_round(90, 70), WEIGHTS)
    assert np.array_equal(parts.vetoes, whole.vetoes)
    assert np.abs(parts.fit - whole.fit).max() <= 1


def test_distances_of_chosen_pairs_are_known_or_nan() -> None:
    here = mentees(latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]])
    there = mentors(2, latitude=[LIVERPOOL[0], np.nan], longitude=[LIVERPOOL[1], 0.0])
    found = score(here, there, WEIGHTS).distance_km_of(np.array([[0, 0], [0, 1]]))
    assert found[0] == 0
    assert np.isnan(found[1])


@pytest.mark.parametrize(("n_mentees", "n_mentors"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_side_is_scored_as_an_empty_table(n_mentees: int, n_mentors: int) -> None:
    scored = score(mentees(n_mentees), mentors(n_mentors), WEIGHTS)
    assert scored.fit.shape == scored.allowed.shape == (n_mentees, n_mentors)
    plan = solve(Problem(scored.fit, scored.allowed, np.ones(n_mentors, dtype=int)))
    assert plan.certificate.holds
    assert len(blockers(scored.masks).smallest_change) == n_mentees


@pytest.mark.parametrize(
    ("barred", "fault"),
    [
        ({"risk_level": [(0, 0)]}, "a rule called 'risk_level' of its own"),
        ({f"rule {number}": [(0, 0)] for number in range(10)}, "only 9 fit in"),
        ({"ban": [(0, 2)]}, "ban names somebody outside 1 mentees and 2 mentors"),
        ({"ban": [(-1, 0)]}, "ban names somebody outside"),
        ({"ban": [0, 1]}, "ban needs rows of two whole numbers"),
        ({"ban": [(0.0, 1.0)]}, "ban needs rows of two whole numbers"),
    ],
)
def test_a_fault_in_the_barred_pairs_is_named(barred: dict[str, npt.ArrayLike], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        score(mentees(), mentors(2), WEIGHTS, barred=barred)


def test_a_weight_of_something_that_is_not_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="no component is called 'religion'"):
        score(mentees(), mentors(), {"religion": 1.0})


def test_an_unpacked_rule_must_exist() -> None:
    with pytest.raises(KeyError, match="horoscope"):
        _ = score(mentees(), mentors(), WEIGHTS).masks["horoscope"]
