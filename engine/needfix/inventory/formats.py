"""The registry of inventory formats. A new format is a module with `read` and a line here."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from needfix.errors import Position, Problem
from needfix.inventory.items import GiveUpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source


class Format(NamedTuple):
    """A format: the endings that claim it, its module, and how a file of it begins."""

    name: str
    endings: tuple[str, ...]
    module: str
    begins: str


# In the order in which they are tried; of several that claim an ending, the first that fits.
# No pattern may take blanks in two ways, or a file of blanks would take forever.
FORMATS = (
    Format("JSON lines", (".jsonl", ".ndjson", ".json"), "json_lines",
           r"\{[^\n]*\}[ \t\r]*\n\s*\{[^\n]*(\}\s*(\n|$)|$)"),
    Format("JSON", (".json",), "json_records", r'\{\s*["}]|\[\s*[\[{\]]'),
    Format("CSV", (".csv", ".tsv", ".txt"), "csv_records",
           r'(?i)#TYPE|sep=.\s|"?server"?\s*$|[^\n:{}\[\]#]+[,;|\t]|"?server"?[ \r]*\n'),
    Format("YAML", (".yaml", ".yml"), "yaml_records",
           r"""(#[^\n]*\n\s*)*(---|%|-\s|[{\[]|["']?\w+["']?\s*:)"""),
)  # fmt: skip
ENDINGS = frozenset(ending for known in FORMATS for ending in known.endings)


def read_source(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, read by the module of its format."""
    try:
        yield from _reader(source)(source)
    except GiveUpError as end:
        yield from end.problems


def _reader(source: Source) -> Callable[[Source], Iterator[Item]]:
    known = format_of(source)
    module = import_module(f"needfix.inventory.{known.module}")
    read: Callable[[Source], Iterator[Item]] = module.read
    return read


def format_of(source: Source) -> Format:
    """The format of a source, told by its ending and its beginning. Gives up where nothing tells it."""
    start = Position(source.file, 1)
    head = source.head.lstrip()
    if not head:
        raise GiveUpError(Problem(start, "the file is empty", "an inventory"))
    ending = PurePath(source.file).suffix.lower()
    claiming = [known for known in FORMATS if ending in known.endings]
    for known in claiming or FORMATS:
        if re.match(known.begins, head):
            return known
    if claiming:
        return claiming[-1]
    names = ", ".join(known.name for known in FORMATS)
    mend = f"give the file a known ending: {', '.join(sorted(ENDINGS))}"
    raise GiveUpError(Problem(start, "the format cannot be told from the content", names, mend))
