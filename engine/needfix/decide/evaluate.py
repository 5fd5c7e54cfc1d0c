"""Decisions for servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from needfix.catalogue import Catalogue
from needfix.decide.engine import Engine, engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.model.decision import Decision, Reason
from needfix.model.server import Server


def evaluate(catalogue: Catalogue, servers: Server | Iterable[Server]) -> Iterator[Decision]:
    """The decisions for every server and every rule, by server, then in the catalogue's order.

    Servers are taken one at a time as decisions are taken, so a stream of any length can be decided.
    Raises InferenceError if the inference engine fails, and whatever `servers` raises.
    """
    engine = engine_of(catalogue)
    for server in (servers,) if isinstance(servers, Server) else servers:
        yield from decisions_of(Evaluation(engine, server))


def decide(engine: Engine, server: Server, rule_id: str) -> Decision:
    """The decision for one server and one rule of an engine's catalogue."""
    here = Evaluation(engine, server)
    outcome = here.outcomes[rule_id]
    why = partial(_why, here)
    return Decision(server.server, rule_id, outcome.decision, outcome.action, why, server.collected)


def decisions_of(here: Evaluation) -> list[Decision]:
    """The decisions for one server and every rule, in the catalogue's order."""
    name, collected = here.server.server, here.server.collected
    outcomes, why = here.outcomes, partial(_why, here)
    pairs = [(rule_id, outcomes[rule_id]) for rule_id in here.engine.catalogue.rules]
    return [Decision(name, rule_id, o.decision, o.action, why, collected) for rule_id, o in pairs]


def _why(here: Evaluation, rule_id: str) -> tuple[Reason, ...]:
    return reasons(here, here.checklist.rules[rule_id])
