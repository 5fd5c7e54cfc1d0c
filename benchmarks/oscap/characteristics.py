"""Servers as OVAL system characteristics: what a plain collector writes, which knows nothing of DESIGN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from benchmarks.oscap.catalogue import Shipped
from benchmarks.oscap.definitions import subjects
from benchmarks.oscap.servers import Copy, Server
from benchmarks.oscap.xml import COMMON, GENERATOR, ITEM_SPACE, LISTED, OVAL, REGISTRY, identifier

_SYSTEM = """<system_info><os_name>Windows</os_name><os_version>4.0</os_version>
<architecture>x86</architecture><primary_host_name>MADEUP</primary_host_name><interfaces/></system_info>"""
_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+)*")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


class _Found(NamedTuple):
    """What was found of an object: a flag of OVAL, and items."""

    flag: str
    items: tuple[str, ...] = ()


_MISSING, _NOT_COLLECTED = _Found("does not exist"), _Found("not collected")


def characteristics(shipped: Shipped, server: Server) -> str:
    """The facts about a server."""
    found = [(place, _found(shipped, server, subject)) for place, subject in enumerate(subjects(shipped))]
    collected: list[str] = []
    data: list[str] = []
    for place, own in found:
        references = (
            [] if own.items else ["<message>none</message>"]
        )  # oscap overlooks what follows an empty one
        for item in own.items:
            data.append(item.format(id=len(data) + 1))
            references.append(f'<reference item_ref="{len(data)}"/>')
        head = f'<object id="{identifier("obj", place)}" version="1" flag="{own.flag}">'
        collected.append(f"{head}{''.join(references)}</object>")
    return "".join(
        (
            f'<oval_system_characteristics xmlns="{OVAL}/oval-system-characteristics-5" {COMMON}>',
            f"{GENERATOR}{_SYSTEM}<collected_objects>",
            *collected,
            "</collected_objects><system_data>",
            *data,
            "</system_data></oval_system_characteristics>",
        )
    )


def _found(shipped: Shipped, server: Server, subject: str) -> _Found:
    if subject == "level file":
        copies = server.copies_of(shipped.key_file) if server.shows_level else ()
        return _of_copies(copies) if copies else _NOT_COLLECTED
    if subject in REGISTRY:
        return _stated(shipped, server, subject)
    copies = server.copies_of(subject.removesuffix(LISTED))
    if copies:
        return _of_copies(copies, with_versions=not subject.endswith(LISTED))
    return _MISSING if server.is_complete else _NOT_COLLECTED


def _stated(shipped: Shipped, server: Server, subject: str) -> _Found:
    if subject == "product":
        return _product(shipped, server)
    if subject == "nothing":
        return _NOT_COLLECTED
    stated = {"level": server.level, "build": server.build, "platform": server.platform}[subject]
    return _MISSING if stated is None else _Found("complete", (_registry(subject, stated),))


def _product(shipped: Shipped, server: Server) -> _Found:
    """Listed; or, where there is no list, shown by the key file."""
    if server.products is not None and shipped.names.isdisjoint(server.products):
        return _MISSING
    if server.products is None and not server.copies_of(shipped.key_file):
        return _NOT_COLLECTED
    return _Found("complete", (_registry("product", "there"),))


def _registry(name: str, value: str) -> str:
    where = (
        f"<hive>HKEY_LOCAL_MACHINE</hive><key>SOFTWARE\\Made-up</key><name>{name}</name><type>reg_sz</type>"
    )
    if name == "build":
        return _item("registry_item", where, "value", value)
    return f'<registry_item {ITEM_SPACE} id="{{id}}">{where}<value>{value}</value></registry_item>'


def _of_copies(copies: Iterable[Copy], *, with_versions: bool = True) -> _Found:
    items = tuple(_items(copies, with_versions=with_versions))
    stated = [copy.version is not None for copy in copies]
    if all(stated):
        return _Found("complete", items)
    return _Found("incomplete", items) if items else _NOT_COLLECTED


def _items(copies: Iterable[Copy], *, with_versions: bool) -> Iterator[str]:
    for copy in copies:
        if copy.version is not None:
            where = f"<path>{copy.folder}</path><filename>{copy.name}</filename>"
            if with_versions:
                yield _item("file_item", where, "version", copy.version)
            else:
                yield f'<file_item {ITEM_SPACE} id="{{id}}">{where}</file_item>'


def _item(kind: str, where: str, entity: str, version: str) -> str:
    """An item with a version as the collector reads it: numbers with dots or commas, perhaps a remark."""
    plain = _REMARK.sub("", version).strip().replace(",", ".")
    if _NUMBERS.fullmatch(plain):
        found = f'<{entity} datatype="version">{plain}</{entity}>'
        return f'<{kind} {ITEM_SPACE} id="{{id}}">{where}{found}</{kind}>'
    return f'<{kind} {ITEM_SPACE} id="{{id}}" status="error">{where}</{kind}>'
