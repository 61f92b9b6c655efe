"""Turn what a person typed as an address into a point on the map, or say honestly that it is not known.

How far a mentor must travel decides much of a match, so a wrong place does more harm than none. Everything here returns
`None` for what it cannot place: no default, no nearest spelling, no guess between O and 0 or between I and 1.

Great Britain is placed by postcode (sector or district), Italy and the Netherlands by the name of the town. The tables
are committed files in `foundation/data`, made by `scripts/build_places.py`; importing this module reads none of them,
and the first question reads only the table that it needs.

**Source:** `docs/places.md` names the data, the licences and the measured precision.
"""

import csv
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

DATA_FOLDER: Final = Path(__file__).parent / "data"

#: Longer text than this is no address, and nobody waits while we read it.
MAX_TEXT_LENGTH: Final = 200

#: The mean radius of the Earth in kilometres. **Source:** IUGG mean radius R1 of the ellipsoid GRS 80 (Moritz, 2000).
EARTH_RADIUS_KM: Final = 6371.0088

#: Two towns in one address that lie closer than this are read as a town and the province that it lies in.
SAME_ADDRESS_KM: Final = 60.0

# The six shapes of an outward code and the letters that each position allows; an inward code never uses C I K M O V.
# Source: BS 7666 as repeated in the Royal Mail's programmer's guide to the Postcode Address File.
_OUTWARD = (
    r"(?:[A-PR-UWYZ][0-9]{1,2}"
    r"|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}"
    r"|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])"
)
_POSTCODE = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_DISTRICT = re.compile(_OUTWARD)
_SECTOR = re.compile(rf"({_OUTWARD}) ?([0-9])")

# What a keyboard or a word processor puts between the halves of a postcode. Other control characters are no spacing.
_SPACING = re.compile("[ \t\r\n\u00a0\u2007\u202f]+")

_PUNCTUATION = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"[0-9]")
_PROVINCE = re.compile(r"(?:^|\s+)[A-Z]{2}$")

# A postcode stands between the street and the town, so it divides an address just as a comma does.
_SEPARATORS = {
    "NL": re.compile(r"[,;\n()]|\b[1-9][0-9]{3}(?:\s?(?:[A-Z]{2}|[a-z]{2}))?\b"),
    "IT": re.compile(r"[,;\n()]|\b[0-9]{5}\b"),
}
_COUNTRY_NAMES = {
    "NL": frozenset({"nl", "nederland", "netherlands", "the netherlands", "holland", "olanda", "paesi bassi"}),
    "IT": frozenset({"it", "italia", "italy", "italie"}),
}


class Precision(StrEnum):
    """How much ground a place stands for, from the finest to the coarsest of a British postcode, or a whole town."""

    POSTCODE_SECTOR = "postcode_sector"
    DISTRICT = "district"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map that stands for where somebody lives or meets, with how coarse it is.

    Attributes:
        latitude: Degrees north, WGS 84.
        longitude: Degrees east, WGS 84.
        precision: What the point is the centre of; never a single address.
    """

    latitude: float
    longitude: float
    precision: Precision


def normalise_postcode(text: str) -> str | None:
    """Write a full British postcode the way the post writes it, as in `L32 4XX` for `l324 xx`.

    Args:
        text: What was typed. Case and spacing do not matter.

    Returns:
        Capitals with one space before the last three characters, or `None` if the text is not shaped like a full
        postcode. Well formed does not mean that the postcode exists.
    """
    compact = _compact(text)
    match = _POSTCODE.fullmatch(compact) if compact else None
    return f"{match[1]} {match[2]}" if match else None


def is_postcode_well_formed(text: str) -> bool:
    """Tell whether the text is shaped like a full British postcode, which does not mean that it exists."""
    return normalise_postcode(text) is not None


def locate(text: str, country: str) -> Place | None:
    """Find where an address is, as closely as the committed tables tell.

    In Great Britain the text is a postcode: full (`L32 4XX`), a sector (`L32 4`) or a district (`L32`). A full postcode
    is placed at the centre of its sector. Without a space the longer district wins: `L32` is the district, `L3 2` a
    sector of another one. A postcode whose sector is unknown has no place, even where its district is known.

    In Italy and the Netherlands the text is the name of a town in any of its usual spellings, or an address that has
    the town as a part of its own (`2512 AB Den Haag`; `Via Roma 1, 10121 Torino TO`). Postcodes alone are not known
    there. Beside the town only parts with a digit, the country and an Italian province are passed over; any other words
    may be a village that we do not know, so they leave the address without a place.

    Args:
        text: What was typed.
        country: ISO 3166-1 alpha-2: `GB`, `IT` or `NL`.

    Returns:
        The place, or `None` for an unknown country, an unknown or badly formed text, and a name that
        several towns share.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return None
    if country == "GB":
        return _locate_postcode(text)
    if country in _SEPARATORS:
        return _locate_town(text, country)
    return None


