"""The levels that a rule writes, and the levels that it means."""

from __future__ import annotations

import pytest

from tests.catalogue.support import Reader, texts

FILES = 'files: {a.dll: {version: "1.0"}}'


@pytest.mark.parametrize(
    ("affects", "meant"),
    [
        ('["5.5"]', ["5.5"]),
        ("[SP3]", ["5.5 SP3"]),
        ('["5.5", SP1, SP3]', ["5.5", "5.5 SP1", "5.5 SP3"]),
        ('["4.0", SP1, "5.5", SP2]', ["4.0", "4.0 SP1", "5.5", "5.5 SP2"]),
        ("[4.0 SP1, SP2]", ["4.0 SP1", "4.0 SP2"]),
        ("[SP1, 4.0 SP2]", ["4.0 SP2", "5.5 SP1"]),
        ("[5.5 Service Pack 3, 5.5sp1]", ["5.5 SP1", "5.5 SP3"]),
        ('{from: "5.5", to: SP2}', ["5.5", "5.5 SP1", "5.5 SP2"]),
        ("{from: SP2, to: SP3}", ["5.5 SP2", "5.5 SP3"]),
        ("{from: 4.0 SP1, to: SP2}", ["4.0 SP1", "4.0 SP2"]),
        ("{from: 4.0 SP2, to: 5.5 SP1}", ["4.0 SP2", "5.5", "5.5 SP1"]),
        ("{from: SP2, to: SP2}", ["5.5 SP2"]),
        ('["4.0", {from: SP1, to: SP2}, 5.5 SP3]', ["4.0", "4.0 SP1", "4.0 SP2", "5.5 SP3"]),
        ('[{from: "4.0", to: SP1}, SP2]', ["4.0", "4.0 SP1", "4.0 SP2"]),
        ("[5.5 SP3, 5.5 SP3]", ["5.5 SP3"]),
    ],
)
def test_affected_levels(rule: Reader, affects: str, meant: list[str]) -> None:
    (affected,) = rule(f"product: mail\naffects: {affects}").affects
    assert (affected.product, texts(affected.levels), affected.edition) == ("mail", meant, None)


def test_several_products(rule: Reader) -> None:
    found = rule(
        "affects:\n"
        "  - {product: mail, levels: [SP1]}\n"
        "  - {product: mail, levels: {from: 4.0 SP1, to: SP2}}\n"
        "  - {product: nt, edition: Terminal Server Edition}\n"
    )
    assert [(entry.product, texts(entry.levels), entry.edition) for entry in found.affects] == [
        ("mail", ["5.5 SP1"], None),
        ("mail", ["4.0 SP1", "4.0 SP2"], None),
        ("nt", None, "Terminal Server Edition"),
    ]
    assert found.products == ("mail", "nt")


def test_an_entry_without_product_is_of_the_rules_own(rule: Reader) -> None:
    found = rule("product: mail\naffects: [{levels: [SP1]}, {product: nt}]")
    assert found.products == ("mail", "nt")


def test_levels_and_products_in_one_list(rule: Reader) -> None:
    found = rule("product: mail\naffects: [SP1, SP2, {product: nt, levels: [SP6a]}]")
    assert {entry.product: texts(entry.levels) for entry in found.affects} == {
        "mail": ["5.5 SP1", "5.5 SP2"],
        "nt": ["4.0 SP6a"],
    }


@pytest.mark.parametrize(
    ("level", "meant"),
    [
        ("SP3", ["5.5 SP3"]),
        ('"4.0"', ["4.0"]),
        ("[4.0 SP1, SP2]", ["4.0 SP1", "4.0 SP2"]),
        ("{from: SP1, to: SP2}", ["5.5 SP1", "5.5 SP2"]),
        ("[4.0 SP1, {from: SP2, to: SP2}]", ["4.0 SP1", "4.0 SP2"]),
    ],
)
def test_levels_of_a_branch(rule: Reader, level: str, meant: list[str]) -> None:
    found = rule(f"affects: [{{product: mail}}]\nfixes: [{{level: {level}, {FILES}}}]")
    assert texts(found.fixes[0].levels) == meant


@pytest.mark.parametrize(
    ("level", "meant"),
    [
        ("SP6a", ["4.0 SP6a"]),
        ("{from: SP6, to: SP6a}", ["4.0 SP6", "4.0 SP6a"]),
        ("SP1", ["5.5 SP1"]),
    ],
)
def test_levels_of_a_branch_of_any_product(rule: Reader, level: str, meant: list[str]) -> None:
    affects = "affects: [{product: mail}, {product: nt}]"
    assert texts(rule(f"{affects}\nfixes: [{{level: {level}, {FILES}}}]").fixes[0].levels) == meant


def test_a_level_of_a_branch_belongs_to_the_product_of_the_branch(rule: Reader) -> None:
    affects = "affects: [{product: mail}, {product: nt}]"
    fix = rule(f'{affects}\nfixes: [{{product: nt, level: "4.0", {FILES}}}]').fixes[0]
    assert (fix.product, texts(fix.levels)) == ("nt", ["4.0"])


def test_requirements(rule: Reader) -> None:
    found = rule("product: mail\naffects: [SP3]\nrequires: [SP2, Q9, {product: nt, level: SP6a}]")
    levels, other, nt = found.requires
    assert isinstance(levels, tuple)
    assert isinstance(nt, tuple)
    assert [str(entry.level) for entry in levels] == ["5.5 SP2"]
    assert other == "Q9"
    assert [(entry.product, str(entry.level)) for entry in nt] == [("nt", "4.0 SP6a")]


def test_a_required_level_counts_in_every_product_that_has_it(rule: Reader) -> None:
    found = rule('affects: [{product: mail}, {product: nt}]\nrequires: ["4.0"]')
    (levels,) = found.requires
    assert isinstance(levels, tuple)
    assert [one.product for one in levels] == ["mail", "nt"]


def test_corrected_in(rule: Reader) -> None:
    found = rule("product: mail\naffects: [4.0 SP1]\ncorrected_in: [SP2, {product: nt, level: SP6}]")
    assert [(entry.product, str(entry.level)) for entry in found.corrected_in] == [
        ("mail", "4.0 SP2"),
        ("nt", "4.0 SP6"),
    ]
