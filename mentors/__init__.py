"""Volunteers: how they apply, are checked and cleared, become mentors, pause and leave."""
