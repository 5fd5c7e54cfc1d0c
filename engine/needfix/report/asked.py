"""What rules ask of a server, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from needfix.model.asked import Asked
from needfix.printable import json_text, printable
from needfix.report.columns import joined, padded
from needfix.report.style import View, plural

_MOST_NAMED = 3
"""Rules that a line names; the others are counted."""


def write_text(out: TextIO, document: Asked, view: View) -> None:
    """Write a line for each file and each other fact."""
    for number, (title, rows) in enumerate(_sections(document)):
        if number:
            out.write("\n")
        out.write(view.style.paint(title, "heading") + "\n")
        cells = [["", *map(printable, row)] for row in rows]
        out.writelines(f"{joined(row)}\n" for row in padded(cells))


def write_json(out: TextIO, document: Asked, view: View) -> None:
    """Write an object with a list for each kind of fact."""
    del view
    out.write(json_text(document.as_dict(), indent=1) + "\n")


def _sections(asked: Asked) -> Iterator[tuple[str, list[list[str]]]]:
    """The kinds of facts that are asked for, each with its rows."""
    files = [
        [file.name, ", ".join(file.compared), ", ".join(file.paths), _by(file.rules, file.key_file_of)]
        for file in asked.files.values()
    ]
    events = [[own.source, str(own.id or ""), own.contains or "", _by(own.rules)] for own in asked.events]
    every = [
        (plural(len(files), "file"), files),
        ("products", [[own.name, _by(own.rules)] for own in asked.products]),
        ("registry", [[own.path, own.name, own.view or "", _by(own.rules)] for own in asked.registry]),
        ("services", [[own.name, _by(own.rules)] for own in asked.services]),
        ("events", events),
        ("counters", [[own.name, _by(own.rules)] for own in asked.counters]),
    ]
    yield from ((title, rows) for title, rows in every if rows)
    if asked.hotfixes:
        yield "hotfixes", [[f"the server's own list, for {plural(len(asked.hotfixes), 'id')}"]]


def _by(rules: Sequence[str], key_file_of: Sequence[str] = ()) -> str:
    """Who asks for a fact."""
    more = f" and {len(rules) - _MOST_NAMED} more" if len(rules) > _MOST_NAMED else ""
    named = ", ".join(rules[:_MOST_NAMED]) + more
    return "; ".join(filter(None, (f"key file of {', '.join(key_file_of)}" if key_file_of else "", named)))
