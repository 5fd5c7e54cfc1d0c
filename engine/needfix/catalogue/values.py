"""Shapes of the values that rules are made of: versions, levels, times, durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.almost import as_knowledge_base, hint_for_version, without_quotes
from needfix.catalogue.hints import flow, wrong
from needfix.catalogue.nodes import Node, Scalar
from needfix.catalogue.shapes import Located, Schema, TextShape
from needfix.errors import Problem
from needfix.printable import in_quotes
from needfix.versions import (
    DURATION,
    LevelText,
    Moment,
    parse_duration,
    parse_free_build,
    parse_moment,
    parse_version,
    read_any_level,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A value and its text as written."""

    text: str


@dataclass(frozen=True, slots=True)
class WrittenVersion(Written):
    """A file version."""

    version: Version


@dataclass(frozen=True, slots=True)
class WrittenMoment(Written):
    """A modified time."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class WrittenLevel(Written):
    """A level, not yet looked up in a product definition."""

    parsed: LevelText


class VersionShape(NamedTuple):
    """A file version or a build; a minimum is one that versions are compared with."""

    what: str = 'a version such as "5.5.2654.29"'
    is_minimum: bool = False

    def read(self, node: Node, problems: list[Problem]) -> Located[WrittenVersion] | None:
        """The version."""
        text = TextShape(self.what, _is_version).read(node, problems)
        if text is None:
            return None
        version = parse_version(text.value)
        if version is None:
            hint = hint_for_version(text.value, is_minimum=self.is_minimum)
            what = f"{in_quotes(text.value)} is not a version"
            problems.append(Problem(text.at, what, self.what, hint, "wrong-value"))
            return None
        return Located(WrittenVersion(text.value, version), text.at)

    def schema(self) -> Schema:
        """A string of numbers."""
        return {"type": "string", "pattern": _VERSION_PATTERN}


class BuildShape(NamedTuple):
    """A build: a version, or of a product with `builds: free` any numbers, which the reader checks."""

    what: str = 'a build such as "15.2.1258.32"'
    is_minimum: bool = False

    def read(self, node: Node, problems: list[Problem]) -> Located[WrittenVersion] | None:
        """The build."""
        if isinstance(node, Scalar) and node.kind == "text" and parse_version(node.text) is None:
            free = parse_free_build(node.text.strip())
            if free is not None:
                return Located(WrittenVersion(node.text.strip(), free), node.at)
        return VersionShape(self.what, self.is_minimum).read(node, problems)

    def schema(self) -> Schema:
        """A string of numbers."""
        return VersionShape(self.what).schema()


class LevelShape(NamedTuple):
    """A level as people write it; a short form such as a bare service pack is allowed."""

    what: str = 'a level such as "5.5 SP3", or SP3'

    def read(self, node: Node, problems: list[Problem]) -> Located[WrittenLevel] | None:
        """The level, not yet looked up."""
        text = TextShape(self.what, _is_level).read(node, problems)
        if text is None:
            return None
        plain = without_quotes(text.value)
        parsed = None if plain else read_any_level(text.value)
        if parsed is None:
            hint = 'write it as "5.5", 5.5 SP3, SP3, 2019 CU14 or SE RTM'
            if plain and _is_level(plain):
                hint = f"write {flow(Scalar(plain, 'text', text.at))}, without typographic quotes"
            problems.append(
                Problem(text.at, f"{in_quotes(text.value)} is not a level", self.what, hint, "wrong-value")
            )
            return None
        return Located(WrittenLevel(text.value, parsed), text.at)

    def schema(self) -> Schema:
        """A string that begins with something else than white space and typographic quotes."""
        return {"type": "string", "pattern": r"^\s*[^\s\u00ab\u00bb\u2018-\u201f\u2039\u203a]"}


class MomentShape(NamedTuple):
    """A modified time in ISO 8601; YAML's own timestamps are taken as written."""

    what: str = 'a time such as "2000-03-14T18:00"'

    def read(self, node: Node, problems: list[Problem]) -> Located[WrittenMoment] | None:
        """The time."""
        moment = parse_moment(node.text) if isinstance(node, Scalar) else None
        if not isinstance(node, Scalar) or moment is None:
            hint = 'write it as "2000-03-14T18:00", or as "2000-03-14" for any time of the day'
            problems.append(wrong(node, self.what, hint))
            return None
        return Located(WrittenMoment(node.text, moment), node.at)

    def schema(self) -> Schema:
        """A string that starts with a date."""
        return {"type": "string", "pattern": "^\\s*[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"}


