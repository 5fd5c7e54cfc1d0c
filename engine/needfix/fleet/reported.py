"""What servers report of symptoms, telemetry and hotfixes, as rule bits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from needfix.compare.reported import SYMPTOM_SCOPES, claim_names, may_mean, symptom_names
from needfix.compare.telemetry import SymptomKey, Telemetry
from needfix.decide.checklist import RuleChecklist
from needfix.fleet.arrays import WORD, Flags, Ints, Words
from needfix.fleet.bits import width, words
from needfix.fleet.columns import lists
from needfix.fleet.facts import Batch, Statements, mask_of
from needfix.fleet.telemetry import TelemetrySymptoms, symptoms_of_telemetry
from needfix.intake.vocabularies import normal_id, says_nothing
from needfix.model.evidence import Symptoms
from needfix.model.rule import Rule
from needfix.model.symptom import Symptom, scope_of


class Hotfixes(NamedTuple):
    """The hotfixes that servers list, by the form that ids are compared in."""

    listed: Statements
    has_list: Flags
    is_whole: Flags
    """Whether the list is complete, and every entry of it says something."""

    def only(self, ids: Collection[str]) -> Hotfixes:
        """The same without entries that are none of these."""
        return self._replace(listed=self.listed.only(lambda what: what in ids))


def hotfixes(batch: Batch) -> Hotfixes:
    """The hotfix lists of a batch."""
    is_whole: Flags = (batch.reports & mask_of(["hotfixes"])) != 0
    for owners, column in batch.listed("hotfixes"):
        texts = [text or "" for text in column.values()]
        if is_whole.any():
            is_nothing = np.array([says_nothing(text) for text in texts], np.bool_)
            is_whole[owners.owners[is_nothing[column.codes]]] = False
        listed = Statements(owners.owners, column.codes, list(map(normal_id, texts)))
        return Hotfixes(listed, owners.is_stated, is_whole)
    stated = lists(batch.records, "hotfixes")
    has_list = stated.is_stated if stated is not None else np.zeros(len(batch), np.bool_)
    return Hotfixes(Statements.nothing(), has_list, is_whole)


def claimed(rules: Sequence[RuleChecklist], listed: Statements, count: int) -> Words:
    """The rules that servers of a checklist claim."""
    numbers: dict[object, list[int]] = {}
    for place, rule in enumerate(rules):
        for name in claim_names(rule.rule):
            numbers.setdefault(name, []).append(place)
    return spread(listed, count, width(len(rules)), numbers.get)


class SymptomFacts(NamedTuple):
    """All that the servers of a batch state about symptoms; `scopes` are bits in the order of SCOPES."""

    observed: Statements
    absent: Statements
    telemetry: TelemetrySymptoms
    scopes: Ints

    @classmethod
    def of(cls, batch: Batch, telemetry: Telemetry) -> SymptomFacts:
        """What the servers of a batch state; a symptom whose name says nothing may be any."""
        observed, scopes = batch.stated_symptoms("observed"), batch.reports
        unclear = observed.only(lambda what: says_nothing(what or "")).servers
        if len(unclear):
            scopes = scopes.copy()
            scopes[unclear] &= ~mask_of(["symptoms"])
        absent, shown = batch.stated_symptoms("absent"), symptoms_of_telemetry(batch, telemetry)
        return cls(observed, absent, shown, scopes)

    def has_facts(self, count: int) -> Flags:
        """The servers that state anything about symptoms."""
        found: Flags = (self.scopes & mask_of(SYMPTOM_SCOPES)) != 0
        for statements in (self.observed, self.absent, *self.telemetry):
            found[statements.servers] = True
        return found[:count]


class SymptomEvidence:
    """Works out the evidence for servers of one checklist."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._size = width(len(rules))
        pairs = [
            (place, number, rule.id, symptom)
            for place, rule in enumerate(rules)
            for number, symptom in enumerate(rule.symptoms)
        ]
        named = [(place, rules[place], symptom) for place, _, _, symptom in pairs]
        self._names, self._own_names = _by_name(named), _by_name(named, own=True)
        self._keys: dict[SymptomKey, list[int]] = {}
        for place, _, rule_id, symptom in pairs:
            self._keys.setdefault((rule_id, symptom.id), []).append(place)
        self._layers = [
            _SymptomLayer(
                [(place, rules[place], s) for place, number, _, s in pairs if number == layer], self._size
            )
            for layer in range(max((number for _, number, _, _ in pairs), default=-1) + 1)
        ]
        self._any = words((place for place, *_ in pairs), self._size)

    def of(self, reported: SymptomFacts, places: Ints, count: int) -> Mapping[Symptoms, Words]:
        """The evidence for so many servers; `places` has the row of each server of the batch, or -1."""
        named = reported.observed.of(places)
        observed = spread(named, count, self._size, self._names.get)
        observed |= spread(reported.telemetry.seen.of(places), count, self._size, self._keys.get)
        of_rule = spread(named, count, self._size, self._own_names.get)
        absent = np.broadcast_to(self._any, observed.shape)
        for layer, facts in self._of_layers(reported, places, count):
            absent = absent & (facts.denied | facts.unlisted | facts.not_shown | ~layer.has)
        return {
            "observed-for-rule": of_rule,
            "observed": observed & ~of_rule,
            "absent": absent & ~observed,
            "unreported": ~(observed | absent),
        }

    def contradicted(self, reported: SymptomFacts, places: Ints, count: int) -> Words:
        """The rules with a symptom that is observed and denied at the same time."""
        found = np.zeros((count, self._size), np.uint64)
        for _, facts in self._of_layers(reported, places, count):
            absent = facts.denied | (facts.unlisted & ~facts.named) | facts.not_shown
            found |= (facts.named | facts.seen) & absent
        return found

    def unread(self, reported: SymptomFacts, places: Ints, count: int) -> Words:
        """The rules with a symptom that a service shows or not, as its state is not understood."""
        return spread(reported.telemetry.unread.of(places), count, self._size, self._keys.get)

    def _of_layers(
        self, reported: SymptomFacts, places: Ints, count: int
    ) -> Iterator[tuple[_SymptomLayer, _LayerFacts]]:
        scopes = np.zeros(count, np.int64)
        scopes[places[places >= 0]] = reported.scopes[places >= 0]
        named, denied = reported.observed.of(places), reported.absent.of(places)
        seen, possible = reported.telemetry.seen.of(places), reported.telemetry.possible.of(places)
        for layer in self._layers:
            shown = layer.keyed(seen, count)
            silent = layer.in_scope(scopes) & ~shown & ~layer.keyed(possible, count)
            has_list = ((scopes & mask_of(["symptoms"])) != 0)[:, np.newaxis]
            unlisted = np.where(has_list, layer.has & ~layer.meant(named, count), np.uint64(0))
            yield (
                layer,
                _LayerFacts(layer.named(named, count), shown, layer.named(denied, count), unlisted, silent),
            )


