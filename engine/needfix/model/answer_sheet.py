"""What people answer about symptoms of servers, beside what their inventories state."""

from __future__ import annotations

from typing import NamedTuple

from needfix.errors import Position
from needfix.model.server import is_called

COLUMNS = ("server", "rule", "question", "answer")
"""The columns of an answer sheet: a name of servers with `*` and `?`, a rule, a symptom, yes or no."""


class Answer(NamedTuple):
    """Whether the servers of a name show a symptom of a rule; `symptom` is `Q279798/store-does-not-stop`."""

    servers: str
    symptom: str
    is_observed: bool
    at: Position


class Answered(NamedTuple):
    """The symptoms that a server shows and does not show, and the place of the first answer."""

    observed: frozenset[str]
    absent: frozenset[str]
    at: Position


class AnswerSheet(NamedTuple):
    """The answers of a sheet: a server's own name counts before patterns, and of patterns that differ yes."""

    answers: tuple[Answer, ...] = ()

    def of(self, server: str) -> Answered | None:
        """What is answered about a server; None where nothing is."""
        name = server.casefold()
        own = [one for one in self.answers if one.servers.casefold() == name]
        known = {one.symptom for one in own}
        own += [one for one in self.answers if one.symptom not in known and is_called(server, one.servers)]
        if not own:
            return None
        observed = frozenset(one.symptom for one in own if one.is_observed)
        absent = frozenset(one.symptom for one in own) - observed
        return Answered(observed, absent, min(one.at for one in own))
