"""Which products a server has, at which levels, and the facts that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.product_names import NamedProduct
from needfix.compare.builds import levels_of_file
from needfix.compare.levels import KeyFiles, find_level
from needfix.compare.tracked import lists_all_files
from needfix.intake.vocabularies import (
    keeps_old_files,
    language,
    own_edition,
    platform,
    same_edition,
    says_nothing,
)
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.reason_codes import FACTS_THAT_DISAGREE
from needfix.model.server import DisputedProducts, FileCopy, InstalledProduct, Server
from needfix.versions import Level


class Claim(NamedTuple):
    """What one of several facts that exclude each other leaves by itself; `levels` None: any level."""

    levels: tuple[Level, ...] | None
    edition: str | None


@dataclass(frozen=True, slots=True)
class Installation:
    """A defined product on a server.

    `possible` are the levels that it can be of, in order: where `is_known` is False, no fact shows the
    level, so that it may also be one that is not defined. `doubt` says why there is more than one. `raised`
    levels are possible only because a key file is newer than another fact. `platforms` are those that it
    can be for; none where no fact shows one. Where facts exclude each other, `contradictions` says which, and
    `claims` what each of them leaves. `lacks_key_files`: a list of files that is called complete has none of
    the product's key files. `unproven` key files, by their names casefolded, prove no minimum. `remarks` are
    facts that change nothing.
    """

    product: ProductDefinition
    possible: tuple[Level, ...]
    is_known: bool = True
    edition: str | None = None
    language: str | None = None
    platforms: tuple[str, ...] = ()
    doubt: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    raised: frozenset[Level] = frozenset()
    contradictions: tuple[Reason, ...] = ()
    claims: tuple[Claim, ...] = ()
    lacks_key_files: bool = False
    unproven: frozenset[str] = frozenset()

    @classmethod
    def at(cls, product: ProductDefinition, level: Level) -> Installation:
        """A product at one level, of which nothing else is known."""
        return cls(product, (level,))

    @classmethod
    def unknown(cls, product: ProductDefinition, unproven: frozenset[str] = frozenset()) -> Installation:
        """A product of which nothing is known."""
        levels = tuple(entry.level for entry in product.levels)
        return cls(product, levels, is_known=False, unproven=unproven)

    @property
    def level(self) -> Level | None:
        """The level, where only one is possible."""
        is_one = self.is_known and not self.contradictions and len(self.possible) == 1
        return self.possible[0] if is_one else None

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions and reason codes depend on."""
        return (
            self.product.product,
            self.is_known,
            _texts(self.possible),
            self.edition,
            self.language,
            self.platforms,
            self.doubt and self.doubt.code,
            _texts(sorted(self.raised)),
            tuple(reason.code for reason in self.contradictions),
            tuple((claim.levels and _texts(claim.levels), claim.edition) for claim in self.claims),
            self.lacks_key_files,
            self.unproven,
        )


def _texts(levels: Iterable[Level]) -> tuple[str, ...]:
    return tuple(level.text for level in levels)


class Installed(NamedTuple):
    """The products that a server's facts show.

    `is_listed` is False where the inventory has no whole list of products. `unclear_names` are names that
    no definition has, each with the products that it resembles; `nameless` are those that say nothing.
    `unproven` key files are those of products that may be there, where several definitions share them.
    `products` are all definitions, by id.
    """

    installations: tuple[Installation, ...]
    is_listed: bool
    unclear_names: tuple[tuple[str, frozenset[str]], ...] = ()
    nameless: tuple[str, ...] = ()
    unproven: tuple[tuple[str, frozenset[str]], ...] = ()
    products: Mapping[str, ProductDefinition] = MappingProxyType({})

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decisions depend on: without the values that only reasons name."""
        unclear = frozenset().union(*(products for _, products in self.unclear_names))
        beside = self.is_listed, bool(self.nameless), unclear, self.unproven
        return (*beside, *(here.signature for here in self.installations))

    def about(self, products: frozenset[str]) -> Installed:
        """The same with the installations of these products only."""
        own = tuple(here for here in self.installations if here.product.product in products)
        return self._replace(installations=own)

    @property
    def disagreements(self) -> frozenset[str]:
        """The codes of facts about the products that exclude each other or leave different answers."""
        reasons = (reason for here in self.installations for reason in (*here.contradictions, *here.remarks))
        return frozenset(reason.code for reason in reasons).intersection(FACTS_THAT_DISAGREE)

    def unknown(self, product: ProductDefinition) -> Installation:
        """A product that may be there, and of which nothing is known."""
        return Installation.unknown(product, dict(self.unproven).get(product.product, frozenset()))

    def may_have(self, product: str) -> bool:
        """Whether a product that was not found may be there."""
        resembled = any(product in products for _, products in self.unclear_names)
        return (resembled or not self.is_listed) and not self.of(product)

    def of(self, product: str) -> tuple[Installation, ...]:
        """The installations of one product."""
        return tuple(here for here in self.installations if here.product.product == product)

    def name_of(self, product: str) -> str:
        """The name of a product, or its id where it is not defined."""
        return self.products[product].name if product in self.products else product


def counts(copy: FileCopy) -> bool:
    """Whether a copy counts: it does not lie in a folder that keeps old files."""
    return copy.path is None or not keeps_old_files(copy.path)


def has_whole_list(server: Server) -> bool:
    """Whether a server's list of products is given; an empty one only where it is called complete."""
    return server.products is not None and (bool(server.products) or "products" in server.complete)


