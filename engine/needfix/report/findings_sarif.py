"""Findings as SARIF 2.1.0, the format of code scanning.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from needfix._version import __version__
from needfix.errors import Position
from needfix.model.finding import CheckText, Finding, Findings
from needfix.printable import json_text
from needfix.report.style import View

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://needfix.dev"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "needfixFinding/v1"


def write_sarif(out: TextIO, report: Findings, view: View) -> None:
    """Write a log of one run with its rules and results."""
    del view
    out.write(json_text(_log(report.checks, report.findings), indent=1) + "\n")


def _log(checks: Sequence[CheckText], findings: Sequence[Finding]) -> dict[str, Any]:
    numbers = {check.code: number for number, check in enumerate(checks)}
    driver = {
        "name": "needfix",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [_rule(check) for check in checks],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that needfix ran in."}}},
        "results": list(_results(findings, numbers)),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: CheckText) -> dict[str, Any]:
    return {
        "id": check.code,
        "shortDescription": {"text": check.summary},
        "fullDescription": {"text": f"{check.summary}: {check.why}"},
        "helpUri": f"{_HOME}/docs/lint#{check.code.lower()}",
        "defaultConfiguration": {"level": check.severity},
    }


def _results(findings: Iterable[Finding], numbers: dict[str, int]) -> Iterable[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding in findings:
        identity = f"{finding.code}\n{finding.rule}\n{finding.what}"
        seen[identity] += 1
        yield _result(finding, numbers, f"{identity}\n{seen[identity]}")


def _result(finding: Finding, numbers: dict[str, int], identity: str) -> dict[str, Any]:
    silence = {"kind": "inSource", "justification": finding.silenced}
    known = {"ruleIndex": numbers[finding.code]} if finding.code in numbers else {}
    return {
        "ruleId": finding.code,
        **known,
        "level": finding.severity,
        "message": {"text": f"{finding.rule}: {finding.what}. Why: {finding.why}. Hint: {finding.hint}."},
        "locations": [_location(finding.at)],
        # Without file and line, so that a finding stays the same one when rules move.
        "partialFingerprints": {_FINGERPRINT: sha256(identity.encode(errors="backslashreplace")).hexdigest()},
        "suppressions": [silence] if finding.is_silenced else [],
    }


def _location(at: Position) -> dict[str, Any]:
    region = {"startLine": at.line, **({"startColumn": at.column} if at.column else {})}
    return {"physicalLocation": {"artifactLocation": _artifact(at.file), "region": region}}


def _artifact(file: str) -> dict[str, str]:
    """A file below the folder that needfix ran in gets a relative address."""
    here = Path.cwd()
    path = Path(os.path.abspath(file))  # noqa: PTH100 - `..` goes, and a link keeps its name
    if path.is_relative_to(here):
        return {"uri": quote(os.fsencode(path.relative_to(here).as_posix())), "uriBaseId": _ROOT}
    return {"uri": path.as_uri()}
