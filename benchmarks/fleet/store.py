"""Fleets and the truth about them, made on first use and kept in a folder."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sample
from benchmarks.fleet import formats, generator, reference
from benchmarks.fleet.engine import Counts
from benchmarks.fleet.formats import path_of, write
from benchmarks.fleet.generator import blocks


def store_in(folder: Path) -> Store:
    """A store in a folder; fleets that were made by other code are not found in it."""
    code = b"".join(Path(inspect.getfile(module)).read_bytes() for module in (sample, generator, formats))
    made_by = folder / hashlib.sha256(code).hexdigest()[:8]
    made_by.mkdir(parents=True, exist_ok=True)
    return Store(made_by)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of fleets. The name of a file states its contents, so that another run finds it."""

    folder: Path

    def fleet(self, kind: str, servers: int, format_name: str) -> Path:
        """The file of a fleet in a format."""
        path = path_of(self.folder, format_name, kind, servers)
        if not path.exists():
            write(blocks(kind, servers), {format_name: path})
        return path

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