class _Facts(NamedTuple):
    """The copies of key files by their names casefolded, and whether all files are listed."""

    copies: Mapping[str, Sequence[FileCopy]]
    is_complete: bool

    @classmethod
    def of(cls, server: Server, key_files: Mapping[str, object]) -> _Facts:
        copies: dict[str, list[FileCopy]] = {}
        for copy in chain(server.files, server.disputed_files):
            name = copy.name.casefold()
            if name in key_files and counts(copy):
                copies.setdefault(name, []).append(copy)
        return cls(copies, lists_all_files(server))

    def has_any(self, product: ProductDefinition) -> bool:
        """Whether any key file of a product is there."""
        return any(name.casefold() in self.copies for name in product.key_files)

    def of_product(self, product: ProductDefinition) -> list[FileCopy]:
        """The copies of a product's key files."""
        names = dict.fromkeys(name.casefold() for name in product.key_files)
        return [copy for name in names for copy in self.copies.get(name, ())]


def installed(catalogue: Catalogue, server: Server) -> Installed:
    """The defined products of a server: those of its list, and those that their key files show."""
    owners = owners_of_key_files(catalogue.products)
    facts = _Facts.of(server, owners)
    if server.disputed_products is not None:
        reason, lists = server.disputed_products
        if len(lists) > _MOST_LISTS:
            return _unsettled(catalogue, facts, owners, server.disputed_products)
        return _disputed(reason, [_of_list(catalogue, facts, owners, own) for own in lists])
    if not has_whole_list(server):
        shown = list(_by_key_files(catalogue, facts, owners, frozenset()))
        unproven = _unproven(catalogue, facts, owners, shown)
        return Installed(tuple(shown), is_listed=False, unproven=unproven, products=catalogue.products)
    return _of_list(catalogue, facts, owners, server.products or ())


_MOST_LISTS = 16
"""So many lists of products that disagree are each looked at; of more, only which products they name."""


def _unsettled(
    catalogue: Catalogue, facts: _Facts, owners: Mapping[str, tuple[str, ...]], disputed: DisputedProducts
) -> Installed:
    """What a great number of lists shows: products of which nothing else is certain."""
    names = {entry.name for entries in disputed.lists for entry in entries}
    found = (catalogue.names.find(name) for name in names)
    there = {named.product for named in found if named is not None}
    there.update(product for name in facts.copies for product in owners[name])
    unknown = (
        Installation.unknown(product) for product in catalogue.products.values() if product.product in there
    )
    claims, reasons = (Claim(None, None),), (disputed.reason,)
    here = tuple(
        replace(one, doubt=disputed.reason, contradictions=reasons, claims=claims, lacks_key_files=True)
        for one in unknown
    )
    return Installed(here, is_listed=False, products=catalogue.products)


