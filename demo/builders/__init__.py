"""Builders: people and records made through the operations of the house, with sensible answers for what is not said."""

from demo.builders.people import PASSWORD
from demo.builders.records import Builder

__all__ = ["PASSWORD", "Builder"]
