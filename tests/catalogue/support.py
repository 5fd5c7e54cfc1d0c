"""Short ways to load rules, and to list what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from needfix.catalogue import load_catalogue
from needfix.errors import CatalogueError
from needfix.model.rule import Rule
from needfix.versions import Level

Reader = Callable[[str], Rule]

PRODUCTS = """\
needfix: 1
product: mail
name: Sample Mail Server
shorthand: "5.5"
levels:
  - {level: "4.0"}
  - {level: 4.0 SP1}
  - {level: 4.0 SP2}
  - {level: "5.5"}
  - {level: 5.5 SP1}
  - {level: 5.5 SP2}
  - {level: 5.5 SP3}
---
needfix: 1
product: nt
name: Sample NT
editions: [Terminal Server Edition]
levels:
  - {level: "4.0"}
  - {level: 4.0 SP6}
  - {level: 4.0 SP6a}
"""


def texts(levels: Iterable[Level] | None) -> list[str] | None:
    """The levels in order, as texts."""
    return None if levels is None else [level.text for level in sorted(levels)]


def problems_of(path: Path) -> str:
    """What is said of a path that cannot be used, without the folder that it lies in."""
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    return str(caught.value).replace(f"{path.parent}/", "")
