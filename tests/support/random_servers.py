"""Random servers for random catalogues: most facts are those of one true level, and some speak against it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import cycle
from random import Random
from typing import NamedTuple, TypeVar

from needfix.catalogue import Catalogue
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.server import (
    SCOPES,
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    RegistryValue,
    Scope,
    Server,
    ServiceState,
)
from tests.support.random_rules import (
    EDITIONS,
    KEY_MINIMA,
    LANGUAGES,
    LIBRARIES,
    PLATFORMS,
    by_years,
    maybe,
    some,
)

_ODD_LEVELS = (
    "5.5", "5.5 SP9", "SP1", "strange", "7.0", "2000", "5.5 RTM", "5.5.300 SP2", "Unknown", "6.0 SP1",
    "Version 5.5 (Build 300.4: Service Pack 2)", "5.5 Service Pack 3", "SP2", "2000 Gold", "Service Pack 3",
    "5", "5 SP1", "5 RTM", "6", "2 SP1", "CU2", "6.0 Service Pack 1 Cumulative Update 2", "6.0 SP1 RTM-CU2",
    "SE", "Subscription Edition", "SE CU1", "SE CU7", "Azure", "SE azure", "6.0 R2", "6.0R2", "R2", "RTM",
    "6.0 R2 SP1", "SE GDR", "6.0 SP1 CU2 GDR", "6.0 SE", "SE (Build 7.1.20)",
)  # fmt: skip
_ODD_BUILDS = (
    "5.5", "5.5.200", "5.5.99", "6.5.1", "5.5.310.2", "300.4", "unknown", "5", "4.0.97", "2022.5.5.5",
)  # fmt: skip
_ODD_NAMES = (
    "Unrelated Thing",
    "Contoso Mail",
    "Unknown",
    "Contoso Mail Server 5.5 Tools",
    "Contoso Server",
    "Contoso Mail Server 2010",
    "Contoso Mail Server 2010 Tools",
    "Contoso Mail SE",
    "Contoso Mail Subscription Edition",
    "Contoso Mail Server 6.0 R2",
    "Contoso Mail 6.0 SP1 Cumulative Update 2",
)
_WHOLE_VERSIONS = (
    "2.0.1.4", "2.0.1.5", "2.0.1.6", "2.0.2.0", "2.1.0.7", "2.1.0.6", "3.0.0.1", "1.9.9.9",
)  # fmt: skip
_VERSIONS = (
    *_WHOLE_VERSIONS, "2.0.1", "2.0", "2.1", "two", "", "2.0.1.5 (SP4)", "2.0.1.5 (was 2.0.1.4)", "2,0,1,5",
    "2022.160.4075.1", "16.0.4075.1", "0.0.0",
)  # fmt: skip
_TIMES = (
    "2000-03-13", "2000-03-14", "2000-03-14T17:59", "2000-03-14T18:00", "2000-03-14T18:00:29", "2000-03-15",
    "2000-03-14T18:00:30", "2000-03-14T23:00:00+02:00", "2000-03-20T00:00:00Z", "2000-03-01T10:00Z", "lately",
    "1601-01-01T00:00:00Z",
)  # fmt: skip
_PATHS = (
    "C:\\mail\\bin\\%s", "C:\\mail\\bin\\%s", "D:\\mail\\%s", "D:\\other\\%s",
    "C:\\WINNT\\$NtUninstallQ1$\\%s", "C:\\WINNT\\dllcache\\%s", "C:\\Windows\\WinSxS\\x86_mail\\%s",
)  # fmt: skip
_IDS = ("mail-waits", "store-hangs", "Q100000/mail-waits", "Q100001/store-hangs", "other")
_HOTFIXES = (
    None, None, (), ("KB100000",), ("Q100001", "Q999999"), ("SP4",), ("",), ("SP4", "Not available"),
    ("500001", "KB999998"), ("Q500010", "su3"), ("KB 500011",),
)  # fmt: skip


Entries = TypeVar("Entries", bound=Collection[object])


class _True(NamedTuple):
    """What a product really is."""

    product: ProductDefinition
    place: int

    @property
    def entry(self) -> LevelDefinition:
        """The true level."""
        return self.product.levels[self.place]


def random_server(random: Random, catalogue: Catalogue, name: str = "A") -> Server:
    """A server with facts of every kind; one of three has few that are odd."""
    server, mail = _random_server(random, catalogue, name)
    return _with_instances(random, server, mail) if random.random() < 0.15 else server


def _random_server(random: Random, catalogue: Catalogue, name: str) -> tuple[Server, _True]:
    mail, host = (
        _True(product, random.randrange(len(product.levels))) for product in catalogue.products.values()
    )
    observed, absent = _symptoms(random)
    is_plain = random.random() < 0.45
    files = _plain_files(random, mail) if is_plain else _files(random, mail, host)
    server = Server(
        name,
        collected=maybe(random, 0.3, "2002-05-09T08:00:00Z"),
        products=_plain_products(random, mail) if is_plain else _products(random, mail, host),
        files=files,
        complete=_complete(random) - (frozenset() if files else {"files"}),
        observed=_listed_or_not(random, frozenset(observed)),
        absent=_listed_or_not(random, frozenset(absent)),
        events=_listed_or_not(random, tuple(_event(random) for _ in range(random.choice((0, 0, 1, 2))))),
        services=_listed_or_not(random, tuple(_service(random) for _ in range(random.choice((0, 1, 1, 2))))),
        counters=_listed_or_not(random, tuple(_counter(random) for _ in range(random.choice((0, 0, 1, 3))))),
        hotfixes=random.choice(_HOTFIXES),
        restart_pending=random.choice((None, None, True, False)),
        registry=_registry(random),
        looked_for=_looked_for(files),
    )
    return replace(server, looked_up=_looked_up(server)), mail


def _with_instances(random: Random, server: Server, mail: _True) -> Server:
    """The server with the product more than once, in folders of which some have its files."""
    known = random.choice((mail, mail, _True(mail.product, random.randrange(len(mail.product.levels)))))
    entries = [replace(_listed(random, known), name=mail.product.name)]
    entries += server.products or (replace(_listed(random, mail), name=mail.product.name),)
    folders = random.choice((("C:\\mail", "D:\\mail"), ("C:\\mail\\bin", "D:\\"), _FOLDERS))
    paths = cycle(random.sample(folders, len(folders)))
    more = [_copy(random, name, _key_version(random, known, name), None) for name in mail.product.key_files]
    copies = [
        replace(copy, path=random.choice(_PATHS) % copy.name)
        if copy.path is None and random.random() < 0.8
        else copy
        for copy in (*server.files, *more)
    ]
    return replace(
        server,
        products=tuple(replace(entry, path=next(paths)) for entry in entries),
        files=tuple(copies),
    )


_FOLDERS = ("C:\\mail", "D:/Mail/", "D:\\other", "\\mail", None, "Unknown", "mail")


def _listed_or_not(random: Random, entries: Entries) -> Entries | None:
    """A list, or none where it would be empty."""
    return entries if entries or random.random() < 0.5 else None


# ---- products


def _products(random: Random, mail: _True, host: _True) -> tuple[InstalledProduct, ...] | None:
    if random.random() < 0.15:
        return None
    entries = []
    if random.random() < 0.9:
        entries.append(_listed(random, mail))
    if random.random() < 0.12:
        entries.append(_listed(random, _True(mail.product, random.randrange(len(mail.product.levels)))))
    if random.random() < 0.4:
        entries.append(_listed(random, host))
    if random.random() < 0.2:
        entries.append(InstalledProduct(random.choice(_ODD_NAMES), level=maybe(random, 0.5, "5.5", "1.0")))
    random.shuffle(entries)
    return tuple(entries)


def _plain_products(random: Random, mail: _True) -> tuple[InstalledProduct, ...]:
    edition = maybe(random, 0.6, *mail.product.editions) if mail.product.editions else None
    platform = maybe(random, 0.5, *PLATFORMS[:2])
    language = maybe(random, 0.5, *LANGUAGES[:2])
    level = mail.entry.level.text
    build = _build(random, mail) if random.random() < 0.4 else None
    return (InstalledProduct(mail.product.name, level, build, edition, language, platform),)


def _listed(random: Random, own: _True) -> InstalledProduct:
    text = own.entry.level.text
    version = text.split(" ")[0]
    if random.random() < 0.8:
        level = maybe(random, 0.75, text)
    else:
        level = maybe(random, 0.9, *_ODD_LEVELS, *(one.level.text for one in own.product.levels))
    if random.random() < 0.35:
        build = _build(random, own) if random.random() < 0.7 else random.choice(KEY_MINIMA)
    else:
        odd = (
            (*_ODD_BUILDS, "5.5/310", "2022-10-01", "20230501", "12/31/21", "550300", "R5")
            if own.product.free_builds
            else _ODD_BUILDS
        )
        build = maybe(random, 0.1, *odd)
    name = random.choice((own.product.name, own.product.name, *own.product.aliases)).removesuffix(" *")
    edition = random.choice((*own.product.editions, *EDITIONS, "Other", "Unknown"))
    if random.random() < 0.2:
        name = f"{name} {random.choice((version, text, '5.5', '5', '2010', '5.5.310.2'))}"
    if random.random() < 0.2:
        name = f"{name} {random.choice((*EDITIONS, 'Enterprise x64', '5.5 Standard', 'English'))}"
    return InstalledProduct(
        name,
        level=level,
        build=build,
        edition=edition if random.random() < 0.5 else None,
        language=maybe(random, 0.4, *LANGUAGES, "English", "Klingon"),
        platform=maybe(random, 0.4, *PLATFORMS, "i386", "AMD64", "PE32+"),
    )


def _build(random: Random, own: _True) -> str | None:
    """A build of the true level."""
    first = own.entry.build
    if first is None:
        return None
    numbers = [*first.release, 0][:4]
    numbers[-1] += random.choice((0, 0, 3, 7, 9, 10))
    return ".".join(map(str, numbers))


# ---- files


def _plain_files(random: Random, mail: _True) -> tuple[FileCopy, ...]:
    keys = [FileCopy(name, version=_key_version(random, mail, name)) for name in mail.product.key_files[:1]]
    return tuple(
        keys
        + [
            FileCopy(
                name,
                None,
                random.choice(_WHOLE_VERSIONS),
                maybe(random, 0.8, *_TIMES[:6]),
                loaded=maybe(random, 0.2, *_WHOLE_VERSIONS),
            )
            for name in some(random, LIBRARIES, 3, 2)
        ]
    )


def _files(random: Random, mail: _True, host: _True) -> tuple[FileCopy, ...]:
    found = []
    for own in (mail, host):
        for name in own.product.key_files:
            copies = random.choice((0, 1, 1, 1, 1, 2))
            found += [_copy(random, name, _key_version(random, own, name), None) for _ in range(copies)]
    versions = _WHOLE_VERSIONS if random.random() < 0.7 else _VERSIONS
    for name in some(random, LIBRARIES, 3, 0):
        copies = random.choice((1, 1, 1, 2))
        found += [
            _copy(random, name, random.choice(versions), maybe(random, 0.6, *_TIMES)) for _ in range(copies)
        ]
    if random.random() < 0.2:
        found.append(FileCopy("Unrelated.dll", version="1.0"))
    random.shuffle(found)
    return tuple(found)


def _key_version(random: Random, own: _True, name: str) -> str | None:
    """The version of a key file, mostly in the numbering that it has."""
    found = _as_build(random, own)
    has_own = own.product.numbered_as(name) is not own.product and found and found.count(".") > 1
    return by_years(found) if has_own and found and random.random() < 0.9 else found


def _as_build(random: Random, own: _True) -> str | None:
    chance = random.random()
    if chance < 0.55:
        return _build(random, own)
    if chance < 0.8:
        return random.choice(KEY_MINIMA)
    later = _True(own.product, random.randrange(len(own.product.levels)))
    return _build(random, later) if chance < 0.9 else random.choice((*_ODD_BUILDS, ""))


def _copy(random: Random, name: str, version: str | None, modified: str | None) -> FileCopy:
    path = random.choice(_PATHS) % name if random.random() < 0.45 else maybe(random, 0.05, "Unknown", "N/A")
    if random.random() < 0.05:
        name, path = f"C:\\mail\\bin\\{name}", None
    return FileCopy(
        random.choice((name, name.upper())),
        path=path,
        version=version,
        modified=modified,
        platform=maybe(random, 0.25, *PLATFORMS, "32-bit", "PE32+"),
        loaded=maybe(random, 0.35, *_WHOLE_VERSIONS, *_VERSIONS, *KEY_MINIMA),
    )


def _complete(random: Random) -> frozenset[Scope]:
    found: set[Scope] = {"files"} if random.random() < 0.5 else set()
    return frozenset(found | set(some(random, SCOPES[1:], 7, 0) if random.random() < 0.5 else ()))


def _looked_for(files: tuple[FileCopy, ...]) -> tuple[str, ...] | None:
    """Mostly all files; else some of those that rules ask for, and others."""
    random = Random(repr(files))  # noqa: S311 - a sample, which leaves the other facts as they are
    return tuple(some(random, (*LIBRARIES, "another.file"), 3, 0)) if random.random() < 0.1 else None


# ---- the registry


def _registry(random: Random) -> tuple[RegistryValue, ...] | None:
    return _listed_or_not(random, tuple(_value(random) for _ in range(random.choice((0, 1, 2, 2, 3, 4)))))


def _looked_up(server: Server) -> tuple[str, ...] | None:
    """Mostly all values; else some of those that rules ask for, and others."""
    random = Random(repr((server.registry, server.hotfixes)))  # noqa: S311 - as that of files
    places = [f"{key}\\{name}" for key in (*_KEYS[:4], *_KEYS, *_ODD_KEYS) for name in ("Limit", "version")]
    return tuple(some(random, places, 4, 0)) if random.random() < 0.2 else None


def _value(random: Random) -> RegistryValue:
    keys = (*_KEYS[:4], *_KEYS) if random.random() < 0.9 else _ODD_KEYS
    name = random.choice(("Limit", "version", "Version", "limit", "limit"))
    values = (
        ("2.0", "2.0.1.5", "2.1", "1.9", "two", "2")
        if name.casefold() == "version"
        else ("1", "1", "0", "0x1", "dword:00000001", "1.0")
    )
    return RegistryValue(
        random.choice(keys),
        "Unknown" if random.random() < 0.03 else name,
        maybe(random, 0.95, *values, *values, "Limit"),
        maybe(random, 0.4, "64", "32", "64-bit", "x86", "16"),
    )


_KEYS = (
    "HKLM\\SOFTWARE\\Mail", "HKLM:\\SOFTWARE\\mail", "HKEY_LOCAL_MACHINE\\Software\\Mail",
    "Computer\\HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Mail", "HKCU\\Mail", "HKLM\\SOFTWARE\\Other",
)  # fmt: skip
_ODD_KEYS = ("SOFTWARE\\Mail", "N/A", "HKLM", "Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail")


# ---- symptoms


def _symptoms(random: Random) -> tuple[list[str], list[str]]:
    chance = random.random()
    if chance < 0.35:
        return [], []
    if chance < 0.65:
        return [], list(_IDS[:2])
    if chance < 0.72:
        return [random.choice(("", "Unknown"))], some(random, _IDS, 2, 0)
    return some(random, _IDS, 1, 0), some(random, _IDS, 2, 0)


def _event(random: Random) -> Event:
    message = random.choice(("A Dead\r\n  Lock came", "the disk is full", "nothing", "", "N/A"))
    return Event(random.choice(("msmail", "Disk", "Unknown")), random.choice((None, 1, 2)), message)


def _service(random: Random) -> ServiceState:
    state = random.choice(
        ("Stop Pending", "STOP_PENDING", "stopped", "running", "Running", "3", "Wird beendet", "N/A", "")
    )
    return ServiceState(random.choice(("store", "Store", "Gate", "Unknown", "Mail Store")), state)


def _counter(random: Random) -> CounterSample:
    return CounterSample(
        random.choice(("Queue", "queue", "load")),
        random.choice((5.0, 11.0, 12.0, 11.0, 12.0, None)),
        maybe(random, 0.6, "2001-01-01T00:00:00", "2001-01-01T00:01:00", "2001-01-01T00:02:00Z", "later"),
        maybe(random, 0.4, 30.0, 60.0, 90.0),
    )
