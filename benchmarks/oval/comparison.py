"""Decisions of needfix beside those of oscap over the same export, and what explains the differences.

OVAL may know less than needfix, never more: a difference is explained where oscap leaves a decision open
because a fact that the definitions ask for is not among those that OVAL sees.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.oval.analyse import Oscap
from needfix import DecisionKind, Level, Server
from needfix.catalogue.assemble import superseding
from needfix.exporting.oval import Export
from needfix.exporting.oval.criteria import tests_of
from needfix.exporting.oval.objects import PLATFORM, Object
from needfix.exporting.oval.observed import Observed, Observer

Decisions = Mapping[str, DecisionKind]

KINDS = {
    "facts-disagree": "facts that OVAL does not see contradict a key file or a build",
    "level-not-listed": "no key file or value shows the level: needfix has it from the list of products, or "
    "decides without it",
    "platform-not-stated": "the platform is not stated; needfix compares the fixes of every platform",
    "file-not-listed": "a file of the fix is not listed, or one of its copies states nothing",
    "version-not-shown": "a version cannot be read, is cut short, or is of another numbering",
    "level-of-no-range": "a key file or a build is in no level's range; needfix decides without a level",
    "several-levels": "key files or a build belong to several levels; needfix decides where these agree, or "
    "knows the level from the list of products",
}
"""What explains a difference, the first that holds."""

OF_SOUND = ("facts-disagree", "platform-not-stated", "several-levels")
"""What may explain a difference on a server without odd facts."""


class Unexplained(NamedTuple):
    """A decision that nothing explains."""

    server: Server
    rule: str
    needfix: DecisionKind
    oscap: DecisionKind

    def __str__(self) -> str:
        record = json.dumps(self.server.as_record())
        return f"{self.rule}: needfix {self.needfix}, oscap {self.oscap}\n{record}"


@dataclass(slots=True)
class Comparison:
    """How many decisions were compared, and the differences by kind."""

    decisions: int = 0
    agreed: Counter[DecisionKind] = field(default_factory=Counter)
    explained: Counter[tuple[str, DecisionKind]] = field(default_factory=Counter)
    unexplained: list[Unexplained] = field(default_factory=list)

    def add(self, other: Comparison) -> None:
        """Count what another one counted, too."""
        self.decisions += other.decisions
        self.agreed += other.agreed
        self.explained += other.explained
        self.unexplained += other.unexplained


class Comparer:
    """Compares servers one by one."""

    def __init__(self, export: Export, oscap: Oscap) -> None:
        self._export = export
        self._oscap = oscap
        self._observer = Observer(export)
        newer = superseding(export.catalogue.superseded_by)
        own = {one.rule.id: frozenset(test.object for test in tests_of(one.own)) for one in export.rules}
        self._objects = {
            one.rule.id: frozenset(
                test.object for asked in (one.required, one.present) for test in tests_of(asked)
            ).union(*(own[other] for other in newer.get(one.rule.id, ())))
            for one in export.rules
            if one.rule.id in export.chosen
        }
        self._sources = {source.object: source for every in export.sources.values() for source in every}

    def compare(self, server: Server, of_needfix: Decisions, *, is_sound: bool) -> Comparison:
        """Compare all decisions on a server."""
        of_oscap = self._oscap.decisions(server)
        seen = dict(self._observer.observed(server))
        found = Comparison(len(of_oscap))
        for rule, decision in of_oscap.items():
            if decision == of_needfix[rule]:
                found.agreed[decision] += 1
                continue
            why = self._why(rule, seen) if decision == "undetermined" else None
            if why is None or (is_sound and why not in OF_SOUND):
                found.unexplained.append(Unexplained(server, rule, of_needfix[rule], decision))
            else:
                found.explained[why, of_needfix[rule]] += 1
        return found

    def _why(self, rule: str, seen: Mapping[Object, Observed]) -> str | None:
        """The first kind that holds for the objects of a rule."""
        kinds: set[str | None] = set()
        levels: dict[str, set[Level]] = {}
        for own in self._objects[rule]:
            found, source = seen[own], self._sources.get(own)
            kinds.add(self._kind(own, found))
            if source is not None:
                every = [source.levels(item.version or item.value or "") for item in found.items]
                if any(one is None or one.is_open or not one.levels for one in every):
                    kinds.add("level-of-no-range")
                shown = (level for one in every if one is not None for level in one.levels)
                levels.setdefault(source.product.product, set()).update(shown)
        if any(len(own) > 1 for own in levels.values()):
            kinds.add("several-levels")
        return next((kind for kind in KINDS if kind in kinds), None)

    def _kind(self, own: Object, found: Observed) -> str | None:
        """What of an object OVAL does not see."""
        if found.flag == "error":
            return "facts-disagree"
        if found.flag == "not collected":
            is_level = own in self._sources
            return "platform-not-stated" if own == PLATFORM else _NOT_LISTED[is_level]
        if any(item.version is None and item.value is None and item.modified is None for item in found.items):
            return "version-not-shown"
        return None


_NOT_LISTED = {True: "level-not-listed", False: "file-not-listed"}


def lines(compared: Comparison) -> Iterator[str]:
    """A table in Markdown."""
    agreed = ", ".join(f"{count} {decision}" for decision, count in sorted(compared.agreed.items()))
    yield f"{compared.decisions} decisions: {sum(compared.agreed.values())} agree ({agreed}),"
    yield f"{sum(compared.explained.values())} are open for oscap with an explanation, "
    yield f"{len(compared.unexplained)} differ without one\n"
    yield "| why oscap leaves it open | needfix | decisions |"
    yield "|---|---|---:|"
    for (why, decision), count in sorted(compared.explained.items()):
        yield f"| {why} | {decision} | {count} |"
    yield ""
    yield from (
        f"- {kind}: {words}."
        for kind, words in KINDS.items()
        if any(kind == why for why, _ in compared.explained)
    )
