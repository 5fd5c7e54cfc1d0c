"""Did you mean: the known word closest to a misspelt one, measured in edits.

An edit inserts, deletes or replaces a letter, or swaps two neighbours. A word resembles a known one at
a distance of one edit, or two if both have six letters or more and begin alike: the first letter of one is
the first or second of the other (`devices` is not `services`). Words of one letter resemble none: every one
of them is one edit apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 80
_FOR_TWO_EDITS = 6
_TINY = 1
_LEAST_BEGINNING = 3
_PARTS = r"[\s._-]+"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one most likely misspells; case is ignored."""
    return next(iter(_by_edits(word, known)), None)


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """The known word to suggest for one that is unknown."""
    return next(iter(closest(word, known)), None)


def did_you_mean(meant: str | None, otherwise: str = "", *, quoted: bool = False) -> str:
    """The question whether a known word is meant, as in hints; `otherwise` where there is none."""
    if not meant:
        return otherwise
    return f"did you mean {meant!r}?" if quoted else f"did you mean {meant}?"


def closest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """At most so many known words: those that begin with the word, resemble it, contain or lengthen it."""
    names = list(known)
    written = word.casefold()
    begun, held, shortened = [], [], []
    if _LEAST_BEGINNING <= len(written) <= _LONGEST:
        begun = [name for name in names if name.casefold().startswith(written)]
        held = [name for name in names if written in re.split(_PARTS, name.casefold())]
        shortened = [name for name in names if _shortens(written, name.casefold())]
    return list(dict.fromkeys([*begun, *_by_edits(word, names), *held, *shortened]))[:most]


def _shortens(written: str, known: str) -> bool:
    """Whether the word is the known one without some letters, at most a third of them."""
    letters = iter(known)
    is_enough = len(written) * 3 >= len(known) * 2
    return is_enough and written[0] == known[0] and all(letter in letters for letter in written)


def _by_edits(word: str, known: Iterable[str]) -> list[str]:
    """The known words that a word resembles, fewest edits first."""
    written = word.casefold()
    if not 0 < len(written) <= _LONGEST:
        return []
    measured = [(_edits_of(written, name.casefold()), name) for name in known]
    return [name for edits, name in sorted(measured, key=lambda pair: pair[0] or 0) if edits is not None]


def _edits_of(written: str, known: str) -> int | None:
    """How many edits make a known word of the written one; None where they do not resemble each other."""
    same_beginning = written[0] in known[:2] or known[0] in written[:2]
    most = 2 if min(len(written), len(known)) >= _FOR_TWO_EDITS and same_beginning else 1
    if abs(len(written) - len(known)) > most:
        return None
    if min(len(written), len(known)) <= _TINY:
        return None
    found = edits(written, known)
    return found if found <= most else None


@lru_cache(maxsize=4096)
def edits(one: str, other: str) -> int:
    """The least number of edits between two words (optimal string alignment distance)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, known in enumerate(other, start=1):
            least = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != known))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == known:
                least = min(least, before[column - 2] + 1)
            current.append(least)
        before, last = last, current
    return last[-1]
