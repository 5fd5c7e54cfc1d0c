"""Records with very many copies of key files and entries of their product: time grows as they do."""

from __future__ import annotations

import time

import needfix
from tests.support.catalogues import OLD, catalogue_of, codes, decide, reason, rule, server


def with_copies(copies: int, entries: int) -> needfix.Server:
    """A server whose copies of a key file belong to two versions, which exclude each other."""
    files = [
        {"name": "Store.exe", "path": f"C:\\{n}\\store.exe", "version": f"5.{n % 2 * 5}.{2000 + n % 900}.{n}"}
        for n in range(copies)
    ]
    products = [
        {"name": "Contoso Mail Server", "level": "5.5 SP4", "build": f"5.5.2653.{n}"} for n in range(entries)
    ]
    return server(products=products, files=[*files, {"name": "Info.dll", "version": OLD}])


def seconds(facts: needfix.Server) -> float:
    """How long a decision takes."""
    catalogue = catalogue_of(rule())
    began = time.process_time()
    assert "level-contradicted" in codes(decide(catalogue, facts, "Q100001"))
    return time.process_time() - began


def test_many_copies_are_not_compared_with_each_other() -> None:
    assert seconds(with_copies(3200, 1)) < 8 * seconds(with_copies(800, 1)) + 0.5


def test_many_copies_are_looked_at_once_for_all_entries() -> None:
    assert seconds(with_copies(300, 300)) < 8


def test_the_reason_names_the_first_pair() -> None:
    found = decide(catalogue_of(rule()), with_copies(20, 1), "Q100001")
    shown = reason(found, "level-contradicted")
    assert (shown.path, shown.expected) == (r"C:\0\store.exe", "5.5 SP4")
