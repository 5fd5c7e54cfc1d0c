"""Which products a server has: those that it lists, and those that their key files show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.product_names import NamedProduct
from needfix.compare.builds import levels_of_file
from needfix.compare.disputed_products import MOST_LISTS, disputed, unsettled
from needfix.compare.installation import Claim, Installation, Installed, as_instance
from needfix.compare.instances import Instance, instances
from needfix.compare.levels import KeyFiles, find_level
from needfix.compare.product_facts import KeyFileCopies, installation_of
from needfix.intake.vocabularies import says_nothing, stands_for_others
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct, Server


def has_whole_list(server: Server) -> bool:
    """Whether a server's list of products is given; an empty one only where it is called complete."""
    return server.products is not None and (bool(server.products) or "products" in server.complete)


def installed(
    catalogue: Catalogue, server: Server, owners: Mapping[str, tuple[str, ...]] | None = None
) -> Installed:
    """The defined products of a server: those of its list, and those that their key files show.

    `owners` are those of key files, for who has them already.
    """
    if owners is None:
        owners = owners_of_key_files(catalogue.products)
    facts = KeyFileCopies.of(server, owners)
    if server.disputed_products is not None:
        reason, lists = server.disputed_products
        if len(lists) > MOST_LISTS:
            of_key_files = (product for name in facts.copies for product in owners[name])
            return unsettled(catalogue, server.disputed_products, of_key_files)
        return disputed(reason, [_of_list(catalogue, facts, owners, own) for own in lists])
    if not has_whole_list(server):
        shown = list(_by_key_files(catalogue, facts, owners, frozenset()))
        unproven = _unproven(catalogue, facts, owners, shown)
        return Installed(tuple(shown), is_listed=False, unproven=unproven, products=catalogue.products)
    return _of_list(catalogue, facts, owners, server.products or ())


def _of_list(
    catalogue: Catalogue,
    facts: KeyFileCopies,
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
    divided = _divided(listed)

    def installation(entry: InstalledProduct, named: NamedProduct) -> Installation:
        product, instance = catalogue.products[named.product], divided.get((entry, named))
        if instance is None:
            return installation_of(product, entry, named, facts, key_files[named.product])
        own = facts.as_seen_by(instance)
        return as_instance(
            installation_of(product, entry, named, own, rivals.key_files(product, own)), instance
        )

    by_entry = {
        (entry, named): installation(entry, named)
        for entry, named in dict.fromkeys(listed)
        if named is not None
    }
    found = [by_entry[entry, named] for entry, named in listed if named is not None]
    resembled = frozenset().union(*(products for _, products in unclear))
    by_files = list(_by_key_files(catalogue, facts, owners, present))
    if nameless:
        remarks = tuple(_nameless(nameless))
        found += (replace(here, remarks=(*here.remarks, *remarks)) for here in by_files)
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


def _divided(
    listed: Iterable[tuple[InstalledProduct, NamedProduct | None]],
) -> dict[tuple[InstalledProduct, NamedProduct], Instance]:
    """The entries of products that stand more than once, where a path is stated of some."""
    if not any(entry.path for entry, _ in listed):
        return {}
    of_products: dict[str, dict[tuple[InstalledProduct, NamedProduct], InstalledProduct]] = {}
    for entry, named in listed:
        if named is not None:
            of_products.setdefault(named.product, {})[entry, named] = entry
    return {key: one for entries in of_products.values() for key, one in instances(entries).items()}


class _Rivals(NamedTuple):
    """The products of a list that have key files of one name."""

    catalogue: Catalogue
    owners: Mapping[str, tuple[str, ...]]
    listed: frozenset[str]

    def key_files(self, product: ProductDefinition, facts: KeyFileCopies) -> KeyFiles:
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
    found = levels_of_file(product, copy.name, copy.version) if copy.version else None
    return found is None or bool(found.levels)


def _unproven(
    catalogue: Catalogue,
    facts: KeyFileCopies,
    owners: Mapping[str, tuple[str, ...]],
    known: Iterable[Installation],
) -> tuple[tuple[str, frozenset[str]], ...]:
    """The key files of products that may be there which are in no level's range."""
    there = {here.product.product for here in known}
    shared = {one for name in facts.copies if len(owners[name]) > 1 for one in owners[name]}
    found = (
        (product, find_level(product, None, None, KeyFiles.of(product, facts.of_product(product))).unproven)
        for product in _defined(catalogue, shared - there)
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
    catalogue: Catalogue, facts: KeyFileCopies, owners: Mapping[str, tuple[str, ...]], known: frozenset[str]
) -> Iterator[Installation]:
    """Products that are not known otherwise and that a key file shows, which is no other product's.

    Where the key file may not be there, nothing shows the level.
    """
    shown = {owners[name][0] for name in facts.copies if len(owners[name]) == 1}
    for product in _defined(catalogue, shown - known):
        copies = {name: own for name, own in facts.copies.items() if len(owners[name]) == 1}
        own = facts._replace(copies=copies)
        here = installation_of(product, None, NamedProduct(product.product), own)
        is_doubtful = all(copy.name.casefold() in facts.doubtful for copy in own.of_product(product))
        yield Installation.unknown(product, here.unproven) if is_doubtful else here


def _defined(catalogue: Catalogue, products: Collection[str]) -> Iterator[ProductDefinition]:
    """The definitions of some products, in the order of all."""
    if products:
        yield from (one for one in catalogue.products.values() if one.product in products)


def _left_out(
    catalogue: Catalogue,
    facts: KeyFileCopies,
    owners: Mapping[str, tuple[str, ...]],
    listed: frozenset[str],
    resembled: frozenset[str],
) -> Iterator[Installation]:
    """Products whose key file is there, and which a whole list of products leaves out.

    A key file of several products is no contradiction where one of them is listed.
    """
    several = (name for name in facts.copies if len(owners[name]) > 1)
    claimed = {name for name in several if not listed.isdisjoint(owners[name])}
    there = {one for name in facts.copies if name not in claimed for one in owners[name]}
    for product in _defined(catalogue, there - listed - resembled):
        own = facts._replace(copies={n: c for n, c in facts.copies.items() if n not in claimed})
        here = installation_of(product, None, NamedProduct(product.product), own)
        key_files = ", ".join(dict.fromkeys(copy.name for copy in own.of_product(product)))
        sentence = f"The list of products leaves out {product.name}, but its key file is there ({key_files})"
        reason = Reason("product-contradicted", sentence, expected=product.name)
        claims = here.claims or (Claim(here.possible if here.is_known else None, None),)
        yield replace(here, contradictions=(reason, *here.contradictions), claims=claims, doubt=reason)


def _nameless(names: Sequence[str]) -> Iterator[Reason]:
    """A reason for names that say nothing; that others are not listed is none."""
    if all(map(stands_for_others, names)):
        return
    quoted = ", ".join(f'"{name}"' for name in names)
    sentence = f"The product list has {quoted}, which says nothing and may be any product"
    yield Reason("product-name-unreadable", sentence, observed=", ".join(names))


def unclear_name(names: str, ids: str, unclear: Iterable[str]) -> Reason:
    """Why a name that resembles some products leaves them unknown."""
    known = list(unclear)
    quoted = ", ".join(f'"{name}"' for name in known)
    sentence = f"The product list has {quoted}, which is not a known product but resembles {names}"
    return Reason("product-name-unclear", sentence, observed=", ".join(known), expected=ids)


def _unclear(product: ProductDefinition, names: Iterable[tuple[str, frozenset[str]]]) -> Reason:
    own = (name for name, meant in names if product.product in meant)
    return unclear_name(product.name, product.product, own)
