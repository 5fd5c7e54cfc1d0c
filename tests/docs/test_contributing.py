"""The page for contributors is true: its picture has every room in its order, and what it names is there."""

from __future__ import annotations

import re
import tomllib

from tests.support import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ENGINE = ROOT / "engine" / "needfix"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")


def rooms_of(layer: str) -> set[str]:
    """The rooms of a layer that there are."""
    names = re.findall(r"\w+", layer)
    return {name for name in names if (ENGINE / name).is_dir() or (ENGINE / f"{name}.py").is_file()} - {
        "__main__"
    }


def test_the_picture_has_every_room_in_the_order_of_the_imports() -> None:
    picture = PAGE.partition("    printable")[2].partition("\n\n")[0]
    rows = [set(re.split(r" {3,}", line.strip())[0].split()) for line in f"printable{picture}".splitlines()]
    assert rows == [rooms for layer in reversed(LAYERS) if (rooms := rooms_of(layer))]


def test_what_it_names_is_there() -> None:
    named = re.findall(r"`((?:engine|tests|fixtures|rules|docs)/[\w./-]+|\.ci/run|requirements\.lock)`", PAGE)
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_targets_of_make_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)(?=[` ])", PAGE)) <= targets


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", PAGE):
        assert (ROOT / link).exists(), link
