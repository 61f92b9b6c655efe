"""Spreadsheets in any usual dress are read alike; what cannot be read is refused by line; hostile files do no harm."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.sheets import carrying, cells
from foundation.sheets.columns import Column, Table, document, read_file, read_table, template_of
from foundation.sheets.reading import MOST_BYTES, MOST_COLUMNS, MOST_LINES, MOST_ROWS, Sheet, read_sheet
from foundation.sheets.weeks import WHOLE_WEEK, week
from foundation.sheets.workbooks import MOST_UNPACKED_BYTES

COLUMNS = (
    Column(name="name", read=cells.line_of(20), accepts="a name", is_required=True, examples=("Ann", "Zoë")),
    Column(name="release date", read=cells.day, accepts="a day", empty=None, also=("release",), examples=("", "")),
    Column(name="why", read=cells.text_of(100), accepts="text | more", examples=("=1+1", "a, b")),
)


def read(content: bytes | str) -> Sheet:
    return read_file(content if isinstance(content, bytes) else content.encode(), COLUMNS)


def table(content: bytes | str) -> Table:
    return read_table(read(content), COLUMNS)


def cells_of(content: bytes | str) -> list[tuple[str, ...]]:
    sheet = read(content)
    assert sheet.faults == ()
    return [row.cells for row in sheet.rows]


def faults_of(content: bytes | str) -> list[tuple[int, str, str]]:
    found = table(content)
    return [
        (fault.line, fault.column, fault.reason)
        for fault in (*found.faults, *(fault for values in found.rows for fault in values.faults))
    ]


def workbook(*rows: list[object], change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if change is not None:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts, named by their last word, written anew."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rsplit("/", maxsplit=1)[-1].split(".")[0]
            new.writestr(name, parts.pop(stem, old.read(name)))
        for stem, part in parts.items():
            new.writestr(f"xl/{stem}.xml", part)
    return written.getvalue()


PLAIN = "name,release,why\nZoë,2026-03-27,a €\n"
SEEN = [("Zoë", "2026-03-27", "a €")]

# ------------------------------------------------------------------------------------------------- the dress of a file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_separator_and_line_end_reads_alike(encoding: str, delimiter: str, end: str) -> None:
    text = PLAIN.replace(",", delimiter).replace("\n", end)
    assert cells_of(text.encode(encoding)) == SEEN


def test_what_excel_says_of_the_separator_is_believed_and_counted_as_a_line() -> None:
    sheet = read("sep=;\r\nname;why\r\nAnn;b, c\r\n")
    assert (sheet.headings.line, sheet.rows[0].line, sheet.rows[0].cells) == (2, 3, ("Ann", "b, c"))


def test_the_separator_is_the_one_that_makes_known_headings() -> None:
    assert cells_of("name;why;hobbies (one, two, three, four)\nAnn;b;c\n") == [("Ann", "b", "c")]


def test_blank_lines_and_empty_columns_at_the_end_do_not_count() -> None:
    sheet = read("\n,,,\nname,why,,\n\n,,,\nAnn,b,,\n  ,\u00a0,\nBea,c\n")
    assert sheet.headings.cells == ("name", "why")
    assert [(row.line, row.cells) for row in sheet.rows] == [(6, ("Ann", "b")), (8, ("Bea", "c"))]


def test_a_line_break_inside_quotation_marks_belongs_to_the_cell_and_lines_stay_right() -> None:
    sheet = read('name,why\nAnn,"one\ntwo ""three"""\nBea,x\n')
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("Ann", 'one\ntwo "three"')), (4, ("Bea", "x"))]


def test_what_looks_like_a_formula_is_text_and_the_plus_of_a_number_stays() -> None:
    assert cells_of("name,why\n+44 7700 900100,=1+1\n@x,-2\n") == [("+44 7700 900100", "=1+1"), ("@x", "-2")]


def test_a_lost_quotation_mark_is_refused_where_it_opens_and_the_rows_after_it_are_read() -> None:
    sheet = read('name,why\nAnn,"b" c\nBea,x\nCat,"never closed\nDan,y\n')
    assert [fault.line for fault in sheet.faults] == [2, 4]
    assert [row.cells for row in sheet.rows] == [("Bea", "x")]


