"""Decisions for servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.catalogue import Catalogue
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import Evaluation
from needfix.model.decision import Decision
from needfix.model.server import Server


def evaluate(catalogue: Catalogue, servers: Server | Iterable[Server]) -> Iterator[Decision]:
    """The decisions for every server and every rule, server by server, in the catalogue's order."""
    engine = engine_of(catalogue)
    for server in (servers,) if isinstance(servers, Server) else servers:
        yield from Evaluation(engine, server).decisions()
