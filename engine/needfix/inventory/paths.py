"""Which inventory files the paths of a command line name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from needfix import paths as any_paths
from needfix.errors import InventoryError, UsageError
from needfix.inventory.formats import ENDINGS
from needfix.paths import STDIN, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

_INVENTORIES = Wanted("inventory", "an inventory", frozenset(ENDINGS))


def inventory_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that these paths name; standard input is none of them."""
    return [Path(name) for name in named_files(paths) if name != STDIN]


def named_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The names of the files, each once, as problems show them."""
    given = [os.fspath(path) for path in paths]
    if not given:
        message = "no inventory is given; name a file, a directory, a pattern or - for standard input"
        raise UsageError(message)
    names, problems = any_paths.named_files(given, _INVENTORIES)
    if problems:
        raise InventoryError(problems)
    return names
