"""What one rule asks of servers with the same products."""

from __future__ import annotations

from dataclasses import dataclass, field

from needfix.compare.branches import Choice
from needfix.compare.files import InstallationChecks
from needfix.compare.tracked import Check
from needfix.infer.inference import Outcome
from needfix.model.evidence import Affected, Files, Requires
from needfix.model.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class RulePlan:
    """One rule for servers with the same products.

    `simple` holds the checks where there is only one fix to look at, which is nearly always.
    `silent` remembers outcomes of servers that tell of nothing but products and files.
    """

    rule: Rule
    affected: Affected
    choices: tuple[Choice, ...]
    checks: tuple[InstallationChecks, ...]
    simple: tuple[Check, ...] | None
    required_levels: Requires
    required_rules: tuple[str, ...]
    superseded_by: tuple[str, ...]
    silent: dict[Files, Outcome] = field(default_factory=dict)

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """What the chosen fixes ask of files, each once."""
        return tuple(dict.fromkeys(c for i in self.checks for branch in i for fix in branch for c in fix))

    @property
    def stands_alone(self) -> bool:
        """Whether no other rule's decision matters for this one."""
        return not self.required_rules and not self.superseded_by
