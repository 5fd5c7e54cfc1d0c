"""Exported rules and servers, decided by `oscap oval analyse`."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from needfix import DecisionKind, Server
from needfix.exporting.oval import Export, characteristics, definitions
from needfix.exporting.oval.identifiers import PATCH, PRESENT, definition_id
from needfix.exporting.oval.xml import OVAL, document

_RESULT = re.compile(r'<definition definition_id="([^"]+)"[^>]* result="([a-z ]+)"')
_ANSWERS = ("true", "false", "unknown", "error", "not_evaluated", "not_applicable")
_DIRECTIVES = "".join(
    (
        f'<oval_directives xmlns="{OVAL}/oval-directives-5" xmlns:oval="{OVAL}/oval-common-5"',
        f' xmlns:res="{OVAL}/oval-results-5">',
        "<generator><oval:schema_version>5.11</oval:schema_version>",
        "<oval:timestamp>1970-01-01T00:00:00</oval:timestamp></generator>",
        '<directives include_source_definitions="false">',
        *(f'<res:definition_{answer} reported="true" content="thin"/>' for answer in _ANSWERS),
        "</directives></oval_directives>",
    )
)
"""Only the answers are written, without what led to them."""


class OscapMissingError(Exception):
    """The program is not there."""


class Oscap:
    """Runs oscap over an export, one process for each server."""

    def __init__(self, export: Export) -> None:
        command = shutil.which("oscap")
        if command is None:
            raise OscapMissingError("oscap is not installed (on Debian: apt install openscap-scanner)")
        self._command = command
        self._export = export
        self._definitions = "".join(document(definitions(export)))
        self._facts = characteristics(export)

    def decisions(self, server: Server) -> dict[str, DecisionKind]:
        """The decision on each exported rule that is chosen."""
        with tempfile.TemporaryDirectory() as folder:
            names = ("directives.xml", "results.xml", "definitions.xml", "characteristics.xml")
            directives, results, rules, facts = (Path(folder) / name for name in names)
            directives.write_text(_DIRECTIVES, encoding="utf-8")
            rules.write_text(self._definitions, encoding="utf-8")
            facts.write_text("".join(document(self._facts(server))), encoding="utf-8")
            options = ["--skip-valid", "--directives", str(directives), "--results", str(results)]
            command = [self._command, "oval", "analyse", *options, str(rules), str(facts)]
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
            answers = dict(_RESULT.findall(results.read_text(encoding="utf-8")))
        return {
            rule: _decision(*(answers[definition_id(rule, asked)] for asked in (PATCH, PRESENT)))
            for rule in sorted(self._export.chosen)
        }

    def validate(self, server: Server) -> list[str]:
        """What the schemas do not accept of the definitions, and of the characteristics of a server."""
        found = []
        texts = {"--definitions": self._definitions, "--syschar": "".join(document(self._facts(server)))}
        for kind, text in texts.items():
            with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                # The package of Debian lacks the Schematron file for characteristics.
                command = [self._command, "oval", "validate", "--skip-schematron", kind, file.name]
                done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own
            found += [f"{done.stdout}{done.stderr}"] if done.returncode else []
        return found


def _decision(required: str, present: str) -> DecisionKind:
    """What two definitions of a rule say together."""
    if required == "true":
        return "fix-required"
    if present == "true":
        return "fix-present"
    return "not-affected" if required == present == "false" else "undetermined"
