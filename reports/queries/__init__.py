"""Reads for the board and for home pages; each page takes a few compact statements however much there is."""

from reports.queries.board import board, find_target, home_figures, list_figures, list_targets
from reports.queries.home import Home, read_home
from reports.queries.lapses import LapseRow, LostRow, count_lapses, list_lapses, list_lost
from reports.queries.own import Own, OwnCourse, OwnMatch, find_own
from reports.queries.service import Service, find_service, get_served_volunteer
from reports.queries.waiting import list_waiting, required_courses

__all__ = [
    "Home",
    "LapseRow",
    "LostRow",
    "Own",
    "OwnCourse",
    "OwnMatch",
    "Service",
    "board",
    "count_lapses",
    "find_own",
    "find_service",
    "find_target",
    "get_served_volunteer",
    "home_figures",
    "list_figures",
    "list_lapses",
    "list_lost",
    "list_targets",
    "list_waiting",
    "read_home",
    "required_courses",
]
