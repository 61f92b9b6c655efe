"""What the record of a round tells to people: why this pair, what else there was, who is left, and what would help.

Everything here looks at a round as it was when it was reckoned. Numbers come from the engine, and each function answers
one question that a coordinator asks; the sentences stand beside the numbers that they tell.
"""

from matching.explaining.argument import Argument, argue, conditions_of
from matching.explaining.board import Board, lay_out
from matching.explaining.comparing import Comparison, compare
from matching.explaining.recalling import Missing, Recalled, recall
from matching.explaining.strengths import strengths_of
from matching.explaining.waiting import tell_change

__all__ = [
    "Argument",
    "Board",
    "Comparison",
    "Missing",
    "Recalled",
    "argue",
    "compare",
    "conditions_of",
    "lay_out",
    "recall",
    "strengths_of",
    "tell_change",
]
