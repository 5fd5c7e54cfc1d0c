"""The products of a server whose records disagree about them: what each list says may be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from needfix.catalogue import Catalogue
from needfix.compare.installation import Claim, Installation, Installed
from needfix.model.decision import Reason
from needfix.model.server import DisputedProducts

MOST_LISTS = 16
"""So many lists of products that disagree are each looked at; of more, only which products they name."""


def unsettled(catalogue: Catalogue, disputed: DisputedProducts, of_key_files: Iterable[str]) -> Installed:
    """What a great number of lists shows: products of which nothing else is certain."""
    names = {entry.name for entries in disputed.lists for entry in entries}
    found = (catalogue.names.find(name) for name in names)
    there = {named.product for named in found if named is not None}
    there.update(of_key_files)
    unknown = (
        Installation.unknown(product) for product in catalogue.products.values() if product.product in there
    )
    claims, reasons = (Claim(None, None),), (disputed.reason,)
    here = tuple(
        replace(one, doubt=disputed.reason, contradictions=reasons, claims=claims, lacks_key_files=True)
        for one in unknown
    )
    return Installed(here, is_listed=False, products=catalogue.products)


def disputed(reason: Reason, found: Sequence[Installed]) -> Installed:
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
        installations += (
            _without_disputed_builds(ways)
            if is_one
            else [_contradicted(reason, list(chain.from_iterable(ways)))]
        )
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


def _without_disputed_builds(ways: Sequence[Sequence[Installation]]) -> list[Installation]:
    """Installations on which all lists agree, without builds on which they do not."""
    return [
        own[0] if all(one.builds == own[0].builds for one in own) else replace(own[0], builds=())
        for own in zip(*ways, strict=True)
    ]


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
