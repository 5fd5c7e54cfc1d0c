"""What the rules of a catalogue ask of a server; each thing with the ids of the rules that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class AskedFile(NamedTuple):
    """A file: by what rules compare it (version, modified), and in which folders where they name some.

    `key_file_of` are the products whose level it shows.
    """

    name: str
    compared: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    key_file_of: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class AskedProduct(NamedTuple):
    """A product by its id and its name."""

    product: str
    name: str
    rules: tuple[str, ...] = ()


class AskedValue(NamedTuple):
    """A value of the registry: its key, its name, and its view where a rule names one."""

    path: str
    name: str
    view: str | None = None
    rules: tuple[str, ...] = ()


class AskedEvent(NamedTuple):
    """An event: its source, and its number and a text in its message where a rule names them."""

    source: str
    id: int | None = None
    contains: str | None = None
    rules: tuple[str, ...] = ()


class AskedName(NamedTuple):
    """A service or a counter."""

    name: str
    rules: tuple[str, ...] = ()


class Asked(NamedTuple):
    """Everything that a catalogue asks for: files by their names without case, and the rest in lists.

    `hotfixes` are the names by which a server's own list of hotfixes may claim a fix.
    """

    files: Mapping[str, AskedFile]
    products: tuple[AskedProduct, ...] = ()
    registry: tuple[AskedValue, ...] = ()
    services: tuple[AskedName, ...] = ()
    events: tuple[AskedEvent, ...] = ()
    counters: tuple[AskedName, ...] = ()
    hotfixes: tuple[str, ...] = ()

    @property
    def folders(self) -> frozenset[str]:
        """The names of folders in paths of files that rules ask for, without case; they may be patterns."""
        paths = (path.replace("/", "\\") for file in self.files.values() for path in file.paths)
        parts = (part.strip().casefold() for path in paths for part in path.split("\\"))
        return frozenset(part for part in parts if part and part != "*")

    def as_dict(self) -> dict[str, Any]:
        """Everything for JSON, each list under the key that it has in records."""
        lists = (self.products, self.registry, self.services, self.events, self.counters)
        others = {key: list(map(_dict, own)) for key, own in zip(self._fields[1:], lists, strict=False)}
        return {"files": list(map(_dict, self.files.values())), **others, "hotfixes": list(self.hotfixes)}


def _dict(own: Any) -> dict[str, Any]:  # noqa: ANN401 - any of these
    """A thing for JSON, without what is not stated."""
    found: dict[str, Any] = own._asdict()
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in found.items()
        if value is not None and value != ()
    }
