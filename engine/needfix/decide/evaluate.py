"""Decisions for servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from needfix.catalogue import Catalogue
from needfix.decide.arguments import checked_catalogue, checked_servers, rules_named
from needfix.decide.engine import Engine, engine_of
from needfix.decide.evaluation import Evaluation
from needfix.decide.reasons import reasons
from needfix.intake.notes import Notes, Occurrence
from needfix.model.decision import Decision, decisions_for
from needfix.model.note import Note
from needfix.model.server import Server


def evaluate(
    catalogue: Catalogue,
    servers: Server | Iterable[Server],
    rules: Iterable[str] | None = None,
    *,
    on_note: Callable[[Note], None] | None = None,
) -> Iterator[Decision]:
    """The decisions for every server and rule, by server, then in the catalogue's order.

    `rules` are ids of rules in any spelling; only these are decided. Servers are taken one at a time as
    decisions are taken, so a stream of any length can be decided. Notes on facts that are not understood,
    not used or not counted are passed to `on_note` after the last decision, one for each kind and file.
    Raises UsageError if it is given something else than a catalogue and servers, or an unknown rule;
    InferenceError if the inference engine fails; and whatever `servers` raises.
    """
    engine = engine_of(checked_catalogue(catalogue, "evaluate"))
    ids = None if rules is None else rules_named(catalogue, rules)
    return _evaluated(engine, checked_servers(servers, "evaluate"), ids, on_note)


def _evaluated(
    engine: Engine,
    servers: Iterable[Server],
    ids: Sequence[str] | None,
    on_note: Callable[[Note], None] | None,
) -> Iterator[Decision]:
    notes = Notes()
    order = None if ids is None else engine.order_of(tuple(ids))
    today = datetime.now(UTC).date()
    for server in servers:
        if on_note is not None:
            notes.take((Occurrence(*one) for one in server.left_out), server.at, server.server)
            notes.take_placed(engine.placed(server, today), server.server)
        yield from decisions_of(Evaluation(engine, server, order), ids)
    if on_note is not None:
        for note in notes:
            on_note(note)


def decide(engine: Engine, server: Server, rule_id: str) -> Decision:
    """The decision for one server and one rule of an engine's catalogue."""
    return decisions_of(Evaluation(engine, server, engine.order_of((rule_id,))), (rule_id,))[0]


def decisions_of(here: Evaluation, rules: Iterable[str] | None = None) -> list[Decision]:
    """The decisions for one server and some rules, by default every rule, in the catalogue's order."""
    ids = here.engine.catalogue.rules if rules is None else rules
    server, why = here.server, partial(reasons, here)
    return decisions_for(
        server.server, server.collected, ids, here.outcomes, why, here.engine.catalogue.rules
    )
