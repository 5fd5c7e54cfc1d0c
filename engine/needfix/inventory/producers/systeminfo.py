"""What systeminfo prints: its lines and columns, which other languages have in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from needfix.intake.other_names import folded
from needfix.intake.vocabularies import says_nothing
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.written import Value, Written, as_text

NAMES = (
    "Host Name", "OS Name", "OS Version", "OS Manufacturer", "OS Configuration", "OS Build Type",
    "Registered Owner", "Registered Organization", "Product ID", "Original Install Date", "System Boot Time",
    "System Manufacturer", "System Model", "System Type", "Processor(s)", "BIOS Version", "Windows Directory",
    "System Directory", "Boot Device", "System Locale", "Input Locale", "Time Zone", "Total Physical Memory",
    "Available Physical Memory", "Virtual Memory: Max Size", "Virtual Memory: Available",
    "Virtual Memory: In Use", "Page File Location(s)", "Domain", "Logon Server", "Hotfix(s)",
)  # fmt: skip
"""The names in English, in the order in which all languages have them; others follow."""

HOST, SYSTEM, VERSION, TYPE, HOTFIXES = map(NAMES.index, (
    "Host Name", "OS Name", "OS Version", "System Type", "Hotfix(s)",
))  # fmt: skip


class WindowsVersion(NamedTuple):
    """The version of Windows: its build, and its service pack if one is stated."""

    build: str
    service_pack: str | None


def windows_version(text: str) -> WindowsVersion | None:
    """What `5.0.2195 Service Pack 4 Build 2195` and `10.0.14393 N/A Build 14393` say, in any language.

    None for a text of another form.
    """
    found = _VERSION.fullmatch(text)
    if found is None or found["last"] != found["build"]:
        return None
    pack = _SERVICE_PACK.search(found["between"])
    return WindowsVersion(found["version"], pack and pack[0])


_VERSION = re.compile(
    r"(?P<version>\d{1,3}\.\d{1,3}\.(?P<build>\d{3,6}))\b(?P<between>.{1,200})(?<=\s)(?P<last>\d{3,6})",
    re.ASCII,
)
_SERVICE_PACK = re.compile(r"Service Pack \d{1,2}\b", re.ASCII)


class Row(NamedTuple):
    """A line with its name, its value, and the entries of a list below it."""

    name: str
    value: str
    entries: list[str]


def object_of(rows: Sequence[Row]) -> Mapping[str, Value] | None:
    """The object of the lines that are read, with English names; None where they are none of systeminfo."""
    named = {folded(row.name): row for row in reversed(rows)}
    found = {
        NAMES[place]: named.get(folded(NAMES[place])) for place in (HOST, SYSTEM, VERSION, TYPE, HOTFIXES)
    }
    if found[NAMES[VERSION]] is None:
        found = _by_position(rows)
    version = found.get(NAMES[VERSION])
    if version is None or windows_version(version.value) is None:
        return None
    return {
        name: row.entries or row.value if name == NAMES[HOTFIXES] else row.value
        for name, row in found.items()
        if row is not None
    }


def _by_position(rows: Sequence[Row]) -> dict[str, Row | None]:
    place = next((n for n, row in enumerate(rows) if windows_version(row.value)), None)
    if place is None or not place or _WINDOWS not in rows[place - 1].value.casefold():
        return {}

    def at(wanted: int) -> Row | None:
        own = place + wanted - VERSION
        return rows[own] if 0 <= own < len(rows) else None

    kind = at(TYPE)
    return {
        NAMES[HOST]: at(HOST),
        NAMES[SYSTEM]: at(SYSTEM),
        NAMES[VERSION]: at(VERSION),
        NAMES[TYPE]: kind if kind and _platform(kind.value) else None,
        NAMES[HOTFIXES]: next((row for row in rows if any(map(_names_article, row.entries))), None),
    }


_WINDOWS = "windows"


def names_by_position(names: Sequence[str], values: Sequence[str]) -> list[str] | None:
    """The columns of `systeminfo /fo csv` or `/fo table` in English; None where it is no such table.

    `values` is a row of it. Names behind those that all versions of Windows have stay as they are.
    """
    if len(names) < len(NAMES) or len(values) < len(NAMES):
        return None
    if windows_version(values[VERSION].strip()) is None or _WINDOWS not in values[SYSTEM].casefold():
        return None
    return [*NAMES, *names[len(NAMES) :]]


# What the object states.


def _read(written: Written) -> Iterator[Facts]:
    """Windows with its version, and the hotfixes; the locale of the system is not the language of Windows."""
    text = written.text("osversion") or ""
    version = windows_version(text)
    system = {
        "name": _system_name(written.text("osname")),
        "level": version.service_pack if version else None,
        "build": version.build if version else text or None,
        "platform": _platform(written.text("systemtype") or "") or written.text("systemtype"),
    }
    host = written.text("hostname")
    products = [system, OTHERS] if system["name"] else []
    fixes = [*_hotfixes(written.entries("hotfixs"))]
    named = host if host is not None and not says_nothing(host) else None
    yield Facts.of(named, written.at, products=products, hotfixes=fixes)


def _system_name(text: str | None) -> str | None:
    """The name without bytes that are no text: signs of trade marks and hard blanks in another encoding."""
    return text and " ".join(_NO_TEXT.sub(" ", text).split())


_NO_TEXT = re.compile("[\ud800-\udfff]")


def _platform(text: str) -> str | None:
    """The platform in `x64-based PC` and `PC basado en x64`; None where it names none."""
    found = {own.casefold() for own in _PLATFORM.findall(text)}
    return found.pop() if len(found) == 1 else None


_PLATFORM = re.compile(r"(?<![^\W_])(?:x86|x64|ia64|arm64|itanium)(?![^\W_])", re.IGNORECASE)


def _hotfixes(entries: Iterable[Value]) -> Iterator[str]:
    """The hotfixes of a list, or of one text that has all of them: `[01]: Q147222,[02]: File 1`."""
    for entry in entries:
        text = as_text(entry) or ""
        parts = _NUMBERED.split(text)
        for part in parts[1:] if len(parts) > 1 else parts:
            name = part.strip(" ,\r\n")
            if _names_article(name):
                yield name


def _names_article(text: str) -> bool:
    return _ARTICLE.match(text) is not None


_ARTICLE = re.compile(r"(?:KB|Q) ?\d{5,8}(?!\d)", re.IGNORECASE | re.ASCII)
_NUMBERED = re.compile(r"\[\d{1,5}\][ \t\u00a0]?:", re.ASCII)

KINDS = (
    ObjectKind(
        "systeminfo",
        needing(
            "hostname osname osversion", "osname osversion osmanufacturer", "osname osversion hotfixs",
            "osname osversion systemtype",
        ),
        _read,
    ),
)  # fmt: skip
