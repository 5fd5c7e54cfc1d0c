"""The explanation of one decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.catalogue import Catalogue
from needfix.decide.alterations import alterations
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.inference import row_of
from needfix.model.evidence import Evidence
from needfix.model.explanation import Explanation, Line
from needfix.model.rule import Affects, Fix, Minimum, Rule
from needfix.model.server import FileCopy, InstalledProduct, Server


def explain(catalogue: Catalogue, server: Server, rule_id: str) -> Explanation:
    """How a server's decision for a rule came about. Raises KeyError for an unknown rule."""
    here = Evaluation(engine_of(catalogue), server)
    rule = catalogue.rules[rule_id]
    outcome = here.outcomes[rule_id]
    evidence = here.evidence(here.plan.rules[rule_id])
    return Explanation(
        server=server.server,
        rule=rule.id,
        title=rule.title,
        decision=outcome.decision,
        action=outcome.action,
        facts=tuple(_facts(server, rule)),
        asks=tuple(_asks(rule)),
        evidence=_evidence(evidence),
        fired=tuple(Line(name, row_of(name).sentence) for name in outcome.fired),
        reasons=here.reasons(rule_id),
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


def _asks(rule: Rule) -> Iterator[Line]:
    if rule.at is not None:
        yield Line("from", str(rule.at))
    yield from (Line("affects", _affected(entry)) for entry in rule.affects)
    yield from (Line("fix", _fix(fix)) for fix in rule.fixes)
    yield Line("apply", rule.apply)
    yield from (Line("symptom", f"{symptom.id}: {symptom.text}") for symptom in rule.symptoms)
    for entry in rule.requires:
        named = entry if isinstance(entry, str) else " or ".join(f"{e.product} {e.level}" for e in entry)
        yield Line("requires", named)
    yield from (Line("supersedes", older) for older in rule.supersedes)
    yield from (Line("corrected in", f"{mark.product} {mark.level}") for mark in rule.corrected_in)


def _affected(entry: Affects) -> str:
    levels = ", ".join(map(str, sorted(entry.levels))) if entry.levels is not None else "every level"
    return " ".join(filter(None, (entry.product, levels, entry.edition)))


def _fix(fix: Fix) -> str:
    levels = "/".join(map(str, sorted(fix.levels or ())))
    branch = [
        part for part in (fix.component, fix.product, levels, fix.edition, fix.platform, fix.language) if part
    ]
    files = ", ".join(map(_minimum, fix.files))
    return f"{', '.join(branch)}: {files}" if branch else files


def _minimum(minimum: Minimum) -> str:
    if not minimum.is_compared:
        return f"{minimum.name} (not compared)"
    return f"{minimum.name} {minimum.text} or later"


def _evidence(evidence: Evidence) -> tuple[Line, ...]:
    pairs: Iterable[tuple[str, str]] = evidence._asdict().items()
    return tuple(Line(name.replace("_", "-"), value) for name, value in pairs)
