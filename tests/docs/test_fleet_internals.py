"""The picture of the fleet's words shows what the fleet does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from needfix.catalogue import load_catalogue
from needfix.fleet.arrays import Words
from needfix.fleet.bits import flags
from needfix.fleet.blocks import Block
from needfix.fleet.engine import FleetEngine
from needfix.fleet.facts import Batch
from needfix.fleet.outcomes import OUTCOMES
from needfix.fleet.reading.others import piece_of
from needfix.inventory import read_inventory
from tests.docs.sessions import blocks
from tests.support import ROOT

PAGE = (ROOT / "docs" / "fleet-internals.md").read_text(encoding="utf-8")
PICTURE = next(block.text for block in blocks(PAGE) if block.language == "text")
IDS = "ABC"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> tuple[FleetEngine, Batch, list[Block]]:
    folder = tmp_path_factory.mktemp("fleet")
    for block in blocks(PAGE):
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
    fleet = FleetEngine(load_catalogue([folder / "rules.yaml"]))
    piece = piece_of(list(read_inventory(folder / "fleet.csv")), "fleet.csv", [])
    batch = Batch(piece.records, piece.servers)
    return fleet, batch, list(fleet.decide(batch, piece.at).blocks)


def bits(row: Words) -> str:
    return " ".join(rule if is_set else "." for rule, is_set in zip(IDS, flags(row).tolist(), strict=False))


def lines(pattern: str) -> list[tuple[str, ...]]:
    return [match.groups() for match in re.finditer(pattern, PICTURE)]


Fleet = tuple[FleetEngine, Batch, list[Block]]


def test_slots_and_their_minima(engine: Fleet) -> None:
    slots = [slot.file for slot in engine[0].slots.slots]
    found = [(slot.name, " ".join(map(str, slot.thresholds))) for slot in slots]
    assert found == lines(r"slot \d  (\S+) +([\d.]+ [\d.]+)")


def test_rows_of_the_layer(engine: Fleet) -> None:
    (layer,) = engine[2][0].checklist._files._layers.values()  # noqa: SLF001 - the picture shows what is inside
    found = [
        (str(row.slot), str(rank), bits(own)) for row in layer.rows for rank, own in enumerate(row.by_rank)
    ]
    assert found == lines(r"slot (\d), rank (\d)   ([A-C.] [A-C.] [A-C.])")


def test_cells(engine: Fleet) -> None:
    names, found = engine[1].names.to_pylist(), {}
    for block in engine[2]:
        for place in block.servers.tolist():
            found[names[place]] = tuple(map(str, block.cells.table[place].tolist()))
    shown = {name: (store, mail) for name, store, mail in lines(r"(MAIL\d+) +(\d+) +(\d+)")}
    assert found == shown


def parts(engine: Fleet) -> Iterator[tuple[str, str, str]]:
    """Each server and outcome with its rules, block by block."""
    names = engine[1].names.to_pylist()
    for block in engine[2]:
        for part in (*block.parts.explicit, block.parts.rest_of(len(block.servers))):
            decision, action = OUTCOMES[part.codes[0]]
            for place, own in zip(block.servers.tolist(), part.bits, strict=True):
                if flags(own)[: len(IDS)].any():
                    yield f"{decision}, {action}", names[place], bits(own)


def test_blocks_and_parts(engine: Fleet) -> None:
    shown, outcome = [], ""
    for line in PICTURE.splitlines():
        found = re.search(r"(?:(?:part|rest) (\S+, \S+))? +(MAIL\d+) ([A-C.] [A-C.] [A-C.])$", line)
        if found:
            outcome = found[1] or outcome
            shown.append((outcome, found[2], found[3]))
    assert list(parts(engine)) == shown


def test_every_file_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`(\w+\.py)`", PAGE):
        assert list(Path(ROOT / "engine/needfix/fleet").rglob(name)), name
