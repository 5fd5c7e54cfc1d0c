"""From which source libraries were compiled, so that others of an older source are not used.

It imports nothing of needfix: what compiles the libraries loads it by its path.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from pathlib import Path

RECORD = "compiled-from.txt"
"""The file beside the libraries that has the digest of their source."""


def record(folder: Path) -> None:
    """Write the digest of the source in a folder beside the libraries that were compiled from it."""
    folder.joinpath(RECORD).write_text(_digest(_sources(folder)), "ascii")


def is_compiled(folder: Path) -> bool:
    """Whether the libraries in a folder are those of the source there; in a wheel there is no source."""
    sources, recorded = _sources(folder), folder / RECORD
    return not sources or (recorded.exists() and recorded.read_text("ascii") == _digest(sources))


def _sources(folder: Path) -> list[Path]:
    return sorted(chain(folder.glob("*.pyx"), folder.glob("*.pxd")))


def _digest(sources: list[Path]) -> str:
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