class _LayerFacts(NamedTuple):
    """What servers report of one symptom of each rule.

    It is named, shown by telemetry, denied by name, not in a complete list of symptoms, or not shown by
    telemetry that is complete.
    """

    named: Words
    seen: Words
    denied: Words
    unlisted: Words
    not_shown: Words


def spread(
    statements: Statements, count: int, size: int, places_of: Callable[..., list[int] | None]
) -> Words:
    """For each server the bits of all that it states."""
    found = np.zeros((count, size), np.uint64)
    servers, places = statements.meaning(places_of)
    bits = np.uint64(1) << (places % WORD).astype(np.uint64)
    np.bitwise_or.at(found.reshape(-1), servers * size + places // WORD, bits)
    return found


class _SymptomLayer:
    """Of each rule one symptom at most."""

    def __init__(self, symptoms: Sequence[tuple[int, Rule, Symptom]], size: int) -> None:
        self._size = size
        self._symptoms = symptoms
        self._names = _by_name(symptoms)
        self._meanings: dict[str, list[int]] = {}
        self._keys = {(rule.id, symptom.id): [place] for place, rule, symptom in symptoms}
        self._by_scopes: dict[int, Words] = {}
        self.has = words((place for place, *_ in symptoms), size)

    def named(self, names: Statements, count: int) -> Words:
        """The symptoms that servers name."""
        return spread(names, count, self._size, self._names.get)

    def meant(self, names: Statements, count: int) -> Words:
        """The symptoms that servers most likely mean by ids that no symptom has."""
        return spread(names, count, self._size, self._meant_by)

    def _meant_by(self, name: str | None) -> list[int]:
        if not name or name in self._names:
            return []
        if name not in self._meanings:
            found = [place for place, rule, symptom in self._symptoms if may_mean(name, rule, symptom)]
            self._meanings[name] = found
        return self._meanings[name]

    def keyed(self, shown: Statements, count: int) -> Words:
        """The symptoms among those that telemetry shows."""
        return spread(shown, count, self._size, self._keys.get)

    def in_scope(self, scopes: Ints) -> Words:
        """The symptoms that telemetry would show, as servers list all that can show them."""
        found = np.zeros((len(scopes), self._size), np.uint64)
        for mask in np.unique(scopes).tolist():
            found[scopes == mask] = self._with_scopes(mask)
        return found

    def _with_scopes(self, mask: int) -> Words:
        if mask not in self._by_scopes:
            within = (place for place, _, symptom in self._symptoms if _is_within(symptom, mask))
            self._by_scopes[mask] = words(within, self._size)
        return self._by_scopes[mask]


def _is_within(symptom: Symptom, mask: int) -> bool:
    needed = mask_of(scope_of(seen) for seen in symptom.observe)
    return bool(symptom.observe) and mask & needed == needed


def _by_name(symptoms: Iterable[tuple[int, Rule, Symptom]], *, own: bool = False) -> dict[str, list[int]]:
    """The rules that each name of a symptom belongs to; `own` names are those for one rule."""
    found: dict[str, list[int]] = {}
    for place, rule, symptom in symptoms:
        for name in symptom_names(rule, symptom)[own:]:
            found.setdefault(name, []).append(place)
    return found
