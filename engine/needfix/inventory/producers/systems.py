"""Operating systems: Win32_OperatingSystem, Get-ComputerInfo, and whether a restart is pending."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.inventory.producers.facts import OTHERS, Entry, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.one_windows import is_windows
from needfix.inventory.producers.systeminfo import windows_version
from needfix.inventory.producers.updates import hotfix_ids
from needfix.inventory.producers.written import Written, as_time, as_truth


def _system(written: Written) -> Iterator[Facts]:
    """The operating system of WMI; its local time is that at which it was asked."""
    own = system(written)
    found = Facts.of(named_server(written), written.at, products=[] if own is None else [own, OTHERS])
    yield found._replace(collected=as_time(written.value("localdatetime")))


def _captioned(written: Written) -> Iterator[Facts]:
    """What has a caption and a version: a system, else a program."""
    if is_windows({"name": written.text("caption")}):
        yield from _system(written)
    else:
        program = {"name": written.text("caption"), "build": written.text("version")}
        yield Facts.of_programs(named_server(written), written.at, [program])


def system(written: Written) -> Entry | None:
    """The entry of an operating system of WMI; None where it states no name."""
    found = {
        "name": written.text("caption"),
        "level": written.text("csdversion"),
        "build": with_revision(written.text("version"), written.text("ubr")),
        "platform": written.text("osarchitecture"),
        "language": written.text("oslanguage"),
    }
    return found if found["name"] else None


def with_revision(version: str | None, revision: str | None) -> str | None:
    """The version of Windows with the revision of its last update, which most programs write apart."""
    is_short = version is not None and version.count(".") == _POINTS_WITHOUT_REVISION
    return f"{version}.{revision}" if is_short and revision and revision.isdecimal() else version


_POINTS_WITHOUT_REVISION = 2


def _computer(written: Written) -> Iterator[Facts]:
    """Get-ComputerInfo: everything about one server in one object."""
    own = windows_version(written.text("osversion") or "")
    system = {
        "name": written.text("osname", "windowsproductname"),
        "level": own.service_pack if own else written.text("oscsdversion"),
        "build": with_revision(own.build if own else written.text("osversion"), written.text("windowsubr")),
        "platform": written.text("osarchitecture"),
        "language": written.text("oslanguage"),
    }
    fixes = [
        name
        for one in written.entries("oshotfixes")
        for name in hotfix_ids(Written.of(one if isinstance(one, dict) else {"HotFixID": one}, written.at))
    ]
    products = [system, OTHERS] if system["name"] else []
    found = Facts.of(named_server(written), written.at, products=products, hotfixes=fixes)
    yield found._replace(collected=as_time(written.value("oslocaldatetime")))


def _pending(written: Written) -> Iterator[Facts]:
    value = as_truth(written.value("pendingreboot", "rebootpending", "isrebootpending", "restartpending"))
    yield Facts.of(named_server(written), written.at)._replace(restart_pending=value)


KINDS = (
    ObjectKind(
        "Win32_OperatingSystem",
        needing("caption version buildnumber", "caption osarchitecture", "caption csdversion"),
        _system,
    ),
    ObjectKind("Win32_OperatingSystem", needing("caption version"), _system, alone=True),
    ObjectKind("Get-ComputerInfo", needing("osname osversion", "windowsproductname osversion"), _computer),
    ObjectKind("restart pending", needing("pendingreboot", "rebootpending", "isrebootpending"), _pending),
)
REST = (ObjectKind("operating system or program", needing("caption version"), _captioned),)
"""What is tried behind all other kinds, since it needs so little."""
