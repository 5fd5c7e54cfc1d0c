"""The file `.needfix.yaml`: settings of a project, found from the current folder upwards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from needfix.catalogue.files import text_of
from needfix.catalogue.hints import in_order
from needfix.catalogue.nodes import Node, read_documents
from needfix.catalogue.product_format import FORMAT
from needfix.catalogue.records import Field, Fields, MapOf, Record
from needfix.catalogue.shapes import ListOf, Located, OneOf, Schema, TextShape
from needfix.errors import InputError, Position, Problem
from needfix.intake.columns import COLUMNS
from needfix.lint.lint import CODES
from needfix.lint.settings import Settings
from needfix.lint.silences import hint_of_code
from needfix.model.finding import SEVERITIES, Severity

_CODE_WHAT = "the code of a check such as NF301, or a prefix such as NF3"


class _CodeShape(NamedTuple):
    """A code or a prefix of codes."""

    what: str = _CODE_WHAT

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The code."""
        text = TextShape(self.what).read(node, problems)
        if text is None:
            return None
        code = known_code(text.value)
        if code is None:
            problems.append(_unknown(text.value, text.at))
            return None
        return Located(code, text.at)

    def schema(self) -> Schema:
        """The beginning of a code."""
        return {"type": "string", "pattern": "^NF[0-9]{0,3}$"}


_LINT = Record(
    "settings such as {ignore: [NF104], fail_on: note}",
    {
        "select": Field(
            ListOf(_CodeShape(), "a list of codes", least=1), "the checks that run; left out: all"
        ),
        "ignore": Field(ListOf(_CodeShape(), "a list of codes"), "checks that do not run"),
        "severity": Field(
            MapOf(OneOf(SEVERITIES), "codes with a severity such as {NF503: warning}"),
            "how severe the findings of checks are",
        ),
        "fail_on": Field(OneOf(SEVERITIES), "the least severe finding that ends with exit code 1"),
    },
)
_FILE = Record(
    "settings such as {needfix: 1, lint: {ignore: [NF104]}}",
    {
        "needfix": FORMAT,
        "lint": Field(_LINT, "what lint checks"),
        "columns": Field(
            MapOf(OneOf(COLUMNS), "names with a column such as {Server Name: server}"),
            "the columns that other names in tables mean",
        ),
    },
)


def known_code(text: str) -> str | None:
    """A code or a prefix of codes in upper case; None if no check has it."""
    code = text.strip().upper()
    return code if code and any(known.startswith(code) for known in CODES) else None


class ProjectSettings(NamedTuple):
    """The settings of lint, and the columns that names in tables mean."""

    lint: Settings = Settings()
    columns: Mapping[str, str] = MappingProxyType({})


def read_settings(file: Path) -> ProjectSettings:
    """The settings in a file. Raises InputError with all its problems."""
    problems: list[Problem] = []
    text = text_of(file, problems)
    settings = _settings(read_documents(text or "", str(file), problems), problems)
    if problems:
        raise InputError(in_order(problems))
    return settings


def _settings(documents: list[Node], problems: list[Problem]) -> ProjectSettings:
    for further in documents[1:]:
        what = "the file has a second document"
        problems.append(Problem(further.at, what, "one document of settings", "put all of it into the first"))
    fields = _FILE.read(documents[0], problems) if documents else None
    if fields is None:
        return ProjectSettings()
    columns = {name: found.value.value for name, found in fields.value("columns", {}).items()}
    lint: Fields | None = fields.get("lint")
    return ProjectSettings(Settings() if lint is None else _of_lint(lint, problems), columns)


def _of_lint(lint: Fields, problems: list[Problem]) -> Settings:
    return Settings(
        select=_codes(lint, "select") if "select" in lint else None,
        ignore=_codes(lint, "ignore"),
        severity=_severities(lint, problems),
        fail_on=lint.value("fail_on"),
    )


def _codes(lint: Fields, key: str) -> tuple[str, ...]:
    return tuple(found.value for found in lint.listed(key))


def _severities(lint: Fields, problems: list[Problem]) -> dict[str, Severity]:
    graded: dict[str, Severity] = {}
    for written, found in lint.value("severity", {}).items():
        code = known_code(written)
        if code is None:
            problems.append(_unknown(written, found.at))
        else:
            graded[code] = found.value.value
    return graded


def _unknown(code: str, at: Position) -> Problem:
    return Problem(at, f"no check has the code {code!r}", _CODE_WHAT, hint_of_code(code, CODES))
