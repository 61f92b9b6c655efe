"""Promised figures, each printed beside its rival measured in the same run."""
