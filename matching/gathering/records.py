"""The memory of a round: everything it was reckoned from and what came out, as one block of bytes.

Whoever judges a round later must judge it by what was known then. So the arrays themselves are kept and not only their
result: the plan can be proved again by a stranger, every price asked again, and any "what if" answered for that day.
The block is numpy's own archive of plain arrays, which is read without executing anything.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import (
    Aims,
    Certificate,
    ExclusionAreas,
    MenteeArrays,
    MentorArrays,
    Plan,
    Scored,
    Yardsticks,
    certify,
    lexicographic,
)

FORMAT = 1
"""Raised when the meaning of the arrays changes; an older block then says so and is not read wrongly."""

RESULTS = frozenset({"mentor_of", "mentee_price", "mentor_price"})
"""What the engine answered; everything else is what it was asked."""

Arrays = dict[str, npt.NDArray[Any]]


class NotReadable(Exception):
    """The block was written by another release, in a way that this one does not know."""


@dataclass(frozen=True)
class Remembered:
    """A round as it was.

    Attributes:
        scored: Fit and rules of every pair, and both sides as arrays.
        capacity: Free places of each mentor, shape ``(n_mentors,)``.
        urgent: Who was in the highest band of need, shape ``(n_mentees,)``.
        codings: What the bits of languages, needs and interests stand for.
        mentor_of: Column of each person's mentor or -1, shape ``(n_mentees,)``.
        mentee_price: Price of each person in points of the encoded fit, shape ``(n_mentees,)``.
        mentor_price: Price of a place at each mentor in the same points, shape ``(n_mentors,)``.
        areas: Circles that people had to stay out of; None in records from before they were kept.
    """

    scored: Scored
    capacity: npt.NDArray[Any]
    urgent: npt.NDArray[np.bool_]
    codings: Mapping[str, Mapping[str, int]]
    mentor_of: npt.NDArray[Any]
    mentee_price: npt.NDArray[Any]
    mentor_price: npt.NDArray[Any]
    areas: ExclusionAreas | None = None

    @cached_property
    def aims(self) -> Aims:
        """The question as the engine was asked it, with the order of aims written into the numbers."""
        return lexicographic(self.scored.fit, self.scored.allowed, self.capacity, high_need=self.urgent)

    @cached_property
    def plan(self) -> Plan:
        """The answer, of which every price and every other choice can be asked again."""
        return Plan(self.aims.problem, self.mentor_of)

    @cached_property
    def certificate(self) -> Certificate:
        """The proof by the prices that were stored, not by newly reckoned ones."""
        return certify(self.aims.problem, self.mentor_of, self.mentee_price, self.mentor_price)


def remember(
    scored: Scored,
    capacity: npt.NDArray[Any],
    urgent: npt.NDArray[np.bool_],
    codings: Mapping[str, Mapping[str, int]],
    plan: Plan,
    *,
    areas: ExclusionAreas | None = None,
) -> Remembered:
    """Take down a round that has just been reckoned."""
    prices = plan.mentee_price, plan.mentor_price
    return Remembered(scored, capacity, urgent, codings, plan.mentor_of, *prices, areas)


def pack(round_: Remembered) -> bytes:
    """Write a round as one block of bytes."""
    block = io.BytesIO()
    # Typed as any, since numpy's own stub takes the names for options.
    arrays: dict[str, Any] = _arrays_of(round_)
    np.savez_compressed(block, **arrays)
    return block.getvalue()


def unpack(block: bytes) -> Remembered:
    """Read a round back.

    Raises:
        NotReadable: Another release wrote it.
    """
    with np.load(io.BytesIO(block), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    about = json.loads(arrays["about"].tobytes())
    if about["format"] != FORMAT:
        raise NotReadable(f"the round was written in format {about['format']}, and this release reads {FORMAT}")
    scored = Scored(
        fit=arrays["fit"],
        vetoes=arrays["vetoes"],
        veto_names=tuple(about["veto_names"]),
        mentees=MenteeArrays(**_side(arrays, "mentees")),
        mentors=MentorArrays(**_side(arrays, "mentors")),
        weights=about["weights"],
        yardsticks=Yardsticks(**about["yardsticks"]),
        met_before=arrays["met_before"],
    )
    results: dict[str, Any] = {name: arrays[name] for name in RESULTS}
    areas = _side(arrays, "areas")
    results["areas"] = ExclusionAreas(**areas) if areas else None
    return Remembered(scored, arrays["capacity"], arrays["urgent"], about["codings"], **results)


def digest_of(round_: Remembered) -> str:
    """Tell the SHA-256 of all that a round was reckoned from, in hexadecimal digits; its answer is not part of it."""
    digest = hashlib.sha256()
    for name, array in sorted(_arrays_of(round_).items()):
        if name not in RESULTS:
            digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _arrays_of(round_: Remembered) -> Arrays:
    """Name every array of a round."""
    scored = round_.scored
    about = {
        "format": FORMAT,
        "veto_names": scored.veto_names,
        "weights": dict(scored.weights),
        "yardsticks": {each.name: getattr(scored.yardsticks, each.name) for each in fields(scored.yardsticks)},
        "codings": round_.codings,
    }
    return {
        "about": np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8),
        "fit": scored.fit,
        "vetoes": scored.vetoes,
        "met_before": scored.met_before,
        "capacity": round_.capacity,
        "urgent": round_.urgent,
        **{f"mentees.{name}": values for name, values in _columns(scored.mentees).items()},
        **{f"mentors.{name}": values for name, values in _columns(scored.mentors).items()},
        **{
            f"areas.{name}": values
            for name, values in (_columns(round_.areas) if round_.areas is not None else {}).items()
        },
        **{name: getattr(round_, name) for name in RESULTS},
    }


def _columns(side: MenteeArrays | MentorArrays | ExclusionAreas) -> Arrays:
    """Name the columns of one side that it was made of; those worked out are worked out again."""
    return {each.name: getattr(side, each.name) for each in fields(side) if each.init}


def _side(arrays: Arrays, name: str) -> Arrays:
    """Gather the columns of one side."""
    beginning = f"{name}."
    return {key.removeprefix(beginning): values for key, values in arrays.items() if key.startswith(beginning)}
