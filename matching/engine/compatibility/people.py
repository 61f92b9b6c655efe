# ruff: noqa: RUF009 - `column` is the `field` of a checked column, and each class calls it once.
"""The two sides of a round as arrays: all that the engine knows about anybody.

There is no name, no offence and no protected characteristic among the columns. What a person's stated
need asks of a mentor arrives as a code to which the scheme gives a meaning, and it only ever forbids.
A set is a bit mask: bit k is 1 if the thing numbered k belongs to it. Both sides number alike.
"""

from dataclasses import dataclass, field

import numpy as np

from matching.engine.compatibility.columns import Columns, Kind, column
from matching.engine.compatibility.location import position_km
from matching.engine.shapes import Booleans, Floats, Integers, Scores

ANY_CODE = 2**64 - 1
"""The set of accepted codes of somebody who has stated no need."""

WEEK_SLOTS = 21
"""Seven days with a morning, an afternoon and an evening each."""

_FLAG = Kind(np.bool_)
_SET = Kind(np.uint64, least=0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Side(Columns):
    """What is asked of both sides alike.

    Attributes:
        slots: Times free in the week: bit `3 * day + part` with Monday 0 and morning 0.
        languages: Set of languages spoken.
        latitude: Degrees north of where the person is or can meet, NaN if not known.
        longitude: Degrees east, NaN if not known.
        travel_limit_km: How far the person can travel to a meeting, NaN if not stated.
        x_km: Worked out from the coordinates, as are the next two: a place in space, NaN if not known.
        y_km: See `x_km`.
        z_km: See `x_km`.
    """

    slots: Integers = column(Kind(np.uint32, least=0, most=2**WEEK_SLOTS - 1))
    languages: Integers = column(_SET)
    latitude: Floats = column(Kind(np.float64, least=-90, most=90, unknown=True), default=np.nan)
    longitude: Floats = column(Kind(np.float64, least=-180, most=180, unknown=True), default=np.nan)
    travel_limit_km: Floats = column(Kind(np.float32, least=0, unknown=True), default=np.nan)
    x_km: Scores = field(init=False, repr=False)
    y_km: Scores = field(init=False, repr=False)
    z_km: Scores = field(init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, values in zip(("x_km", "y_km", "z_km"), position_km(self.latitude, self.longitude), strict=True):
            object.__setattr__(self, name, values)


@dataclass(frozen=True, eq=False, kw_only=True)
class MenteeArrays(Side):
    """Everybody who waits for a mentor; each column has shape `(n_mentees,)`. See `Side` for the others.

    Attributes:
        rosh_level: Highest risk of serious harm: 0 low, 1 medium, 2 high, 3 very high.
        interpreter_agreed: True lifts the need for a common language.
        accepted_codes: Set of mentor codes that a stated need accepts; `ANY_CODE` if none is stated.
        prison: Set holding the one establishment where the person is; empty (0) in the community.
        wants_lived_experience: True if the person asked for a mentor who has been through it.
        needs: Set of things to be helped with, numbered like the mentors' skills.
        interests: Set of interests.

    Raises:
        ValueError: If a column has a wrong length, type or range. The message names the column.
    """

    rosh_level: Integers = column(Kind(np.int8, least=0, most=3))
    interpreter_agreed: Booleans = column(_FLAG, default=False)
    accepted_codes: Integers = column(_SET, default=np.uint64(ANY_CODE))
    prison: Integers = column(_SET, default=0)
    wants_lived_experience: Booleans = column(_FLAG, default=False)
    needs: Integers = column(_SET, default=0)
    interests: Integers = column(_SET, default=0)


@dataclass(frozen=True, eq=False, kw_only=True)
class MentorArrays(Side):
    """Every mentor who is ready; each column has shape `(n_mentors,)`. See `Side` for the others.

    Attributes:
        cleared_level: Highest risk of serious harm that named staff have cleared the mentor for, 0 to 3
            as in `MenteeArrays.rosh_level`, or -1 if not cleared for anybody.
        experience_months: Months of mentoring so far, over all matches.
        code: The code that stated needs refer to, 0 to 63, or -1 if the mentor has not given it.
        cleared_prisons: Set of establishments where the mentor's vetting is in force.
        lived_experience: True if the mentor has been through it and agreed that this may be used.
        skills: Set of things the mentor can help with.
        interests: Set of interests.

    Raises:
        ValueError: If a column has a wrong length, type or range. The message names the column.
    """

    cleared_level: Integers = column(Kind(np.int8, least=-1, most=3))
    experience_months: Floats = column(Kind(np.float32, least=0), default=0)
    code: Integers = column(Kind(np.int8, least=-1, most=63), default=-1)
    cleared_prisons: Integers = column(_SET, default=0)
    lived_experience: Booleans = column(_FLAG, default=False)
    skills: Integers = column(_SET, default=0)
    interests: Integers = column(_SET, default=0)


SETS = (("languages", "languages"), ("interests", "interests"), ("needs", "skills"), ("prison", "cleared_prisons"))
"""The sets of both sides that are held against each other, of the mentees first."""


def with_narrow_sets(mentees: MenteeArrays, mentors: MentorArrays) -> tuple[MenteeArrays, MentorArrays]:
    """Returns both sides with their sets in the narrowest type that holds them, as short numbers are quicker.

    A scheme knows a dozen languages and some twenty interests, so that a quarter of the 64 bits will do.
    """
    narrow: tuple[dict[str, Integers], dict[str, Integers]] = ({}, {})
    for own, other in SETS:
        columns = getattr(mentees, own), getattr(mentors, other)
        kind = np.min_scalar_type(max(int(column.max(initial=0)) for column in columns))
        narrow[0][own], narrow[1][other] = (column.astype(kind) for column in columns)
    return mentees.with_columns(narrow[0]), mentors.with_columns(narrow[1])
