"""Measures and prints: `python -m benchmarks.matching [--json] [--large] [--sizes 100,500] [--without-rounds]`.

First the promised figures stand beside their promises, then whole rounds with storing. `--large` adds 10,000 people.
Figures of the last run are kept in docs/benchmarks.md.
"""

import argparse
import json
from dataclasses import asdict

from benchmarks.matching.measuring import Figures, measure
from benchmarks.matching.promises import Promise, Sizes, promised_figures

ROUNDS = (100, 500, 2000, 5000)

LARGE = 10_000


def main() -> None:
    """Measures what is promised and whole rounds, and prints two tables, or everything as JSON."""
    parser = argparse.ArgumentParser(description="How fast the matching is, beside what is promised.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--large", action="store_true", help="measure 10,000 people as well, which takes half an hour")
    parser.add_argument("--sizes", default=",".join(map(str, ROUNDS)), help="people on each side of whole rounds")
    parser.add_argument("--without-rounds", action="store_true", help="measure only what is promised")
    asked = parser.parse_args()
    sizes = Sizes()._replace(solving=(*Sizes().solving, LARGE), scoring=LARGE) if asked.large else Sizes()
    promises = promised_figures(sizes)
    rounds = [] if asked.without_rounds else [measure(int(size)) for size in asked.sizes.split(",")]
    if asked.json:
        print(json.dumps({"promises": list(map(asdict, promises)), "rounds": list(map(asdict, rounds))}, indent=2))
    else:
        print(_table_of_promises(promises))
        print(_table_of_rounds(rounds))


def _table_of_promises(promises: list[Promise]) -> str:
    """Lays out each promised figure beside what is promised and aimed at."""
    lines = [("figure", "measured", "promised", "aim", "")]
    lines += [
        (each.name, _shown(each.measured), _shown(each.promised), _shown(each.aim), "" if each.is_kept else "NOT KEPT")
        for each in promises
    ]
    return "\n".join(
        f"{name:<72}{measured:>10}{promised:>10}{aim:>10}  {kept}" for name, measured, promised, aim, kept in lines
    )


def _table_of_rounds(rounds: list[Figures]) -> str:
    """Lays out whole rounds, one column each; what was not measured is left out."""
    names = [name for name in Figures.__dataclass_fields__ if any(getattr(each, name) is not None for each in rounds)]
    lines = [[name.replace("_", " "), *(_shown(getattr(each, name)) for each in rounds)] for name in names]
    return "\n".join(f"{line[0]:<20}" + "".join(f"{cell:>10}" for cell in line[1:]) for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
