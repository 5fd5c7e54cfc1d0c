"""Lists of products that say with `...` that they are not whole, and how records with them are united."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from needfix.inventory import read_inventory
from needfix.model.server import InstalledProduct, Server
from tests.degraded.deciders import DECIDERS
from tests.inventory.support import read
from tests.support.catalogues import catalogue_of, decide, mail, rule

MAIL_SERVER = "Contoso Mail Server"
OTHERS = {"name": "..."}


def united(*records: dict[str, Any]) -> Server:
    lines = "".join(json.dumps({"server": "A", **record}) + "\n" for record in records)
    (server,) = read_inventory("-", stdin=io.BytesIO(lines.encode()), join=True)
    return server


def names(server: Server) -> list[str]:
    return [entry.name for entry in server.products or ()]


@pytest.mark.parametrize("others", ["...", "…"])
@pytest.mark.parametrize("decider", DECIDERS)
def test_a_product_that_is_not_in_a_list_that_is_not_whole_may_be_there(others: str, decider: str) -> None:
    catalogue = catalogue_of(rule())
    facts = Server("A", products=(InstalledProduct("Windows"), InstalledProduct(others)))
    (found,) = DECIDERS[decider](catalogue, [facts])[0].values()
    assert found.decision == "undetermined"


def test_the_reason_says_that_the_list_is_not_whole() -> None:
    facts = Server("A", products=(InstalledProduct("Windows"), InstalledProduct("...")))
    (reason, *_) = decide(catalogue_of(rule()), facts).reasons
    assert (reason.code, reason.text) == (
        "product-unknown",
        f"The list of products is not whole, and no key file of {MAIL_SERVER} is there, so it is unknown "
        f"whether {MAIL_SERVER} is installed",
    )


def test_a_product_of_the_list_is_decided_as_in_a_whole_one() -> None:
    whole = mail()
    partly = Server(
        whole.server, products=(*(whole.products or ()), InstalledProduct("...")), files=whole.files
    )
    catalogue = catalogue_of(rule())
    assert decide(catalogue, partly).decision == decide(catalogue, whole).decision


def test_lists_that_are_not_whole_add_up() -> None:
    mail_server, system = {"name": "Mail", "build": "1.2"}, {"name": "Windows", "build": "10.0"}
    found = united({"products": [mail_server, OTHERS]}, {"products": [OTHERS, system]}, {"hotfixes": ["KB1"]})
    assert names(found) == ["Mail", "Windows", "..."]
    assert not found.disagreements


def test_values_that_only_one_states_are_added() -> None:
    found = united(
        {"products": [{"name": "Mail", "build": "1.2"}, OTHERS]},
        {"products": [{"name": "mail", "level": "3"}, OTHERS]},
    )
    assert [(one.level, one.build) for one in found.products or ()] == [("3", "1.2"), (None, None)]


def test_values_that_differ_disagree() -> None:
    found = united(
        {"products": [{"name": "Mail", "level": "1"}, OTHERS]},
        {"products": [{"name": "Mail", "level": "2"}, OTHERS]},
    )
    (reason,) = found.disagreements
    assert reason.code == "records-disagree"
    assert found.disputed_products is not None
    assert {own[0].level for own in found.disputed_products.lists} == {"1", "2"}


def test_the_newer_one_counts() -> None:
    old = {"collected": "2024-01-01", "products": [{"name": "Mail", "level": "1"}, OTHERS]}
    new = {"collected": "2024-02-01", "products": [{"name": "Mail", "level": "2"}, OTHERS]}
    for records in ((old, new), (new, old)):
        found = united(*records)
        assert [one.level for one in found.products or ()] == ["2", None]
        assert not found.disagreements


def test_a_whole_list_says_what_is_not_there() -> None:
    whole = {"collected": "2024-02-01", "products": [{"name": "Windows"}]}
    older = {"collected": "2024-01-01", "products": [{"name": "Mail"}, OTHERS]}
    assert names(united(whole, older)) == ["Windows"]
    newer = {**older, "collected": "2024-03-01"}
    assert names(united(whole, newer)) == ["Windows", "Mail"]
    undated = {"products": [{"name": "Mail"}, OTHERS]}
    assert united(whole, undated).disputed_products is not None


def test_no_note_is_made_of_it() -> None:
    assert read('{"server": "A", "products": [{"name": "..."}]}')[1] == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_build_without_its_revision_contradicts_none_with_one(order: int) -> None:
    records: list[dict[str, Any]] = [
        {"products": [{"name": "Microsoft Windows Server 2019", "build": build}, OTHERS]}
        for build in ("10.0.17763", "10.0.17763.5000")
    ]
    found = united(*records[::order])
    assert [entry.build for entry in found.products or ()] == ["10.0.17763.5000", None]
    assert found.disputed_products is None


@pytest.mark.parametrize("other", ["10.0.17763.5001", "10.0.1776", "10.0.177630"])
def test_builds_of_which_none_is_the_beginning_of_the_other_are_a_contradiction(other: str) -> None:
    records: list[dict[str, Any]] = [
        {"products": [{"name": "Microsoft Windows Server 2019", "build": build}, OTHERS]}
        for build in ("10.0.17763.5000", other)
    ]
    assert united(*records).disputed_products is not None
