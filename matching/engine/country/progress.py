"""Telling how far a long piece of work has come."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told the name of a phase, how much of it is done and of how much; how often is left to the phase."""


def say_nothing(phase: str, done: int, of: int) -> None:
    """Stands in where nobody asked to be told."""
    del phase, done, of
