"""One server and a whole catalogue: the evidence for each rule, and the outcome inferred from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from needfix.compare.affected import Assessment, assess
from needfix.compare.build_minima import ServerBuilds
from needfix.compare.files import State, of_installations, of_states
from needfix.compare.instances import Instance
from needfix.compare.registry import ServerRegistry
from needfix.compare.reported import HotfixList, ReportedSymptoms
from needfix.compare.running import Running
from needfix.compare.server_files import Measured, ServerFiles
from needfix.compare.tracked import FileCheck, FileState
from needfix.decide.checklist import RuleChecklist
from needfix.decide.engine import Engine
from needfix.decide.needs import combined
from needfix.infer.inference import Outcome, infer
from needfix.model.decision import DecisionKind
from needfix.model.evidence import Claimed, Evidence, Files, Requires, Superseded, Symptoms
from needfix.model.server import Server


class Evaluation:
    """The evidence and outcomes of one server for every rule of a catalogue, or for those in `order`."""

    def __init__(self, engine: Engine, server: Server, order: tuple[str, ...] | None = None) -> None:
        self.engine = engine
        self.server = server
        self.installed = engine.installed(server)
        self.checklist = engine.checklist(self.installed, order)
        self.symptoms = ReportedSymptoms(server, engine.telemetry)
        self.builds = ServerBuilds(engine.builds, self.installed)
        self.registry = ServerRegistry(engine.registry, server)
        has_others = bool(engine.builds.builds or engine.registry)
        self.files = ServerFiles(engine.tracked.files, server, self._measure if has_others else None)
        self.running = Running(server, self.files)
        self.hotfixes = HotfixList(server)
        self._is_silent = server.hotfixes is None and self.symptoms.say_nothing and self.running.says_nothing
        self._outcomes: dict[str, Outcome] = {}
        self._proofs: dict[tuple[str, Instance | None, bool], bool] = {}

    def _measure(self, check: FileCheck) -> Measured:
        """What is shown of the build, or the value of the registry, that a check is about."""
        return self.builds.measure(check) if check.minimum.is_build else self.registry.measure(check)

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcome for every rule that is decided."""
        if not self._outcomes:
            self.infer_all()
        return self._outcomes

    @property
    def disagreements(self) -> frozenset[str]:
        """The codes of facts that exclude each other, as far as rules can be about them."""
        of_rules = self.installed.about(self.engine.ruled_products)
        found = {*of_rules.disagreements, *(reason.code for reason in self.server.disagreements)}
        if not self.symptoms.say_nothing:
            named = self.engine.rules_by_name.named(self.hotfixes, self.symptoms)
            rules = (self.engine.catalogue.rules[one] for one in named)
            if any(self.symptoms.is_contradicted(rule, one) for rule in rules for one in rule.symptoms):
                found.add("symptom-contradicted")
        if self.registry.is_contradicted:
            found.add("registry-contradicted")
        return frozenset(found)

    def infer_all(self) -> None:
        """Decide every rule, after those that it depends on."""
        if self.checklist.closed:
            self._outcomes.update(self._not_affected())
        for checklist in self.checklist.open:
            self._outcomes[checklist.rule.id] = (
                self.deciding(checklist)[1] if checklist.also else self._outcome_of_one(checklist)
            )

    def _not_affected(self) -> Mapping[str, Outcome]:
        """The outcomes of the closed rules; only those that the server names can differ."""
        outcomes = dict.fromkeys(self.checklist.closed, not_affected("unreported", "no-list"))
        for rule_id in self.engine.rules_by_name.named(self.hotfixes, self.symptoms):
            if rule_id in outcomes:
                rule = self.engine.catalogue.rules[rule_id]
                outcomes[rule_id] = not_affected(self.symptoms.of(rule), self.hotfixes.claims(rule))
        return outcomes

    def assessment(self, rule_id: str) -> Assessment:
        """Whether a rule affects the server, and why, in the values of this server."""
        if self.checklist.here is self.installed:
            return self.checklist.assessment(rule_id)
        return assess(self.engine.catalogue.rules[rule_id], self.installed)

    def deciding(self, checklist: RuleChecklist) -> tuple[RuleChecklist, Outcome]:
        """The part of a checklist that decides, and its outcome: the worst one.

        Where the fix is present, one that may not be there asks for a restart only if every other one does.
        """
        if not checklist.also:
            return checklist, self.outcomes[checklist.rule.id]
        parts = self.parts(checklist)
        present = [pair for pair in parts if pair[1].decision == "fix-present"]
        if any(outcome.action != "restart" for _, outcome in present):
            unsure = [pair for pair in present if pair[0].affected != "yes" and pair[1].action == "restart"]
            parts = [pair for pair in parts if pair not in unsure]
        return min(parts, key=lambda pair: _badness(pair[1]))

    def parts(self, checklist: RuleChecklist) -> list[tuple[RuleChecklist, Outcome]]:
        """What is decided by itself of a checklist, each with its outcome."""
        return [(part, self._outcome_of_one(part)) for part in (checklist, *checklist.also)]

    def _outcome_of_one(self, checklist: RuleChecklist) -> Outcome:
        if not self._is_silent or not checklist.is_independent:
            return infer(self.evidence(checklist))
        files = self._files(checklist)
        outcome = checklist.silent.get(files)
        if outcome is None:
            outcome = checklist.silent[files] = infer(self._evidence(checklist, files))
        return outcome

    def evidence(self, checklist: RuleChecklist) -> Evidence:
        """The evidence for a rule. The rules that it depends on must have been decided."""
        return self._evidence(checklist, self._files(checklist))

    def _evidence(self, checklist: RuleChecklist, files: Files) -> Evidence:
        return Evidence(
            checklist.affected,
            files,
            self._requires(checklist),
            self.symptoms.of(checklist.rule),
            checklist.rule.apply,
            checklist.rule.if_missing,
            self._superseded(checklist),
            self.hotfixes.claims(checklist.rule),
            self.running.of(checklist),
            checklist.setting(files),
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
        if checklist.simple is None:
            found = of_installations(checklist.checks, self.states(checklist))
        else:
            found = of_states(self.states_of(checklist, checklist.simple))
        return "unknown" if checklist.is_unproven and found == "present" else found

    def states_of(self, checklist: RuleChecklist, checks: Iterable[FileCheck]) -> list[FileState]:
        """The states of some files for a rule, as `states` gives them."""
        of_instance = checklist.instance is not None
        found = list(map(self.files.state, checks)) if of_instance else self.files.states(checks)
        if checklist.lacks_key_files:
            return ["not-inventoried" if state == "missing" else state for state in found]
        return found

    def _requires(self, checklist: RuleChecklist) -> Requires:
        if not checklist.required_rules:
            return checklist.required_levels
        return combined([checklist.required_levels, checklist.open_needs.answer(self.required_rule)])

    def required_rule(self, rule_id: str) -> Requires:
        """Whether a required fix is there: by the rule's decision, else by the hotfix list."""
        if rule_id not in self.engine.catalogue.rules:
            return self.hotfixes.has(rule_id)
        if rule_id in self.checklist.carried:
            return "met"
        outcome = self._outcomes.get(rule_id)
        return "unknown" if outcome is None else _REQUIRED.get(outcome.decision, "unknown")

    def is_proof(self, rule_id: str, instance: Instance | None = None, *, of_files: bool = False) -> bool:
        """Whether a rule's own files, of one instance or of all, prove the fixes that it supersedes.

        A build proves them as well; those `of_files` only where key files show it.
        """
        key = rule_id, instance, of_files
        known = self._proofs.get(key)
        if known is None:
            own = self.checklist.proving.get(rule_id)
            parts = () if own is None else (own, *own.also)
            counted = [part for part in parts if instance is None or part.instance in (None, instance)]
            is_present = bool(counted) and all(self._proves(part, of_files=of_files) for part in counted)
            known = self._proofs[key] = is_present
        return known

    def _proves(self, part: RuleChecklist, *, of_files: bool) -> bool:
        if part.has_setting_alone or self._files(part) != "present":
            return False
        builds = part.builds_alone if of_files else ()
        return all(self.builds.measure(check).shown_by_files >= check.needed for check in builds)

    def provers(self, checklist: RuleChecklist) -> list[str]:
        """The rules whose own files prove that a rule's fix is present."""
        instance, of_files = checklist.instance, checklist.has_files
        return [one for one in checklist.provers if self.is_proof(one, instance, of_files=of_files)]

    def _superseded(self, checklist: RuleChecklist) -> Superseded:
        return "present" if self.provers(checklist) else "no"


_REQUIRED: Mapping[DecisionKind, Requires] = {"fix-present": "met", "fix-required": "unmet"}


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
def not_affected(symptoms: Symptoms, claimed: Claimed) -> Outcome:
    """The outcome where affected is no; nothing else in the evidence changes it."""
    return infer(
        Evidence("no", "unknown", "unknown", symptoms, "always", "not-affected", "no", claimed, "unknown")
    )
