"""What is installed on a server, from the registry that lies on its disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.collect.cells import HiveError
from needfix.collect.hive import Hive, HiveValue

_WINDOWS = r"Microsoft\Windows NT\CurrentVersion"
_VIEWS = ("", "Wow6432Node\\")
"""What keys of both views begin with."""
_PROGRAMS = tuple(rf"{prefix}Microsoft\Windows\CurrentVersion\Uninstall" for prefix in _VIEWS)
_SHOWS_PROGRAM = frozenset(
    {"displayversion", "installlocation", "publisher", "quietdisplayname", "uninstallstring"}
)
"""Values of a key that is of a program although it has no name; Windows has some keys without any."""
KEYS_OF = {
    "exchange-server": (r"Microsoft\ExchangeServer", r"Microsoft\Exchange\Setup"),
    "sql-server": (
        r"Microsoft\Microsoft SQL Server\Instance Names\SQL",
        r"Microsoft\MSSQLServer\MSSQLServer\CurrentVersion",
    ),
}
"""Keys that only a product makes."""
PARTS_OF = {"sql-server": re.compile("Database Engine Services", re.IGNORECASE)}
"""Programs that only a product brings along."""
_SINCE_NUMBERS, _LAST_WITHOUT = "6.3", "9600"
"""The version that later releases still state as a text, and the last build that has no other."""
_SQL_SERVER = r"Microsoft\Microsoft SQL Server"
_HOTFIXES = r"Microsoft\Windows NT\CurrentVersion\HotFix"
_ARTICLE = re.compile(r"\b(KB[0-9]{6,8}|Q[0-9]{5,6})\b", re.ASCII)
_UPDATE_TYPES = ("update", "hotfix", "service pack", "security")
_EVALUATION = re.compile(r" Evaluation$")
_OF_WINDOWS_2000 = {
    "winnt": "Professional", "servernt": "Server", "lanmannt": "Server",
    "enterprise": "Advanced Server", "datacenter": "Datacenter Server",
}  # fmt: skip
"""What Windows 2000 is called by its type and suite, which its name leaves out."""

Entry = dict[str, str]
"""An entry of `products` in a record."""


class Programs(NamedTuple):
    """The products of a server, and the updates that are listed beside them.

    `traces` are products, by their ids, of which something is there; `nameless` are keys of programs
    without a name, of which `unknown` have more than that.
    """

    products: list[Entry]
    hotfixes: list[str]
    traces: frozenset[str]
    nameless: int
    unknown: tuple[str, ...]


def installed(software: Hive, system: Hive | None, catalogue: Catalogue) -> Programs:
    """Windows, the instances of SQL Server, and the programs that Windows lists."""
    found = _programs(software, catalogue)
    instances = list(_instances(software))
    known = catalogue.names.find(_SQL_NAME)
    programs = found.products
    if instances and known is not None:  # the programs name SQL Server without its instances
        programs = [own for own in programs if _product(catalogue, own["name"]) != known.product]
    windows = _windows(software, system)
    hotfixes = [
        name
        for name in software.below(_HOTFIXES)
        if _ARTICLE.fullmatch(name) and software.value(rf"{_HOTFIXES}\{name}", "Installed") == 1
    ]
    return Programs(
        [*([windows] if windows else []), *instances, *programs],
        sorted({*found.hotfixes, *hotfixes}),
        found.traces | _traces(software),
        found.nameless,
        (*found.unknown, *(() if windows else (_WINDOWS,))),
    )


def _traces(software: Hive) -> frozenset[str]:
    """Products that left keys of their own, whether they are among the programs or not."""
    return frozenset(
        product
        for prefix in _VIEWS
        for product, places in KEYS_OF.items()
        for place in places
        if software.below(prefix + place) or software.values(prefix + place)
    )


def _windows(software: Hive, system: Hive | None) -> Entry | None:
    """Windows with its build, which ends with the revision that every update raises."""
    values = software.values(_WINDOWS)
    name = _EVALUATION.sub("", _text(values, "productname"))
    major, minor = (values.get(f"current{part}versionnumber") for part in ("major", "minor"))
    is_of_numbers = isinstance(major, int) and isinstance(minor, int)
    version = f"{major!s}.{minor!s}" if is_of_numbers else _text(values, "currentversion")
    build = _text(values, "currentbuildnumber") or _text(values, "currentbuild")
    if not is_of_numbers and version == _SINCE_NUMBERS and len(build) > len(_LAST_WITHOUT):
        build = ""
    if not name and version == "4.0":
        name = "Microsoft Windows NT"
    if not name:
        return None
    if system is not None:
        name = _whole_name(name, version, system)
    revision = values.get("ubr")
    parts = [version, build, *([str(revision)] if isinstance(revision, int) else [])]
    found = {"name": name, "level": _text(values, "csdversion"), "build": ".".join(parts) if build else ""}
    if system is not None:
        control = control_set(system)
        environment = rf"{control}\Control\Session Manager\Environment"
        found["platform"] = system.text(environment, "PROCESSOR_ARCHITECTURE") or ""
        found["language"] = system.text(rf"{control}\Control\Nls\Language", "InstallLanguage") or ""
    return {key: text for key, text in found.items() if text}


def _whole_name(name: str, version: str, system: Hive) -> str:
    """The name of Windows NT 4.0 and 2000 with what it is called by its type: Server, Professional."""
    if version not in ("4.0", "5.0") or "server" in name.casefold() or "professional" in name.casefold():
        return name
    options = system.values(rf"{control_set(system)}\Control\ProductOptions")
    of_type = _text(options, "producttype").casefold()
    suites = options.get("productsuite")
    own = {suite.casefold() for suite in suites} if isinstance(suites, tuple) else set()
    if version == "4.0":
        ending = {"winnt": "Workstation", "servernt": "Server", "lanmannt": "Server"}.get(of_type)
    else:
        ending = next(
            (_OF_WINDOWS_2000[suite] for suite in ("datacenter", "enterprise") if suite in own), None
        )
        ending = ending or _OF_WINDOWS_2000.get(of_type)
    return f"{name} {ending}" if ending else name


def _programs(software: Hive, catalogue: Catalogue) -> Programs:
    """The programs that Windows lists, and the updates among them, by their articles."""
    shown: list[Entry] = []
    hidden: list[Entry] = []
    hotfixes: list[str] = []
    traces: set[str | None] = set()
    nameless = 0
    unknown: list[str] = []
    for place in _PROGRAMS:
        for key in software.below(place):
            values = software.values(rf"{place}\{key}")
            name = _text(values, "displayname")
            if _is_update(values):
                hotfixes += _ARTICLE.findall(f"{name} {key}")
                parents = (name, _text(values, "parentdisplayname"))
                traces.update(_product(catalogue, own) for own in parents if own)
            elif not name:
                nameless += 1
                unknown += [key] if not _SHOWS_PROGRAM.isdisjoint(values) else []
            else:
                own = _program(name, values)
                (hidden if values.get("systemcomponent") == 1 else shown).append(own)
                traces.update(product for product, part in PARTS_OF.items() if part.search(name))
    # A hidden entry is a part of a product that has its own, where there is one.
    named = {_product(catalogue, own["name"]) for own in shown}
    parts = [own for own in hidden if (product := _product(catalogue, own["name"])) and product not in named]
    products = [dict(own) for own in dict.fromkeys(tuple(one.items()) for one in (*shown, *parts))]
    of_products = frozenset(own for own in traces if own is not None)
    return Programs(products, hotfixes, of_products, nameless, tuple(unknown))


def _program(name: str, values: dict[str, HiveValue]) -> Entry:
    found = {"name": name, "build": _text(values, "displayversion")}
    return {key: text for key, text in found.items() if text}


def _is_update(values: dict[str, HiveValue]) -> bool:
    """Whether an entry is an update of another one."""
    kind = _text(values, "releasetype").casefold()
    return bool(_text(values, "parentkeyname")) or any(word in kind for word in _UPDATE_TYPES)


_SQL_NAME = "Microsoft SQL Server"


def _instances(software: Hive) -> Iterator[Entry]:
    """The instances of SQL Server, each with its build and the folder that it is installed in."""
    for prefix in _VIEWS:
        names = software.values(rf"{prefix}{_SQL_SERVER}\Instance Names\SQL")
        for _, own in sorted(names.items()):
            if not isinstance(own, str):  # an instance of which nothing is known
                yield {"name": _SQL_NAME}
                continue
            setup = software.values(rf"{prefix}{_SQL_SERVER}\{own}\Setup")
            folder = _text(setup, "sqlpath").rstrip("\\")
            folder = folder if folder.isprintable() else ""
            found = {
                "name": _SQL_NAME,
                "build": _text(setup, "patchlevel") or _text(setup, "version"),
                "edition": _text(setup, "edition"),
                "path": folder.rpartition("\\")[0] if folder.casefold().endswith("\\mssql") else folder,
            }
            yield {key: text for key, text in found.items() if text}


def _product(catalogue: Catalogue, name: str) -> str | None:
    found = catalogue.names.find(name)
    return None if found is None else found.product


def _text(values: dict[str, HiveValue], name: str) -> str:
    found = values.get(name)
    return found.strip() if isinstance(found, str) else ""


def control_set(system: Hive) -> str:
    """The key of the settings with which the server last started."""
    number = system.value("Select", "Current")
    found = f"ControlSet{number:03}" if isinstance(number, int) else ""
    if not found or not system.has(found):
        raise HiveError("it does not show with which settings the server last started")
    return found


def computer_name(system: Hive) -> str | None:
    """The name of the server."""
    key = rf"{control_set(system)}\Control\ComputerName\ComputerName"
    return system.text(key, "ComputerName")
