"""Console sessions of the documentation, and whether they print what it shows."""

from __future__ import annotations

import re
from typing import NamedTuple


class Session(NamedTuple):
    """A command as the page shows it, and what it prints; `...` stands for what is left out."""

    command: str
    shown: str

    def is_shown(self, printed: str) -> bool:
        """Whether the command printed that."""
        return re.fullmatch("(.*\n)*?".join(map(re.escape, self.shown.split("...\n"))), printed) is not None


class Block(NamedTuple):
    """A block of code: its language, the file that it is, and its text."""

    language: str
    title: str
    text: str

    @property
    def sessions(self) -> list[Session]:
        """The commands of a console, in order."""
        found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", self.text, re.MULTILINE)
        return [Session(command, shown) for command, shown in found]


def blocks(page: str) -> list[Block]:
    """Every block of code of a page."""
    found = re.findall(r"^```(\w+)(?: title=([^\n]*))?\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [Block(*one) for one in found]


def sessions(page: str) -> list[Session]:
    """Every command that a page shows in a console."""
    return [one for block in blocks(page) if block.language == "console" for one in block.sessions]
