"""Passwords that somebody would guess: known ones, single words, rows of keys, and what is known of the person.

There are no rules of composition. A password of three unusual words passes, one that only looks complicated does not.
Source: NIST SP 800-63B-4, 3.1.1.2.
"""

import re
from collections.abc import Iterable
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

LEAST_DIFFERENT = 5
LEAST_LEFT = 5
_IN_PLACE_OF_LETTERS = str.maketrans("013457@$", "oieastas")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)


def is_easy(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a password is among the first that somebody would try.

    Args:
        password: As it was typed.
        about: Words that are known of the person, without capitals.
    """
    plain = password.casefold()
    # Digits and signs around a word are what everybody adds when asked for them.
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    letters = re.sub(r"[\W\d_]+", "", bare.translate(_IN_PLACE_OF_LETTERS))
    return (
        len(set(plain)) < LEAST_DIFFERENT
        or not _known_words().isdisjoint({plain, bare, letters})
        or _is_row(plain)
        or _is_repeated(letters)
        or _is_about(letters, about)
    )


@cache
def _known_words() -> frozenset[str]:
    """Gather the most common passwords, words and names."""
    return frozenset(word for words in FREQUENCY_LISTS.values() for word in words)


def _is_row(plain: str) -> bool:
    """Whether it is a row of keys or of the alphabet, forwards or backwards."""
    return any(plain in row or plain[::-1] in row for row in _ROWS)


def _is_repeated(letters: str) -> bool:
    """Whether it is one short piece over and over, or one known word."""
    found = re.fullmatch(r"(.+?)\1+", letters)
    return found is not None and (len(found[1]) < LEAST_LEFT or found[1] in _known_words())


def _is_about(letters: str, about: Iterable[str]) -> bool:
    """Whether next to nothing is left of it without what is known of the person."""
    rest = letters
    for word in sorted(about, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < LEAST_LEFT
