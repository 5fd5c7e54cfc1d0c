"""What of a server's facts is not understood, not used or not counted: occurrences for notes.

Only facts that a catalogue's rules can ask for are looked at: products that it defines, files that its
rules or definitions name, services, events and counters that its rules observe, values of the registry that
they ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from needfix.catalogue import Catalogue
from needfix.compare.file_names import ENDS_AS_FILE, is_nameless, last_word, names_no_file, stem
from needfix.compare.instances import folder_of
from needfix.compare.level_facts import not_understood
from needfix.compare.registry import AskedValue, values_of_entries
from needfix.compare.reported import symptom_names
from needfix.compare.tracked import TrackedFile
from needfix.errors import NOWHERE
from needfix.intake.fields import file_name
from needfix.intake.kinds import SymptomId
from needfix.intake.notes import Occurrence, Placed
from needfix.intake.registry_names import registry_key, registry_view
from needfix.intake.vocabularies import (
    is_lacking,
    keeps_old_files,
    lacks_message,
    language,
    old_folder,
    own_edition,
    platform,
    says_nothing,
    service_state,
    stands_for_others,
)
from needfix.model.server import (
    SCOPES,
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    RegistryValue,
    Server,
    ServiceState,
)
from needfix.model.symptom import CounterSeen, EventSeen, ServiceSeen
from needfix.versions import parse_clock_time, parse_file_version

_MOST_ENTRIES = 1 << 12


class NotedFacts:
    """Finds what is to be noted of servers, for one catalogue."""

    def __init__(self, catalogue: Catalogue, tracked: Iterable[TrackedFile]) -> None:
        self._catalogue = catalogue
        self._entries: dict[InstalledProduct, tuple[Occurrence, ...]] = {}
        key_files = {own.casefold() for one in catalogue.products.values() for own in one.key_files}
        files = list(tracked)
        self.timed = frozenset(file.name for file in files if file.modified is not None)
        self.versioned = frozenset((*key_files, *(file.name for file in files if file.modified is None)))
        self.named = self.timed | self.versioned
        self._stems = frozenset(map(stem, self.named))
        seen = [one for rule in catalogue for symptom in rule.symptoms for one in symptom.observe]
        self.sources = _names(one.source for one in seen if isinstance(one, EventSeen))
        self.services = _names(one.service for one in seen if isinstance(one, ServiceSeen))
        self.counters = _names(one.counter for one in seen if isinstance(one, CounterSeen))
        minima = [one for rule in catalogue for fix in rule.fixes for one in fix.registry]
        asked = [
            *filter(None, map(AskedValue.of, minima)),
            *(one for rule in catalogue for one in values_of_entries(rule)),
        ]
        self.values = frozenset(one.asked.name for one in asked)
        self.versions_of_registry = frozenset(one.asked.name for one in asked if one.version is not None)
        named = (symptom_names(rule, symptom) for rule in catalogue for symptom in rule.symptoms)
        self.symptoms = frozenset(name for names in named for name in names)

    def of(self, server: Server) -> Iterator[Occurrence]:
        """What is to be noted of a server."""
        yield from self._of_collection(server)
        yield from self._of_products(server.products or ())
        for copy in server.files:
            if copy.name.casefold() in self.named:
                yield from self._of_copy(copy)
            if is_nameless(copy.name, copy.path) or self.is_vague(copy.name):
                yield Occurrence("file-name-unreadable", nameless_text(copy.name, copy.path))
        yield from self._of_symptoms(server)
        for event in server.events or ():
            yield from self._of_event(event)
        for service in server.services or ():
            yield from self._of_service(service)
        for sample in server.counters or ():
            yield from self._of_sample(sample)
        for value in server.registry or ():
            yield from self._of_value(value)
        if server.complete:
            lacking = (scope for scope in SCOPES if scope in server.complete and not server.reports(scope))
            yield from (Occurrence("complete-without-list", scope) for scope in lacking)

    @staticmethod
    def _of_collection(server: Server) -> Iterator[Occurrence]:
        if server.collected and parse_clock_time(server.collected) is None:
            yield Occurrence("time-unreadable", server.collected)
        yield from (
            Occurrence("collecting-failed", failure) for failure in dict.fromkeys(server.failures or ())
        )

    def placed(self, server: Server) -> Iterator[Placed]:
        """What is to be noted of a server, with the place of the record in which it stands.

        Of several records that were united it is the first that has the word.
        """
        found = list(self.of(server))
        records = server.united_from if found else ()
        in_order = sorted(records, key=lambda own: own.at or NOWHERE, reverse=True)
        places = {one: own.at for own in in_order for one in self.of(own)}
        yield from ((one, places.get(one, server.at)) for one in found)

    def is_vague(self, name: str) -> bool:
        """Whether a name is none that the catalogue has, and may mean one: `store` or `x64 store.exe`."""
        folded = name.casefold()
        return folded not in self.named and (folded in self._stems or last_word(name) in self.named)

    def _of_symptoms(self, server: Server) -> Iterator[Occurrence]:
        for names in (server.observed, server.absent):
            unknown = (own for own in names or () if own and own.casefold() not in self.symptoms)
            yield from (
                Occurrence("symptom-unknown", own.written if isinstance(own, SymptomId) else own)
                for own in unknown
            )

    def _of_products(self, entries: Collection[InstalledProduct]) -> Iterator[Occurrence]:
        for entry in entries:
            yield from self.of_entry(entry)
            if entry.path is not None and len(entries) > 1 and folder_of(entry) is None:
                yield Occurrence("path-unreadable", entry.path)

    def of_entry(self, entry: InstalledProduct) -> tuple[Occurrence, ...]:
        """What is to be noted of an entry of a list of products."""
        found = self._entries.get(entry)
        if found is None:
            if len(self._entries) >= _MOST_ENTRIES:
                self._entries.clear()
            found = self._entries[entry] = tuple(self._of_product(entry))
        return found

    def _of_product(self, entry: InstalledProduct) -> Iterator[Occurrence]:
        named = self._catalogue.names.find(entry.name)
        if named is None:
            if says_nothing(entry.name) and not stands_for_others(entry.name):
                yield Occurrence("product-name-unreadable", entry.name)
            elif meant := sorted(self._catalogue.names.resembling(entry.name)):
                names = " or ".join(self._catalogue.products[one].name for one in meant)
                yield Occurrence("product-name-unclear", f"{entry.name}, like {names}")
            return
        product = self._catalogue.products[named.product]
        yield from (Occurrence(*found) for found in not_understood(product, entry, named.level))
        if entry.edition and own_edition(product, entry.edition) is None:
            yield Occurrence("edition-unreadable", entry.edition)
        if entry.language and language(entry.language) is None:
            yield Occurrence("language-unreadable", entry.language)
        if entry.platform and platform(entry.platform) is None:
            yield Occurrence("platform-unreadable", entry.platform)

    def _of_copy(self, copy: FileCopy) -> Iterator[Occurrence]:
        """What is to be noted of a copy of a file that the catalogue names."""
        name = copy.name.casefold()
        if copy.path is not None:
            if keeps_old_files(copy.path):
                yield Occurrence("copies-not-counted", old_folder(copy.path))
                return
            if is_lacking(copy.path):
                yield Occurrence("path-unreadable", copy.path)
        if copy.platform and platform(copy.platform) is None:
            yield Occurrence("platform-unreadable", copy.platform)
        if name in self.versioned:
            for text in (copy.version, copy.loaded):
                if text and parse_file_version(text) is None:
                    yield Occurrence("version-unreadable", text)
        if name in self.timed and copy.modified and parse_clock_time(copy.modified) is None:
            yield Occurrence("time-unreadable", copy.modified)

    def _of_event(self, event: Event) -> Iterator[Occurrence]:
        if self.sources and is_lacking(event.source):
            yield Occurrence("event-unreadable", event.source)
        elif is_message_lacking(event.message) and event.source.casefold() in self.sources:
            yield Occurrence("event-unreadable", event.message.strip())

    def _of_service(self, service: ServiceState) -> Iterator[Occurrence]:
        if (
            service.state
            and service_state(service.state) is None
            and self.observes(self.services, service.name)
        ):
            yield Occurrence("state-unreadable", service.state)

    def _of_sample(self, sample: CounterSample) -> Iterator[Occurrence]:
        if sample.at and parse_clock_time(sample.at) is None and self.observes(self.counters, sample.name):
            yield Occurrence("time-unreadable", sample.at)

    def _of_value(self, entry: RegistryValue) -> Iterator[Occurrence]:
        """What is to be noted of a value of the registry that the catalogue names."""
        name = entry.name.casefold()
        if name not in self.values:
            return
        if registry_key(entry.path) is None:
            yield Occurrence("registry-key-unreadable", entry.path)
        if entry.view and registry_view(entry.view) is None:
            yield Occurrence("registry-view-unreadable", entry.view)
        if name in self.versions_of_registry and entry.value and parse_file_version(entry.value) is None:
            yield Occurrence("registry-value-unreadable", entry.value)

    @staticmethod
    def observes(names: frozenset[str], name: str) -> bool:
        """Whether a service or counter of this name can show a symptom."""
        return bool(names) and (name.casefold() in names or is_lacking(name))


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, names))


def nameless_text(name: str, path: str | None) -> str:
    """What was written instead of a file's name: the path where that ends with it, both where they differ."""
    if path is None:
        return name
    end = file_name(path).casefold()
    if end == name.casefold():
        return path
    return f"{name} at {path}" if ENDS_AS_FILE.search(end) and not names_no_file(name) else name


def is_message_lacking(message: str) -> bool:
    """Whether the message of an event is a text that says nothing; an empty one is not stated."""
    return bool(message.strip()) and lacks_message(message)
