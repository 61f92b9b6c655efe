"""How fast the matching is, beside what is promised and beside the bare solver: `python -m benchmarks.matching`."""

from benchmarks.matching.inventing import WEIGHTS, invented_round

__all__ = ["WEIGHTS", "invented_round"]
