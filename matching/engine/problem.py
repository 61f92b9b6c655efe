"""The question of one round: who may be paired with whom, how well, and how many each mentor can take."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.shapes import EXACT_BELOW, NOBODY, Booleans, Integers, narrowest_type


@dataclass(frozen=True, eq=False)
class Problem:
    """States one round in whole numbers, so that every answer about it can be proved.

    The arrays are kept as they come (lists are turned into arrays) and are read-only through this
    object; nobody may change the arrays underneath while a plan is in use.

    Attributes:
        fit: Whole numbers >= 0, shape `(n_mentees, n_mentors)`: how good each pair would be.
        allowed: Truth values of the same shape; False where a veto forbids the pair. A veto is a
            mask and never a weight: no fit, however high, brings a forbidden pair into a plan.
        capacity: Whole numbers >= 0, shape `(n_mentors,)`: how many more people each mentor can take.
        pinned: The mentor to whom people have already decided to give this person, or -1 where the
            round may choose; shape `(n_mentees,)`. A pinned pair stands in every plan. Left out or empty: nobody.

    Raises:
        ValueError: If a shape is wrong, a number is negative, missing (NaN), infinite or not whole, a
            total could reach 2**53 (above which the solver is no longer exact), or a pin contradicts
            a veto or the capacity. The message names the fault.
    """

    fit: Integers
    allowed: Booleans
    capacity: Integers
    pinned: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        fit = _whole_numbers("fit", self.fit, dimensions=2)
        pinned = np.asarray(self.pinned)
        pinned = pinned if pinned.size else np.full(fit.shape[0], NOBODY)
        for name, array in (
            ("fit", fit),
            ("allowed", _truth_values("allowed", self.allowed)),
            ("capacity", _whole_numbers("capacity", self.capacity, dimensions=1)),
            ("pinned", _whole_numbers("pinned", pinned, dimensions=1, least=NOBODY)),
        ):
            object.__setattr__(self, name, _read_only(array))
        self._check_shapes()
        self._check_pins()
        self._check_exactness()

    @property
    def n_mentees(self) -> int:
        """How many people wait."""
        return int(self.fit.shape[0])

    @property
    def n_mentors(self) -> int:
        """How many mentors are ready."""
        return int(self.fit.shape[1])

    @property
    def most_pairs(self) -> int:
        """The number of pairs that no plan can exceed: people or places, whichever are fewer."""
        # Capacities are cut to the number of people first, as their plain sum might overflow.
        places = int(np.minimum(self.capacity, self.n_mentees).astype(np.int64).sum())
        return min(self.n_mentees, places)

    @cached_property
    def has_worthless_pairs(self) -> bool:
        """True if some allowed pair has a fit of 0, so that it adds nothing to the total."""
        return self.lowest_fit == 0 and bool(np.any((self.fit == 0) & self.allowed))

    @cached_property
    def largest_fit(self) -> int:
        """The highest fit of any pair, allowed or not; 0 if there is no pair."""
        return int(self.fit.max(initial=0))

    @cached_property
    def lowest_fit(self) -> int:
        """The lowest fit of any pair, allowed or not; 1 if there is no pair."""
        return int(self.fit.min()) if self.fit.size else 1

    @property
    def serving_factor(self) -> int:
        """What the solver multiplies fit with, to prefer serving somebody with a fit of 0 to nobody.

        With k pairs at most, `fit * (2 k + 1) + 1` puts the total first: one point of fit outweighs the
        at most k extra ones. As k is less than half of the factor, a difference of two best totals can
        also be read back without doubt. Where no allowed pair has a fit of 0 the fit is solved as it stands.
        """
        return 2 * self.most_pairs + 1 if self.has_worthless_pairs else 1

    @property
    def largest_weight(self) -> int:
        """The largest number that the solver is given for one pair."""
        return self.largest_fit * self.serving_factor + int(self.has_worthless_pairs)

    def weights_of(self, mentees: Integers) -> Integers:
        """Returns what the solver is given for some mentees, 0 where a pair is forbidden; shape `(k, n_mentors)`.

        The type is signed and wide enough for differences of three weights.
        """
        kind, _ = narrowest_type(self.largest_weight)
        weights = self.fit[mentees].astype(kind, copy=False)
        if self.has_worthless_pairs:
            weights = weights * self.serving_factor + 1
        masked: Integers = np.multiply(weights, self.allowed[mentees], dtype=kind)
        return masked

    @property
    def places_left(self) -> Integers:
        """How many people each mentor can take besides those pinned to them, shape `(n_mentors,)`."""
        taken = np.bincount(self.pinned[self.pinned >= 0], minlength=self.n_mentors)
        # Nobody needs more places than there are people, and the cut keeps later products small.
        return np.minimum(self.capacity, self.n_mentees).astype(np.int64) - taken

    @property
    def is_open(self) -> Booleans:
        """True for each mentee whom the round may still place, shape `(n_mentees,)`."""
        return np.asarray(self.pinned == NOBODY)

    def pin(self, mentee: int, mentor: int) -> "Problem":
        """Returns this problem with the pair decided.

        Raises:
            IndexError: If there is no such mentee or mentor.
            ValueError: If the pair is forbidden, or pins already fill the mentor's places.
        """
        self.check_pair(mentee, mentor)
        pinned = self.pinned.copy()
        pinned[mentee] = mentor
        return self._changed(pinned=pinned)

    def forbid(self, mentee: int, mentor: int) -> "Problem":
        """Returns this problem without the pair, and without a pin of that pair if it had one.

        Raises:
            IndexError: If there is no such mentee or mentor.
        """
        self.check_pair(mentee, mentor)
        allowed, pinned = self.allowed.copy(), self.pinned.copy()
        allowed[mentee, mentor] = False
        if pinned[mentee] == mentor:
            pinned[mentee] = NOBODY
        return self._changed(allowed=allowed, pinned=pinned)

    def allow(self, mentee: int, mentor: int) -> "Problem":
        """Returns this problem with a veto lifted from one pair.

        Raises:
            IndexError: If there is no such mentee or mentor.
            ValueError: If the pair has a fit of 0 and totals would grow so large as to lose exactness.
        """
        self.check_pair(mentee, mentor)
        allowed = self.allowed.copy()
        allowed[mentee, mentor] = True
        return self._changed(allowed=allowed)

    def withdraw(self, mentee: int) -> "Problem":
        """Returns this problem as if one person had never been in it; everybody else keeps their index.

        Raises:
            IndexError: If there is no such mentee.
        """
        self.check_mentee(mentee)
        allowed, pinned = self.allowed.copy(), self.pinned.copy()
        allowed[mentee], pinned[mentee] = False, NOBODY
        return self._changed(allowed=allowed, pinned=pinned)

    def close(self, mentor: int) -> "Problem":
        """Returns this problem with no place at one mentor, and without pins to them; everybody keeps their index.

        Raises:
            IndexError: If there is no such mentor.
        """
        self.check_mentor(mentor)
        capacity = self.capacity.copy()
        capacity[mentor] = 0
        return self._changed(capacity=capacity, pinned=np.where(self.pinned == mentor, NOBODY, self.pinned))

    def with_more_places(self, mentor: int, places: int) -> "Problem":
        """Returns this problem with some more places at one mentor, or fewer if the number is negative.

        Raises:
            IndexError: If there is no such mentor.
            ValueError: If there would be less than none, or fewer than people pinned to the mentor.
        """
        self.check_mentor(mentor)
        capacity = self.capacity.astype(np.int64)
        capacity[mentor] += places
        if capacity[mentor] < 0:
            raise ValueError(f"mentor {mentor} has no place to take away")
        return self._changed(capacity=capacity)

    def with_row(self, fit: npt.ArrayLike, allowed: npt.ArrayLike) -> "Problem":
        """Returns this problem with one more person, who stands last."""
        more_fit, more_allowed = _line(fit, allowed, self.n_mentors)
        return Problem(
            np.vstack((self.fit, more_fit)),
            np.vstack((self.allowed, more_allowed)),
            self.capacity,
            np.append(self.pinned, NOBODY),
        )

    def with_column(self, fit: npt.ArrayLike, allowed: npt.ArrayLike, places: int) -> "Problem":
        """Returns this problem with one more mentor, who stands last."""
        more_fit, more_allowed = _line(fit, allowed, self.n_mentees)
        return Problem(
            np.column_stack((self.fit, more_fit)),
            np.column_stack((self.allowed, more_allowed)),
            np.append(self.capacity, places),
            self.pinned,
        )

    def _changed(self, **arrays: npt.NDArray[Any]) -> "Problem":
        """Returns this problem with other arrays of the same shape and kind, checked no more than they need.

        To look through all pairs again would take longer than to repair the plan.
        """
        other: Problem = object.__new__(Problem)
        known = self.__dict__ | {name: _read_only(array) for name, array in arrays.items()}
        if "allowed" in arrays:
            known.pop("has_worthless_pairs", None)
        other.__dict__.update(known)
        other._check_pins()
        other._check_exactness()
        return other

    def check_mentee(self, mentee: int) -> None:
        """Raises IndexError unless the index names a mentee."""
        if not 0 <= mentee < self.n_mentees:
            raise IndexError(f"no mentee {mentee} among {self.n_mentees}")

    def check_mentor(self, mentor: int) -> None:
        """Raises IndexError unless the index names a mentor."""
        if not 0 <= mentor < self.n_mentors:
            raise IndexError(f"no mentor {mentor} among {self.n_mentors}")

    def check_pair(self, mentee: int, mentor: int) -> None:
        """Raises IndexError unless both indexes name somebody; negative ones do not count from the end."""
        if not (0 <= mentee < self.n_mentees and 0 <= mentor < self.n_mentors):
            raise IndexError(
                f"no pair ({mentee}, {mentor}) among {self.n_mentees} mentees and {self.n_mentors} mentors",
            )

    def _check_shapes(self) -> None:
        if self.allowed.shape != self.fit.shape:
            raise ValueError(f"allowed has shape {self.allowed.shape} but fit has shape {self.fit.shape}")
        if self.capacity.shape != (self.n_mentors,):
            raise ValueError(f"capacity has shape {self.capacity.shape} but fit has {self.n_mentors} mentors")
        if self.pinned.shape != (self.n_mentees,):
            raise ValueError(f"pinned has shape {self.pinned.shape} but fit has {self.n_mentees} mentees")

    def _check_pins(self) -> None:
        mentees = np.flatnonzero(self.pinned >= 0)
        mentors = self.pinned[mentees]
        if np.any(mentors >= self.n_mentors):
            raise ValueError(f"pinned names mentor {mentors.max()} but fit has {self.n_mentors} mentors")
        if not np.all(self.allowed[mentees, mentors]):
            raise ValueError("pinned holds a forbidden pair")
        if np.any(self.places_left < 0):
            raise ValueError("pinned gives a mentor more people than capacity has places")

    def _check_exactness(self) -> None:
        largest = self.largest_weight
        if largest * self.most_pairs >= EXACT_BELOW:
            raise ValueError(f"fit up to {largest} for {self.most_pairs} pairs could reach 2**53 and lose exactness")


def _line(fit: npt.ArrayLike, allowed: npt.ArrayLike, length: int) -> tuple[Integers, npt.NDArray[Any]]:
    """Returns a row or column to be added, or raises a ValueError if it has the wrong length."""
    line = _whole_numbers("fit", fit, dimensions=1), np.asarray(allowed)
    for name, array in zip(("fit", "allowed"), line, strict=True):
        if array.shape != (length,):
            raise ValueError(f"{name} has {array.size} entries and needs {length}")
    return line


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns the same array so that it cannot be changed by way of what is returned."""
    view = array.view()
    view.flags.writeable = False
    return view


