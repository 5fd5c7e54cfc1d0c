"""Shipped rules and levels as the comparison reads them: from YAML, without needfix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

PRODUCT = "exchange-server"
RULES = "exchange-5.5"
"""The folder of the rules that are translated: those of later versions state what OVAL compares otherwise."""
_TO_ACTIONS = ("symptoms", "requires", "apply")
"""Keys of rules that lead to actions, and never change a decision."""
_RULE_KEYS = frozenset(
    {"needfix", "id", "title", "product", "affects", "fixes", "references", "lint", "mutation", "cases"}
).union(_TO_ACTIONS)
"""Keys that a rule may have."""
_FIX_KEYS = frozenset({"component", "language", "platform", "files"})

Version = tuple[int, ...]


class UnsupportedRuleError(Exception):
    """A rule says something that the translation has no words for."""


class Level(NamedTuple):
    """A level, and the builds from its own up to, and without, the end."""

    name: str
    begin: Version
    end: Version

    def holds(self, version: Version) -> bool:
        """Whether a build is one of this level."""
        return self.begin <= version < self.end

    @property
    def line(self) -> str:
        """The version whose level it is: 5.5 of 5.5 SP4."""
        return self.name.split()[0]


class Fix(NamedTuple):
    """The minima of a fix by file, and the platform that it is for, if not for any."""

    platform: str | None
    minima: Mapping[str, str]


class Rule(NamedTuple):
    """A rule: the names of its affected levels, and its fixes, one a platform."""

    id: str
    levels: tuple[str, ...]
    fixes: tuple[Fix, ...]

    @property
    def minima(self) -> dict[str, list[str]]:
        """By file the minima of all fixes."""
        found: dict[str, list[str]] = {}
        for name, minimum in (pair for fix in self.fixes for pair in fix.minima.items()):
            found.setdefault(name, []).append(minimum)
        return found


@dataclass(frozen=True, slots=True)
class Shipped:
    """Levels in order, the key file of those of 5.5, and all rules by id."""

    names: frozenset[str]
    levels: tuple[Level, ...]
    key_file: str
    rules: tuple[Rule, ...]

    def level_of(self, version: Version) -> Level | None:
        """The level that a build or a key file shows."""
        return next((level for level in self.levels if level.holds(version)), None)

    def level_named(self, name: str | None) -> Level | None:
        """The level of a name, if it has that."""
        return next((level for level in self.levels if level.name == name), None)


def read(folder: Path) -> Shipped:
    """The rules for Exchange 5.5 below a folder of rules, and the levels of the product."""
    product = yaml.safe_load((folder / "products" / f"{PRODUCT}.yaml").read_text(encoding="utf-8"))
    first = product["key_files"][0]
    key_file = first["name"] if isinstance(first, dict) else first
    levels = tuple(_levels(product["levels"]))
    order = [level.name for level in levels]
    texts = (path.read_text(encoding="utf-8") for path in sorted((folder / RULES).glob("*.yaml")))
    rules = [_rule(yaml.safe_load(text), order, product["shorthand"]) for text in texts]
    names = frozenset(name for name in (product["name"], *product["aliases"]) if "*" not in name)
    return Shipped(names, levels, key_file, tuple(sorted(rules, key=lambda rule: rule.id)))


def _levels(entries: Iterable[Mapping[str, str]]) -> Iterable[Level]:
    """A level's builds run up to the next level's, and only while their first two numbers are its own."""
    found = [(entry["level"], parsed(entry["build"])) for entry in entries]
    for place, (name, begin) in enumerate(found):
        end = (begin[0], begin[1] + 1)
        later = [other for _, other in found[place + 1 : place + 2]]
        yield Level(name, begin, min([end, *later]))


def parsed(text: str) -> Version:
    """The numbers of a version."""
    return tuple(map(int, text.split(".")))


def _rule(rule: Mapping[str, Any], order: list[str], shorthand: str) -> Rule:
    if odd := rule.keys() - _RULE_KEYS:
        raise UnsupportedRuleError(f"{rule['id']} has {', '.join(sorted(odd))}, which is not translated")
    fixes = tuple(_fix(rule["id"], fix) for fix in rule["fixes"])
    if len({fix.platform for fix in fixes}) < len(fixes):
        raise UnsupportedRuleError(f"{rule['id']} has several components, which are not translated")
    return Rule(rule["id"], tuple(_affected(rule["affects"], order, shorthand)), fixes)


def _fix(rule: str, fix: Mapping[str, Any]) -> Fix:
    odd = fix.keys() - _FIX_KEYS | {key for own in fix["files"].values() for key in own} - {"version"}
    if odd:
        raise UnsupportedRuleError(f"{rule} has a fix with {', '.join(sorted(odd))}, which is not translated")
    return Fix(fix.get("platform"), {name: own["version"] for name, own in fix["files"].items() if own})


def _affected(entries: Any, order: list[str], shorthand: str) -> Iterable[str]:  # noqa: ANN401 - as YAML has it
    for entry in [entries] if isinstance(entries, dict) else entries:
        if isinstance(entry, dict):
            begin, end = (order.index(_whole(entry[key], shorthand)) for key in ("from", "to"))
            yield from order[begin : end + 1]
        else:
            yield _whole(entry, shorthand)


def _whole(level: str, shorthand: str) -> str:
    return f"{shorthand} {level}" if level.startswith("SP") else level
