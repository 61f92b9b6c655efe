"""Arabic letters in the shapes that they take beside each other, since a PDF is drawn glyph by glyph.

**Source:** The Unicode Standard 15, section 9.2, Arabic joining; the shapes are those of the presentation forms, whose
decompositions tell which letter each one shows and where in a word it stands.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

_FORMS = (range(0xFB50, 0xFDFC), range(0xFE70, 0xFEFD))
_LAM = "\u0644"
_ALEFS = "\u0622\u0623\u0625\u0627"
"""Alef and its kinds, which join with a lam before them into one shape; other ligatures are only for beauty."""


def join_letters(text: str) -> str:
    """Put the shape of every Arabic letter in place of the letter; all else stays as it is, in the same order."""
    letters = _with_ligatures(text)
    return "".join(_shape(letters, place) for place in range(len(letters)))


@cache
def _shapes() -> Mapping[str, Mapping[str, str]]:
    """Read which shapes each letter has, by where it stands in a word."""
    found: dict[str, dict[str, str]] = {}
    for code in (code for part in _FORMS for code in part):
        tag, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if tag in {"<isolated>", "<initial>", "<medial>", "<final>"}:
            found.setdefault("".join(chr(int(letter, 16)) for letter in letters), {})[tag] = chr(code)
    return found


def _with_ligatures(text: str) -> list[str]:
    """Split a text into letters, lam with the alef after it counting as one, as they must be written."""
    found: list[str] = []
    for sign in text:
        if found and found[-1] == _LAM and sign in _ALEFS:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _shape(letters: list[str], place: int) -> str:
    """Choose the shape of one letter by its neighbours; marks above and below letters are looked past."""
    shapes = _shapes().get(letters[place], {})
    if not shapes:
        return letters[place]
    before, after = _neighbour(letters, place, -1), _neighbour(letters, place, 1)
    is_joined_before = "<final>" in shapes and "<initial>" in _shapes().get(before, {})
    is_joined_after = "<initial>" in shapes and "<final>" in _shapes().get(after, {})
    tag = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>"}.get(
        (is_joined_before, is_joined_after), "<isolated>"
    )
    return shapes.get(tag, letters[place])


def _neighbour(letters: list[str], place: int, step: int) -> str:
    """Find the nearest letter on one side that is no mark."""
    place += step
    while 0 <= place < len(letters) and unicodedata.combining(letters[place][0]):
        place += step
    return letters[place] if 0 <= place < len(letters) else ""
