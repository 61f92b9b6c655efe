"""Reads about rounds, their proposals and who could be in them."""

from matching.queries.candidates import (
    count_waiting_and_ready,
    list_candidates,
    list_ready_mentors,
)
from matching.queries.choices import (
    get_choice,
    list_choices,
    list_lifts,
    list_lifts_of,
    list_present_ids,
    list_round_pairs,
    lock_lifts,
)
from matching.queries.proposals import (
    count_open_proposals,
    count_seconded_by_mentor,
    get_proposal,
    list_open_proposals,
    list_proposals,
)
from matching.queries.records import (
    find_last_round,
    find_newest_round,
    find_record,
    get_round_to_choose,
    name_everybody,
)
from matching.queries.rounds import (
    count_rounds,
    find_unfinished_round,
    get_round,
    list_done_rounds,
    list_due_rounds,
    list_rounds,
    list_unmatched,
)
from matching.queries.rules import find_rules, list_rules

__all__ = [
    "count_open_proposals",
    "count_rounds",
    "count_seconded_by_mentor",
    "count_waiting_and_ready",
    "find_last_round",
    "find_newest_round",
    "find_record",
    "find_rules",
    "find_unfinished_round",
    "get_choice",
    "get_proposal",
    "get_round",
    "get_round_to_choose",
    "list_candidates",
    "list_choices",
    "list_done_rounds",
    "list_due_rounds",
    "list_lifts",
    "list_lifts_of",
    "list_open_proposals",
    "list_present_ids",
    "list_proposals",
    "list_ready_mentors",
    "list_round_pairs",
    "list_rounds",
    "list_rules",
    "list_unmatched",
    "lock_lifts",
    "name_everybody",
]
