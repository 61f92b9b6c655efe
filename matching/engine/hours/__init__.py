"""Rounds counted in hours: people who need one to four hours a week and mentors who offer three or four.

Then a mentor's time is a knapsack, and places no longer describe it. The exact answer costs far more than
a round by places, so it belongs into a background job, and its gap is shown with it.
"""

from matching.engine.hours.plan import HoursPlan
from matching.engine.hours.solving import solve_hours

__all__ = ["HoursPlan", "solve_hours"]
