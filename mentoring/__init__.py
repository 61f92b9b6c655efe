"""Mentoring itself: who is ready for it, matches that run, and what mentors log."""