def test_a_damaged_letter_is_refused_by_line() -> None:
    broken = "name,why\nZoë,é\nAnn,ü\n".encode().replace("ü".encode(), b"\xff")
    assert [line for line, _, _ in faults_of(broken)] == [3]
    assert faults_of("name\nAnn\nZo\ufffd\n".encode())[0][:2] == (3, "name")
    assert [line for line, _, _ in faults_of(b"name\nAnn\nZo\x81\n")] == [3]


def test_a_windows_sheet_whose_letters_happen_to_look_like_utf8_is_still_a_windows_sheet() -> None:
    assert cells_of("name,why\nRené,CAFÉ™\nZoë,ü\n".encode("cp1252"))[0] == ("René", "CAFÉ™")


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x9f"])
def test_a_character_that_no_database_keeps_is_refused_by_line_and_column(letter: str) -> None:
    assert faults_of(f"name,why\nAnn,b\nBea,x{letter}y\n")[0][:2] == (3, "why")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"\xef\xbb\xbf",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
        b"%PDF-1.7\n",
        b"<html><table></table>",
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes) -> None:
    assert [fault[:2] for fault in faults_of(content)] == [(0, "")]


def test_a_file_that_is_too_large_too_long_or_too_wide_is_refused() -> None:
    assert faults_of(b"name\n" + b"x" * MOST_BYTES)[0][0] == 0
    assert cells_of("name\n" + "x\n" * MOST_ROWS)[-1] == ("x",)
    assert faults_of("name\n" + "x\n" * (MOST_ROWS + 1))[0][0] == MOST_ROWS + 2
    assert faults_of("name" + ",why" * MOST_COLUMNS + "\n")[0][0] == 1


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_bytes_at_all_break_the_reader(content: bytes) -> None:
    table(content)
    table(b"name,why\n" + content)
    table(b"PK\x03\x04" + content)


def test_a_cell_that_is_longer_than_any_answer_is_refused_before_it_is_read() -> None:
    assert [fault[:2] for fault in faults_of("name,release\nAnn," + "9" * 5001 + "\n")] == [(2, "release date")]


# ------------------------------------------------------------------------------------------------------------ headings


@pytest.mark.parametrize("heading", ["Release Date", "RELEASE_DATE", " release-date ", "releaseDate", "Rélease (day)"])
def test_case_spacing_and_remarks_of_a_heading_do_not_matter(heading: str) -> None:
    found = table(f"name,{heading}\nAnn,2026-03-27\n")
    assert (found.warnings, found.rows[0]["release date"]) == ((), date(2026, 3, 27))


def test_an_unknown_column_is_left_out_with_the_nearest_known_name() -> None:
    found = table("name,relaese dat,shoe\nAnn,x,y\n")
    assert [(remark.line, remark.column) for remark in found.warnings] == [(1, "relaese dat"), (1, "shoe")]
    assert "“release date”" in found.warnings[0].reason
    assert "Did you mean" not in found.warnings[1].reason
    assert (found.faults, found.rows[0].faults) == ((), [])


def test_a_column_that_stands_twice_or_is_missing_is_the_one_fault() -> None:
    assert [fault[:2] for fault in faults_of("name,why,Release,RELEASE_DATE\nAnn,,x,y\n")] == [(1, "RELEASE_DATE")]
    assert [fault[:2] for fault in faults_of("why\nb\n")] == [(1, "name")]
    assert [fault[:2] for fault in faults_of("Ann,b\nBea,c\n")] == [(1, "")]
    assert [fault[:2] for fault in faults_of("name,why\n")] == [(0, "")]


def test_a_value_under_no_heading_is_refused_and_never_dropped() -> None:
    assert [fault[:2] for fault in faults_of("name,why\nAnn,b\nBea,c,d\n")] == [(3, "")]
    assert [fault[:2] for fault in faults_of("name,,why\nAnn,,b\nBea,x,c\n")] == [(3, "")]


def test_every_faulty_cell_is_named_by_line_and_column() -> None:
    text = "name,release\n,27/13/2026\nAnn,2026-03-27\n" + "x" * 21 + ",soon\n"
    assert [fault[:2] for fault in faults_of(text)] == [
        (2, "name"),
        (2, "release date"),
        (4, "name"),
        (4, "release date"),
    ]


