"""The only place that decides: the table of decisions as a durable-rules network over evidence.

Rows are tried in the order written. Of DECISIONS, and of ACTIONS for the decision made, the first
that holds counts; every row of REMARKS that holds adds its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from needfix.errors import InferenceError
from needfix.infer.network import Network, NetworkRule
from needfix.model.decision import ACTIONS as ALL_ACTIONS
from needfix.model.decision import DECISIONS as ALL_DECISIONS
from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import DOMAIN, Evidence


class Row(NamedTuple):
    """If the evidence equals `when` and the decision `needs` was made, then `then` holds."""

    name: str
    when: Mapping[str, str]
    then: str
    needs: str | None = None

    @property
    def sentence(self) -> str:
        """The row as a sentence: `files = outdated → fix-required`."""
        tests = [self.needs] if self.needs else []
        tests += [f"{key.replace('_', '-')} = {value}" for key, value in self.when.items()]
        return f"{' and '.join(tests)} → {self.then}"


DECISIONS = (
    Row("not-affected", {"affected": "no"}, "not-affected"),
    Row("facts-exclude-each-other", {"affected": "contradicted"}, "undetermined"),
    Row("files-present", {"files": "present"}, "fix-present"),
    Row("contained-in-present-fix", {"superseded": "present"}, "fix-present"),
    Row("component-not-installed", {"files": "absent", "if_missing": "not-affected"}, "not-affected"),
    Row("affected-unknown", {"affected": "unknown"}, "undetermined"),
    Row("files-outdated", {"files": "outdated"}, "fix-required"),
    Row("files-partial", {"files": "partial"}, "fix-required"),
    Row("missing-files-required", {"files": "absent"}, "fix-required"),
    Row("files-unknown", {"files": "unknown"}, "undetermined"),
    Row("no-branch", {"files": "no-branch"}, "undetermined"),
)

_CLAIMED = {"claimed": "installed"}
_IF_SYMPTOMS = {"apply": "if-symptoms"}
_RESTART_DUE = {**_CLAIMED, "running": "pending"}
ACTIONS = (
    Row("old-module-runs", {"running": "old"}, "restart", "fix-present"),
    Row("restart-is-due", {"running": "pending"}, "restart", "fix-present"),
    Row("symptom-despite-fix", {"symptoms": "observed"}, "investigate", "fix-present"),
    Row("own-symptom-despite-fix", {"symptoms": "observed-for-rule"}, "investigate", "fix-present"),
    Row("setting-needed", {"setting": "needed"}, "investigate", "fix-present"),
    Row("nothing-to-do", {}, "none", "fix-present"),
    Row("claimed-and-restart-pending", _RESTART_DUE, "restart", "fix-required"),
    Row("no-symptoms", {**_IF_SYMPTOMS, "symptoms": "absent"}, "wait", "fix-required"),
    Row(
        "symptoms-unreported", {**_IF_SYMPTOMS, "symptoms": "unreported"}, "confirm-symptoms", "fix-required"
    ),
    Row("requires-unmet", {"requires": "unmet"}, "upgrade-first", "fix-required"),
    Row("apply-fix", {}, "apply", "fix-required"),
    Row("claimed-all-the-same", _CLAIMED, "investigate", "not-affected"),
    Row("symptom-all-the-same", {"symptoms": "observed-for-rule"}, "investigate", "not-affected"),
    Row("not-concerned", {}, "none", "not-affected"),
    Row("facts-missing", {}, "investigate", "undetermined"),
)

_ABSENT = {**_CLAIMED, "files": "absent"}
REMARKS = (
    Row("remark-symptom", {"symptoms": "observed"}, "symptom-despite-fix", "fix-present"),
    Row("remark-own-symptom", {"symptoms": "observed-for-rule"}, "symptom-despite-fix", "fix-present"),
    Row("remark-setting", {"setting": "needed"}, "needs-setting", "fix-present"),
    Row("remark-symptom-against", {"symptoms": "observed"}, "symptom-observed", "not-affected"),
    Row("remark-own-symptom-against", {"symptoms": "observed-for-rule"}, "symptom-observed", "not-affected"),
    Row("remark-restart", _RESTART_DUE, "restart-pending", "fix-required"),
    Row("remark-requires", {"requires": "unmet"}, "requires-unmet", "fix-required"),
    Row("remark-requires-unknown", {"requires": "unknown"}, "requires-unknown", "fix-required"),
    Row(
        "remark-claim-outdated", {**_CLAIMED, "files": "outdated"}, "claimed-but-files-older", "fix-required"
    ),
    Row("remark-claim-partial", {**_CLAIMED, "files": "partial"}, "claimed-but-files-older", "fix-required"),
    Row("remark-claim-missing", _ABSENT, "claimed-but-files-missing", "fix-required"),
    Row(
        "remark-claim-no-component",
        {**_ABSENT, "affected": "yes"},
        "claimed-but-files-missing",
        "not-affected",
    ),
    Row(
        "remark-claim-no-component-perhaps",
        {**_ABSENT, "affected": "unknown"},
        "claimed-but-files-missing",
        "not-affected",
    ),
    Row(
        "remark-claim-not-affected",
        {**_CLAIMED, "affected": "no"},
        "claimed-but-not-affected",
        "not-affected",
    ),
    Row("remark-claim-unproved", _CLAIMED, "claimed-but-unproved", "undetermined"),
)


class Outcome(NamedTuple):
    """What was inferred: the decision, the action, remarks as reason codes, and the rows that fired."""

    decision: DecisionKind
    action: Action
    remarks: tuple[str, ...]
    fired: tuple[str, ...]


_REMEMBERED: dict[Evidence, Outcome] = {}


def infer(evidence: Evidence) -> Outcome:
    """The decision for a piece of evidence. Each distinct evidence is inferred once per process."""
    outcome = _REMEMBERED.get(evidence)
    if outcome is None:
        outcome = _REMEMBERED[evidence] = infer_anew(evidence)
    return outcome


def infer_anew(evidence: Evidence) -> Outcome:
    """The decision for a piece of evidence, always through the network.

    Raises InferenceError if a value is outside its domain or no decision is inferred.
    """
    fact = evidence._asdict()
    if any(value not in DOMAIN[key] for key, value in fact.items()):
        raise InferenceError(f"this is not evidence: {evidence}")
    chain = _Chain()
    _network().run([{"kind": "evidence", **fact}], chain.conclude)
    return chain.outcome()


class _Chain:
    """Collects the rows that fire; of DECISIONS and of ACTIONS only the first counts."""

    def __init__(self) -> None:
        self._decision: str | None = None
        self._action: str | None = None
        self._remarks: list[str] = []
        self._fired: list[str] = []

    def conclude(self, name: str) -> Iterator[str]:
        row, rows = _rows()[name]
        if rows is DECISIONS and self._decision is None:
            self._decision = row.then
            self._fired.append(name)
            yield row.then
        elif rows is ACTIONS and self._action is None:
            self._action = row.then
            self._fired.append(name)
        elif rows is REMARKS:
            self._remarks.append(row.then)
            self._fired.append(name)

    def outcome(self) -> Outcome:
        if self._decision not in ALL_DECISIONS or self._action not in ALL_ACTIONS:
            raise InferenceError(f"no decision was inferred; fired: {self._fired}")
        remarks = tuple(dict.fromkeys(self._remarks))
        return Outcome(self._decision, self._action, remarks, tuple(self._fired))


def row_of(name: str) -> Row:
    """The row with this name."""
    return _rows()[name][0]


@cache
def _rows() -> dict[str, tuple[Row, tuple[Row, ...]]]:
    return {row.name: (row, rows) for rows in (DECISIONS, ACTIONS, REMARKS) for row in rows}


@cache
def _network() -> Network:
    rules = [
        NetworkRule(row.name, {"kind": "evidence", **row.when}, (row.needs,) if row.needs else ())
        for row, _ in _rows().values()
    ]
    return Network(rules, findings=ALL_DECISIONS)
