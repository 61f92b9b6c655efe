"""Runs the package `mentor-match` on people read from a file: three rounds by the rules of its own web service.

The package claims the module name `matching`, which is also ours, so this file is run by its path in an environment
where only that package is installed, and imports nothing of ours.
"""

import importlib
import json
import operator
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

process: Any = importlib.import_module("matching.process")
rule: Any = importlib.import_module("matching.rules.rule")
mentor: Any = importlib.import_module("matching.mentor")
mentee: Any = importlib.import_module("matching.mentee")


def rules(number: int) -> list[Any]:
    """Returns the rules of one of the three rounds, of which each counts being left out ten times more."""
    return [
        rule.Disqualify(lambda match: match.mentee.organisation == match.mentor.organisation),
        rule.Disqualify(rule.Grade(2, operator.gt).evaluate),
        rule.Disqualify(rule.Grade(0, operator.le).evaluate),
        rule.Grade(1, operator.eq, {True: 10, False: 0}),
        rule.Grade(2, operator.eq, {True: 7, False: 0}),
        rule.Generic({True: 8, False: 0}, lambda match: match.mentee.profession == match.mentor.profession),
        rule.Generic({True: 4, False: 0}, lambda match: match.mentee.identity in match.mentor.identities),
        rule.UnmatchedBonus(10**number),
    ]


def people(kind: Any, rows: list[dict[str, Any]], extra: str) -> Iterator[Any]:  # noqa: ANN401 - a class of theirs.
    """Makes the package's own people out of plain rows."""
    for number, row in enumerate(rows):
        person = kind(email=str(number) + extra, **{key: row[key] for key in ("grade", "organisation", "profession")})
        setattr(person, extra, row[extra])
        yield person


def main() -> None:
    """Reads the people, runs the rounds and prints the seconds and the new pairs of each round."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    mentors = list(people(mentor.Mentor, given["mentors"], "identities"))
    mentees = list(people(mentee.Mentee, given["mentees"], "identity"))
    row_of = {id(person): row for row, person in enumerate(mentors)}
    known: set[tuple[int, int]] = set()
    pairs, start = [], time.perf_counter()
    for number in range(3):
        process.match_and_assign_participants(process.generate_match_matrix(mentors, mentees, rules(number)))
        now = {(row, row_of[id(each)]) for row, person in enumerate(mentees) for each in person.mentors}
        pairs.append(sorted(now - known))
        known = now
    print(json.dumps({"seconds": time.perf_counter() - start, "pairs": pairs}))


if __name__ == "__main__":
    main()
