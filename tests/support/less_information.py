"""The law that less information never makes an answer safer, in its five clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from needfix.cases.plain.symptoms import symptoms
from needfix.catalogue import Catalogue
from needfix.model.decision import Action, DecisionKind
from needfix.model.rule import Rule
from needfix.model.server import Server
from tests.support.leaving_out import Change, Kind, about, degraded, editions_stated, products_listed


class Answer(NamedTuple):
    """What is decided for one rule, with the codes of its reasons."""

    decision: DecisionKind
    action: Action
    codes: frozenset[str]


Answers = Mapping[str, Answer]
Decider = Callable[[Catalogue, Sequence[Server]], list[Answers]]
"""Decides servers, each by itself."""


class Violation(NamedTuple):
    """A rule for which a server with less information has an answer that the law forbids."""

    clause: int
    rule: str
    before: Answer
    after: Answer
    server: Server
    degraded: Server
    changes: tuple[str, ...]


_LEVEL: frozenset[Kind] = frozenset({"products", "name", "level", "build", "key-file"})
"""What shows a level."""

_GONE: Mapping[str, frozenset[Kind]] = {
    "level-contradicted": _LEVEL,
    "product-contradicted": frozenset({"products", "name", "key-file"}),
    "edition-contradicted": frozenset({"products", "name", "edition"}),
    "file-newer-than-level": _LEVEL,
    "platform-differs": frozenset({"products", "name", "platform", "key-file"}),
    "key-file-missing": frozenset({"products", "name", "file", "key-file"}),
    "build-differs": _LEVEL,
    "registry-contradicted": frozenset({"registry"}),
    "no-branch": _LEVEL | {"edition", "platform", "language"},
}
"""The ways in which facts disagree that decide, and what kinds of facts those are."""

_LEVELS_DIFFER = frozenset({
    "file-newer-than-level", "level-contradicted", "product-contradicted", "edition-contradicted",
})  # fmt: skip
"""What may leave the answer open whether a level carries the fix: contradictions of another product's too."""


class Pair(NamedTuple):
    """The answers of a rule before and after facts are left out."""

    catalogue: Catalogue
    rule: Rule
    server: Server
    changes: tuple[Change, ...]
    before: Answers
    after: Answers

    @property
    def was(self) -> Answer:
        """The answer before."""
        return self.before[self.rule.id]

    @property
    def now(self) -> Answer:
        """The answer after."""
        return self.after[self.rule.id]

    def has_fewer_disagreements(
        self, codes: Iterable[str] = tuple(_GONE), others: Iterable[Rule] = ()
    ) -> bool:
        """Whether facts disagreed about the rule, or one of the others, and one of them is gone."""
        disagreed = [
            (rule, code) for rule in (self.rule, *others) for code in set(codes) & self.before[rule.id].codes
        ]
        return any(
            change.kind in _GONE[code]
            and (change.about & about(self.catalogue, rule) or code == "product-contradicted")
            for rule, code in disagreed
            for change in self.changes
        )

    @property
    def has_lost_what_showed_a_symptom(self) -> bool:
        """Whether one scope showed a symptom that another one denies, and a fact about symptoms is gone."""
        is_gone = any(change.kind == "symptom" for change in self.changes)
        return is_gone and "symptom-contradicted" in self.was.codes

    @property
    def has_lost_what_showed_the_product(self) -> bool:
        """Whether a fact that showed product, level or edition is gone."""
        own = about(self.catalogue, self.rule)
        kinds = _LEVEL | {"edition"} | self.asked
        return any(change.kind in kinds and (change.about | change.opens) & own for change in self.changes)

    @property
    def is_of_several(self) -> bool:
        """Whether the rule is decided for several products, or for several entries of the products list."""
        listed = products_listed(self.catalogue, self.server)
        return len(self.rule.products) > 1 or sum(one in self.rule.products for one in listed) > 1

    @property
    def is_above_a_version(self) -> bool:
        """Whether the rule asks for more than a version, which one that is cut short may be.

        2.4.1 is above 2.4, and cut short it is 2.4.
        """
        minima = (minimum for fix in self.rule.fixes for minimum in fix.minima)
        kinds = {change.kind for change in self.changes}
        return any(one.above is not None for one in minima) and bool(kinds & {"build", "key-file", "value"})

    @property
    def is_beyond_a_range(self) -> bool:
        """Whether a version beyond the last affected build was cut short, and may be that build now."""
        builds = (one.builds for entry in self.rule.affects for one in (entry, *entry.beside))
        kinds = {change.kind for change in self.changes}
        is_named = any(
            own is not None and own.beyond is not None and own.beyond.above is not None for own in builds
        )
        return is_named and bool(kinds & {"build", "key-file"})

    @property
    def asked(self) -> frozenset[Kind]:
        """The kinds of facts that entries ask for beside product, level and edition."""
        entries = [one for entry in self.rule.affects for one in (entry, *entry.beside)]
        platforms: set[Kind] = {"platform", "key-file"} if any(one.platform for one in entries) else set()
        values: set[Kind] = {"registry"} if any(one.registry for one in entries) else set()
        return frozenset(
            platforms | values | ({"language"} if any(one.language for one in entries) else set())
        )

    @property
    def has_lost_a_separate_edition(self) -> bool:
        """Whether an edition with files of its own was stated of a product, and is gone.

        The rule has an entry without edition for the product.
        """
        entries = {entry.product for entry in self.rule.affects if entry.edition is None}
        stated = editions_stated(self.catalogue, self.server, separate=True) & entries
        return any(change.takes_edition and change.about & stated for change in self.changes)