def test_the_template_and_the_documentation_come_from_the_columns() -> None:
    content = template_of(COLUMNS)
    assert content.startswith(b"\xef\xbb\xbfname,release date,why\r\n")
    assert [values["name"] for values in table(content).rows] == ["Ann", "Zoë"]
    assert "| **name** | yes | a name | `Ann` |" in document(COLUMNS)
    assert "text \\| more" in document(COLUMNS)


# --------------------------------------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-27",
        "2026/3/27",
        "20260327",
        "27/03/2026",
        "27.3.26",
        "27-3-2026",
        "27 3 2026",
        "27-Mar-2026",
        "27 March 2026",
        "27th Mar 26",
        "27 marzo 2026",
        "27 mrt 2026",
        "46108",
        "46108.0",
        "2026-03-27 00:00:00",
        "2026-03-27T09:30",
        "27/03/2026 00:00",
    ],
)
def test_a_day_is_understood_in_every_usual_spelling(text: str) -> None:
    assert cells.day(text) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "text",
    [
        *("03/27/2026", "31/02/2026", "2026-13-01", "27/03/1826", "tomorrow", "2026", "27/03", "1", "99999", "2026111"),
        *("27/03/202", "-46108", "٢٧/٠٣/٢٠٢٦", "27 Foo 2026", "2026-03/27"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(cells.Unfit):
        cells.day(text)


def test_excel_days_are_right_on_both_sides_of_its_invented_leap_day_of_the_portal_s_range() -> None:
    assert (cells.day("32874"), cells.day("73415")) == (date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(("text", "said"), [("Yes", True), ("J", None), ("x", True), ("Sì", True), ("NEE", False)])
def test_yes_and_no_are_understood_and_nothing_else(text: str, *, said: bool | None) -> None:
    if said is None:
        with pytest.raises(cells.Unfit):
            cells.yes_or_no(text)
    else:
        assert cells.yes_or_no(text) is said


def test_whole_numbers_may_carry_their_unit_and_must_keep_to_their_bounds() -> None:
    read_number = cells.number(1, 10, "km")
    assert [read_number(text) for text in ("4", "4.0", "4,00", "4 km", "10KM")] == [4, 4, 4, 4, 10]
    for text in ("0", "11", "4.5", "3-4", "four", "4 miles", "٤", "1e1", "-4", "99999999"):
        with pytest.raises(cells.Unfit):
            read_number(text)


def test_words_of_a_list_may_hold_commas_and_are_parted_by_semicolons_or_commas() -> None:
    read_many = cells.many({"education, skills and work": "work", "health": "health", "Education": "work"})
    assert read_many("Health; education, skills and work") == ("health", "work")
    assert read_many("education, skills and work, HEALTH,") == ("health", "work")
    assert read_many("health, education, skills and work, education") == ("health", "work")
    with pytest.raises(cells.Unfit, match=r"“helth” is not known here\. Did you mean “health”"):
        read_many("education; helth")


def test_languages_are_known_by_code_and_by_name_in_three_languages_and_their_own() -> None:
    read_many = cells.many(cells.languages_of(("en", "pl", "fr", "ar")))
    assert read_many("English; polacco, FR / ".replace("/", "")) == ("en", "fr", "pl")
    assert read_many("Frans;العربية;Français;Engels") == ("ar", "en", "fr")


def test_an_email_address_is_checked_for_its_form() -> None:
    assert cells.email("ann@mail.example") == "ann@mail.example"
    for text in ("ann", "ann@", "a b@mail.example", "ann@mail.example; bea@mail.example"):
        with pytest.raises(cells.Unfit):
            cells.email(text)


def test_a_distance_that_may_mean_metres_or_miles_is_refused() -> None:
    assert [cells.distance_km(text) for text in ("2km", "2,5 km", "500 m", "1 mile")] == [2, 2.5, 0.5, 1.609]
    for text in ("5 m", "2", "km", "two km", "1000000 km"):
        with pytest.raises(cells.Unfit):
            cells.distance_km(text)


def test_a_misspelt_postcode_is_told_from_one_that_is_only_unknown() -> None:
    assert [cells.is_misspelt_place(text, "GB") for text in ("L32 8XD", "l328xd", "L32", "L99 9ZZ", "Kirkby")] == [
        False
    ] * 5
    assert [cells.is_misspelt_place(text, "GB") for text in ("L32 8X", "12345", "L32 8XD2")] == [True] * 3
    assert not cells.is_misspelt_place("2512 AB Den Haag", "NL")


def bits(*slots: tuple[int, int]) -> int:
    return sum(1 << day * 3 + part for day, part in slots)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon evening; Tue morning", bits((0, 2), (1, 0))),
        ("Mon evening, Tue morning", bits((0, 2), (1, 0))),
        ("monday EVENINGS and tuesday mornings", bits((0, 2), (1, 0))),
        ("Mon, Tue evening", bits((0, 2), (1, 2))),
        ("Mon; Tue evening", bits((0, 0), (0, 1), (0, 2), (1, 2))),
        ("weekday evenings", bits(*((day, 2) for day in range(5)))),
        ("Mon-Wed pm", bits((0, 1), (1, 1), (2, 1))),
        ("Fri to Mon am", bits((4, 0), (5, 0), (6, 0), (0, 0))),
        ("weekends", bits(*((day, part) for day in (5, 6) for part in range(3)))),
        ("every evening", bits(*((day, 2) for day in range(7)))),
        ("evenings, weekends", bits(*((day, 2) for day in range(5)), *((d, p) for d in (5, 6) for p in range(3)))),
        ("Sat morning and afternoon", bits((5, 0), (5, 1))),
        ("Sat daytime", bits((5, 0), (5, 1))),
        ("Mon any time", bits((0, 0), (0, 1), (0, 2))),
        ("any", WHOLE_WEEK),
        ("Flexible", WHOLE_WEEK),
        ("every day", WHOLE_WEEK),
        ("any morning", bits(*((day, 0) for day in range(7)))),
    ],
)
def test_times_are_understood_in_words(text: str, expected: int) -> None:
    assert week(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("weekends and evenings", "Mon, any", "not Monday", "Mon 18:00", "Mon - evening", "soon"),
        *("Mon evening; mumble", "weekends to Monday", "Mon to"),
    ],
)
def test_times_that_are_unknown_or_can_be_read_in_two_ways_are_refused(text: str) -> None:
    with pytest.raises(cells.Unfit):
        week(text)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_text_at_all_breaks_a_reader_of_cells(text: str) -> None:
    readers = (cells.day, cells.email, cells.yes_or_no, cells.number(1, 9, "h"), cells.distance_km, week)
    for reader in (*readers, cells.text_of(50), cells.many({"a": "a"}), cells.choice({"a": 1})):
        with contextlib.suppress(cells.Unfit):
            reader(text)