def _whole_numbers(name: str, given: npt.ArrayLike, *, dimensions: int, least: int = 0) -> Integers:
    """Returns the array with an integer type, or raises a ValueError that names what is wrong with it."""
    array = np.asarray(given)
    if array.ndim != dimensions:
        raise ValueError(f"{name} has {array.ndim} dimensions and needs {dimensions}")
    if array.size == 0 and array.dtype.kind == "f":
        # An empty list becomes an empty array of floats, in which nothing can be wrong.
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        array = _from_floats(name, array)
    if array.size and int(array.min()) < least:
        raise ValueError(f"{name} has the number {array.min()}, which is less than {least}")
    if array.dtype == np.uint64:
        array = _from_unsigned(name, array)
    return array


def _from_floats(name: str, array: npt.NDArray[np.generic]) -> Integers:
    """Accepts floats that are whole numbers all the same, and says what is wrong with any others."""
    if array.dtype.kind != "f":
        raise ValueError(f"{name} holds {array.dtype} values and needs whole numbers")
    floats = array.astype(np.float64)
    if np.isnan(floats).any():
        raise ValueError(f"{name} has a missing number (NaN)")
    if np.any(floats != np.floor(floats)):
        raise ValueError(f"{name} has a number that is not whole")
    if np.any(np.abs(floats) >= EXACT_BELOW):
        raise ValueError(f"{name} has a float of 2**53 or more, which is not exact")
    return floats.astype(np.int64)


def _from_unsigned(name: str, array: Integers) -> Integers:
    """Brings 64-bit numbers without a sign to the signed type, as mixing both would yield floats."""
    if int(array.max(initial=0)) > np.iinfo(np.int64).max:
        raise ValueError(f"{name} has the number {array.max()}, which is too large")
    return array.astype(np.int64)


def _truth_values(name: str, given: npt.ArrayLike) -> Booleans:
    """Returns a matrix of truth values, or raises a ValueError; 0 and 1 are taken for False and True."""
    array = np.asarray(given)
    if array.ndim != 2:  # noqa: PLR2004 - a matrix has two dimensions, and no name says it better.
        raise ValueError(f"{name} has {array.ndim} dimensions and needs 2")
    if array.size and array.dtype != np.bool_ and not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} holds {array.dtype} values other than truth values")
    return array.astype(np.bool_, copy=False)
