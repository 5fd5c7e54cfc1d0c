"""The server of OVAL system characteristics: its name, its Windows, and what its registry lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from needfix.errors import Position
from needfix.intake.limits import ENTRIES
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.systems import with_revision
from needfix.inventory.producers.written import Written

NO_TIME = "1970-01-01T00:00:00"
"""Stands for a time that is not known, in what needfix exports."""

_WINDOWS = re.compile(
    r"(?:.*\\)?software(?:\\wow6432node)?\\microsoft\\windows nt\\currentversion", re.IGNORECASE
)
_PROGRAM = re.compile(
    r"(?:.*\\)?software(?:\\wow6432node)?\\microsoft\\windows\\currentversion\\uninstall\\[^\\]+",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(\d{1,5}(?:\.\d{1,6}){1,3})(?: (service pack \d{1,2}))?(?:[^\d]{0,9}build (\d{1,6}))?",
    re.IGNORECASE | re.ASCII,
)
_NO_NAME = re.compile(r"(?:microsoft )?windows", re.IGNORECASE)
"""What stands for the name of a system whose name is not known."""


class _Windows(NamedTuple):
    """What one source says of the operating system."""

    name: str | None = None
    level: str | None = None
    build: str | None = None
    platform: str | None = None
    language: str | None = None

    def agrees(self, other: _Windows) -> bool:
        """Whether both can be of one system, whose build one of them may state more precisely."""
        mine, others = f"{self.build or other.build}.", f"{other.build or self.build}."
        return mine.startswith(others) or others.startswith(mine)

    def with_more(self, other: _Windows) -> _Windows:
        """With what another source says beside; of two builds the more precise one."""
        build = max(self.build or "", other.build or "", key=len) or None
        pairs = zip(self, other, strict=True)
        return _Windows(*(mine if mine is not None else others for mine, others in pairs))._replace(
            build=build
        )


class System:
    """What is known of one server beside its items."""

    def __init__(self, at: Position) -> None:
        self.at = at
        self.info: dict[str, str] = {}
        self.time = ""
        self._keys: dict[tuple[str, str], dict[str, str]] = {}
        self._wmi: dict[str, object] = {}

    @property
    def server(self) -> str | None:
        """The name of the server."""
        return named_server(Written.of({"hostname": self.info.get("primary_host_name")}, self.at))

    def take_value(self, key: str, view: str | None, name: str, text: str) -> None:
        """Take in a value of the registry, if it is one of Windows' own key or of an installed program."""
        if not (_WINDOWS.fullmatch(key) or _PROGRAM.fullmatch(key)):
            return
        place = key.casefold(), view or ""
        if place in self._keys or len(self._keys) < ENTRIES:
            self._keys.setdefault(place, {})[name] = text

    def take_windows(self, row: Written) -> None:
        """Take in properties of Win32_OperatingSystem, of which a server has one."""
        self._wmi = {**row.values, **self._wmi}

    def facts(self) -> Iterator[Facts]:
        """What is known at the end of the characteristics."""
        programs = [
            {"name": name, "build": own.text("displayversion")}
            for (key, _), values in self._keys.items()
            if _PROGRAM.fullmatch(key)
            and (name := (own := Written.of(dict(values.items()), self.at)).text("displayname"))
        ]
        systems = [found._asdict() for found in self._windows() if found.name]
        products = [*systems, *programs]
        found = Facts.of(self.server, self.at, products=[*products, OTHERS] if products else [])
        collected = self.time if self.time not in ("", NO_TIME) else None
        yield found._replace(collected=collected, lists_products=bool(programs))

    def _windows(self) -> list[_Windows]:
        """The operating system; several where sources state different builds."""
        found: list[_Windows] = []
        for source in (*self._of_registry(), self._of_wmi(), self._of_info()):
            place = next((n for n, one in enumerate(found) if one.agrees(source)), None)
            if source == _Windows():
                continue
            if place is None:
                found.append(source)
            else:
                found[place] = found[place].with_more(source)
        return found

    def _of_registry(self) -> Iterator[_Windows]:
        for (key, _), values in self._keys.items():
            if _WINDOWS.fullmatch(key):
                own = Written.of(dict(values.items()), self.at)
                major = own.text("currentmajorversionnumber")
                version = f"{major}.{own.text('currentminorversionnumber') or 0}" if major else None
                version = version or own.text("currentversion")
                build = own.text("currentbuildnumber", "currentbuild")
                whole = with_revision(f"{version}.{build}", own.text("ubr")) if version and build else None
                yield _Windows(own.text("productname"), own.text("csdversion"), whole)

    def _of_wmi(self) -> _Windows:
        own = Written(self._wmi, self.at)
        build = with_revision(own.text("version"), own.text("ubr"))
        words = own.text("caption"), own.text("csdversion"), build
        return _Windows(*words, own.text("osarchitecture"), own.text("oslanguage"))

    def _of_info(self) -> _Windows:
        """What `system_info` says: `6.1.7601 Service Pack 1` is a build and a level."""
        name = (self.info.get("os_name") or "").strip()
        found = _VERSION.match((self.info.get("os_version") or "").strip())
        if found is None and _NO_NAME.fullmatch(name):
            return _Windows()
        number, pack, build = found.groups() if found is not None else (None, None, None)
        version = f"{number}.{build}" if number and build and number.count(".") == 1 else number
        stated = None if not name or _NO_NAME.fullmatch(name) else name
        return _Windows(stated, pack, version, self.info.get("architecture") or None)
