"""Reads about rounds, their proposals and who could be in them."""

from matching.queries.candidates import (
    count_waiting_and_ready,
    list_candidates,
    list_ready_mentors,
)
from matching.queries.proposals import (
    count_open_proposals,
    count_proposals,
    count_seconded_by_mentor,
    get_proposal,
    list_open_proposals,
    list_proposals,
)
from matching.queries.records import (
    Paired,
    find_record,
    list_areas,
    list_left_waiting,
    list_pairs,
    mentor_ids_of_rounds,
    names_of_mentees,
    names_of_mentors,
)
from matching.queries.rounds import (
    count_rounds,
    count_unmatched,
    find_unfinished_round,
    get_round,
    list_done_rounds,
    list_due_rounds,
    list_rounds,
    list_unmatched,
)

__all__ = [
    "Paired",
    "count_open_proposals",
    "count_proposals",
    "count_rounds",
    "count_seconded_by_mentor",
    "count_unmatched",
    "count_waiting_and_ready",
    "find_record",
    "find_unfinished_round",
    "get_proposal",
    "get_round",
    "list_areas",
    "list_candidates",
    "list_done_rounds",
    "list_due_rounds",
    "list_left_waiting",
    "list_open_proposals",
    "list_pairs",
    "list_proposals",
    "list_ready_mentors",
    "list_rounds",
    "list_unmatched",
    "mentor_ids_of_rounds",
    "names_of_mentees",
    "names_of_mentors",
]
