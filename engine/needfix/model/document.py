"""The document of a run, as reports read it: a header, servers with their decisions, and one summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from needfix.errors import Position, UnknownRuleError
from needfix.model.decision import ACTIONS, DECISIONS, Action, Decision, DecisionKind, check_words
from needfix.model.note import Note, united
from needfix.model.reason_codes import FACTS_THAT_DISAGREE
from needfix.model.value import ReadOnlyDict
from needfix.printable import json_text

FORMAT = 1
"""While this number stays, keys are only added, and codes, words and columns keep their meaning."""

BUSIEST = 10
"""The number of servers that a summary lists."""

Counts = Mapping[tuple[DecisionKind, Action], int]


class RuleText(NamedTuple):
    """The texts of a rule, and its place. `symptoms` are texts by their ids."""

    id: str
    title: str
    products: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    symptoms: Mapping[str, str] = MappingProxyType({})
    at: Position | None = None

    def as_dict(self) -> dict[str, object]:
        """The rule as in the header of JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "products": list(self.products),
            "references": list(self.references),
            "components": list(self.components),
            "symptoms": [{"id": name, "text": text} for name, text in self.symptoms.items()],
            "file": self.at.file if self.at else None,
            "line": self.at.line if self.at else None,
        }


class Header(NamedTuple):
    """What was run: the version of needfix, the digest of the catalogue, the inventories as they were named.

    `rules` are the selected rules by id, in the order of the catalogue. `started` is in UTC.
    """

    needfix: str
    catalogue: str
    inventories: tuple[str, ...]
    started: datetime
    rules: Mapping[str, RuleText]

    def as_dict(self) -> dict[str, object]:
        """The header as in JSON."""
        return {
            "format": FORMAT,
            "needfix": self.needfix,
            "catalogue": self.catalogue,
            "started": self.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "inventories": list(self.inventories),
            "rules": [rule.as_dict() for rule in self.rules.values()],
        }

    def as_metadata(self, notes: Iterable[Note] | None = None) -> str:
        """The header of decisions in columns: JSON without the rules, with notes where they are known."""
        found = {key: value for key, value in self.as_dict().items() if key != "rules"}
        return json_text(found if notes is None else {**found, "notes": [note.as_dict() for note in notes]})


class ServerDecisions(NamedTuple):
    """The selected decisions for one server, at least one, and the place of its record."""

    server: str
    collected: str | None
    at: Position | None
    decisions: Sequence[Decision]


class ArrowRows(NamedTuple):
    """Decisions as batches with the columns of `needfix.fleet.DECISIONS_SCHEMA`, and their schema."""

    schema: Any
    batches: Iterator[Any]


class ServerLoad(NamedTuple):
    """A server and the number of rules that are fix-required on it."""

    server: str
    required: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts by rule, decision and action, and the busiest servers: those with the most fixes required.

    `servers` is the number of servers decided. `rules` has for each rule the number of servers by
    decision and action, and `total` the sums over all rules. `most_laden` lists the busiest servers,
    at most BUSIEST. `bad_records` is the number of records that could not be evaluated. `contradictions`
    has the number of servers by the codes of facts that exclude each other. `notes` are about what was not
    read, understood or counted; they do not matter where summaries are compared.
    """

    servers: int
    rules: Mapping[str, Counts]
    most_laden: tuple[ServerLoad, ...] = ()
    bad_records: int = 0
    contradictions: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = field(default=(), compare=False)
    total: Counts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rules = {rule: ReadOnlyDict(counts) for rule, counts in self.rules.items()}
        object.__setattr__(self, "rules", ReadOnlyDict(rules))
        own = {code: self.contradictions[code] for code in FACTS_THAT_DISAGREE if code in self.contradictions}
        object.__setattr__(self, "contradictions", ReadOnlyDict(own))
        object.__setattr__(self, "total", ReadOnlyDict(_added(*self.rules.values())))

    def __add__(self, other: Summary) -> Summary:
        """The sum of two summaries of the same rules and of different servers."""
        rules = {rule: _added(self.rules.get(rule, {}), own) for rule, own in other.rules.items()}
        loads = sorted([*self.most_laden, *other.most_laden], key=lambda load: (-load.required, load.server))
        return Summary(
            self.servers + other.servers,
            {**self.rules, **rules},
            tuple(loads[:BUSIEST]),
            self.bad_records + other.bad_records,
            Counter(self.contradictions) + Counter(other.contradictions),
            united((*self.notes, *other.notes)),
        )

    def decided(self, decision: DecisionKind, rule: str | None = None) -> int:
        """The number of decisions of a kind, for all rules or for one, whose id is without case.

        Raises UsageError for a word that is not a decision, and UnknownRuleError for an unknown rule.
        """
        check_words([decision], DECISIONS, "decision")
        return sum(count for (kind, _), count in self._counts(rule).items() if kind == decision)

    def to_do(self, action: Action, rule: str | None = None) -> int:
        """The number of decisions with an action, for all rules or for one, whose id is without case.

        Raises UsageError for a word that is not an action, and UnknownRuleError for an unknown rule.
        """
        check_words([action], ACTIONS, "action")
        return sum(count for (_, own), count in self._counts(rule).items() if own == action)

    def _counts(self, rule: str | None) -> Counts:
        if rule is None:
            return self.total
        known = rule if rule in self.rules else _without_case(rule, self.rules)
        if known is None:
            raise UnknownRuleError(f"there is no rule {rule!r} in this summary")
        return self.rules[known]

    def rules_by_need(self) -> list[str]:
        """The ids of the rules that are fix-required on any server, those required by most servers first."""
        needed = {rule: self.decided("fix-required", rule) for rule in self.rules}
        return sorted((rule for rule in needed if needed[rule]), key=lambda rule: (-needed[rule], rule))

    def totals(self) -> dict[str, object]:
        """The totals at the end of a JSON report of decisions."""
        return {
            "servers": self.servers,
            "decisions": {kind: self.decided(kind) for kind in DECISIONS},
            "actions": {action: self.to_do(action) for action in ACTIONS},
            "bad_records": self.bad_records,
            "contradictions": dict(self.contradictions),
            "notes": [note.as_dict() for note in self.notes],
        }

    def as_dict(self) -> dict[str, object]:
        """The summary as `summary-json` writes it: every count, and the busiest servers."""
        return {
            **self.totals(),
            "rules": [
                {"rule": rule, "decision": decision, "action": action, "servers": count}
                for rule, counts in self.rules.items()
                for (decision, action), count in counts.items()
                if count
            ],
            "most_laden": [load._asdict() for load in self.most_laden],
        }


def _without_case(rule: str, rules: Iterable[str]) -> str | None:
    return next((own for own in rules if own.casefold() == rule.strip().casefold()), None)


def _added(*counts: Counts) -> Counts:
    found: dict[tuple[DecisionKind, Action], int] = {}
    for own in counts:
        for outcome, count in own.items():
            found[outcome] = found.get(outcome, 0) + count
    return found


class RunDocument(Protocol):
    """A run from which a report is written while it continues.

    A report iterates over `servers` or over `batches`, once, or over neither if it only needs
    the summary.
    """

    @property
    def header(self) -> Header:
        """What was run."""

    @property
    def rules(self) -> Mapping[str, RuleText]:
        """The rules of the header, without computing the rest of it."""

    def servers(self) -> Iterator[ServerDecisions]:
        """The servers with any of the selected decisions, as they are decided."""

    def batches(self) -> ArrowRows:
        """The selected decisions as Arrow batches, as they are decided."""

    def summary(self) -> Summary:
        """Counts over all servers, with or without selected decisions."""
