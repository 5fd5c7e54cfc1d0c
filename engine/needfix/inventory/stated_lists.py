"""Lists that are whole because the user says so: each that a record has, unless it says otherwise itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.intake.vocabularies import stands_for_others
from needfix.inventory.partial_products import OTHER_PRODUCTS, is_partial
from needfix.model.server import Scope, Server, altered

if TYPE_CHECKING:
    from collections.abc import Iterable


def with_whole_lists(server: Server, scopes: frozenset[Scope]) -> Server:
    """A server whose lists of these scopes are whole, as if its record named them in `complete`.

    A list without an entry is none: what was to be listed may not have been asked for. A record denies it
    where it says that there are further products, where its collector failed, and where rows of it are lost.
    """
    listed = frozenset(scope for scope in scopes - server.complete if _lists(server, scope))
    denied = frozenset(scope for scope in listed | _failed(server, scopes) if _denies(server, scope))
    stated = listed - denied
    lists = server.whole_lists._replace(stated=stated, denied=denied)
    found = altered(server, complete=server.complete | stated, whole_lists=lists)
    return without_others(found) if "products" in stated else found


def without_others(server: Server) -> Server:
    """A server whose list of products is whole."""
    return altered(server, products=tuple(_named(server)))


def as_written(server: Server) -> Server:
    """A server as its record states it, without what the user states of its lists."""
    lists = server.whole_lists
    if not lists.stated:
        return server
    found = altered(server, complete=server.complete - lists.stated)
    is_marked = "products" in lists.stated and lists.products != "own"
    return altered(found, products=(*(server.products or ()), OTHER_PRODUCTS)) if is_marked else found


def _lists(server: Server, scope: Scope) -> bool:
    """Whether a record has an entry of the list of a scope; products that it states by the way are none."""
    if scope == "symptoms":
        return bool(server.observed)
    if scope == "products":
        return server.whole_lists.products != "some" and bool(_named(server))
    return bool(getattr(server, scope))


def _named(server: Server) -> list[object]:
    return [entry for entry in server.products or () if not stands_for_others(entry.name)]


def _failed(server: Server, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """The scopes that a collector which failed does not call complete."""
    return frozenset(scopes) - server.complete if server.failures else frozenset()


def _denies(server: Server, scope: Scope) -> bool:
    lists = server.whole_lists
    if server.failures or lists.lost_rows:
        return True
    return scope == "products" and lists.products == "own" and is_partial(server.products)
