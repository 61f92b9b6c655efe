"""Sides of small rounds in which everybody suits everybody, but for what a test changes."""

import numpy as np
import numpy.typing as npt

from matching.engine import MenteeArrays, MentorArrays

LIVERPOOL = (53.4084, -2.9916)
THE_HAGUE = (52.0705, 4.3007)
TURIN = (45.0703, 7.6869)


def mentees(count: int = 1, /, **columns: npt.ArrayLike) -> MenteeArrays:
    """Makes mentees of low risk who are free on Monday morning and speak language 0."""
    plain = {"rosh_level": np.zeros(count, int), "slots": np.ones(count, int), "languages": np.ones(count, int)}
    return MenteeArrays(**(plain | {name: np.asarray(values) for name, values in columns.items()}))


def mentors(count: int = 1, /, **columns: npt.ArrayLike) -> MentorArrays:
    """Makes mentors cleared for low risk who are free on Monday morning and speak language 0."""
    plain = {"cleared_level": np.zeros(count, int), "slots": np.ones(count, int), "languages": np.ones(count, int)}
    return MentorArrays(**(plain | {name: np.asarray(values) for name, values in columns.items()}))
