"""The registry of a server whose disk is collected: found below its folders, and read for what rules ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from needfix.catalogue import Catalogue
from needfix.collect.cells import DamageError, HiveError
from needfix.collect.drives import drives_in_paths, lettered_drives, system_drive
from needfix.collect.hive import Hive, HiveValue, NoNumber
from needfix.collect.installed import Programs, computer_name, control_set, installed
from needfix.collect.tree import Root
from needfix.model.asked import Asked, AskedProduct, AskedValue

_FOLDERS = ("system32", "config")
_LISTED = frozenset({"exchange-server", "sql-server"})
"""Products that are always among the programs that Windows lists; parts of Windows are not."""

_MOST_NAMED = 3
"""Keys that a note names."""
_OTHERS = "..."
"""The name of an entry that stands for products which are not listed."""

T = TypeVar("T")


class RegistryFacts(NamedTuple):
    """Values of the registry that are asked for, as in a record, and whether all of them were looked up."""

    values: list[dict[str, str]]
    is_complete: bool


class OfflineRegistry:
    """The registry of the server to which some folders belong.

    `failures` say what could not be read of it, and `notes` what it does not show; where a part `is_damaged`,
    so may be the rest of the disk.
    """

    def __init__(self, roots: Sequence[Root]) -> None:
        self.failures: list[str] = []
        self.notes: list[str] = []
        self.is_damaged = False
        self.root: Root | None = None
        self._software: Hive | None = None
        self._system: Hive | None = None
        found = [(root, folder) for root in roots for folder in _config_folders(root.path)]
        if len(found) > 1:
            places = ", ".join(folder for _, folder in found)
            self.failures.append(
                f"there are several systems, and the registry of none of them is read: {places}"
            )
        elif found:
            self.root, folder = found[0]
            self._software, self._system = (self._opened(folder, name) for name in ("software", "system"))

    def _opened(self, folder: str, name: str) -> Hive | None:
        path = next(_called(folder, name, is_folder=False), None)
        if path is None:
            self.failures.append(f"{folder} has no {name.upper()}")
            return None
        try:
            hive = Hive(path)
            _check_content(hive, name)
        except HiveError as error:
            self._failed(f"{path} is not read", error)
            return None
        return hive

    def _read(self, what: str, read: Callable[[Hive], T], hive: Hive | None) -> T | None:
        if hive is None:
            return None
        try:
            return read(hive)
        except HiveError as error:
            self._failed(f"{what} cannot be read from the registry", error)
            return None

    def _failed(self, what: str, error: HiveError) -> None:
        self.failures.append(f"{what}: {error}")
        self.is_damaged = self.is_damaged or isinstance(error, DamageError)

    def computer_name(self) -> str | None:
        """The server's own name."""
        return self._read("the server's name", computer_name, self._system)

    def drive(self) -> str | None:
        """The letter of the drive that the system is on."""
        return self._read("the system's drive", system_drive, self._software)

    def drives(self) -> frozenset[str]:
        """The letters of all drives that the registry names; none where it does not show them all."""
        software, system = self._software, self._system
        if software is None or system is None:
            return frozenset()
        found = self._read("the drives", lettered_drives, system)
        on_paths = self._read("the drives", lambda hive: drives_in_paths(software, hive), system)
        return found | on_paths if found and on_paths is not None else frozenset()

    def programs(
        self, catalogue: Catalogue, asked: Asked, shown: Iterable[tuple[str, ...]]
    ) -> Programs | None:
        """The products of the server; None where they cannot be read. Key files have `shown` some products.

        A key file of several products shows none that is not listed where another one is.

        Where Windows does not list all that rules ask for, an entry stands for others, so that the list is
        not taken for whole.
        """
        found = self._read(
            "the products", lambda hive: installed(hive, self._system, catalogue), self._software
        )
        if found is None:
            return None
        if found.nameless:
            self.notes.append(f"programs without a name, which are left out: {found.nameless}")
        named = {own.product for entry in found.products if (own := catalogue.names.find(entry["name"]))}
        by_files = (product for own in shown if named.isdisjoint(own) for product in own)
        unlisted = sorted(
            {own.product for own in not_surely_listed(asked)}.union(by_files, found.traces) - named
        )
        if found.unknown:
            keys = ", ".join(found.unknown[:_MOST_NAMED])
            more = ", …" if len(found.unknown) > _MOST_NAMED else ""
            self.notes.append(f"there may be other products, whose names cannot be read: {keys}{more}")
        if unlisted:
            names = ", ".join(
                catalogue.products[own].name if own in catalogue.products else own for own in unlisted
            )
            self.notes.append(f"not listed by Windows, and may be there: {names}")
        if not unlisted and not found.unknown:
            return found
        return found._replace(products=[*found.products, {"name": _OTHERS}])

    def values(self, asked: Iterable[AskedValue]) -> RegistryFacts | None:
        """The values of the registry that rules ask for; None where they ask for none or none can be read."""
        every = list(asked)
        if not every or (self._software is None and self._system is None):
            return None
        found: dict[tuple[str, ...], dict[str, str]] = {}
        is_complete = True
        for value in every:
            try:
                own = list(self._looked_up(value))
            except HiveError as error:
                self._failed(f"{value.path} cannot be read from the registry", error)
                is_complete = False
                continue
            for entry, stored in own:
                found[tuple(text.casefold() for text in entry.values())] = entry
                if isinstance(stored, NoNumber):
                    self.failures.append(f"{entry['path']}\\{entry['name']} is damaged; listed without value")
                    is_complete = False
        return RegistryFacts(list(found.values()), is_complete)

    def _looked_up(self, value: AskedValue) -> Iterator[tuple[dict[str, str], HiveValue]]:
        """The entries of a value, one for each view in which it is there, and what is stored there."""
        root, _, rest = value.path.partition("\\")
        hive_name, _, key = rest.partition("\\")
        if root != "HKLM" or hive_name.casefold() not in ("software", "system"):
            raise HiveError("it is in none of the files that are read")
        if hive_name.casefold() == "system":
            yield from self._of_system(value, key)
            return
        software = _there(self._software)
        key = "\\".join(part for part in key.split("\\") if part.casefold() != "wow6432node")
        views = {"64": key, "32": f"Wow6432Node\\{key}"} if software.has("Wow6432Node") else {"": key}
        for view, place in views.items():
            own = software.value(place, value.name)
            if own is not None:
                yield _entry(rf"HKLM\SOFTWARE\{key}", value.name, own, view), own

    def _of_system(self, value: AskedValue, key: str) -> Iterator[tuple[dict[str, str], HiveValue]]:
        system = _there(self._system)
        first, _, rest = key.partition("\\")
        place = rf"{control_set(system)}\{rest}" if first.casefold() == "currentcontrolset" else key
        own = system.value(place, value.name)
        if own is not None:
            yield _entry(value.path, value.name, own, ""), own


