"""All that a few reports can say of symptoms and of running modules, as the plain evaluator finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from packaging.version import Version

import needfix
from needfix.cases.plain import decide
from needfix.cases.plain.symptoms import is_seen
from needfix.catalogue.assemble import assemble
from needfix.compare.telemetry import held_above
from needfix.model.minimum import Minimum
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.rule import Affects, Fix, Rule
from needfix.model.server import CounterSample, FileCopy, InstalledProduct, Scope
from needfix.model.symptom import CounterSeen, EventSeen, ServiceSeen, Symptom
from needfix.versions import parse_moment
from tests.compare.strategies import level
from tests.compare.test_laws import evidence, plain_evidence, that_decides

MAIL = ProductDefinition("mail", "Mail", (LevelDefinition(level("5.5")),))
HERE = (InstalledProduct("Mail", level="5.5"),)
LOADED = (None, "1.9", "2", "2.0.1", "unknown")
MINUTES = ("2001-01-01T00:00:00", "2001-01-01T00:01:00", "2001-01-01T00:01:30")


def check(rule: Rule, servers: Iterable[needfix.Server]) -> None:
    catalogue = assemble([rule], {"mail": MAIL}, [])
    for facts in servers:
        found, plain = evidence(catalogue, facts), plain_evidence(catalogue, facts)
        assert {rule_id: that_decides(found[rule_id]) for rule_id in plain} == {
            rule_id: that_decides(own) for rule_id, own in plain.items()
        }, facts


def rule_of(*files: Minimum, observe: tuple[EventSeen | ServiceSeen | CounterSeen, ...] = ()) -> Rule:
    symptom = Symptom("mail-waits", "Mail waits", observe)
    return Rule("Q1", "A rule", (Affects("mail", None),), (Fix(files),), symptoms=(symptom,))


def test_all_that_loaded_modules_say() -> None:
    dated = Minimum("Dated.dll", modified=parse_moment("2000-03-14"))
    minima = dated, Minimum("One.dll", Version("2")), Minimum("Two.dll", Version("2.0.1"))
    for pending in (None, False, True):
        for on_disk in ("2.0.1", "1.9"):
            check(
                rule_of(*minima),
                (
                    needfix.Server(
                        "A",
                        products=HERE,
                        files=(
                            FileCopy("Dated.dll", modified="2000-03-14", loaded="1"),
                            FileCopy("One.dll", version=on_disk, loaded=one),
                            FileCopy("Two.dll", version="2.0.1", loaded=two),
                        ),
                        restart_pending=pending,
                    )
                    for one, two in product(LOADED, repeat=2)
                ),
            )


def test_all_that_three_readings_of_a_counter_say() -> None:
    for seconds, above in product((0.0, 0.5, 30.0, 60.0, 90.0), (10.0, 2.5)):
        seen = CounterSeen("queue", above, seconds)
        for values in product((2.5, 10.0, 11.0), repeat=3):
            for held in (None, 0.5, 60.0):
                samples = [CounterSample("Queue", v, at) for v, at in zip(values, MINUTES, strict=True)]
                samples.append(CounterSample("queue", 11.0 if held else 0.0, None, held))
                facts = needfix.Server("A", counters=tuple(samples))
                assert held_above(samples, seen) == is_seen(seen, facts), (seen, samples)


def test_all_that_scopes_say_of_symptoms() -> None:
    observed = EventSeen("MSMail", 1), CounterSeen("queue", 10.0), ServiceSeen("Store", "stopped")
    scopes: tuple[Scope, ...] = ("events", "counters", "services", "symptoms")
    servers = [
        needfix.Server(
            "A",
            products=HERE,
            complete=frozenset(scope for scope, is_in in zip(scopes, chosen, strict=True) if is_in),
            hotfixes=hotfixes,
        )
        for chosen in product((False, True), repeat=4)
        for hotfixes in (None, (), ("Q1",))
    ]
    for count in range(4):
        check(rule_of(Minimum("One.dll", Version("2")), observe=observed[:count]), servers)


def test_all_that_one_server_says_is_not_remembered_for_the_next() -> None:
    older = replace(rule_of(Minimum("One.dll", Version("2"))), symptoms=())
    newer = replace(older, id="Q2", fixes=(Fix((Minimum("Two.dll", Version("2")),)),))
    servers = [
        needfix.Server(
            "A",
            products=HERE,
            files=(FileCopy("One.dll", version=one, loaded=loaded), FileCopy("Two.dll", version=two)),
            restart_pending=pending,
        )
        for one, two in product(("1.9", "2"), repeat=2)
        for loaded, pending in product((None, "1.9", "2"), (None, False, True))
    ]
    for rules in (
        [replace(older, requires=("Q2",)), newer],
        [older, replace(newer, supersedes=("Q1",))],
        [older, newer],
    ):
        for order in (servers, servers[::-1]):
            catalogue = assemble(rules, {"mail": MAIL}, [])
            for facts in order:
                found = {d.rule: (d.decision, d.action) for d in needfix.evaluate(catalogue, facts)}
                assert found == decide(catalogue, facts), facts
