"""What the law is tried on: the plain evaluator, and the engine one server at a time and in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import needfix
from needfix.cases.plain.decide import Evaluation
from needfix.catalogue import Catalogue
from needfix.model.server import Server
from tests.support.less_information import Answer, Answers, Decider


def by_the_plain_evaluator(catalogue: Catalogue, servers: Sequence[Server]) -> list[Answers]:
    """Answers with the codes of facts that disagree, and of a superseding fix."""
    return [_plain(catalogue, server) for server in servers]


def _plain(catalogue: Catalogue, server: Server) -> Answers:
    evaluation = Evaluation(catalogue, server)
    found = {}
    for rule in catalogue:
        worst = evaluation.finding(rule)
        codes = frozenset().union(*(one.disagreements for one in evaluation.findings(rule)))
        is_superseded = worst.evidence.superseded == "present" and worst.evidence.files != "present"
        found[rule.id] = Answer(*worst.answer, codes | ({"superseded-present"} if is_superseded else set()))
    return found


def by_the_engine(catalogue: Catalogue, servers: Sequence[Server]) -> list[Answers]:
    """Answers of one server at a time."""
    return [
        {
            one.rule: Answer(one.decision, one.action, frozenset(reason.code for reason in one.reasons))
            for one in needfix.evaluate(catalogue, server)
        }
        for server in servers
    ]


def in_columns(catalogue: Catalogue, servers: Sequence[Server]) -> list[Answers]:
    """Answers of all servers at once."""
    from tests.fleet.support import fleet_rows, piece_of  # noqa: PLC0415 - needs NumPy and Arrow

    named = [replace(server, server=f"S{number:06}") for number, server in enumerate(servers)]
    found: dict[str, dict[str, Answer]] = {server.server: {} for server in named}
    rows, _ = fleet_rows(catalogue, piece_of(named))
    for row in rows:
        answer = Answer(row["decision"], row["action"], frozenset(row["reasons"]))
        found[row["server"]][row["rule"]] = answer
    return [found[server.server] for server in named]


DECIDERS: Mapping[str, Decider] = {
    "plain": by_the_plain_evaluator,
    "engine": by_the_engine,
    "columns": in_columns,
}