def distance_km(a: Place, b: Place) -> float:
    """Measure the great circle between two places in kilometres; a journey by road is always longer."""
    latitude_a, latitude_b = math.radians(a.latitude), math.radians(b.latitude)
    half_latitude = (latitude_b - latitude_a) / 2
    half_longitude = math.radians(b.longitude - a.longitude) / 2
    haversine = (
        math.sin(half_latitude) ** 2 + math.cos(latitude_a) * math.cos(latitude_b) * math.sin(half_longitude) ** 2
    )
    # Rounding can carry the value of two antipodes a hair above one, which has no arc sine.
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))


def fold_name(text: str) -> str:
    """Reduce the name of a place to what its spellings share: no accents, capitals or punctuation.

    `'s-Gravenhage` becomes `s gravenhage` and `Forlì` becomes `forli`. Folding twice changes nothing.
    """
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _PUNCTUATION.sub(" ", "".join(letters).casefold()).strip()


def _compact(text: str) -> str | None:
    """Return a postcode in capitals without spacing, or `None` if it holds more than letters, digits and spacing."""
    if len(text) > MAX_TEXT_LENGTH:
        return None
    compact = _SPACING.sub("", text)
    # A letter such as the dotless i turns into an ASCII letter in capitals, so the question is put before.
    return compact.upper() if compact.isascii() and compact.isalnum() else None


def _locate_postcode(text: str) -> Place | None:
    """Find the centre of the sector or district that a British postcode names."""
    compact = _compact(text)
    if compact is None:
        return None
    if full := _POSTCODE.fullmatch(compact):
        return _sector_place(full[1], full[2][0])
    spaced = _SPACING.sub(" ", text).strip().upper()
    if _DISTRICT.fullmatch(spaced):
        return _place(_british_table("districts").get(spaced), Precision.DISTRICT)
    if sector := _SECTOR.fullmatch(spaced):
        return _sector_place(sector[1], sector[2])
    return None


def _sector_place(outward: str, digit: str) -> Place | None:
    """Find the centre of one sector, such as `4` of `L32`."""
    return _place(_british_table("sectors").get(f"{outward} {digit}"), Precision.POSTCODE_SECTOR)


def _locate_town(text: str, country: str) -> Place | None:
    """Find the one town that an Italian or Dutch address names."""
    towns = _town_table(country)
    if whole := towns.get(fold_name(text)):
        return _place(whole, Precision.TOWN)
    found: list[Place] = []
    for part in _SEPARATORS[country].split(text):
        if place := _place(towns.get(_town_key(part, country, towns)), Precision.TOWN):
            found.append(place)
        elif not _may_pass_over(part, country):
            return None
    if not found or any(distance_km(found[0], other) > SAME_ADDRESS_KM for other in found[1:]):
        return None
    # An address goes from the small to the large, so the first is the town and the rest its province.
    return found[0]


def _town_key(part: str, country: str, towns: dict[str, tuple[float, float]]) -> str:
    """Fold one part of an address, without the letters of the province where only they hide an Italian town."""
    key = fold_name(part)
    if country == "IT" and key not in towns:
        return fold_name(_PROVINCE.sub("", part.strip()))
    return key


def _may_pass_over(part: str, country: str) -> bool:
    """Tell whether a part of an address that names no known town can still not be the town."""
    key = fold_name(part)
    is_province = country == "IT" and _PROVINCE.fullmatch(part.strip()) is not None
    return not key or key in _COUNTRY_NAMES[country] or is_province or _DIGIT.search(part) is not None


def _place(point: tuple[float, float] | None, precision: Precision) -> Place | None:
    """Make a place of a point from a table."""
    return Place(*point, precision) if point else None


@cache
def _british_table(name: str) -> dict[str, tuple[float, float]]:
    """Read the centres of all British sectors or districts by their name."""
    return {key: (float(latitude), float(longitude)) for key, latitude, longitude in _rows(f"gb_{name}.csv")}


@cache
def _town_table(country: str) -> dict[str, tuple[float, float]]:
    """Read the towns of one country by every folded name that means one of them only."""
    towns: dict[str, tuple[float, float]] = {}
    for row_country, _, latitude, longitude, known_as in _rows("it_nl_towns.csv"):
        if row_country == country:
            towns.update(dict.fromkeys(known_as.split("|"), (float(latitude), float(longitude))))
    return towns


def _rows(file_name: str) -> Iterator[list[str]]:
    """Read the rows of a committed table below its heading."""
    with (DATA_FOLDER / file_name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows
