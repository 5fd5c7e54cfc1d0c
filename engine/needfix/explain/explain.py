"""The explanation of one decision."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.describe import describe
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.explain.alterations import alterations
from needfix.explain.evidence_lines import evidence_lines
from needfix.infer.inference import row_of
from needfix.model.explanation import Explanation, Line
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, InstalledProduct, Server


def explain(catalogue: Catalogue, server: Server, rule_id: str) -> Explanation:
    """How a server's decision for a rule came about. Raises KeyError for an unknown rule."""
    here = Evaluation(engine_of(catalogue), server)
    rule = catalogue.rules[rule_id]
    outcome, checklist = here.outcomes[rule_id], here.checklist.rules[rule_id]
    told = reasons(here, checklist)
    return Explanation(
        server=server.server,
        rule=rule.id,
        title=rule.title,
        decision=outcome.decision,
        action=outcome.action,
        facts=tuple(_facts(server, rule)),
        asks=tuple(describe(rule)),
        evidence=tuple(evidence_lines(here, checklist, told)),
        fired=tuple(Line(name, row_of(name).sentence) for name in outcome.fired),
        reasons=told,
        alterations=alterations(here, rule_id),
    )


def _facts(server: Server, rule: Rule) -> Iterator[Line]:
    if server.at is not None:
        yield Line("from", f"{server.at}" + (f", collected {server.collected}" if server.collected else ""))
    if server.products is None:
        yield Line("products", "not listed")
    for product in server.products or ():
        yield Line("product", _product(product))
    if server.products == ():
        yield Line("products", "none, by a list that is whole")
    yield from _file_facts(server, rule)
    if server.complete:
        yield Line("complete", ", ".join(sorted(server.complete)))
    yield from _telemetry_facts(server)
    if server.hotfixes is not None:
        yield Line("hotfixes", ", ".join(server.hotfixes) or "none")
    if server.restart_pending is not None:
        yield Line("restart", "pending" if server.restart_pending else "not pending")


def _product(product: InstalledProduct) -> str:
    keys = ("level", "build", "edition", "language", "platform")
    stated = (f"{key} {value}" for key in keys if (value := getattr(product, key)))
    return ", ".join((product.name, *stated))


def _file_facts(server: Server, rule: Rule) -> Iterator[Line]:
    """The files that the rule speaks of; the others are only counted."""
    wanted = {minimum.name.casefold() for fix in rule.fixes for minimum in fix.files}
    own = [copy for copy in server.files if copy.name.casefold() in wanted]
    for copy in own:
        yield Line("file", _file(copy))
    others = len(server.files) - len(own)
    if others:
        yield Line("files", f"{others} others, of no concern to {rule.id}")


def _file(copy: FileCopy) -> str:
    stated = [copy.name, copy.version or "without version"]
    stated += [f"modified {copy.modified}"] if copy.modified else []
    stated += [f"loaded {copy.loaded}"] if copy.loaded else []
    stated += [f"in {copy.path}"] if copy.path else []
    return ", ".join(stated)


def _telemetry_facts(server: Server) -> Iterator[Line]:
    named = (("observed", server.observed), ("absent", server.absent))
    yield from (Line(f"symptoms {key}", ", ".join(sorted(ids))) for key, ids in named if ids)
    counted = (("events", server.events), ("counters", server.counters))
    yield from (Line(key, f"{len(entries)} recorded") for key, entries in counted if entries)
    if server.services:
        yield Line("services", ", ".join(f"{entry.name} {entry.state}" for entry in server.services))
