"""Other rules name a rule by its id, or by one of its updates in any spelling."""

from __future__ import annotations

import pytest

import needfix
from needfix.catalogue.part import part, with_dependencies
from tests.support.catalogues import catalogue_of, rule

MARCH = rule("Mail-March", updates=["KB500001", "SU3"])
APRIL = rule("Mail-April", updates=["KB500002", "KB500003"], supersedes=["Q500001"])


@pytest.mark.parametrize("name", ["KB500001", "Q500001", "500001", "kb500001", "SU3", "su3", "mail-march"])
def test_a_rule_is_meant_by_its_id_and_by_its_updates(name: str) -> None:
    assert catalogue_of(MARCH, APRIL).meant_by(name) == ("Mail-March",)


@pytest.mark.parametrize("name", ["KB500009", "SU", "Q50000"])
def test_no_rule_is_meant_by_other_names(name: str) -> None:
    assert catalogue_of(MARCH, APRIL).meant_by(name) == ()


def test_several_rules_are_meant_by_an_update_that_all_of_them_have() -> None:
    catalogue = catalogue_of(rule("A", updates=["KB500001"]), rule("B", updates=["500001"]))
    assert catalogue.meant_by("Q500001") == ("A", "B")


def test_an_id_comes_before_an_update() -> None:
    catalogue = catalogue_of(rule("A", updates=["KB500001"]), rule("KB500001"))
    assert (catalogue.meant_by("kb500001"), catalogue.meant_by("500001")) == (("KB500001",), ("A",))


def test_rules_that_are_named_by_updates_are_decided_first_and_belong_to_a_part() -> None:
    needs = rule("Mail-May", requires=["KB500003", "KB999999"])
    catalogue = catalogue_of(needs, APRIL, MARCH)
    assert catalogue.superseded_by == {"Mail-March": ("Mail-April",)}
    assert catalogue.required_rules(catalogue["Mail-May"]) == ("Mail-April", "KB999999")
    assert catalogue.order.index("Mail-April") < min(map(catalogue.order.index, ("Mail-May", "Mail-March")))
    assert with_dependencies(catalogue, ["Mail-May"]) == {"Mail-May", "Mail-April"}
    assert part(catalogue, ["Mail-March"]).meant_by("KB500002") == ("Mail-April",)


def test_a_circle_through_updates_does_not_load() -> None:
    first = rule("A", updates=["KB500001"], requires=["KB500002"])
    with pytest.raises(needfix.CatalogueError, match=r"in a circle: (A → B → A|B → A → B)"):
        catalogue_of(first, rule("B", updates=["KB500002"], requires=["Q500001"]))
