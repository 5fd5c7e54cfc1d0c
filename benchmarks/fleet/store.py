"""Fleets and the truth about them, made when they are asked for and kept in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fleet import reference
from benchmarks.fleet.engine import Counts
from benchmarks.fleet.formats import path_of, write
from benchmarks.fleet.generator import blocks
from benchmarks.sample import rules, write_rules


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of fleets. The name of a file tells what is in it, so that another run finds it."""

    folder: Path

    def fleet(self, kind: str, servers: int, format_name: str) -> Path:
        """The file of a fleet in a format."""
        return self.fleets(kind, servers, [format_name])[format_name]

    def fleets(self, kind: str, servers: int, format_names: Iterable[str]) -> dict[str, Path]:
        """The files of a fleet in formats, those that are missing made in one go."""
        paths = {name: path_of(self.folder, name, kind, servers) for name in format_names}
        missing = {name: path for name, path in paths.items() if not path.exists()}
        if missing:
            write(blocks(kind, servers), missing)
        return paths

    def rules(self, count: int) -> Path:
        """A folder with rules and product definitions as needfix reads them."""
        folder = self.folder / f"rules-{count}"
        folder.mkdir(exist_ok=True)
        write_rules(folder, rules(count))
        return folder

    def truth(self, kind: str, servers: int, rule_count: int) -> Counts:
        """For every rule how many servers of a fleet get each decision."""
        file = self.folder / f"truth-{kind}-{servers}-{rule_count}.json"
        if not file.exists():
            _write(file, reference.counts(kind, servers, rule_count))
        return tuple(
            (absent, present, required) for absent, present, required in json.loads(file.read_text())
        )


def _write(file: Path, counts: Counts) -> None:
    beside = file.with_suffix(".part")
    beside.write_text(json.dumps(counts), encoding="utf-8")
    beside.replace(file)
