"""The benchmarks are no part of the tests; here they only show that they run, on rounds of a few people."""

import numpy as np

from benchmarks.matching.promises import Sizes, deciding, overrides, recruiting, solving
from benchmarks.rivals import Rules, invented_people, our_rounds, totals_of


def test_every_promised_figure_can_be_measured() -> None:
    sizes = Sizes(deciding=60, profiles=9)
    figures = [*solving(60), *deciding(60), *overrides(60, 40), *recruiting(sizes)]
    assert all(figure.measured > 0 for figure in figures)
    assert sum(figure.promised is not None for figure in figures) == 4


def test_our_rounds_by_the_rules_of_the_civil_service_are_proved_and_let_nobody_meet_twice() -> None:
    people = invented_people(80)
    plans = our_rounds(people, proved=True)
    pairs = [plan.pairs.tolist() for plan in plans]
    assert totals_of(people, pairs) == [plan.total for plan in plans]
    assert len({tuple(pair) for found in pairs for pair in found}) == sum(map(len, pairs))
    for mentee, mentor in np.concatenate([plan.pairs for plan in plans]).tolist():
        one, other = people["mentees"][mentee], people["mentors"][mentor]
        assert 1 <= other["grade"] - one["grade"] <= 2
        assert one["organisation"] != other["organisation"]
    assert not Rules(people).met.any()
