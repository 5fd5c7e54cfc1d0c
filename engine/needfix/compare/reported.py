"""What a server reports: symptoms, by name or by its telemetry, and its list of hotfixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from needfix.compare.telemetry import Telemetry
from needfix.intake.near import nearest
from needfix.intake.vocabularies import normal_id, says_nothing, service_state
from needfix.model.evidence import Claimed, Requires, Symptoms
from needfix.model.rule import Rule
from needfix.model.server import SCOPES, Scope, Server, ServiceState
from needfix.model.symptom import ServiceSeen, Symptom, scope_of


class HotfixList:
    """The hotfixes that a server lists as installed; `KB279798` means `Q279798`."""

    def __init__(self, server: Server) -> None:
        self._has_list = server.hotfixes is not None
        self.ids = frozenset(map(normal_id, server.hotfixes or ()))
        self._is_whole = server.reports("hotfixes") and not any(map(says_nothing, server.hotfixes or ()))

    def claims(self, rule: Rule) -> Claimed:
        """Whether the list names a rule, by its id or by one of its updates."""
        if not self._has_list:
            return "no-list"
        return "installed" if self.ids and self.claimed_as(rule) is not None else "unclaimed"

    def claimed_as(self, rule: Rule) -> str | None:
        """The id or the update, as the rule writes it, by which the list names a rule; its id first."""
        if normal_id(rule.id) in self.ids:
            return rule.id
        return next((update for update in rule.updates if normal_id(update) in self.ids), None)

    def has(self, hotfix: str) -> Requires:
        """Whether a hotfix is there of which nothing else is known."""
        if normal_id(hotfix) in self.ids:
            return "met"
        return "unmet" if self._is_whole else "unknown"


def _whole_lists(server: Server) -> frozenset[Scope]:
    """The scopes that a server lists in full; a symptom whose name says nothing may be any."""
    found = frozenset(filter(server.reports, server.complete))
    is_unclear = "symptoms" in found and any(map(says_nothing, server.observed or ()))
    return found - {"symptoms"} if is_unclear else found


class ReportedSymptoms:
    """The symptoms of one server, rule by rule."""

    def __init__(self, server: Server, telemetry: Telemetry) -> None:
        self._reports = _whole_lists(server) if server.complete else frozenset()
        self.names = frozenset(map(str.casefold, server.observed or ()))
        self._absent = frozenset(map(str.casefold, server.absent or ()))
        self._services = server.services or ()
        self.shown = telemetry.shown(server)
        complete = self._reports.intersection(SYMPTOM_SCOPES)
        self.say_nothing = not (self.names or self._absent or self.shown.seen or complete)

    def of(self, rule: Rule) -> Symptoms:
        """The evidence for a rule."""
        if self.say_nothing or not rule.symptoms:
            return "unreported"
        if any(not self.names.isdisjoint(symptom_names(rule, one)[1:]) for one in rule.symptoms):
            return "observed-for-rule"
        if any(self.is_observed(rule, symptom) for symptom in rule.symptoms):
            return "observed"
        return "absent" if all(self.is_absent(rule, symptom) for symptom in rule.symptoms) else "unreported"

    def observed(self, rule: Rule) -> Iterator[Symptom]:
        """The observed symptoms of a rule."""
        return (symptom for symptom in rule.symptoms if self.is_observed(rule, symptom))

    def is_observed(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether a symptom is reported as observed or shown by telemetry."""
        return self._is_named(rule, symptom) or self.is_shown(rule, symptom)

    def is_shown(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether telemetry shows a symptom."""
        return (rule.id, symptom.id) in self.shown.seen

    def is_absent(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether a symptom is reported absent, or would be in a complete list if it were there."""
        listed = "symptoms" in self._reports and not self._is_named(rule, symptom)
        listed = listed and not any(may_mean(name, rule, symptom) for name in self.names)
        return self.is_denied(rule, symptom) or listed or self._is_not_shown(rule, symptom)

    def is_contradicted(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether a symptom is observed, and denied by the same record."""
        return self.is_observed(rule, symptom) and self.is_absent(rule, symptom)

    def is_denied(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether the inventory explicitly reports a symptom absent."""
        return not self._absent.isdisjoint(symptom_names(rule, symptom))

    def unread_states(self, rule: Rule) -> Iterator[ServiceState]:
        """The services that may show a symptom of a rule, and whose state is not understood."""
        if not self.shown.unread:
            return
        watched = {
            seen.service.casefold()
            for symptom in rule.symptoms
            if (rule.id, symptom.id) in self.shown.unread
            for seen in symptom.observe
            if isinstance(seen, ServiceSeen)
        }
        for entry in self._services:
            if entry.name.casefold() in watched and service_state(entry.state) is None:
                yield entry

    def _is_named(self, rule: Rule, symptom: Symptom) -> bool:
        return not self.names.isdisjoint(symptom_names(rule, symptom))

    def _is_not_shown(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether telemetry that is complete neither shows a symptom nor may show it."""
        if not symptom.observe or not self._reports.issuperset(map(scope_of, symptom.observe)):
            return False
        key = rule.id, symptom.id
        return key not in self.shown.seen and key not in self.shown.possible


class RulesByName:
    """The rules that hotfix lists and symptoms can name."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._claims: dict[str, list[str]] = {}
        self._symptoms: dict[str, list[str]] = {}
        for rule in rules:
            for claimed in claim_names(rule):
                self._claims.setdefault(claimed, []).append(rule.id)
            for symptom in rule.symptoms:
                for name in symptom_names(rule, symptom):
                    self._symptoms.setdefault(name, []).append(rule.id)

    def named(self, hotfixes: HotfixList, symptoms: ReportedSymptoms) -> frozenset[str]:
        """The rules that a server claims, and those of which it shows a symptom."""
        if not (hotfixes.ids or symptoms.names or symptoms.shown.seen):
            return frozenset()
        claimed = (rule for own in hotfixes.ids for rule in self._claims.get(own, ()))
        observed = (rule for own in symptoms.names for rule in self._symptoms.get(own, ()))
        return frozenset((*claimed, *observed, *(rule for rule, _ in symptoms.shown.seen)))


def claim_names(rule: Rule) -> frozenset[str]:
    """The names under which a hotfix list may claim a rule, in the form that they are compared in."""
    return frozenset(map(normal_id, (rule.id, *rule.updates)))


SYMPTOM_SCOPES = tuple(scope for scope in SCOPES if scope in ("symptoms", "events", "services", "counters"))


def symptom_names(rule: Rule, symptom: Symptom) -> tuple[str, ...]:
    """The names of a symptom in inventories, in lower case: its id, then `rule/id` in each spelling."""
    return _symptom_names(rule.id, symptom.id)


def may_mean(name: str, rule: Rule, symptom: Symptom) -> bool:
    """Whether an id that is none of a rule's symptoms was most likely meant to be one of them.

    It resembles the symptom's, or names the rule; so the list in which it is does not say that the symptom is
    not there.
    """
    before, stroke, own = name.rpartition("/")
    if own in {one.id.casefold() for one in rule.symptoms}:
        return False
    if stroke or normal_id(own) == normal_id(rule.id):
        return normal_id(before or own) == normal_id(rule.id)
    return _resembles(own, symptom.id.casefold())


@lru_cache(maxsize=1 << 16)
def _resembles(own: str, symptom_id: str) -> bool:
    alike = _SIGNS.sub("", own) == _SIGNS.sub("", symptom_id)
    return alike or nearest(own, (symptom_id,)) is not None


_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=1 << 14)
def _symptom_names(rule_id: str, symptom_id: str) -> tuple[str, ...]:
    own, number = symptom_id.casefold(), normal_id(rule_id)
    letters = ("q", "kb", "") if number.isdecimal() else ()
    spellings = (rule_id.casefold(), *(f"{before}{number}" for before in letters))
    return own, *dict.fromkeys(f"{spelling}/{own}" for spelling in spellings)
