"""One server and a whole catalogue: the evidence for each rule, and the outcome inferred from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from needfix.compare.files import State, of_installations, of_states
from needfix.compare.reported import ReportedSymptoms, claimed
from needfix.compare.running import Running
from needfix.compare.tracked import FileCheck, FileState, ServerFiles
from needfix.decide.checklist import RuleChecklist, combined
from needfix.decide.engine import Engine
from needfix.infer.inference import Outcome, infer
from needfix.model.evidence import Evidence, Files, Requires, Superseded
from needfix.model.server import Server


class Evaluation:
    """The evidence and outcomes of one server for every rule of a catalogue."""

    def __init__(self, engine: Engine, server: Server) -> None:
        self.engine = engine
        self.server = server
        self.installed = engine.installed(server)
        self.checklist = engine.checklist(self.installed)
        self.symptoms = ReportedSymptoms(server, engine.telemetry)
        self.files = ServerFiles(engine.tracked.files, server)
        self.running = Running(server, self.files)
        self._claimed = claimed(server)
        self._is_silent = server.hotfixes is None and self.symptoms.say_nothing and self.running.says_nothing
        self._outcomes: dict[str, Outcome] = {}

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcome for every rule."""
        if not self._outcomes:
            self.infer_all()
        return self._outcomes

    def infer_all(self) -> None:
        """Decide every rule, after those that it depends on."""
        self._outcomes.update(dict.fromkeys(self.checklist.closed, _not_affected()))
        for checklist in self.checklist.open:
            self._outcomes[checklist.rule.id] = self._outcome(checklist)

    def _outcome(self, checklist: RuleChecklist) -> Outcome:
        return self.deciding(checklist)[1] if checklist.also else self._outcome_of_one(checklist)

    def deciding(self, checklist: RuleChecklist) -> tuple[RuleChecklist, Outcome]:
        """The part of a checklist that decides, and its outcome: the worst one."""
        parts = [(part, self._outcome_of_one(part)) for part in (checklist, *checklist.also)]
        return min(parts, key=lambda pair: _badness(pair[1]))

    def _outcome_of_one(self, checklist: RuleChecklist) -> Outcome:
        if not self._is_silent or not checklist.is_independent:
            return infer(self.evidence(checklist))
        files = self._files(checklist)
        outcome = checklist.silent.get(files)
        if outcome is None:
            outcome = checklist.silent[files] = infer(self.evidence(checklist))
        return outcome

    def evidence(self, checklist: RuleChecklist) -> Evidence:
        """The evidence for a rule. The rules that it depends on must have been decided."""
        return Evidence(
            checklist.affected,
            self._files(checklist),
            self._requires(checklist),
            self.symptoms.of(checklist.rule),
            checklist.rule.apply,
            checklist.rule.if_missing,
            self._superseded(checklist),
            self._claimed(checklist.rule.id),
            self.running.of(checklist),
        )

    def is_present(self, rule_id: str) -> bool:
        """Whether a rule was decided as fix-present."""
        outcome = self._outcomes.get(rule_id)
        return outcome is not None and outcome.decision == "fix-present"

    def states(self, checklist: RuleChecklist) -> State:
        """The states of files for a rule: a list of files that is not believed shows no absence."""
        return self._believed if checklist.lacks_key_files else self.files.state

    def _believed(self, check: FileCheck) -> FileState:
        state = self.files.state(check)
        return "not-inventoried" if state == "missing" else state

    def _files(self, checklist: RuleChecklist) -> Files:
        if checklist.simple is not None:
            state = self.files.state
            return of_states([state(check) for check in checklist.simple])
        found = of_installations(checklist.checks, self.states(checklist))
        return "unknown" if checklist.is_unproven and found == "present" else found

    def _requires(self, checklist: RuleChecklist) -> Requires:
        if not checklist.required_rules:
            return checklist.required_levels
        return combined([checklist.required_levels, *map(self.required_rule, checklist.required_rules)])

    def required_rule(self, rule_id: str) -> Requires:
        """Whether the fix of a required rule is present; unknown where nothing decides that."""
        outcome = self._outcomes.get(rule_id)
        if outcome is None or outcome.decision == "undetermined":
            return "unknown"
        return "met" if outcome.decision == "fix-present" else "unmet"

    def _superseded(self, checklist: RuleChecklist) -> Superseded:
        return "present" if any(map(self.is_present, checklist.superseded_by)) else "no"


def _badness(outcome: Outcome) -> tuple[int, int]:
    return _WORST_FIRST.index(outcome.decision), _CAREFUL_FIRST.index(outcome.action)


_WORST_FIRST = ("fix-required", "undetermined", "fix-present", "not-affected")
_CAREFUL_FIRST = (
    "restart", "investigate", "wait", "confirm-symptoms", "upgrade-first", "apply", "none",
)  # fmt: skip


def decided(engine: Engine, server: Server) -> Evaluation:
    """The evaluation of a server, with every outcome inferred."""
    here = Evaluation(engine, server)
    here.infer_all()
    return here


@cache
def _not_affected() -> Outcome:
    """The outcome where affected is no; nothing else in the evidence changes it."""
    evidence = Evidence(
        "no", "unknown", "unknown", "unreported", "always", "not-affected", "no", "no-list", "unknown"
    )
    return infer(evidence)