def _disputed(reason: Reason, found: Sequence[Installed]) -> Installed:
    """What lists of records that disagree show: where it differs, a product is contradicted."""
    products = found[0].products
    by_product: dict[str, list[tuple[Installation, ...]]] = {}
    for here in found:
        own: dict[str, list[Installation]] = {}
        for installation in here.installations:
            own.setdefault(installation.product.product, []).append(installation)
        for product, some in own.items():
            by_product.setdefault(product, []).append(tuple(some))
    installations: list[Installation] = []
    for product, ways in by_product.items():
        ways += [(here.unknown(products[product]),) for here in found if here.may_have(product)]
        is_one = len(ways) == len(found) and len({tuple(one.signature for one in way) for way in ways}) == 1
        installations += ways[0] if is_one else [_contradicted(reason, list(chain.from_iterable(ways)))]
    unclear = dict(name for here in found for name in here.unclear_names)
    nameless = tuple(dict.fromkeys(name for here in found for name in here.nameless))
    unproven: dict[str, frozenset[str]] = {}
    for here in found:
        for product, names in here.unproven:
            unproven[product] = unproven.get(product, frozenset()) | names
    return Installed(
        tuple(installations),
        all(here.is_listed for here in found),
        tuple(unclear.items()),
        nameless,
        tuple(unproven.items()),
        products,
    )


def _contradicted(reason: Reason, ways: Sequence[Installation]) -> Installation:
    """A product of which the records of a server show different things, each of which may be right."""
    first = ways[0]
    possible = {level for here in ways for level in here.possible}
    claims = (
        claim
        for here in ways
        for claim in here.claims or (Claim(here.possible if here.is_known else None, here.edition),)
    )
    editions, languages = {here.edition for here in ways}, {here.language for here in ways}
    return Installation(
        product=first.product,
        possible=tuple(entry.level for entry in first.product.levels if entry.level in possible),
        is_known=all(here.is_known for here in ways),
        edition=first.edition if len(editions) == 1 else None,
        language=first.language if len(languages) == 1 else None,
        platforms=tuple(sorted({one for here in ways for one in here.platforms})),
        doubt=reason,
        remarks=tuple(dict.fromkeys(one for here in ways for one in here.remarks)),
        raised=frozenset().union(*(here.raised for here in ways)),
        contradictions=tuple(dict.fromkeys((reason, *(o for here in ways for o in here.contradictions)))),
        claims=tuple(dict.fromkeys(claims)),
        lacks_key_files=any(here.lacks_key_files for here in ways),
        unproven=frozenset().union(*(here.unproven for here in ways)),
    )


def _of_list(
    catalogue: Catalogue,
    facts: _Facts,
    owners: Mapping[str, tuple[str, ...]],
    entries: Iterable[InstalledProduct],
) -> Installed:
    """The products of a whole list, and those that key files show beside it."""
    listed = [(entry, catalogue.names.find(entry.name)) for entry in entries]
    unknown = [entry.name for entry, named in listed if named is None]
    nameless = [name for name in unknown if says_nothing(name)]
    unclear = [(name, catalogue.names.resembling(name)) for name in unknown if not says_nothing(name)]
    present = frozenset(named.product for _, named in listed if named is not None)
    rivals = _Rivals(catalogue, owners, present)
    key_files = {one: rivals.key_files(catalogue.products[one], facts) for one in present}
    by_entry = {
        (entry, named): _installation(
            catalogue.products[named.product], entry, named, facts, key_files[named.product]
        )
        for entry, named in dict.fromkeys(listed)
        if named is not None
    }
    found = [by_entry[entry, named] for entry, named in listed if named is not None]
    resembled = frozenset().union(*(products for _, products in unclear))
    by_files = list(_by_key_files(catalogue, facts, owners, present))
    if nameless:
        found += (replace(here, remarks=(*here.remarks, _nameless(nameless))) for here in by_files)
    else:
        found += (
            replace(here, remarks=(*here.remarks, _unclear(here.product, unclear)))
            for here in by_files
            if here.product.product in resembled
        )
        found += _left_out(catalogue, facts, owners, present, resembled)
    unproven = _unproven(catalogue, facts, owners, found) if nameless or unclear else ()
    return Installed(
        tuple(found), not nameless, tuple(unclear), tuple(nameless), unproven, catalogue.products
    )


class _Rivals(NamedTuple):
    """The products of a list that have key files of one name."""

    catalogue: Catalogue
    owners: Mapping[str, tuple[str, ...]]
    listed: frozenset[str]

    def key_files(self, product: ProductDefinition, facts: _Facts) -> KeyFiles:
        """The key files of a product of the list, without those that can only be another one's."""
        own = (copy for copy in facts.of_product(product) if not self.takes(product, copy))
        return KeyFiles.of(product, own)

    def takes(self, product: ProductDefinition, copy: FileCopy) -> bool:
        """Whether a copy is in no range of a product, and in one of another product of the list."""
        others = [one for one in self.owners[copy.name.casefold()] if one != product.product]
        rivals = [self.catalogue.products[one] for one in others if one in self.listed]
        return bool(rivals) and not _may_be_of(product, copy) and any(_may_be_of(one, copy) for one in rivals)


