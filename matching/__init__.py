"""Rounds: who could mentor whom, proposed with reasons and decided by people."""
