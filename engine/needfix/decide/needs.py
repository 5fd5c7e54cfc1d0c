"""What a rule requires on servers that are alike: settled as far as levels decide it, the rest by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.model.evidence import Requires
from needfix.model.requirement import ProductLevel, Requirement, alternatives
from needfix.model.rule import Rule

RuleAnswer = Callable[[str], Requires]
"""Whether the fix of a rule is there, or a hotfix that no rule is about."""

LevelAnswers = Mapping[tuple[ProductLevel, ...], Requires]
"""Whether required levels are reached."""


def combined(answers: Iterable[Requires]) -> Requires:
    """The answer where all must be met: unmet before unknown before met."""
    seen = set(answers)
    if "unmet" in seen:
        return "unmet"
    return "unknown" if "unknown" in seen else "met"


def any_met(answers: Iterable[Requires]) -> Requires:
    """The answer where one is enough: met before unknown before unmet."""
    seen = set(answers)
    if "met" in seen:
        return "met"
    return "unmet" if seen == {"unmet"} else "unknown"


def agreed(answers: Iterable[Requires]) -> Requires:
    """What all branches agree on that may be those of a server; met where there are none."""
    seen = set(answers) or {"met"}
    return seen.pop() if len(seen) == 1 else "unknown"


class Need(NamedTuple):
    """An entry of `requires`: the answers of its levels, and the rules of each name. One is enough."""

    entry: Requirement
    levels: tuple[Requires, ...]
    rules: tuple[tuple[str, ...], ...]

    @property
    def is_settled(self) -> bool:
        """Whether no rule has to be decided first."""
        return not self.rules or "met" in self.levels

    def answer(self, of_rule: RuleAnswer) -> Requires:
        """Whether it is there."""
        if self.is_settled:
            return any_met(self.levels)
        return any_met((*self.levels, *(combined(map(of_rule, ids)) for ids in self.rules)))


class BranchNeeds(NamedTuple):
    """What the fixes of one branch require; `name` is the branch in words."""

    name: str
    needs: tuple[Need, ...]

    def answer(self, of_rule: RuleAnswer) -> Requires:
        """Whether all of it is there."""
        return combined(need.answer(of_rule) for need in self.needs)


class Needs(NamedTuple):
    """What a rule requires, and what each of the branches does that may be those of a server."""

    of_rule: tuple[Need, ...] = ()
    of_branches: tuple[BranchNeeds, ...] = ()

    @property
    def settled(self) -> Requires:
        """What levels decide for themselves."""
        of_rule = [need.answer(_undecided) for need in self.of_rule if need.is_settled]
        of_branches = () if self._has_open_branches else self.of_branches
        return combined([*of_rule, agreed(branch.answer(_undecided) for branch in of_branches)])

    @property
    def open(self) -> Needs:
        """What depends on other rules, or on the hotfix list."""
        of_rule = tuple(need for need in self.of_rule if not need.is_settled)
        return Needs(of_rule, self.of_branches if self._has_open_branches else ())

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules and hotfixes on which it depends, each once."""
        every = chain(self.of_rule, *(branch.needs for branch in self.of_branches))
        named = (one for need in every if not need.is_settled for ids in need.rules for one in ids)
        return tuple(dict.fromkeys(named))

    def answer(self, of_rule: RuleAnswer) -> Requires:
        """Whether all of it is there, where the branches agree."""
        own = (need.answer(of_rule) for need in self.of_rule)
        return combined([*own, agreed(branch.answer(of_rule) for branch in self.of_branches)])

    @property
    def _has_open_branches(self) -> bool:
        return any(not need.is_settled for branch in self.of_branches for need in branch.needs)


def _undecided(_: str) -> Requires:
    return "unknown"


def needs_of(entries: Iterable[Requirement], levels: LevelAnswers, catalogue: Catalogue) -> Iterator[Need]:
    """The entries with what is known of their levels."""
    for entry in entries:
        named = alternatives(entry)
        rules = (catalogue.meant_by(one) or (one,) for one in named if isinstance(one, str))
        yield Need(entry, tuple(levels[one] for one in named if not isinstance(one, str)), tuple(rules))


def required_levels(rule: Rule) -> tuple[tuple[ProductLevel, ...], ...]:
    """The levels that a rule or one of its fixes requires, each once."""
    named = (one for _, entry in rule.requirements for one in alternatives(entry))
    return tuple(dict.fromkeys(one for one in named if not isinstance(one, str)))
