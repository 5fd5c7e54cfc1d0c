"""OpenSCAP's `oscap oval analyse`: OVAL definitions decided on what was collected, a process a server."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.fleet.engine import Counts, Engine, Matrix, Most, Unavailable, counted
from benchmarks.fleet.oval import characteristics, decisions, definitions
from benchmarks.fleet.records import read_records
from benchmarks.sample import Rule


class OscapSkipping(Engine[list[str]]):
    """Without a look at the schema first."""

    title: ClassVar[str] = "oscap oval analyse, not validating"
    reads: ClassVar[str] = "lines"
    most: ClassVar[Most] = Most(servers=10, rules=80)
    options: ClassVar[tuple[str, ...]] = ("--skip-valid",)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._command = shutil.which("oscap")
        if self._command is None:
            raise Unavailable("oscap is not installed (on Debian: apt install openscap-scanner)")
        self._rules = len(rules)
        self._definitions = definitions(rules)

    def load(self, fleet: Path) -> list[str]:
        """Servers as the documents that oscap takes."""
        return [characteristics(record) for record in read_records(fleet)]

    def counts(self, data: list[str]) -> Counts:
        """Counted after all are decided."""
        return counted(self.matrix(data), self._rules)

    def matrix(self, data: list[str]) -> Matrix:
        """From the results that oscap writes for each server."""
        with tempfile.TemporaryDirectory() as folder:
            return [self._decided(Path(folder), server) for server in data]

    def _decided(self, folder: Path, server: str) -> bytes:
        paths = [folder / name for name in ("results.xml", "definitions.xml", "characteristics.xml")]
        results, rules, facts = paths
        rules.write_text(self._definitions, encoding="utf-8")
        facts.write_text(server, encoding="utf-8")
        command = [str(self._command), "oval", "analyse", *self.options, "--results", *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
        return decisions(results.read_text(encoding="utf-8"), self._rules)


class OscapValidating(OscapSkipping):
    """As oscap does where nothing else is said: inputs and results are checked against the schema."""

    title: ClassVar[str] = "oscap oval analyse, validating"
    options: ClassVar[tuple[str, ...]] = ()
