"""What the rules of a catalogue ask of a server: files, products, values of the registry, telemetry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from needfix.catalogue import Catalogue
from needfix.intake.registry_names import registry_key
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, Rule, alternatives
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen


@dataclass(slots=True)
class AskedFile:
    """A file: the rules that compare it and by what, the products whose level it shows, and its folders."""

    name: str
    compared: set[str] = field(default_factory=set)
    paths: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    key_file_of: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class AskedFact:
    """Anything else: what it is called, and the rules that ask for it."""

    name: str
    detail: str = ""
    rules: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A value of the registry: its key by the short name of the root, its name, and its view if any."""

    key: str
    name: str
    view: str | None


@dataclass(slots=True)
class Asked:
    """Everything that a catalogue asks for, each by its name without case."""

    files: dict[str, AskedFile] = field(default_factory=dict)
    products: dict[str, AskedFact] = field(default_factory=dict)
    values: dict[AskedValue, AskedFact] = field(default_factory=dict)
    services: dict[str, AskedFact] = field(default_factory=dict)
    events: dict[tuple[str, int | None, str | None], AskedFact] = field(default_factory=dict)
    counters: dict[str, AskedFact] = field(default_factory=dict)
    hotfixes: dict[str, None] = field(default_factory=dict)

    @property
    def folders(self) -> frozenset[str]:
        """The names of folders in paths of files that rules ask for, without case; they may be patterns."""
        parts = (
            part.strip().casefold()
            for file in self.files.values()
            for path in file.paths
            for part in path.replace("/", "\\").split("\\")
        )
        return frozenset(part for part in parts if part and part != "*")


def asked_by(catalogue: Catalogue) -> Asked:
    """What the rules of a catalogue ask for, and the key files of its products."""
    found = Asked()
    for rule in catalogue:
        _add_rule(found, catalogue, rule)
    for product in catalogue.products.values():
        shown_by = (*product.key_files, *(name for level in product.levels for name in level.files))
        for name in shown_by:
            _file(found, name).key_file_of[product.product] = None
    return found


def _add_rule(found: Asked, catalogue: Catalogue, rule: Rule) -> None:
    for product in _products(rule):
        known = catalogue.products.get(product)
        name = known.name if known is not None else product
        found.products.setdefault(product, AskedFact(name)).rules[rule.id] = None
    for minimum in _minima(rule):
        if minimum.registry is not None:
            _add_value(found, rule, minimum)
        elif minimum.is_file and minimum.is_compared:
            file = _file(found, minimum.name)
            file.rules[rule.id] = None
            file.compared.add("modified" if minimum.modified is not None else "version")
            if minimum.path is not None:
                file.paths[minimum.path] = None
    _add_symptoms(found, rule)
    found.hotfixes.update(dict.fromkeys((rule.id, *rule.updates, *rule.required_names)))


def _products(rule: Rule) -> Iterator[str]:
    yield from (entry.product for entry in rule.every_entry)
    yield from (fix.product for fix in rule.fixes if fix.product is not None)
    for _, entry in rule.requirements:
        for one in alternatives(entry):
            if not isinstance(one, str):
                yield from (level.product for level in one)


def _minima(rule: Rule) -> Iterator[Minimum]:
    for fix in rule.fixes:
        yield from fix.files
        yield from fix.registry
    entries: Iterable[Affects] = rule.every_entry
    yield from (value for entry in entries for value in entry.registry)


def _add_value(found: Asked, rule: Rule, minimum: Minimum) -> None:
    text, name = minimum.value_place
    key = registry_key(text)
    if key is None or minimum.registry is None:
        return
    asked = AskedValue(key.written, name, minimum.registry.view)
    same = next((own for own in found.values if _same(own, asked)), asked)
    found.values.setdefault(same, AskedFact(f"{key.written}\\{name}")).rules[rule.id] = None


def _same(one: AskedValue, other: AskedValue) -> bool:
    texts = ((own.key.casefold(), own.name.casefold(), own.view) for own in (one, other))
    return next(texts) == next(texts)


def _add_symptoms(found: Asked, rule: Rule) -> None:
    for symptom in rule.symptoms:
        for seen in symptom.observe:
            _seen(found, seen).rules[rule.id] = None


def _seen(found: Asked, seen: Observation) -> AskedFact:
    """What an observation asks for."""
    match seen:
        case EventSeen(source, number, contains):
            detail = " ".join(filter(None, (str(number or ""), contains and f"with {contains!r}")))
            fact = AskedFact(source, detail)
            return found.events.setdefault((source.casefold(), number, contains), fact)
        case ServiceSeen(name, state):
            return found.services.setdefault(name.casefold(), AskedFact(name, state))
        case CounterSeen(name):
            return found.counters.setdefault(name.casefold(), AskedFact(name))


def _file(found: Asked, name: str) -> AskedFile:
    return found.files.setdefault(name.casefold(), AskedFile(name))
