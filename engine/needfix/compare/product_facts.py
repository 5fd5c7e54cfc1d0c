"""What the facts about one product show: an entry of the list of products, its name, and its key files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from needfix.catalogue.product_names import NamedProduct
from needfix.compare.build_facts import shown_builds, stated_builds
from needfix.compare.installation import Claim, Installation
from needfix.compare.instances import Instance
from needfix.compare.levels import KeyFiles, find_level
from needfix.compare.tracked import lists_all_files
from needfix.intake.vocabularies import keeps_old_files, language, own_edition, platform, same_edition
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import NOT_THERE, FileCopy, InstalledProduct, Server


def counts(copy: FileCopy) -> bool:
    """Whether a copy counts: it does not lie in a folder that keeps old files."""
    return copy.path is None or not keeps_old_files(copy.path)


def _doubtful(server: Server) -> Iterator[str]:
    """The names of files that are not there by one of the records that were united."""
    for reason in server.disagreements:
        if reason.file is not None and NOT_THERE in (reason.observed or "").split(" | "):
            yield reason.file.casefold()


class KeyFileCopies(NamedTuple):
    """The copies of key files by their names casefolded, and whether all files are listed.

    `unclear` are names of files about which records disagree, `doubtful` those of them that may not be there,
    `shared` those of several products' key files.
    """

    copies: Mapping[str, Sequence[FileCopy]]
    is_complete: bool
    unclear: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    @classmethod
    def of(cls, server: Server, key_files: Mapping[str, Sequence[str]]) -> KeyFileCopies:
        """Those of a server whose names these are, with the products whose key files they are."""
        copies: dict[str, list[FileCopy]] = {}
        for copy in chain(server.files, server.disputed_files):
            name = copy.name.casefold()
            if name in key_files and counts(copy):
                copies.setdefault(name, []).append(copy)
        unclear = frozenset(copy.name.casefold() for copy in server.disputed_files)
        shared = frozenset(name for name in copies if len(key_files[name]) > 1)
        doubtful = frozenset(_doubtful(server)) if unclear else frozenset()
        return cls(copies, lists_all_files(server), unclear, shared, doubtful)

    def as_seen_by(self, instance: Instance | None) -> KeyFileCopies:
        """What one of several entries of a product has of them."""
        if instance is None:
            return self
        own = ((name, instance.of(copies)) for name, copies in self.copies.items())
        return self._replace(copies={name: copies for name, copies in own if copies})

    def has_any(self, product: ProductDefinition) -> bool:
        """Whether any key file of a product is there."""
        return any(name.casefold() in self.copies for name in product.key_files)

    def of_product(self, product: ProductDefinition) -> list[FileCopy]:
        """The copies of a product's key files."""
        names = dict.fromkeys(name.casefold() for name in product.key_files)
        return [copy for name in names for copy in self.copies.get(name, ())]


def installation_of(
    product: ProductDefinition,
    entry: InstalledProduct | None,
    named: NamedProduct,
    facts: KeyFileCopies,
    key_files: KeyFiles | None = None,
) -> Installation:
    """A product, by its entry where there is one, what a name says of it, and its key files."""
    if key_files is None:
        key_files = KeyFiles.of(product, facts.of_product(product))
    found = find_level(product, entry, named.level, key_files)
    edition, other, of_edition = _edition(product, entry, named)
    platforms, of_platform = _platforms(product, entry, key_files.copies)
    spoken, of_language = _language(entry)
    contradictions, remarks = list(found.contradictions), [*found.remarks, *of_platform, *of_language]
    if other is not None and edition is not None:
        contradictions += of_edition
    else:
        remarks += of_edition
    lacks = entry is not None and facts.is_complete and bool(product.key_files) and not facts.has_any(product)
    if lacks:
        remarks.append(_key_file_missing(product))
    by_level = found.claims or ((found.possible if found.is_known else None),)
    editions = (edition, other) if other is not None else (edition,)
    claims = [Claim(levels, one) for levels in by_level for one in editions] if contradictions else []
    return Installation(
        product=product,
        possible=found.possible,
        is_known=found.is_known,
        edition=None if other is not None else edition,
        language=spoken,
        platforms=platforms,
        doubt=contradictions[0] if contradictions else found.doubt,
        remarks=tuple(remarks),
        raised=found.raised,
        contradictions=tuple(contradictions),
        claims=tuple(claims),
        lacks_key_files=lacks,
        unproven=found.unproven,
        builds=(
            *stated_builds(found.stated),
            *shown_builds(key_files.copies, key_files.facts, facts.unclear, facts.shared),
        ),
    )


def _key_file_missing(product: ProductDefinition) -> Reason:
    names = ", ".join(product.key_files)
    sentence = (
        f"The list of files is called complete, but has no key file of {product.name} ({names}), "
        "so it is not believed to be complete"
    )
    return Reason("key-file-missing", sentence, expected=names)


def _edition(
    product: ProductDefinition, entry: InstalledProduct | None, named: NamedProduct
) -> tuple[str | None, str | None, list[Reason]]:
    """The edition, another one that contradicts it, and why it is contradicted or cannot be read."""
    if entry is None or not entry.edition:
        return named.edition, None, []
    stated = own_edition(product, entry.edition)
    if stated is None:
        sentence = f"{entry.edition!r} is no known edition of {product.name}, and counts as not stated"
        reason = Reason("edition-unreadable", sentence, observed=entry.edition)
        return named.edition, None, [reason]
    if named.edition is None or same_edition(stated, named.edition):
        return stated, None, []
    sentence = f"The edition {stated} contradicts the product's name, which states {named.edition}"
    reason = Reason("edition-contradicted", sentence, observed=stated, expected=named.edition)
    return stated, named.edition, [reason]


def _platforms(
    product: ProductDefinition, entry: InstalledProduct | None, copies: Iterable[FileCopy]
) -> tuple[tuple[str, ...], list[Reason]]:
    """The platforms that the entry and the copies of key files show, and where they differ."""
    texts = [entry.platform if entry else None, *(copy.platform for copy in copies)]
    stated = [text for text in texts if text]
    known = dict.fromkeys(one for text in stated if (one := platform(text)) is not None)
    unreadable = dict.fromkeys(text for text in stated if platform(text) is None)
    reasons = [
        Reason(
            "platform-unreadable",
            f"The platform {text!r} of {product.name} is not known, and counts as not stated",
            observed=text,
        )
        for text in unreadable
    ]
    if len(known) > 1:
        listed = ", ".join(known)
        sentence = f"{product.name} and its key files are for different platforms: {listed}"
        reasons.append(Reason("platform-differs", sentence, observed=listed))
    return tuple(sorted(known)), reasons


def _language(entry: InstalledProduct | None) -> tuple[str | None, list[Reason]]:
    """The language as it is stated, where it can be read."""
    if entry is None or not entry.language:
        return None, []
    if language(entry.language) is None:
        sentence = f"{entry.language!r} is no known language, and counts as not stated"
        return None, [Reason("language-unreadable", sentence, observed=entry.language)]
    return entry.language, []
