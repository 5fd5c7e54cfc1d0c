"""File versions as people and tools write them, ordered by `packaging`."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.version import Version

LONGEST_TEXT = 200
"""Characters; a longer text is not a version."""

_VERSION = re.compile(
    r"""\s*
    (?:version\s+|ver\.?\s*|v\.?\s*)?
    (?P<numbers>[0-9]{1,18}(?:\s*[.,]\s*[0-9]{1,18}){0,9})
    \s*
    (?:
      [(,;:-]?\s*build\s*:?\s*         # 5.5 (Build 2653.23: Service Pack 4)
        (?P<build>[0-9]{1,18}(?:[.,][0-9]{1,18}){0,3})
        (?:\s*[:,;)].*)?
    | \((?P<remark>[^()]*)\)           # 5.5.2653.23 (SP4)
    | built\s+by\b.*                  # 6.0.2600.0 built by: WinDDK
    )?
    \s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NUMBERS = re.compile("[0-9][.,][0-9]")
_WHOLE = 3
"""The least numbers of a version that is written in one part."""

_SEPARATOR = re.compile(r"\s*[.,]\s*")


@lru_cache(maxsize=1 << 16)
def parse_version(text: str) -> Version | None:
    """The version that `text` states, or None if it cannot be read.

    Commas as separators, leading zeros, a remark in parentheses after the numbers, a leading `v`
    and a separate build (`5.5 (Build 2653.23: Service Pack 4)` is 5.5.2653.23) are understood.
    Trailing zeros do not matter when versions are compared.
    """
    match = _VERSION.fullmatch(" ".join(text.split())) if len(text) <= LONGEST_TEXT else None
    if match is None:
        return None
    numbers = _SEPARATOR.split(match["numbers"])
    if len(numbers) < _WHOLE and match["remark"] and _NUMBERS.search(match["remark"]):
        return None  # the remark may hold the rest of the version
    if match["build"] and len(numbers) < _WHOLE:
        numbers += _SEPARATOR.split(match["build"])
    return Version(".".join(str(int(part)) for part in numbers))
