"""What a server's facts say about an object of OVAL, read as needfix reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.compare.build_minima import as_version
from needfix.compare.installation import Installation, Installed
from needfix.compare.installed import installed, owners_of_key_files
from needfix.compare.path_patterns import lies_in
from needfix.compare.registry import lists_value, measured, view_of
from needfix.compare.server_files import ServerFiles
from needfix.compare.tracked import FileCheck, TrackedFile, stated
from needfix.exporting.oval.export import Export
from needfix.exporting.oval.objects import (
    PLATFORM,
    AskedObject,
    FileObject,
    Object,
    ValueObject,
    architecture,
)
from needfix.exporting.oval.sources import NOT_MINIMA
from needfix.exporting.oval.spans import filetime, numbers_of, text_of
from needfix.intake.registry_names import registry_text
from needfix.model.minimum import Minimum
from needfix.model.server import FileCopy, RegistryValue, Server, altered
from needfix.versions import Moment, behind, counts_years, parse_clock_time, parse_file_version


class Item(NamedTuple):
    """A copy of a file or a value of the registry, with what it shows; None: it does not show it."""

    path: str | None = None
    version: str | None = None
    modified: int | None = None
    value: str | None = None
    datatype: str = "version"
    view: str | None = None


class Observed(NamedTuple):
    """What is known about an object: a flag of OVAL, items, and why there is none."""

    flag: str
    items: tuple[Item, ...] = ()
    why: str = ""


_NOT_STATED = Observed("not collected", why="the inventory does not state it")
_NOT_THERE = Observed("does not exist", why="the inventory lists all, and this is not among them")


class Limits(NamedTuple):
    """What the tests of an object compare its versions and times with."""

    versions: tuple[Version, ...]
    times: tuple[int, ...]

    def shows(self, version: Version) -> bool:
        """Whether a version shows on which side of each limit it lies.

        One that is cut short does not, nor one that counts by years where the limit does not.
        """
        end = behind(version)
        return not any(
            (numbers_of(version) < numbers_of(one) and one < end)
            or counts_years(one) != counts_years(version)
            for one in self.versions
        )

    def shows_time(self, moment: Moment) -> bool:
        """Whether a time shows on which side of each limit it lies; one without zone shows none."""
        first, last = filetime(moment.first), filetime(moment.last)
        return moment.has_zone and not any(first < one <= last for one in self.times)


class Observer:
    """Looks at the facts of servers for all objects of an export."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._owners = owners_of_key_files(export.catalogue.products)
        self._limits = {own: _limits(export, own) for own in export.objects}
        files = [own for own in export.objects if isinstance(own, FileObject)]
        self._places = {own: place for place, own in enumerate(files)}
        self._values = {
            source.object: product
            for product, sources in export.sources.items()
            for source in sources
            if isinstance(source.object, ValueObject)
        }

    def observed(self, server: Server) -> Iterator[tuple[Object, Observed]]:
        """All objects, each with what is known about it."""
        here = installed(self._export.catalogue, server)
        without_list = installed(
            self._export.catalogue, altered(server, products=None, disputed_products=None)
        )
        tracked = [TrackedFile(own.name, own.path, None, None) for own in self._places]
        files = ServerFiles(tracked, server)
        lacking = any(one.lacks_key_files for one in here.installations)
        disputed = {copy.name.casefold() for copy in server.disputed_files}
        for own in self._export.objects:
            if isinstance(own, ValueObject):
                yield own, self._value(own, here)
                continue
            if isinstance(own, AskedObject):
                yield own, self._asked(own, server)
                continue
            place = self._places[own]
            doubt = (
                "records disagree about it" if own.name in disputed else self._doubt(own, here, without_list)
            )
            if doubt:
                yield own, Observed("error", why=doubt)
            else:
                is_missing = files.measure(place).doubt == "missing"
                is_believed = is_missing and not lacking and not self._may_be_key_file(own, here)
                copies = files.copies(FileCheck(place, 0, _NO_MINIMUM))
                yield own, self._copies(own, copies, is_missing=is_believed)

    # ---- files

    def _copies(self, own: FileObject, copies: Sequence[FileCopy], *, is_missing: bool) -> Observed:
        if not copies:
            return _NOT_THERE if is_missing else _NOT_STATED
        items = [item for copy in copies for item in self._item(own, copy)]
        # Beside a copy that states nothing, the others would prove that the file is there in part.
        return Observed("complete", tuple(items)) if len(items) == len(copies) else _NOT_STATED

    def _item(self, own: FileObject, copy: FileCopy) -> Iterator[Item]:
        """The item of a copy; none where it states nothing that could be compared."""
        if own.path is not None and lies_in(stated(copy.path), own.path) is None:
            return
        text, time = stated(copy.version), stated(copy.modified)
        limits = self._limits[own]
        version = parse_file_version(text) if text is not None else None
        moment = parse_clock_time(time) if time is not None else None
        modified = filetime(moment.first) if moment is not None and limits.shows_time(moment) else None
        if text is not None or modified is not None:
            is_shown = version is not None and limits.shows(version)
            yield Item(copy.path, text_of(numbers_of(version)) if version and is_shown else None, modified)

    def _may_be_key_file(self, own: FileObject, here: Installed) -> bool:
        """Whether a file is the key file of a product that may be there although no key file shows it."""
        return any(here.may_have(one) for one in self._owners.get(own.name, ()))

    def _doubt(self, own: FileObject, here: Installed, without_list: Installed) -> str:
        """Why the level of a key file is in doubt: facts that OVAL does not see speak against it."""
        for product in self._owners.get(own.name, ()):
            shown = {level for one in without_list.of(product) for level in one.possible}
            for one in here.of(product):
                if one.contradictions:
                    return one.contradictions[0].text
                if shown and not shown.issuperset(one.possible):
                    return one.doubt.text if one.doubt else "other facts show another level"
        return ""

    # ---- values

    def _value(self, own: ValueObject, here: Installed) -> Observed:
        if own == PLATFORM:
            return _platform(here)
        product = self._values[own]
        installations = here.of(product)
        if not installations:
            return _NOT_STATED if here.may_have(product) else _NOT_THERE
        contradicted = next((one for each in installations for one in each.contradictions), None)
        if contradicted is not None:
            return Observed("error", why=contradicted.text)
        items = [item for one in installations for item in self._builds(own, one)]
        known = tuple(item for item in items if item is not None)
        return Observed("complete", known) if len(known) == len(items) else _NOT_STATED

    def _asked(self, own: AskedObject, server: Server) -> Observed:
        """A value that rules ask for; beside an entry that may be of it, others would prove too much."""
        entries = server.registry or ()
        found = measured(own.asked, entries, is_complete=lists_value(server, own.asked.asked))
        if found.differing:
            return Observed("error", why="entries of the value exclude each other")
        if any(own.asked.has(entry) is None for entry in entries):
            return _NOT_STATED
        if found.value != "as-asked":
            return _NOT_THERE if found.value == "missing" else _NOT_STATED
        there = [entry for entry in entries if own.asked.has(entry)]
        return Observed("complete", tuple(self._asked_item(own, entry) for entry in there))

    def _asked_item(self, own: AskedObject, entry: RegistryValue) -> Item:
        text, view = entry.value or "", view_of(entry)
        if own.datatype == "string":
            return Item(value=registry_text(text), datatype="string", view=view)
        version = parse_file_version(text)
        is_shown = version is not None and self._limits[own].shows(version)
        value = text_of(numbers_of(version)) if version is not None and is_shown else None
        return Item(value=value, view=view)

    def _builds(self, own: ValueObject, here: Installation) -> Iterator[Item | None]:
        """The items of the stated builds of an installation; None for one that states none."""
        facts = [fact for fact in here.builds if fact.kind == "build"]
        if not facts:
            yield None
        for fact in facts:
            versions = list(map(as_version, fact.builds))
            is_one = len(versions) == 1 and self._limits[own].shows(versions[0])
            yield Item(value=text_of(numbers_of(versions[0]))) if is_one else Item()


def _platform(here: Installed) -> Observed:
    stated_ones = {one for each in here.installations for one in each.platforms}
    words = {architecture(one) for one in stated_ones}
    word = words.pop() if len(words) == 1 else None
    return _NOT_STATED if word is None else Observed("complete", (Item(value=word, datatype="string"),))


def _limits(export: Export, own: Object) -> Limits:
    states = [state for test in export.tests if test.object == own for state in test.states]
    versions = dict.fromkeys(
        state.value for state in states if state.datatype == "version" and state.value not in NOT_MINIMA
    )
    times = dict.fromkeys(int(state.value) for state in states if state.datatype == "int")
    return Limits(tuple(map(Version, versions)), tuple(times))


_NO_MINIMUM = Minimum("")


def without_place(server: Server) -> Iterator[str]:
    """Which facts of a server have no place in OVAL; they lead to levels, symptoms and actions."""
    if any(entry.level for entry in server.products or ()):
        yield "stated levels"
    for what in ("symptoms", "events", "services", "counters", "hotfixes"):
        if server.observed if what == "symptoms" else getattr(server, what):
            yield what
    if server.restart_pending is not None:
        yield "pending restarts"
