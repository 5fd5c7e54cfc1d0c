"""Which products a server has and at which level, with what the facts say against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from needfix.catalogue import Catalogue
from needfix.decide.lowest import lowest_copy
from needfix.model.decision import Reason
from needfix.model.names import platform
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct, Server
from needfix.versions import Level, parse_version, read_level


@dataclass(frozen=True, slots=True)
class Installation:
    """A defined product on a server.

    `level` is None where it cannot be told; `doubt` then says why. `remarks` are facts that do
    not change the level. `in_definition` is False where a stated level is not one of the product's.
    """

    product: ProductDefinition
    level: Level | None
    edition: str | None = None
    language: str | None = None
    platform: str | None = None
    doubt: Reason | None = None
    remarks: tuple[Reason, ...] = ()

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on."""
        level, doubt = self.level and self.level.text, self.doubt and self.doubt.code
        return (self.product.product, level, self.edition, self.language, self.platform, doubt)


@dataclass(frozen=True, slots=True)
class Installed:
    """All that a server's facts say about products.

    `told` is False where nothing lists them. `unclear_names` are names that no definition has, each
    with the products that it resembles.
    """

    installations: tuple[Installation, ...]
    told: bool
    unclear_names: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on: without the values that only reasons name."""
        unclear = frozenset().union(*(products for _, products in self.unclear_names))
        return (self.told, unclear, *(here.signature for here in self.installations))

    def of(self, product: str) -> tuple[Installation, ...]:
        """The installations of one product."""
        return tuple(here for here in self.installations if here.product.product == product)


def installed(catalogue: Catalogue, server: Server) -> Installed:
    """The defined products of a server: from its list, else from their key files."""
    if server.products is None:
        return Installed(tuple(_by_key_files(catalogue, server)), told=False)
    found: list[Installation] = []
    unclear: list[tuple[str, frozenset[str]]] = []
    for entry in server.products:
        named = catalogue.names.find(entry.name)
        if named is None:
            unclear.append((entry.name, catalogue.names.resembling(entry.name)))
            continue
        product = catalogue.products[named.product]
        found.append(_installation(product, entry, named.level, named.edition, server))
    return Installed(tuple(found), told=True, unclear_names=tuple(unclear))


def _by_key_files(catalogue: Catalogue, server: Server) -> Iterator[Installation]:
    for product in catalogue.products.values():
        copies = _key_copies(product, server)
        if not copies:
            continue
        level, doubt, remark = _level_of_files(product, copies)
        remarks = (remark,) if remark else ()
        yield Installation(product, level, platform=_only_platform(server), doubt=doubt, remarks=remarks)


def _key_copies(product: ProductDefinition, server: Server) -> list[FileCopy]:
    names = [name.casefold() for name in product.key_files]
    copies = (lowest_copy([c for c in server.files if c.name.casefold() == name]) for name in names)
    return [copy for copy in copies if copy is not None]


def _installation(
    product: ProductDefinition,
    entry: InstalledProduct,
    level_in_name: str | None,
    edition_in_name: str | None,
    server: Server,
) -> Installation:
    copies = _key_copies(product, server)
    level, doubt, remarks = _level(product, entry, level_in_name, copies)
    return Installation(
        product=product,
        level=None if doubt else level,
        edition=entry.edition or edition_in_name,
        language=entry.language,
        platform=entry.platform or _only_platform(server),
        doubt=doubt,
        remarks=tuple(remarks),
    )


Told = tuple[Level | None, Reason | None, list[Reason]]
"""A level, why it is in doubt, and remarks."""


def _level(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, copies: Sequence[FileCopy]
) -> Told:
    text = joined_level(entry.level, in_name)
    build = entry.build
    if text is None:
        return _level_of_build(product, build, copies) if build else _told_by_files(product, copies)
    said = read_level(text)
    if said is None:
        return None, _doubt("level-unreadable", f"the level {text!r} cannot be read", text), []
    candidates = product.candidates(said)
    if not candidates and said.version is not None and said.version.count(".") > 1:
        return _level_of_build(product, said.version, copies)
    candidates = _narrowed(product, candidates, build or said.build, copies)
    if len(candidates) != 1:
        return None, _unclear_level(product, text, candidates), []
    return _checked(product, candidates[0], [b for b in (build, said.build) if b], copies)


def joined_level(level: str | None, in_name: str | None) -> str | None:
    """The stated level; where it has no version of its own, that of the product's name is taken."""
    if level is None or in_name is None:
        return level or in_name
    said, named = read_level(level), read_level(in_name)
    if said is not None and said.version is None and named is not None and named.version is not None:
        return f"{named.version} {level}"
    return level