# ----------------------------------------------------------------------------------------------------------- workbooks


def test_a_workbook_reads_like_the_same_rows_in_csv() -> None:
    content = workbook(
        ["name", "Release Date", "why", None],
        [None, None],
        ["Zoë", date(2026, 3, 27), "+44"],
        ["Ann", datetime(2026, 3, 27, 9, 30), 4.0],  # noqa: DTZ001 - Excel knows no time zones.
        ["Bea", 46108, True],
    )
    sheet = read(content)
    assert sheet.faults == ()
    assert [(row.line, row.cells[2]) for row in sheet.rows] == [(3, "+44"), (4, "4"), (5, "yes")]
    assert {values["release date"] for values in read_table(sheet, COLUMNS).rows} == {date(2026, 3, 27)}


def test_a_formula_without_its_result_is_refused_and_never_an_empty_cell() -> None:
    content = workbook(["name", "why"], ["Ann", '="a"&"b"'])
    assert [fault[:2] for fault in faults_of(content)] == [(2, "")]


def test_a_formula_counts_by_the_result_that_excel_saved() -> None:
    content = workbook(["name", "why"], ["Ann", "=1+1"])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        xml = book.read("xl/worksheets/sheet1.xml")
    with_result = xml.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    assert with_result != xml
    assert cells_of(repacked(content, sheet1=with_result)) == [("Ann", "2")]


def test_an_error_in_a_cell_is_refused() -> None:
    assert faults_of(workbook(["name", "why"], ["Ann", "b"], ["Bea", "#N/A"]))[0][0] == 3


