"""What people answer about symptoms of servers, beside what their inventories state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """The answers of a sheet: a server's own name counts before patterns, and of patterns that differ yes.

    The names for which a server was found are added to `used`.
    """

    answers: tuple[Answer, ...] = ()
    used: set[str] | None = None

    def of(self, server: str, *others: str, short: Callable[[str], str] = str) -> Answered | None:
        """What is answered about a server, which may have other names; None where nothing is.

        Names in the sheet are made `short` as the server's is.
        """
        names = dict.fromkeys((*others, server))
        folded = [name.casefold() for name in names]
        own: list[Answer] = []
        ways: tuple[Callable[[Answer], bool], ...] = (
            lambda one: one.servers.casefold() in folded,
            lambda one: short(one.servers).casefold() in folded,
            lambda one: any(is_called(name, one.servers) for name in names),
        )
        for is_meant in ways:
            known = {one.symptom for one in own}
            own += [one for one in self.answers if one.symptom not in known and is_meant(one)]
        if not own:
            return None
        if self.used is not None:
            self.used.update(one.servers for one in self.answers if _may_mean(one, names, short))
        observed = frozenset(one.symptom for one in own if one.is_observed)
        absent = frozenset(one.symptom for one in own) - observed
        return Answered(observed, absent, min(one.at for one in own))

    @property
    def unused(self) -> tuple[Answer, ...]:
        """The answers for whose names no server was found, as far as that is known."""
        return () if self.used is None else tuple(one for one in self.answers if one.servers not in self.used)


def _may_mean(answer: Answer, names: Iterable[str], short: Callable[[str], str]) -> bool:
    return any(
        is_called(name, answer.servers) or short(answer.servers).casefold() == name.casefold()
        for name in names
    )