def violations(pair: Pair) -> Iterator[int]:
    """The clauses that do not hold."""
    match pair.was.decision:
        case "fix-required":
            if not _may_follow_fix_required(pair):
                yield 1
        case "fix-present":
            if not _may_follow_fix_present(pair):
                yield 2
        case "not-affected":
            if not _may_follow_not_affected(pair):
                yield 3
        case "undetermined":
            if not _may_follow_undetermined(pair):
                yield 4
    if pair.was.decision == pair.now.decision and not _may_follow_the_action(pair):
        yield 5


def _may_follow_fix_required(pair: Pair) -> bool:
    return pair.now.decision in ("fix-required", "undetermined") or _is_proved_by_another(pair)


def _is_proved_by_another(pair: Pair) -> bool:
    """The exception: facts disagreed, and what is left of them proves a superseding fix."""
    is_superseded = pair.now.decision == "fix-present" and "superseded-present" in pair.now.codes
    return is_superseded and pair.has_fewer_disagreements(others=superseding(pair.catalogue, pair.rule))


def _may_follow_fix_present(pair: Pair) -> bool:
    if pair.now.decision in ("fix-present", "undetermined"):
        return True
    was_superseded = "superseded-present" in pair.was.codes and "superseded-present" not in pair.now.codes
    asked = (
        {"platform-differs", "build-differs", "registry-contradicted"}
        if any(one.has_conditions for one in pair.rule.affects)
        else ()
    )
    levels_differed = pair.has_fewer_disagreements(_LEVELS_DIFFER | frozenset(asked))
    was_lower = pair.now.decision == "fix-required" and pair.is_above_a_version
    return was_superseded or was_lower or (pair.now.decision == "not-affected" and levels_differed)


def _may_follow_not_affected(pair: Pair) -> bool:
    if pair.now.decision in ("not-affected", "undetermined") or pair.has_lost_a_separate_edition:
        return True
    if _is_proved_by_another(pair):
        return True
    if pair.is_beyond_a_range and pair.now.decision == "fix-required":
        return True
    # The files prove the fix, or one that contains it.
    return pair.now.decision == "fix-present" and pair.has_lost_what_showed_the_product


def _may_follow_undetermined(pair: Pair) -> bool:
    if pair.now.decision == "undetermined" or pair.has_fewer_disagreements() or _is_proved_by_another(pair):
        return True
    if pair.now.decision == "fix-required" and (pair.is_above_a_version or pair.is_beyond_a_range):
        return True
    # One product may stay undetermined, while another one is fix-required by clause 2 or 3, which is worse.
    # Of installations in folders of their own, one may have been proved by a superseding fix.
    is_worse = pair.now.decision == "fix-required" and pair.is_of_several
    has_folders = any(entry.path for entry in pair.server.products or ())
    was_superseded = has_folders and bool(superseding(pair.catalogue, pair.rule))
    return is_worse and (pair.has_lost_a_separate_edition or was_superseded)


def _may_follow_the_action(pair: Pair) -> bool:
    was, now = pair.was.action, pair.now.action
    if pair.was.decision == "fix-required":
        # A restart comes before waiting.
        were_absent = was == "wait" or (was == "restart" and symptoms(pair.rule, pair.server) == "absent")
        return now != "none" and (now != "wait" or were_absent or pair.has_lost_what_showed_a_symptom)
    if pair.was.decision == "fix-present":
        return now != "restart" or was == "restart" or pair.has_fewer_disagreements()
    return True


def superseding(catalogue: Catalogue, rule: Rule) -> list[Rule]:
    """The rules that supersede a rule, directly or through others."""
    found: dict[str, Rule] = {}
    waiting = [rule.id]
    while waiting:
        for newer in catalogue.superseded_by.get(waiting.pop(), ()):
            if newer not in found:
                found[newer] = catalogue.rules[newer]
                waiting.append(newer)
    return list(found.values())


class Group(NamedTuple):
    """A server, and the same with facts left out."""

    server: Server
    less: Sequence[tuple[tuple[Change, ...], Server]]


def groups_of(catalogue: Catalogue, servers: Iterable[Server], random: Random) -> list[Group]:
    """Each server with one unit left out after the other, and with several at once."""
    return [Group(server, list(degraded(catalogue, server, random))) for server in servers]


def check(catalogue: Catalogue, groups: Sequence[Group], decider: Decider) -> Iterator[Violation]:
    """What violates the law among servers and the same with facts left out."""
    every = [server for group in groups for server in (group.server, *(one for _, one in group.less))]
    answers = iter(decider(catalogue, every))
    for group in groups:
        before = next(answers)
        for changes, one in group.less:
            after = next(answers)
            for rule in catalogue:
                if before[rule.id] != after[rule.id]:
                    pair = Pair(catalogue, rule, group.server, changes, before, after)
                    names = tuple(change.name for change in changes)
                    for clause in violations(pair):
                        yield Violation(clause, rule.id, pair.was, pair.now, group.server, one, names)