def test_only_the_first_sheet_that_holds_anything_is_read_and_said_so() -> None:
    def add(book: openpyxl.Workbook) -> None:
        book.create_sheet("Later").append(["name"])
        book.create_sheet("Hidden", 0).append(["secret"])
        book.worksheets[0].sheet_state = "hidden"
        book.create_sheet("Blank", 1)

    sheet = read(workbook(["name"], ["Ann"], change=add))
    assert [row.cells for row in sheet.rows] == [("Ann",)]
    assert "“Sheet”" in sheet.warnings[0].reason


def test_a_cell_far_below_the_table_is_refused_rather_than_walked_to() -> None:
    def stray(book: openpyxl.Workbook) -> None:
        book.worksheets[0].cell(MOST_LINES + 2, 1, "stray")

    assert faults_of(workbook(["name"], ["Ann"], change=stray))[0][0] == MOST_LINES + 1


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_a_workbook_whose_xml_grows_by_entities_is_not_opened(encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(encoding)
    assert "not opened" in faults_of(repacked(workbook(["name"], ["Ann"]), workbook=laughs))[0][2]


def test_a_workbook_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = repacked(workbook(["name"], ["Ann"]), sheet1=b" " * (MOST_UNPACKED_BYTES + 1))
    assert len(bomb) < MOST_BYTES
    assert "unpacks to too much" in faults_of(bomb)[0][2]


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("styles", b"<styleSheet><cellXfs>" + b"<xf/>" * 60_000),
        ("sharedStrings", b"<sst>" + b"<si/>" * 1_100_000),
        ("sheet1", b"<worksheet><sheetData><row>" + b"<c/>" * 110_000 + b"</row></sheetData></worksheet>"),
        ("sheet1", b"<x:worksheet><x:sheetData><x:row>" + b"<x:c/>" * 110_000),
    ],
)
def test_a_workbook_whose_elements_would_fill_the_memory_is_not_opened(part: str, xml: bytes) -> None:
    assert "unpacks to too much" in faults_of(repacked(workbook(["name"], ["Ann"]), **{part: xml}))[0][2]


def test_a_file_of_blank_lines_or_of_nothing_but_separators_is_refused_at_once() -> None:
    assert "lines" in faults_of("name\n" + "\n" * (MOST_LINES + 1))[0][2]
    assert "columns" in faults_of("name\n" + "," * 20_000)[0][2]


def test_reading_stops_where_there_are_more_rows_than_asked_for() -> None:
    rows: list[list[object]] = [["name"], ["Ann"], ["Bea"], ["Cat"]]
    for content in (workbook(*rows), b"name\nAnn\nBea\nCat\n"):
        assert read_file(content, COLUMNS, 3).faults == ()
        assert [fault.line for fault in read_file(content, COLUMNS, 2).faults] == [4]


def test_a_damaged_workbook_and_a_zip_that_is_none_are_refused() -> None:
    good = workbook(["name"], ["Ann"])
    for bad in (good[: len(good) // 2], repacked(good, sheet1=b"<worksheet><row>"), repacked(good, workbook=b"")):
        assert [fault[:2] for fault in faults_of(bad)] == [(0, "")]
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no Excel workbook" in faults_of(other.getvalue())[0][2]


# ------------------------------------------------------------------------------------------------------------ carrying


def test_a_checked_sheet_comes_back_from_the_page_as_it_was_and_only_to_its_owner() -> None:
    sheets = {"mentors": read(PLAIN + "Ann,,=1+1\n"), "mentees": read("name,shoe\nBea,x\n")}
    text = carrying.seal(sheets, key="k" * 32, owner="ann")
    assert carrying.unseal(text, key="k" * 32, owner="ann") == sheets
    assert carrying.unseal(text, key="k" * 32, owner="bea") is None
    assert carrying.unseal(text, key="l" * 32, owner="ann") is None
    for forged in ("", text[:-1], text[1:], "x", "\x00", "é"):
        assert carrying.unseal(forged, key="k" * 32, owner="ann") is None


def test_a_reader_that_knows_no_heading_still_cuts_the_rows() -> None:
    assert read_sheet(b"a;b\n1;2\n", lambda _text: False).rows[0].cells == ("1", "2")
