"""Short ways to load rules from a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from needfix.catalogue import Catalogue, load_catalogue
from needfix.errors import CatalogueError

Load = Callable[..., Catalogue]


def problems_of(path: Path) -> str:
    """What is said of a path that cannot be used, without the folder that it lies in."""
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    return str(caught.value).replace(f"{path.parent}/", "")
