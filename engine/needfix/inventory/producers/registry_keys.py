"""Keys of the registry as PowerShell lists them: the values of Windows' own key, and others by their path."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.intake.other_values import as_whole
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.systems import with_revision
from needfix.inventory.producers.written import Written, as_text


def _windows(written: Written) -> Iterator[Facts]:
    """The key `CurrentVersion` of Windows, where the revision is (UBR)."""
    major = written.text("currentmajorversionnumber")
    build = written.text("currentbuildnumber", "currentbuild")
    kernel = f"{major}.{written.text('currentminorversionnumber') or 0}" if major else _kernel(written, build)
    version = f"{kernel}.{build}" if kernel and build else None
    name = written.text("productname")
    system = {"name": name and _with_maker(name), "build": with_revision(version, written.text("ubr"))}
    products = [system, OTHERS] if system["name"] else []
    yield Facts.of(named_server(written), written.at, products=products)


def _kernel(written: Written, build: str | None) -> str | None:
    """The version of Windows without its build, which newer ones write in numbers apart.

    Their `CurrentVersion` stays 6.3; it is that of the system in those before Windows 10.
    """
    number = as_whole(build)
    if number is None:
        return None
    return "10.0" if number >= _FIRST_OF_10 else written.text("currentversion")


_FIRST_OF_10 = 10240


def _with_maker(name: str) -> str:
    """The name as all other commands write it: the key leaves out who makes Windows."""
    return f"Microsoft {name}" if name.startswith("Windows ") else name


def _values(written: Written) -> Iterator[Facts]:
    """The values of a key that Get-ItemProperty lists: all properties but those of PowerShell itself."""
    path = (written.text("pspath") or "").rpartition("::")[2]
    found = [
        {"path": path, "name": written.names.get(name, name), "value": text}
        for name, value in written.values.items()
        if name not in _OF_POWERSHELL and (text := as_text(value)) is not None
    ]
    is_registry = path.upper().startswith("HKEY")
    yield Facts.of(_remote(written), written.at, registry=found if is_registry else [])


def _remote(written: Written) -> str | None:
    """The server that was asked: any other property, such as `Server` or `Host`, is a value of the key."""
    return written.text("pscomputername")


_OF_POWERSHELL = frozenset(
    ("", "pspath", "psparentpath", "pschildname", "psdrive", "psprovider", "pscomputername", "runspaceid")
)

WINDOWS = ObjectKind(
    "CurrentVersion of Windows",
    needing("productname currentbuildnumber", "productname currentbuild ubr"),
    _windows,
)
KINDS = (
    WINDOWS,
    ObjectKind("Get-ItemProperty", needing("pspath pschildname psprovider"), _values, server_of=_remote),
)
