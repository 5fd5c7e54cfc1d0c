"""One change of a server's facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from needfix.model.explanation import Line
from needfix.model.server import Server

Make = Callable[[Server], Server]


@dataclass(frozen=True, slots=True)
class FactChange:
    """One way in which the facts could be different; `size` counts the facts that it touches.

    Changes of the same fact can be reported in one line where they are `choices` of one list.
    """

    line: Line
    make: Make
    size: int = 1
    choices: bool = False

    @property
    def fact(self) -> str:
        """The fact that is changed."""
        return self.line.name


def chain(makes: Iterable[Make]) -> Make:
    """All of these changes, one after the other."""
    steps = tuple(makes)

    def make(server: Server) -> Server:
        for step in steps:
            server = step(server)
        return server

    return make
