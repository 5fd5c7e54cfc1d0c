"""The symptoms of a server: reported as observed, reported absent, or shown by its telemetry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from needfix.compare.telemetry import Telemetry
from needfix.model.evidence import Claimed, Symptoms
from needfix.model.rule import Rule, Symptom, scope_of
from needfix.model.server import Scope, Server

_ARTICLE = re.compile(r"(?:^|\b(?:q|kb) ?)([0-9]{5,8})(?![0-9])", re.IGNORECASE | re.ASCII)


def claimed(server: Server) -> Callable[[str], Claimed]:
    """A function of a rule's id: whether the server's hotfix list names it; `KB279798` means `Q279798`."""
    if server.hotfixes is None:
        return lambda _: "no-list"
    listed = frozenset(map(normal_id, server.hotfixes))
    if not listed:
        return lambda _: "unclaimed"
    return lambda rule_id: "installed" if normal_id(rule_id) in listed else "unclaimed"


def normal_id(name: str) -> str:
    """A hotfix id in lower case; the number where it names an article (`Q279798`, `KB 279798`)."""
    match = _ARTICLE.search(name.strip())
    return match[1] if match else name.strip().casefold()


class ReportedSymptoms:
    """The symptoms of one server, rule by rule."""

    def __init__(self, server: Server, telemetry: Telemetry) -> None:
        self._complete = server.complete
        self._observed = frozenset(map(str.casefold, server.observed))
        self._absent = frozenset(map(str.casefold, server.absent))
        self._shown = telemetry.observed(server)
        scopes: frozenset[Scope] = frozenset({"symptoms", "events", "services", "counters"})
        self.say_nothing = not (server.observed or server.absent or self._shown or scopes & server.complete)

    def of(self, rule: Rule) -> Symptoms:
        """The evidence for a rule."""
        if self.say_nothing or not rule.symptoms:
            return "unreported"
        if any(self.is_observed(rule, symptom) for symptom in rule.symptoms):
            return "observed"
        return "absent" if all(self.is_absent(rule, symptom) for symptom in rule.symptoms) else "unreported"

    def observed(self, rule: Rule) -> Iterator[Symptom]:
        """The observed symptoms of a rule."""
        return (symptom for symptom in rule.symptoms if self.is_observed(rule, symptom))

    def is_observed(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether a symptom is reported as observed or shown by telemetry."""
        named = not self._observed.isdisjoint(symptom_names(rule, symptom))
        return named or self.is_shown(rule, symptom)

    def is_shown(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether telemetry shows a symptom."""
        return (rule.id, symptom.id) in self._shown

    def is_absent(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether a symptom is reported absent, or would be in a complete list if it were there."""
        if self.is_denied(rule, symptom) or "symptoms" in self._complete:
            return True
        return bool(symptom.observe) and all(scope_of(seen) in self._complete for seen in symptom.observe)

    def is_denied(self, rule: Rule, symptom: Symptom) -> bool:
        """Whether the inventory explicitly reports a symptom absent."""
        return not self._absent.isdisjoint(symptom_names(rule, symptom))


def symptom_names(rule: Rule, symptom: Symptom) -> tuple[str, str]:
    """The names of a symptom in inventories, in lower case: its id, and `rule/id`."""
    own = symptom.id.casefold()
    return own, f"{rule.id.casefold()}/{own}"
