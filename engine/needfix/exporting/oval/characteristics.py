"""Servers as documents of OVAL system characteristics, for the objects of an export."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from needfix.exporting.oval.export import Export
from needfix.exporting.oval.identifiers import object_id
from needfix.exporting.oval.objects import AskedObject, FileObject, Object
from needfix.exporting.oval.observed import Item, Observed, Observer
from needfix.exporting.oval.xml import NO_TIME, OVAL, Element, element, generator
from needfix.intake.fields import file_name
from needfix.model.server import Server
from needfix.versions import parse_clock_time

_SPACE = f"{OVAL}/oval-system-characteristics-5"
_NAMESPACES = {"xmlns": _SPACE, "xmlns:oval": f"{OVAL}/oval-common-5", "xmlns:win": f"{_SPACE}#windows"}


def characteristics(export: Export) -> Callable[[Server], Element]:
    """Makes the document of a server."""
    observer = Observer(export)

    def of_server(server: Server) -> Element:
        objects: list[Element] = []
        numbers: dict[Element, int] = {}
        for own, found in observer.observed(server):
            items = dict.fromkeys(
                numbers.setdefault(_item(own, item), len(numbers) + 1) for item in found.items
            )
            references = [element("reference", item_ref=str(number)) for number in items]
            objects.append(_object(own, found, references))
        data = [
            item._replace(attributes=(("id", str(number)), *item.attributes))
            for item, number in numbers.items()
        ]
        return Element(
            "oval_system_characteristics",
            tuple(_NAMESPACES.items()),
            (
                generator(_timestamp(server)),
                _system(server),
                element("collected_objects", *objects),
                *([element("system_data", *data)] if data else []),
            ),
        )

    return of_server


def _timestamp(server: Server) -> str:
    moment = parse_clock_time(server.collected) if server.collected else None
    return NO_TIME if moment is None else moment.first.isoformat(timespec="seconds")


def _system(server: Server) -> Element:
    return element(
        "system_info",
        element("os_name", text="Windows"),
        element("os_version", text="not stated"),
        element("architecture", text="not stated"),
        element("primary_host_name", text=server.server),
        element("interfaces"),
    )


def _object(own: Object, found: Observed, references: list[Element]) -> Element:
    # A message stands where there is no item: oscap skips the object that follows an empty one.
    message = [] if references else [element("message", text=found.why, level="info")]
    return element("object", *message, *references, id=object_id(own), version="1", flag=found.flag)


def _item(own: Object, item: Item) -> Element:
    if isinstance(own, FileObject):
        return element("win:file_item", *_of_file(own, item), status="exists")
    where = [element("win:hive", text=own.hive)]
    if isinstance(own, AskedObject) or not own.has_pattern:
        where.append(element("win:key", text=own.key))
    where.append(element("win:name", text=own.name))
    value = [] if item.value is None else [element("win:value", text=item.value, datatype=item.datatype)]
    if item.view is not None:
        value.append(element("win:windows_view", text=f"{item.view}_bit"))
    return element("win:registry_item", *where, *value, status="exists")


def _of_file(own: FileObject, item: Item) -> Iterator[Element]:
    """The entities of a file, in the order of the schema. None is without text: oscap reads that as 0."""
    folder = _folder(own, item.path) if item.path else ""
    if folder:
        yield element("win:path", text=folder)
    yield element("win:filename", text=own.name)
    if item.modified is not None:
        yield element("win:m_time", text=str(item.modified), datatype="int")
    if item.version is not None:
        yield element("win:version", text=item.version, datatype="version")


def _folder(own: FileObject, path: str) -> str:
    """The folder of a copy; a path may also be that of the folder itself."""
    is_whole = file_name(path).casefold() == own.name
    return path[: -len(own.name)].rstrip("\\/") if is_whole else path
