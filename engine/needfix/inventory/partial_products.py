"""Lists of products that are not whole: what several records list of them adds up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from needfix.intake.known_names import OTHERS
from needfix.intake.vocabularies import stands_for_others
from needfix.inventory.newest import Newest, Silent, Statement, folded_path, plain
from needfix.inventory.united_entries import grouped, united
from needfix.model.server import InstalledProduct, Server, as_read
from needfix.versions import Moment

Products = tuple[InstalledProduct, ...]
_Key = Hashable

OTHER_PRODUCTS = as_read(InstalledProduct, name=OTHERS)
"""The entry for products that a list does not name."""


class UnitedProducts(NamedTuple):
    """What records list together: `value`, of which `disputed` are the products about which they differ.

    `lists` are what each record states, with what the others add. `used` are the records that count.
    """

    value: Products
    disputed: list[Newest]
    lists: list[Products]
    older: list[Newest]
    used: set[int]


def is_partial(products: Products | None) -> bool:
    """Whether a list of products says that there are others."""
    return products is not None and any(stands_for_others(entry.name) for entry in products)


def united_products(records: Sequence[Server], moments: Sequence[Moment | None]) -> UnitedProducts:
    """The products of records of which at least one lists only some.

    A record whose list is whole states of what it does not list that it is not there.
    """
    lists = {n: own.products for n, own in enumerate(records) if own.products or own.reports("products")}
    whole = [n for n, own in lists.items() if not is_partial(own)]
    keyed = {n: grouped(_named(own or ()), _key) for n, own in lists.items()}
    silent = Silent(moments, whole)
    agreed: dict[_Key, Products] = {}
    disputed: dict[_Key, Newest] = {}
    older: list[Newest] = []
    used: set[int] = set(whole)
    for key in dict.fromkeys(key for own in keyed.values() for key in own):
        found = silent.newest([Statement(n, own[key]) for n, own in keyed.items() if key in own])
        used.update(one.record for one in found.statements)
        older.append(found)
        value, lost = united(found.values)
        if lost:
            disputed[key] = found
        agreed[key] = value or next(filter(None, found.values), ()) if lost else value or ()
    rest = () if whole and not disputed else (OTHER_PRODUCTS,)
    alternatives = [
        _joined({**agreed, **{key: _said(disputed[key], n, agreed[key]) for key in disputed}}, rest)
        for n in lists
    ]
    distinct = {plain(own): own for own in alternatives}
    return UnitedProducts(
        _joined(agreed, rest), list(disputed.values()), list(distinct.values()), older, used
    )


def _named(products: Iterable[InstalledProduct]) -> Iterable[InstalledProduct]:
    return (entry for entry in products if not stands_for_others(entry.name))


def _key(entry: InstalledProduct) -> _Key:
    return entry.name.casefold(), None if entry.path is None else folded_path(entry.path)


def _said(found: Newest, record: int, others: Products) -> Products:
    """What a record says of disputed entries; what others say where it says nothing of them."""
    own = [one.value or () for one in found.statements if one.record == record]
    return own[0] if own else others


def _joined(entries: Mapping[_Key, Products], rest: Products) -> Products:
    return (*(entry for own in entries.values() for entry in own), *rest)
