"""What an object of another program states of a server: parts of its record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from needfix.errors import Position
from needfix.intake import known_names
from needfix.intake.vocabularies import says_nothing

Entry = dict[str, Any]

LISTS = ("products", "files", "hotfixes", "services", "registry", "events")
"""The lists of a record that producers fill."""

OTHERS: Entry = {"name": known_names.OTHERS}
"""The entry of a list of products that stands for products which are not listed: the list is not whole."""

OF_TABLE = "table "
"""What the groups of rows begin with of which a log does not say the query; the name of the table follows."""


class Facts(NamedTuple):
    """Facts of one server, as lists of a record.

    `server` is None where the object does not name it. Those of a `group` with a `time` are a state: `adds`
    and `removes` of rows in the order of time, or a new state in place of all before where it `replaces`.
    Where it `is_whole`, there are no other products than the listed ones and those that other facts state.
    Where it `lists_products`, its products are of a list of them, which may be whole by what the user states.
    `unknown` names what the object is of where nothing of it is read. `named_by` is the property in which it
    names its server, or leaves it blank; `other` is a different server that it names, too. `flaw` is what is
    wrong with the object, so that its server is not known well enough. `identifier` is what the object calls
    the server beside its name, as others may call it which do not have the name.
    """

    server: str | None
    at: Position
    entries: dict[str, list[Any]]
    restart_pending: bool | None = None
    collected: str | None = None
    group: str = ""
    time: float = 0
    removes: bool = False
    replaces: bool = False
    is_whole: bool = False
    unknown: str = ""
    lists_products: bool = False
    named_by: str = ""
    other: str = ""
    flaw: str = ""
    identifier: str = ""

    @classmethod
    def of(cls, server: str | None, at: Position, **entries: list[Any]) -> Facts:
        """Facts with entries of lists; those without a value, and hotfixes that say nothing, are left out."""
        entries["hotfixes"] = [own for own in entries.get("hotfixes", ()) if not says_nothing(str(own))]
        kept = {key: [_stated(entry) for entry in own] for key, own in entries.items() if own}
        return cls(server, at, kept)

    @classmethod
    def of_programs(
        cls, server: str | None, at: Position, programs: list[Entry], hotfixes: Sequence[str] = ()
    ) -> Facts:
        """Some of a program's list of products, which is not whole; those without a name are left out."""
        named = [entry for entry in programs if entry.get("name") is not None]
        found = cls.of(server, at, products=[*named, OTHERS], hotfixes=list(hotfixes))
        return found._replace(lists_products=bool(named))


def _stated(entry: Any) -> Any:  # noqa: ANN401 - an entry of any list
    if not isinstance(entry, dict):
        return entry
    return {key: value for key, value in entry.items() if value is not None}
