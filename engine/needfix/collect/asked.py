"""Gathers what the rules of a catalogue ask of a server: files, products, registry, telemetry."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from needfix.catalogue import Catalogue
from needfix.intake.registry_names import registry_key
from needfix.model.asked import Asked, AskedEvent, AskedFile, AskedName, AskedProduct, AskedValue
from needfix.model.minimum import Minimum
from needfix.model.requirement import alternatives
from needfix.model.rule import Rule
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen

_Rules = dict[str, None]
"""Ids of rules, each once, in their order."""


def asked_by(catalogue: Catalogue) -> Asked:
    """What the rules of a catalogue ask for, and the key files of its products."""
    seen = [(rule, one) for rule in catalogue for symptom in rule.symptoms for one in symptom.observe]
    return Asked(
        MappingProxyType(_files(catalogue)),
        _products(catalogue),
        _values(catalogue),
        _names((rule, one.service) for rule, one in seen if isinstance(one, ServiceSeen)),
        _events(seen),
        _names((rule, one.counter) for rule, one in seen if isinstance(one, CounterSeen)),
        tuple(dict.fromkeys(name for rule in catalogue for name in _hotfixes(rule))),
    )


def _files(catalogue: Catalogue) -> dict[str, AskedFile]:
    found: dict[str, AskedFile] = {}

    def add(name: str, **more: str | None) -> None:  # by the names of its fields
        own = found.get(name.casefold(), AskedFile(name))
        new = {key: _with(getattr(own, key), value) for key, value in more.items() if value is not None}
        found[name.casefold()] = AskedFile(**{**own._asdict(), **new})

    for rule in catalogue:
        for minimum in (one for fix in rule.fixes for one in fix.files if one.is_compared):
            by = "version" if minimum.modified is None else "modified"
            add(minimum.name, compared=by, paths=minimum.path, rules=rule.id)
    for product in catalogue.products.values():
        for name in (*product.key_files, *(name for level in product.levels for name in level.files)):
            add(name, compared="version", key_file_of=product.product)
    return dict(sorted(found.items()))


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else (*known, one)


def _products(catalogue: Catalogue) -> tuple[AskedProduct, ...]:
    found: dict[str, _Rules] = {}
    for rule in catalogue:
        for product in _products_of(rule):
            found.setdefault(product, {})[rule.id] = None
    return tuple(
        AskedProduct(
            product, known.name if (known := catalogue.products.get(product)) else product, tuple(rules)
        )
        for product, rules in found.items()
    )


def _products_of(rule: Rule) -> Iterator[str]:
    """The products that a rule concerns, has fixes for, or requires."""
    yield from (entry.product for entry in rule.every_entry)
    yield from (fix.product for fix in rule.fixes if fix.product is not None)
    required = (one for _, entry in rule.requirements for one in alternatives(entry))
    yield from (level.product for one in required if not isinstance(one, str) for level in one)


def _values(catalogue: Catalogue) -> tuple[AskedValue, ...]:
    found: dict[tuple[str, str, str | None], tuple[AskedValue, _Rules]] = {}
    for rule in catalogue:
        for minimum in _registry_of(rule):
            text, name = minimum.value_place
            key = registry_key(text)
            if key is None or minimum.registry is None:
                continue
            own = AskedValue(key.written, name, minimum.registry.view)
            same = (minimum.registry.key, minimum.registry.name, minimum.registry.view)
            found.setdefault(same, (own, {}))[1][rule.id] = None
    return tuple(own._replace(rules=tuple(rules)) for own, rules in found.values())


def _registry_of(rule: Rule) -> Iterator[Minimum]:
    yield from (value for fix in rule.fixes for value in fix.registry)
    yield from (value for entry in rule.every_entry for value in entry.registry)


def _names(named: Iterator[tuple[Rule, str]]) -> tuple[AskedName, ...]:
    found: dict[str, tuple[str, _Rules]] = {}
    for rule, name in named:
        found.setdefault(name.casefold(), (name, {}))[1][rule.id] = None
    return tuple(AskedName(name, tuple(rules)) for name, rules in found.values())


def _events(seen: list[tuple[Rule, Observation]]) -> tuple[AskedEvent, ...]:
    found: dict[AskedEvent, tuple[AskedEvent, _Rules]] = {}
    for rule, one in seen:
        if isinstance(one, EventSeen):
            own = AskedEvent(one.source, one.id, one.contains)
            folded = own._replace(source=one.source.casefold())
            found.setdefault(folded, (own, {}))[1][rule.id] = None
    return tuple(own._replace(rules=tuple(rules)) for own, rules in found.values())


def _hotfixes(rule: Rule) -> Iterator[str]:
    yield from (rule.id, *rule.updates, *rule.required_names)