class DateShape(NamedTuple):
    """A day; YAML's own timestamps are taken as written."""

    what: str = "a date such as 2024-03-12"

    def read(self, node: Node, problems: list[Problem]) -> Located[date] | None:
        """The day."""
        day = _date(node.text.strip()) if isinstance(node, Scalar) else None
        if day is not None:
            return Located(day, node.at)
        problems.append(wrong(node, self.what, "write the year, the month and the day, as in 2024-03-12"))
        return None

    def schema(self) -> Schema:
        """A string that is a date."""
        return {"type": "string", "pattern": rf"^\s*{_DATE.pattern}\s*$"}


_DATE = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:  # such as 31 June
        return None


class DurationShape(NamedTuple):
    """A length of time."""

    what: str = "a length of time such as 90s, 10m, 2h or 1d"

    def read(self, node: Node, problems: list[Problem]) -> Located[float] | None:
        """The length in seconds."""
        seconds = parse_duration(node.text) if isinstance(node, Scalar) else None
        if seconds is None:
            problems.append(wrong(node, self.what, "write a number and one of s, m, h, d"))
            return None
        return Located(seconds, node.at)

    def schema(self) -> Schema:
        """A string of a number and a unit."""
        return {"type": "string", "pattern": f"^{DURATION}$"}


class FormatShape(NamedTuple):
    """The version of the format."""

    what: str = "1, the version of the format"

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The version."""
        if isinstance(node, Scalar) and node.text == "1":
            return Located(node.text, node.at)
        problems.append(wrong(node, self.what, "write needfix: 1, or use a newer needfix"))
        return None

    def schema(self) -> Schema:
        """The number 1."""
        return {"const": 1}


class PathShape(NamedTuple):
    """A path on a server. A control character in it comes from a backslash in double quotes."""

    what: str

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The path."""
        text = TextShape(self.what).read(node, problems)
        if text is None or text.value.isprintable() or not re.search(_CONTROL, text.value):
            return text
        what = f"{in_quotes(text.value)} has a control character"
        hint = r"write it in single quotes, 'C:\folder': in double quotes a backslash starts an escape"
        problems.append(Problem(node.at, what, self.what, hint, "wrong-value"))
        return None

    def schema(self) -> Schema:
        """A string without control characters."""
        return {"type": "string", "pattern": r"^(?=\s*\S)\s*[^\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*$"}


class IdShape(NamedTuple):
    """An id: a word without spaces. `signs` may stand in it beside dots, hyphens and underscores.

    Ids `of_articles` are those of a vendor's knowledge base, of which people write only the number.
    """

    what: str
    signs: str = ""
    of_articles: bool = False

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The id."""
        is_number = self.of_articles and isinstance(node, Scalar) and node.kind == "number"
        article = as_knowledge_base(node.text) if is_number and isinstance(node, Scalar) else None
        if article:
            problems.append(wrong(node, self.what, f"write {article}, as the vendor's article is called"))
            return None
        text = TextShape(self.what, self._accepts).read(node, problems)
        if text is None or self._accepts(text.value):
            return text
        colons = " colons," if ":" in self.signs else ""
        plain = without_quotes(text.value)
        hint = f"use only letters, digits, dots,{colons} hyphens and underscores"
        if plain and self._accepts(plain):
            hint = f"write {flow(Scalar(plain, 'text', node.at))}, without typographic quotes"
        problems.append(wrong(node, self.what, hint))
        return None

    def _accepts(self, text: str) -> bool:
        return re.fullmatch(self._pattern, text) is not None

    def schema(self) -> Schema:
        """A string without spaces."""
        return {"type": "string", "pattern": f"^{self._pattern}$"}

    @property
    def _pattern(self) -> str:
        return f"[A-Za-z0-9][A-Za-z0-9._{self.signs}-]{{0,99}}"


def _is_version(text: str) -> bool:
    return parse_version(text) is not None


def _is_level(text: str) -> bool:
    return read_any_level(text) is not None


_VERSION_PATTERN = (
    r"^\s*(?:[Vv][A-Za-z]*\.?\s*)?[0-9]{1,18}(?:\s*[.,]\s*[0-9]{1,18}){0,9}\s*(?:$|[(,;:-]|[Bb][Uu][Ii][Ll])"
)
"""What every text that is a version matches; for editors."""

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
