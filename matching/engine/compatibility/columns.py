"""Checked columns: what both sides of a round have in common when they are written as arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

_WORDS = {"b": "truth values", "i": "whole numbers", "u": "whole numbers", "f": "numbers"}
_ACCEPTED = {"b": "b", "i": "iu", "u": "iu", "f": "fiu"}
"""For each kind of number that a column may want, the kinds that become it without a loss."""


class Kind(NamedTuple):
    """What a column may hold.

    Attributes:
        dtype: The type in which it is kept.
        least: The smallest number it may hold.
        most: The largest number it may hold.
        unknown: True if NaN may stand for "not known".
    """

    dtype: npt.DTypeLike
    least: float | None = None
    most: float | None = None
    unknown: bool = False


_REQUIRED = object()


def column(kind: Kind, default: object = _REQUIRED) -> Any:  # noqa: ANN401 - it stands where an array is declared.
    """Declares a column of a side; without a default it must be given."""
    if default is _REQUIRED:
        return field(metadata={"kind": kind})
    return field(default=None, metadata={"kind": kind, "default": default})


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns:
    """A table of checked columns, one entry for each person.

    Raises:
        ValueError: If a column has another length than the first, another type than it needs, or a
            number outside its range. The message names the column.
    """

    def __post_init__(self) -> None:
        length = len(np.atleast_1d(getattr(self, fields(self)[0].name)))
        for declared in fields(self):
            if declared.init:
                given = getattr(self, declared.name)
                given = np.full(length, declared.metadata["default"]) if given is None else given
                checked = _checked(declared.name, given, declared.metadata["kind"], length)
                object.__setattr__(self, declared.name, checked)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, chosen: slice | npt.NDArray[np.integer[Any]]) -> Self:
        """Returns the same columns for some of the people, in the order asked for."""
        return self._each_column(lambda values: values[chosen])

    def as_rows(self) -> Self:
        """Returns the same columns standing upright, so that each meets every column of the other side."""
        return self._each_column(lambda values: values[:, None])

    def _each_column(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Self:
        return self.with_columns({each.name: change(getattr(self, each.name)) for each in fields(self)})

    def with_columns(self, columns: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Returns this table with some columns put in another shape or a type that holds the same numbers."""
        # The columns were checked when the table was made, and neither can make them wrong.
        other = object.__new__(type(self))
        for declared in fields(self):
            values = columns.get(declared.name)
            object.__setattr__(other, declared.name, getattr(self, declared.name) if values is None else values)
        return other


def _checked(name: str, given: npt.ArrayLike, kind: Kind, length: int) -> npt.NDArray[Any]:
    """Returns the column in its own type, or raises a ValueError that names what is wrong with it."""
    array = np.asarray(given)
    wanted = np.dtype(kind.dtype)
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape} and needs ({length},)")
    if array.size and array.dtype.kind not in _ACCEPTED[wanted.kind]:
        raise ValueError(f"{name} holds {array.dtype} values and needs {_WORDS[wanted.kind]}")
    _check_range(name, array, kind)
    return array.astype(wanted, copy=False)


def _check_range(name: str, array: npt.NDArray[Any], kind: Kind) -> None:
    if not kind.unknown and array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"{name} has a missing number (NaN)")
    if kind.least is not None and np.any(array < kind.least):
        raise ValueError(f"{name} has a number less than {kind.least}")
    if kind.most is not None and np.any(array > kind.most):
        raise ValueError(f"{name} has a number greater than {kind.most}")
