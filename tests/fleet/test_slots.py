"""Cells of any width, rules in several chunks and servers in several blocks are decided as one at a time."""

from __future__ import annotations

import numpy as np
import pytest

from needfix.catalogue import Catalogue
from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import catalogue_of, fix, rule

VERSIONS = (None, "none", "5.5.2600", "5.5.2654.3", "5.5.2654.117", "5.5.2655")
PRODUCTS = (InstalledProduct("Contoso Mail Server", "5.5 SP4"),)


def minima(count: int) -> Catalogue:
    """Rules with a minimum each, in turns of three files."""
    names = [f"File{number % 3}.dll" for number in range(count)]
    fixes = [fix({name: f"5.5.2654.{number}"}) for number, name in enumerate(names)]
    return catalogue_of(*(rule(f"Q{100000 + n}", fixes=[own]) for n, own in enumerate(fixes)))


def servers() -> list[Server]:
    """Servers with up to two copies of a file, in every state that one can have."""
    pairs = [(one, other) for one in (*VERSIONS, "") for other in (*VERSIONS, "")]
    copies = [
        [FileCopy(f"file{n % 3}.DLL", version=text) for text in pair if text != ""]
        for n, pair in enumerate(pairs)
    ]
    full = [FileCopy(f"File{place}.dll", version="5.5.2654.60") for place in range(3)]
    files = [*copies, *([*full, *own] for own in copies), full]
    return [
        Server(f"S{n}", products=PRODUCTS, files=tuple(own), complete=frozenset(["files"] * (n % 2)))
        for n, own in enumerate(files)
    ]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
def test_cells_of_any_width(monkeypatch: pytest.MonkeyPatch, kind: type[np.unsignedinteger]) -> None:
    monkeypatch.setattr("needfix.fleet.slots._kind", lambda _largest: np.dtype(kind))
    catalogue = minima(12)
    assert fleet_rows(catalogue, piece_of(servers()))[0] == single_rows(catalogue, servers())


@pytest.mark.broad
@pytest.mark.parametrize("count", [255, 256, 257, 700])
def test_rules_in_several_chunks(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("needfix.fleet.checklists._BLOCK_WORDS", 100)
    catalogue, fleet = minima(count), servers()[::3]
    assert fleet_rows(catalogue, piece_of(fleet))[0] == single_rows(catalogue, fleet)
