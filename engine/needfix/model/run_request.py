"""The request of a run: inventories, the selection of decisions, the handling of bad records, a cluster."""

from __future__ import annotations

from typing import BinaryIO, Literal, NamedTuple

from needfix.errors import Problem
from needfix.model.decision import ACTIONS, DECISIONS, Action, Decision, DecisionKind
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.server import is_called


class Selection(NamedTuple):
    """Selects decisions. `rules` and `servers` None mean all of them.

    Servers and rules that are not selected are not counted; decisions and actions only select what
    is shown. `servers` are names or patterns with `*` and `?`, whose case does not matter.
    """

    rules: tuple[str, ...] | None = None
    servers: tuple[str, ...] | None = None
    decisions: tuple[DecisionKind, ...] = DECISIONS
    actions: tuple[Action, ...] = ACTIONS

    def has_rule(self, rule_id: str) -> bool:
        """Whether a rule, by its id as the catalogue has it, is selected."""
        return self.rules is None or rule_id in self.rules

    def has_server(self, name: str) -> bool:
        """Whether a server is selected."""
        return self.servers is None or any(is_called(name, pattern) for pattern in self.servers)

    @property
    def shows_all(self) -> bool:
        """Whether every decision of a selected rule is shown."""
        return self.decisions == DECISIONS and self.actions == ACTIONS

    def shows(self, decision: Decision) -> bool:
        """Whether a decision of a selected rule is shown."""
        return decision.decision in self.decisions and decision.action in self.actions


Repeated = Literal["stop", "refuse", "unite"]
"""What becomes of several records of one server.

`stop`: the first counts, and each further one is a problem that stops the run, in one pass. `refuse`: none
of them counts, and those after the first are problems. `unite`: they become one server. These two take two
passes.
"""


class RunRequest(NamedTuple):
    """A run: `inventories` are files, folders or patterns, `-` is standard input, read from `stdin` if given.

    Bad records end a run without a result; with `keep_going` the good records are decided. In a run that
    `is_strict`, records of which there is anything to note are bad.
    `files` are the files that the inventories name, once they are known, and `problems` those of folders
    that the run goes on without. With `join` several records of one server are united; else they are bad.
    `options` are what is stated of the inventories beside their content.
    """

    inventories: tuple[str, ...]
    selection: Selection = Selection()
    keep_going: bool = False
    stdin: BinaryIO | None = None
    files: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    is_strict: bool = False
    join: bool = False
    options: InventoryOptions = STATED_BY_FILES

    @property
    def repeated(self) -> Repeated:
        """What becomes of several records of one server."""
        if self.join:
            return "unite"
        return "refuse" if self.keep_going else "stop"

    @property
    def names(self) -> tuple[str, ...]:
        """The files, or the inventories as they were named where the files are not known."""
        return self.inventories if self.files is None else self.files


class Cluster(NamedTuple):
    """A Spark cluster by its master, and the folder to write decisions to in Parquet, if any."""

    master: str
    folder: str | None = None
