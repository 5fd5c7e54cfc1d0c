"""The first line of an imported file: a checksum that shows whether somebody has edited it since."""

from __future__ import annotations

import re
from enum import Enum
from hashlib import sha256
from pathlib import Path

_STAMP = re.compile(r"# Imported by needfix, checksum (?P<sum>[0-9a-f]{16})\..*")


class Existing(Enum):
    """What exists at a path."""

    NOTHING = "nothing"
    AS_IMPORTED = "as imported"
    EDITED = "edited"


def stamped(text: str) -> str:
    """The text with its stamp."""
    return f"# Imported by needfix, checksum {_sum(text)}. Once edited, this file is not overwritten.\n{text}"


def existing(path: Path) -> Existing:
    """Whether a file is there, and still as an import wrote it."""
    if not path.exists():
        return Existing.NOTHING
    first, _, rest = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    found = _STAMP.fullmatch(first)
    return Existing.AS_IMPORTED if found and found["sum"] == _sum(rest) else Existing.EDITED


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
