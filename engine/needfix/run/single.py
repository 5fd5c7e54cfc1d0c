"""A run that decides one server at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from needfix.decide.engine import engine_of
from needfix.decide.evaluate import decisions_of
from needfix.decide.evaluation import Evaluation
from needfix.inventory.reading import servers_of_run
from needfix.model.decision import ACTIONS, DECISIONS, Action, Decision, DecisionKind
from needfix.model.document import BUSIEST, ServerDecisions, ServerLoad, Summary
from needfix.model.server import Server
from needfix.run.run import Run

_outcome = attrgetter("rule", "decision", "action")


class RunSingly(Run):
    """Decides servers as they are read. Needs neither NumPy nor Arrow, and holds one server at a time."""

    def _servers(self) -> Iterator[ServerDecisions]:
        chosen = self._request.selection
        for server, decisions in self._decided():
            shown = decisions if chosen.shows_all else [one for one in decisions if chosen.shows(one)]
            if shown:
                yield ServerDecisions(server.server, server.collected, server.at, shown)

    def _counts(self) -> Iterator[object]:
        return self._decided()

    def _decided(self) -> Iterator[tuple[Server, list[Decision]]]:
        """Each selected server with the decisions of the selected rules, counted."""
        self._tally = _Tally()
        chosen, engine = self._request.selection, engine_of(self._catalogue)
        rules = None if chosen.rules is None else tuple(self.rules)
        order = None if rules is None else engine.order_of(rules)
        has, today = chosen.has_server, self._started.date()
        self._bad.noted = lambda server: engine.noted.of(server) if has(server.server) else ()
        found = servers_of_run(self._request, self._bad, self.progress)
        for server in found:
            if not chosen.has_server(server.server):
                continue
            problems = self._bad.notes.take_placed(engine.placed(server, today), server.server)
            self._bad.add_all(problems)
            if problems or self._bad.are_fatal:
                continue
            here = Evaluation(engine, server, order)
            decisions = decisions_of(here, rules)
            self._tally.add(server.server, decisions, here.disagreements)
            yield server, decisions

    def _summed(self) -> Summary:
        return self._tally.summary(tuple(self.rules), self._bad.count)


class _Tally:
    """Counts decisions, and keeps the servers with most to do."""

    def __init__(self) -> None:
        self._servers = 0
        self._counts: Counter[tuple[str, DecisionKind, Action]] = Counter()
        self._disagreements: Counter[str] = Counter()
        self._busiest: list[ServerLoad] = []

    def add(self, name: str, decisions: Sequence[Decision], disagreements: Iterable[str]) -> None:
        self._servers += 1
        self._disagreements.update(disagreements)
        self._counts.update(map(_outcome, decisions))
        required = [decision.decision for decision in decisions].count("fix-required")
        if required and (len(self._busiest) < BUSIEST or required >= self._busiest[-1].required):
            loads = [*self._busiest, ServerLoad(name, required)]
            self._busiest = sorted(loads, key=lambda load: (-load.required, load.server))[:BUSIEST]

    def summary(self, rules: Sequence[str], bad_records: int) -> Summary:
        counts: dict[str, dict[tuple[DecisionKind, Action], int]] = {rule: {} for rule in rules}
        for (rule, decision, action), count in sorted(self._counts.items(), key=_place):
            counts[rule][decision, action] = count
        return Summary(self._servers, counts, tuple(self._busiest), bad_records, self._disagreements)


def _place(counted: tuple[tuple[str, DecisionKind, Action], int]) -> tuple[int, int]:
    """The place of an outcome in the order of summaries."""
    (_, decision, action), _ = counted
    return DECISIONS.index(decision), ACTIONS.index(action)