def _narrowed(
    product: ProductDefinition, candidates: tuple[Level, ...], build: str | None, copies: Sequence[FileCopy]
) -> tuple[Level, ...]:
    """A bare service pack that several versions have is told apart by the build or a key file."""
    for text in [build, *(copy.version for copy in copies)] if len(candidates) > 1 else []:
        told = product.levels_of_build(text) if text else ()
        versions = {level.version for level in told}
        candidates = tuple(level for level in candidates if level.version in versions) or candidates
    return candidates


def _unclear_level(product: ProductDefinition, text: str, candidates: Sequence[Level]) -> Reason:
    if candidates:
        named = " or ".join(map(str, candidates))
        return _doubt("level-ambiguous", f"the level {text!r} can mean {named}", text)
    sentence = f"the level {text!r} is not in the definition of {product.name}"
    return _doubt("level-not-defined", sentence, text)


def _checked(
    product: ProductDefinition, level: Level, builds: Iterable[str], copies: Sequence[FileCopy]
) -> Told:
    """A level held against builds, which contradict it both ways, and key files, which only do so below."""
    for build in builds:
        if product.place(build, level) in ("older", "newer"):
            sentence = f"the level {level} is contradicted by the build {build}"
            return None, _doubt("level-contradicted", sentence, build, str(level)), []
    remarks: list[Reason] = []
    for copy in copies:
        place = product.place(copy.version or "", level)
        if place == "older":
            return None, _older_file(level, copy), []
        if place == "newer":
            remarks.append(_newer_file(level, copy))
    return level, None, remarks


def _older_file(level: Level, copy: FileCopy) -> Reason:
    sentence = (
        f"the level {level} is contradicted by {copy.name} {copy.version}, which is older than that level"
    )
    return Reason("level-contradicted", sentence, copy.name, copy.path, copy.version, str(level))


def _newer_file(level: Level, copy: FileCopy) -> Reason:
    sentence = (
        f"{copy.name} {copy.version} is newer than {level}; a hotfix can have raised it, the level holds"
    )
    return Reason("file-newer-than-level", sentence, copy.name, copy.path, copy.version, str(level))


def _level_of_build(product: ProductDefinition, build: str, copies: Sequence[FileCopy]) -> Told:
    levels = product.levels_of_build(build)
    if len(levels) != 1:
        why = "cannot be read" if parse_version(build) is None else "tells no single level"
        sentence = f"the level is not stated, and the build {build} {why}"
        return (
            None,
            _doubt("level-unreadable" if why == "cannot be read" else "level-unknown", sentence, build),
            [],
        )
    sentence = f"the build {build} tells the level {levels[0]}"
    level, doubt, remarks = _checked(product, levels[0], (), copies)
    return level, doubt, [Reason("level-from-build", sentence, observed=build), *remarks]


def _told_by_files(product: ProductDefinition, copies: Sequence[FileCopy]) -> Told:
    level, doubt, remark = _level_of_files(product, copies)
    return level, doubt, [remark] if remark else []


def _level_of_files(
    product: ProductDefinition, copies: Sequence[FileCopy]
) -> tuple[Level | None, Reason | None, Reason | None]:
    """The level that key files tell. Hotfixes raise files, so the lowest one counts."""
    told = [
        (levels[0], copy)
        for copy in copies
        if copy.version and len(levels := product.levels_of_build(copy.version)) == 1
    ]
    if not told:
        seen = ", ".join(f"{copy.name} {copy.version or 'without version'}" for copy in copies)
        sentence = "the level is not stated" + (f", and {seen} does not tell it" if seen else "")
        return None, _doubt("level-missing", f"{sentence} ({product.name})"), None
    level, copy = min(told, key=lambda pair: pair[0])
    sentence = f"{copy.name} {copy.version} tells the level {level}"
    return level, None, Reason("level-from-file", sentence, copy.name, copy.path, copy.version)


def _doubt(code: str, sentence: str, observed: str | None = None, expected: str | None = None) -> Reason:
    return Reason(code, sentence, observed=observed, expected=expected)


def _only_platform(server: Server) -> str | None:
    """The platform that all files agree on, where the product's is not stated."""
    stated = {platform(copy.platform) for copy in server.files if copy.platform}
    return stated.pop() if len(stated) == 1 else None
