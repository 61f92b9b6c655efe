"""Known answers and arithmetic of the board, and files that a spreadsheet opens safely."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules import (
    Measure,
    Progress,
    Rating,
    Reported,
    csv_text,
    exact,
    measure_of,
    newest_of_each_source,
    rate,
    safe_cell,
    time_gone,
)

REAL = list(csv.DictReader((Path(__file__).parent / "data" / "targets.csv").read_text("utf-8").splitlines()))
RATED = [row for row in REAL if row["board_rating"]]
BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)


def progress(*, promised: int, counted: int, on: date, reported: tuple[Reported, ...] = ()) -> Progress:
    return Progress(Measure.SESSIONS, promised, exact(counted), BEGIN, END, on, reported)


def test_the_real_board_has_five_rated_lines_of_six() -> None:
    assert (len(REAL), len(RATED)) == (6, 5)
    assert {row["measure"] for row in REAL} == {measure.value for measure in Measure}


@pytest.mark.parametrize("row", RATED, ids=[row["measure"] for row in RATED])
def test_the_board_gives_the_colour_that_the_programme_gave_itself(row: dict[str, str]) -> None:
    gone = time_gone(*(date.fromisoformat(row[day]) for day in ("programme_start", "programme_end", "as_of")))
    assert gone == pytest.approx(0.5707, abs=0.0001)
    assert rate(promised=int(row["target"]), delivered=int(row["delivered"]), gone=gone) == row["board_rating"]


def test_half_done_at_half_time_is_green() -> None:
    assert rate(promised=180, delivered=90, gone=0.5) is Rating.GREEN


def test_the_colour_compares_with_time_gone_and_not_with_the_final_promise() -> None:
    assert rate(promised=100, delivered=50, gone=0.3) is Rating.GREEN
    assert rate(promised=100, delivered=50, gone=0.7) is Rating.AMBER
    assert rate(promised=100, delivered=50, gone=0.9) is Rating.RED


def test_the_limits_of_the_colours_belong_to_the_better_colour() -> None:
    assert rate(promised=100, delivered=85, gone=1.0) is Rating.GREEN
    assert rate(promised=100, delivered=84, gone=1.0) is Rating.AMBER
    assert rate(promised=100, delivered=60, gone=1.0) is Rating.AMBER
    assert rate(promised=100, delivered=59, gone=1.0) is Rating.RED


def test_before_the_first_day_nothing_is_rated_and_after_the_last_all_time_is_gone() -> None:
    assert progress(promised=10, counted=0, on=BEGIN).rating is Rating.NOT_BEGUN
    assert progress(promised=10, counted=0, on=BEGIN - timedelta(days=400)).time_gone == 0
    assert progress(promised=10, counted=0, on=END + timedelta(days=400)).time_gone == 1


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0.01, 1.0, allow_nan=False))
def test_doing_more_never_makes_the_colour_worse(promised: int, less: int, more: int, gone: float) -> None:
    order = (Rating.RED, Rating.AMBER, Rating.GREEN)
    less, more = sorted((less, more))
    ratings = [rate(promised=promised, delivered=amount, gone=gone) for amount in (less, more)]
    assert order.index(ratings[0]) <= order.index(ratings[1])


def test_what_sources_report_is_added_to_what_is_counted() -> None:
    figures = (Reported(exact(100), BEGIN, "Ledger"), Reported(exact(20), BEGIN, "Prison list"))
    assert progress(promised=500, counted=3, on=END, reported=figures).delivered == exact(123)


def test_the_newest_figure_of_a_source_replaces_its_earlier_ones() -> None:
    figures = [
        Reported(exact(amount), day, source)
        for amount, day, source in ((100, BEGIN, "Ledger"), (5, BEGIN, "Prison"), (90, END, "ledger"))
    ]
    assert newest_of_each_source(figures) == (figures[2], figures[1])


def test_every_measure_has_an_address_of_its_own() -> None:
    assert {measure_of(measure.slug) for measure in Measure} == set(Measure)
    assert measure_of("nothing") is None


@pytest.mark.parametrize("text", ["=1+1", "+44 151 496 0000", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_loses_nothing(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_numbers_and_plain_text_go_into_a_file_as_they_are() -> None:
    assert [safe_cell(value) for value in (-5, "5 of 7", "Café")] == [-5, "5 of 7", "Café"]
    rows = list(csv.reader(io.StringIO(csv_text(["Name"], [["Café, “quoted”"], [-5]]).removeprefix("\ufeff"))))
    assert rows == [["Name"], ["Café, “quoted”"], ["-5"]]
