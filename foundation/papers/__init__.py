"""Sheets of paper as PDF, such as a certificate to frame, in the scripts of most names of Europe and the Near East."""

from foundation.papers.drawing import Sheet, draw

__all__ = ["Sheet", "draw"]
