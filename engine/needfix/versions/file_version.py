"""File versions as people and tools write them, ordered by `packaging`."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.version import Version

LONGEST_TEXT = 200
"""Characters; anything longer is not a version but an accident or an attack."""

_VERSION = re.compile(
    r"""\s*
    (?:version\s+|ver\.?\s*|v\.?\s*)?
    (?P<numbers>[0-9]{1,18}(?:\s*[.,]\s*[0-9]{1,18}){0,9})
    \s*
    (?:\([^()]*\)|built\s+by\b.*)?     # 5.5.2653.23 (SP4); 6.0.2600.0 built by: WinDDK
    \s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SEPARATOR = re.compile(r"\s*[.,]\s*")


@lru_cache(maxsize=1 << 16)
def parse_version(text: str) -> Version | None:
    """The version that `text` writes, or None where it cannot be read.

    Commas for points, leading zeros, a remark in parentheses behind the numbers and a leading
    `v` are understood. Trailing zeros do not matter when versions are compared.
    """
    match = _VERSION.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        return None
    return Version(".".join(str(int(part)) for part in _SEPARATOR.split(match["numbers"])))
