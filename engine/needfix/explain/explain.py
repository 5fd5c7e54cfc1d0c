"""The explanation of one decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.describe import describe
from needfix.compare.registry import AskedValue, values_of_entries
from needfix.decide.arguments import checked_catalogue, checked_server
from needfix.decide.engine import Engine, engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.explain.alterations import alterations
from needfix.explain.evidence_lines import evidence_lines
from needfix.infer.inference import row_of
from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject
from needfix.model.explanation import Explanation, Line
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, Server


def explain(catalogue: Catalogue, server: Server, rule: str) -> Explanation:
    """How a server's decision for a rule came about, and what would change it.

    `rule` is an id in any spelling. Raises UsageError if it is given something else than a catalogue and a
    server, and UnknownRuleError (a KeyError) for an unknown rule.
    """
    engine = engine_of(checked_catalogue(catalogue, "explain"))
    return _explanation(engine, checked_server(server, "explain"), catalogue[rule])


def _explanation(engine: Engine, server: Server, rule: Rule) -> Explanation:
    here, rule_id = Evaluation(engine, server), rule.id
    outcome, checklist = here.outcomes[rule_id], here.checklist.rules[rule_id]
    why = reasons(here, rule_id)
    return Explanation(
        server=server.server,
        rule=rule.id,
        title=rule.title,
        decision=outcome.decision,
        action=outcome.action,
        facts=tuple(_facts(server, _Asked.of(engine.catalogue, rule))),
        asks=tuple(describe(rule)),
        evidence=tuple(evidence_lines(here, checklist, why)),
        fired=tuple(Line(name, row_of(name).sentence) for name in outcome.fired),
        reasons=why,
        alterations=alterations(here, rule_id),
    )


class _Asked(NamedTuple):
    """The names of the files that a rule compares, casefolded; of key files too where it asks for a build.

    `values` of the registry are those that it or one of its entries asks for.
    """

    rule: str
    files: frozenset[str]
    values: tuple[AskedValue, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, rule: Rule) -> _Asked:
        """What a rule asks for."""
        names = [minimum.name for fix in rule.fixes for minimum in fix.files]
        if any(fix.build is not None for fix in rule.fixes):
            names += (name for product in rule.products for name in catalogue.products[product].key_files)
        minima = (one for fix in rule.fixes for one in fix.registry)
        values = (*filter(None, map(AskedValue.of, minima)), *values_of_entries(rule))
        return cls(rule.id, frozenset(map(str.casefold, names)), values)


def _facts(server: Server, asked: _Asked) -> Iterator[Line]:
    """What the record states, key by key; of files only those that the rule names."""
    if server.at is not None:
        yield Line("from", f"{server.at}" + (f", collected {server.collected}" if server.collected else ""))
    for key, field in RECORD.fields.items():
        if field.holds is not None and not field.many:
            yield from _symptom_facts(key, field.holds, server)
        elif key in _LINES:
            yield from _LINES[key](server, asked)
        elif key not in ("server", "collected"):
            yield from _other_facts(key, getattr(server, field.attribute))


def _product_facts(server: Server, _asked: _Asked) -> Iterator[Line]:
    if server.products is None:
        yield Line("products", "not listed")
    elif not server.products:
        yield Line("products", "none (the inventory lists all products)")
    for product in server.products or ():
        stated = (f"{key} {value}" for key, value in _stated(PRODUCT, product) if key != "name")
        yield Line("product", ", ".join((product.name, *stated)))


def _stated(entry: RecordObject, model: object) -> Iterator[tuple[str, object]]:
    """The keys of an object of the record that state something."""
    pairs = ((key, getattr(model, field.attribute, None)) for key, field in entry.fields.items())
    return ((key, value) for key, value in pairs if value is not None)


def _file_facts(server: Server, asked: _Asked) -> Iterator[Line]:
    """The files that the rule compares; the others are only counted."""
    own = [copy for copy in server.files if copy.name.casefold() in asked.files]
    for copy in own:
        yield Line("file", _file(copy))
    others = len(server.files) - len(own)
    if others:
        yield Line("files", f"{others} other{'s' if others > 1 else ''}, not used by {asked.rule}")


def _file(copy: FileCopy) -> str:
    """A copy: its name and version first, and its path last."""
    first = [copy.name, copy.version or "without version"]
    shown = ("name", "version", "path")
    stated = [f"{key} {value}" for key, value in _stated(FILE, copy) if key not in shown]
    return ", ".join([*first, *stated, *([f"in {copy.path}"] if copy.path else [])])


def _service_facts(server: Server, _asked: _Asked) -> Iterator[Line]:
    if server.services:
        yield Line("services", ", ".join(f"{entry.name} {entry.state}" for entry in server.services))


def _registry_facts(server: Server, asked: _Asked) -> Iterator[Line]:
    """The values that the rule asks for; the others are only counted."""
    values = server.registry or ()
    own = [one for one in values if any(each.has(one) is not False for each in asked.values)]
    for one in own:
        shown = "without a value" if one.value is None else f"is {one.value}"
        view = f" in the view of {one.view} bits" if one.view else ""
        yield Line("registry", f"{one.path}\\{one.name} {shown}{view}")
    others = len(values) - len(own)
    if others:
        yield Line("registry", f"{others} other value{'s' if others > 1 else ''}, not used by {asked.rule}")


def _hotfix_facts(server: Server, _asked: _Asked) -> Iterator[Line]:
    if server.hotfixes is not None:
        yield Line("hotfixes", ", ".join(server.hotfixes) or "none")


def _restart_facts(server: Server, _asked: _Asked) -> Iterator[Line]:
    if server.restart_pending is not None:
        yield Line("restart", "pending" if server.restart_pending else "not pending")


def _symptom_facts(key: str, entry: RecordObject, server: Server) -> Iterator[Line]:
    for inner, ids in _stated(entry, server):
        if ids and isinstance(ids, frozenset):
            yield Line(f"{key} {inner}", ", ".join(sorted(ids)))


def _other_facts(key: str, value: object) -> Iterator[Line]:
    """A key without a line of its own in `_LINES`: long lists are counted."""
    if isinstance(value, frozenset):
        if value:
            yield Line(key, ", ".join(sorted(value)))
    elif isinstance(value, tuple):
        if value:
            yield Line(key, f"{len(value)} recorded")
    elif value is not None:
        yield Line(key, str(value))


_LINES: dict[str, Callable[[Server, _Asked], Iterator[Line]]] = {
    "products": _product_facts,
    "files": _file_facts,
    "services": _service_facts,
    "hotfixes": _hotfix_facts,
    "registry": _registry_facts,
    "restart_pending": _restart_facts,
}
"""The keys of a record that have lines of their own."""
