"""Servers decided by `oscap oval analyse`; its answers put together by the table of DESIGN section 4."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.oscap.catalogue import Shipped
from benchmarks.oscap.characteristics import characteristics
from benchmarks.oscap.definitions import QUESTIONS, definitions
from benchmarks.oscap.servers import Server
from benchmarks.oscap.xml import COMMON, GENERATOR, OVAL, identifier

_RESULT = re.compile(r'<definition definition_id="([^"]+)"[^>]* result="([a-z ]+)"')
_ANSWERS = ("true", "false", "unknown", "error", "not_evaluated", "not_applicable")
_DIRECTIVES = "".join(
    (
        f'<oval_directives xmlns="{OVAL}/oval-directives-5" {COMMON} xmlns:res="{OVAL}/oval-results-5">',
        GENERATOR,
        '<directives include_source_definitions="false">',
        *(f'<res:definition_{answer} reported="true" content="thin"/>' for answer in _ANSWERS),
        "</directives></oval_directives>",
    )
)
"""Only the answers are written, without what led to them."""


class OscapMissingError(Exception):
    """The program is not there."""


class Verdict(NamedTuple):
    """What oscap found of one rule: whether it affects the server, and what its files show.

    `affected` None: not known; `files` as DESIGN names them, but for partial, which is outdated here.
    """

    affected: bool | None
    files: str

    @property
    def decision(self) -> str:
        """The first row of the table that holds; the shipped rules leave out a component that is missing."""
        if self.affected is False:
            return "not-affected"
        if self.files == "present":
            return "fix-present"
        if self.files == "absent":
            return "not-affected"
        if self.affected is None or self.files in ("unknown", "no-branch", "contradicted"):
            return "undetermined"
        return "fix-required"


class Oscap:
    """Runs oscap over the rules, one process for each server."""

    def __init__(self, shipped: Shipped) -> None:
        command = shutil.which("oscap")
        if command is None:
            raise OscapMissingError("oscap is not installed (on Debian: apt install openscap-scanner)")
        self._command = command
        self._shipped = shipped
        self._definitions = definitions(shipped)

    def verdicts(self, server: Server) -> dict[str, Verdict]:
        """What oscap says of each rule."""
        with tempfile.TemporaryDirectory() as folder:
            names = ("directives.xml", "results.xml", "definitions.xml", "characteristics.xml")
            directives, results, rules, facts = (Path(folder) / name for name in names)
            directives.write_text(_DIRECTIVES, encoding="utf-8")
            rules.write_text(self._definitions, encoding="utf-8")
            facts.write_text(characteristics(self._shipped, server), encoding="utf-8")
            options = ["--skip-valid", "--directives", str(directives), "--results", str(results)]
            command = [self._command, "oval", "analyse", *options, str(rules), str(facts)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
            if done.stderr:
                raise RuntimeError(f"oscap complains about {server.name}: {done.stderr}")
            answers = dict(_RESULT.findall(results.read_text(encoding="utf-8")))
        return {
            rule.id: _verdict(
                {
                    question: answers[identifier("def", number * len(QUESTIONS) + place)]
                    for place, question in enumerate(QUESTIONS)
                }
            )
            for number, rule in enumerate(self._shipped.rules)
        }


def _verdict(answers: dict[str, str]) -> Verdict:
    affected = {"true": True, "false": False}.get(answers["affected"])
    return Verdict(affected, _files(answers))


def _files(answers: dict[str, str]) -> str:
    """Of a rule's files; what is listed for no platform of the server's is not for it."""
    if answers["below"] == "true":
        return "outdated"
    if answers["listed"] == "false":
        return "no-branch"
    if answers["listed"] != "true":
        return "unknown"
    for files in ("present", "absent"):
        if answers[files] == "true":
            return files
    return "outdated" if answers["present"] == "false" else "unknown"