def not_surely_listed(asked: Asked) -> list[AskedProduct]:
    """The products that rules ask for and that may be there although Windows does not list them."""
    return [own for own in asked.products if own.product not in _LISTED and not _is_windows(own.product)]


def _is_windows(product: str) -> bool:
    return product.partition("-")[0] == "windows"


def _check_content(hive: Hive, name: str) -> None:
    """Raise HiveError where a hive is not the one that its name says, or lacks what every one has."""
    if name == "software" and not hive.has(r"Microsoft\Windows NT\CurrentVersion"):
        raise HiveError("it has no settings of Windows")
    if name == "system":
        control_set(hive)


def _there(hive: Hive | None) -> Hive:
    if hive is None:
        raise HiveError("its file is not read")
    return hive


def _entry(key: str, name: str, value: HiveValue, view: str) -> dict[str, str]:
    """A value as in a record; without its text where it has none that could be compared."""
    found = {"path": key, "name": name}
    if isinstance(value, int) or (isinstance(value, str) and "%" not in value):
        found["value"] = str(value)
    if view:
        found["view"] = view
    return found


def _config_folders(root: str) -> list[str]:
    """The folders with the registry of a system that is installed directly below a folder."""
    return [
        inner
        for folder in _called(root, None, is_folder=True)
        for own in _called(folder, _FOLDERS[0], is_folder=True)
        for inner in _called(own, _FOLDERS[1], is_folder=True)
        if next(_called(inner, "software", is_folder=False), None)
        or next(_called(inner, "system", is_folder=False), None)
    ]


def _called(folder: str, name: str | None, *, is_folder: bool) -> Iterator[str]:
    """The folders or files in a folder of a name in any case, or of all names; no links."""
    try:
        with os.scandir(folder) as entries:
            own = sorted(
                entry.path
                for entry in entries
                if (name is None or entry.name.casefold() == name)
                and (entry.is_dir if is_folder else entry.is_file)(follow_symlinks=False)
            )
    except OSError:
        return
    yield from own
