"""What tests of several rooms share: running the command, and where things lie."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
INVENTORIES = ROOT / "fixtures" / "inventories"

Needfix = Callable[..., "Ran"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str


class _WithoutDates(yaml.SafeLoader):
    """Dates are texts, as in JSON."""


_WithoutDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in every if tag != "tag:yaml.org,2002:timestamp"]
    for first, every in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_text(text: str) -> Any:  # noqa: ANN401 - what YAML has
    """YAML as an editor reads it."""
    return yaml.load(text, _WithoutDates)  # noqa: S506 - a safe loader


def problems_in(err: str) -> list[str]:
    """The lines of standard error that are no notes."""
    return [line for line in err.splitlines() if not re.search(r"(^| )note: ", line)]


def without_notes(report: str) -> object:
    """A report as it is of every file: a summary in JSON without its notes, which name the file."""
    if not report.startswith("{"):
        return report
    return {key: value for key, value in json.loads(report).items() if key != "notes"}


class BinaryInput(io.TextIOWrapper):
    """Standard input that holds some bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
