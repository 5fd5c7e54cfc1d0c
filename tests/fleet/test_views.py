"""Rules that depend on each other, or look at the same products, are planned together."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from needfix.fleet.views import rule_groups
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import Document, load, rule, server

HOST = {"product": "host-system", "level": "4.0 SP6a"}


def chain(length: int, seed: int) -> list[Document]:
    """Rules each of which supersedes or requires another, in any order; the last is corrected elsewhere."""
    ids = [f"Q{200000 + number}" for number in range(length)]
    random.Random(seed).shuffle(ids)  # noqa: S311 - made-up data, not secrets
    links = ("supersedes", "requires")
    rules = [
        rule(one, affects=[{"product": "mail-server"}], **{links[number % 2]: [other]})
        for number, (one, other) in enumerate(pairwise(ids))
    ]
    return [*rules, rule(ids[-1], affects=[{"product": "mail-server"}], corrected_in=[HOST])]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("length", [2, 3, 7, 20])
def test_a_chain_of_rules_is_one_group_that_sees_all_their_products(
    tmp_path: Path, length: int, seed: int
) -> None:
    catalogue = load(tmp_path, *chain(length, seed))
    (group,) = rule_groups(catalogue)
    assert group.order == catalogue.order
    assert group.products == {"mail-server", "host-system"}


@pytest.mark.parametrize("seed", range(6))
def test_and_is_decided_as_one_server_is(tmp_path: Path, seed: int) -> None:
    catalogue = load(tmp_path, *chain(20, seed))
    mail = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    servers = [
        server(server="A", products=[mail]),
        server(server="B", products=[mail, {"name": "Contoso Host System", "level": "4.0 SP6a"}]),
    ]
    assert fleet_rows(catalogue, piece_of(servers))[0] == single_rows(catalogue, servers)


def test_rules_of_other_products_are_other_groups(tmp_path: Path) -> None:
    catalogue = load(
        tmp_path,
        rule("Q200000", affects=[{"product": "mail-server"}]),
        rule(
            "Q200001",
            affects=[{"product": "host-system"}],
            fixes=[{"files": {"Host.dll": {"version": "1.0"}}}],
        ),
        rule("Q200002", affects=[{"product": "mail-server"}]),
    )
    assert [set(group.order) for group in rule_groups(catalogue)] == [{"Q200000", "Q200002"}, {"Q200001"}]
