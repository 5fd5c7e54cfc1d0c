"""Hotfixes and installed programs: Get-HotFix, Win32_QuickFixEngineering, Win32_Product, uninstall keys."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.intake.fields import is_path
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written


def hotfix(written: Written) -> Iterator[Facts]:
    """A hotfix of Get-HotFix and WMI."""
    yield Facts.of(named_server(written, "source"), written.at, hotfixes=hotfix_ids(written))


def hotfix_ids(written: Written) -> list[str]:
    """The ids of an installed hotfix.

    WMI of Windows 2000 to 2003 has some as `File 1`, and their ids beside.
    """
    name = written.text("hotfixid")
    if name is None or name.casefold().startswith("file "):
        name = written.text("servicepackineffect")
    return [] if name is None else [name]


def program(written: Written) -> Iterator[Facts]:
    """An installed program; the list of them is not whole."""
    name = written.text("displayname", "name")
    entry = {"name": name, "build": written.text("displayversion", "version")}
    yield Facts.of_programs(named_server(written), written.at, [entry])


def _named(written: Written) -> Iterator[Facts]:
    """A name and a version, which a program has, and a file of WMI, whose name is its path."""
    name = written.text("name")
    if name is None or not is_path(name):
        yield from program(written)
        return
    entry = {"path": name, "version": written.text("version")}
    yield Facts.of(named_server(written), written.at, files=[entry])


PROGRAMS = ObjectKind(
    "installed programs", needing("displayname displayversion", "displayname publisher"), program
)
KINDS = (
    ObjectKind("Get-HotFix", needing("hotfixid"), hotfix, also=("source",)),
    ObjectKind(
        "Win32_Product",
        needing(
            "identifyingnumber name version", "name version vendor", "name version publisher",
            "name version providername",
        ),
        program,
    ),
    PROGRAMS,
    ObjectKind("program or file", needing("name version", "caption name version"), _named, alone=True),
)  # fmt: skip