def _may_be_of(product: ProductDefinition, copy: FileCopy) -> bool:
    """Whether the version of a copy can belong to a level of a product."""
    found = levels_of_file(product, copy.version) if copy.version else None
    return found is None or bool(found.levels)


def _unproven(
    catalogue: Catalogue,
    facts: _Facts,
    owners: Mapping[str, tuple[str, ...]],
    known: Iterable[Installation],
) -> tuple[tuple[str, frozenset[str]], ...]:
    """The key files of products that may be there which are in no level's range."""
    there = {here.product.product for here in known}
    shared = {one for name in facts.copies if len(owners[name]) > 1 for one in owners[name]}
    found = (
        (product, find_level(product, None, None, KeyFiles.of(product, facts.of_product(product))).unproven)
        for product in catalogue.products.values()
        if product.product in shared - there
    )
    return tuple((product.product, names) for product, names in found if names)


def owners_of_key_files(products: Mapping[str, ProductDefinition]) -> dict[str, tuple[str, ...]]:
    """The products whose key file has a name, by the name casefolded."""
    owners: dict[str, list[str]] = {}
    for product in products.values():
        for name in dict.fromkeys(own.casefold() for own in product.key_files):
            owners.setdefault(name, []).append(product.product)
    return {name: tuple(own) for name, own in owners.items()}


def _by_key_files(
    catalogue: Catalogue, facts: _Facts, owners: Mapping[str, tuple[str, ...]], known: frozenset[str]
) -> Iterator[Installation]:
    """Products that are not known otherwise and that a key file shows, which is no other product's."""
    shown = {owners[name][0] for name in facts.copies if len(owners[name]) == 1}
    for product in catalogue.products.values():
        if product.product in shown and product.product not in known:
            shared = [name for name, own in owners.items() if len(own) > 1]
            copies = {name: own for name, own in facts.copies.items() if name not in shared}
            own = _Facts(copies, facts.is_complete)
            yield _installation(product, None, NamedProduct(product.product), own)


def _left_out(
    catalogue: Catalogue,
    facts: _Facts,
    owners: Mapping[str, tuple[str, ...]],
    listed: frozenset[str],
    resembled: frozenset[str],
) -> Iterator[Installation]:
    """Products whose key file is there, and which a whole list of products leaves out.

    A key file of several products is no contradiction where one of them is listed.
    """
    claimed = {name for name, own in owners.items() if len(own) > 1 and not listed.isdisjoint(own)}
    there = {one for name in facts.copies if name not in claimed for one in owners[name]}
    for product in catalogue.products.values():
        if product.product in there - listed - resembled:
            own = _Facts({n: c for n, c in facts.copies.items() if n not in claimed}, facts.is_complete)
            here = _installation(product, None, NamedProduct(product.product), own)
            key_files = ", ".join(dict.fromkeys(copy.name for copy in own.of_product(product)))
            sentence = (
                f"The list of products leaves out {product.name}, but its key file is there ({key_files})"
            )
            reason = Reason("product-contradicted", sentence, expected=product.name)
            claims = here.claims or (Claim(here.possible if here.is_known else None, None),)
            yield replace(here, contradictions=(reason, *here.contradictions), claims=claims, doubt=reason)


def _nameless(names: Sequence[str]) -> Reason:
    quoted = ", ".join(f'"{name}"' for name in names)
    sentence = f"The product list has {quoted}, which says nothing and may be any product"
    return Reason("product-name-unreadable", sentence, observed=", ".join(names))


def unclear_name(names: str, ids: str, unclear: Iterable[str]) -> Reason:
    """Why a name that resembles some products leaves them unknown."""
    known = list(unclear)
    quoted = ", ".join(f'"{name}"' for name in known)
    sentence = f"The product list has {quoted}, which is not a known product but resembles {names}"
    return Reason("product-name-unclear", sentence, observed=", ".join(known), expected=ids)


def _unclear(product: ProductDefinition, names: Iterable[tuple[str, frozenset[str]]]) -> Reason:
    own = (name for name, meant in names if product.product in meant)
    return unclear_name(product.name, product.product, own)


def _installation(
    product: ProductDefinition,
    entry: InstalledProduct | None,
    named: NamedProduct,
    facts: _Facts,
    key_files: KeyFiles | None = None,
) -> Installation:
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
