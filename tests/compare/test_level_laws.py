"""The level of a product, and whether a rule affects it, as the plain evaluator finds them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as every

from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.cases.plain import evidence_of
from needfix.cases.plain.places import Place, places
from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.compare.installed import installed
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.compare.strategies import (
    BUILD_TEXTS,
    DENSE,
    HOST,
    LEVEL_TEXTS,
    MARKS,
    RULES,
    few,
    fitting,
    level,
    maybe,
)
from tests.compare.test_laws import evidence, plain_evidence
from tests.support.laws import tried

NAMES = st.sampled_from(
    ("Contoso Mail Server", "Contoso Mail Server 5.5", "Contoso Mail Server 5.5 SP1", "Contoso Mail Server 6")
)
ENTRIES = st.builds(InstalledProduct, NAMES, level=maybe(*LEVEL_TEXTS), build=maybe(*BUILD_TEXTS))
UNSTATED = st.builds(InstalledProduct, NAMES, build=maybe(*BUILD_TEXTS, "unknown", "5.5.1999"))
HOST_ENTRIES = st.builds(
    InstalledProduct, st.just("Contoso Host 2000"), level=maybe("1.0", "2000 SP1", "2.0")
)
KEY_FILES = st.lists(
    st.builds(
        FileCopy,
        st.sampled_from(("Key.exe", "key.EXE", "CORE.dll")),
        version=st.sampled_from((*BUILD_TEXTS, None)),
    ),
    max_size=3,
).map(tuple)


def catalogue_of(*rules: Rule, products: tuple[ProductDefinition, ...]) -> Catalogue:
    return assemble(list(rules), {one.product: one for one in products}, [])


def expected(place: Place) -> tuple[object, ...]:
    possible = {one.text for one in place.known_levels}
    return place.product.product, set() if place.contradictions else possible, set(place.contradictions)


@tried(600)
@given(DENSE, ENTRIES | UNSTATED, KEY_FILES)
def test_the_levels_of_a_product(
    product: ProductDefinition, entry: InstalledProduct, files: tuple[FileCopy, ...]
) -> None:
    facts = Server("A", products=(entry,), files=files)
    catalogue = catalogue_of(products=(product,))
    found = [
        (
            one.product.product,
            set() if one.contradictions else {level.text for level in one.possible},
            {reason.code for reason in one.contradictions},
        )
        for one in installed(catalogue, facts).installations
    ]
    assert found == [expected(one) for one in places(catalogue, facts).places]


@tried(300)
@given(DENSE, ENTRIES | UNSTATED, KEY_FILES)
def test_the_order_of_files_does_not_change_the_levels(
    product: ProductDefinition, entry: InstalledProduct, files: tuple[FileCopy, ...]
) -> None:
    catalogue = catalogue_of(products=(product,))
    forward, backward = (
        [expected(one) for one in places(catalogue, Server("A", products=(entry,), files=copies)).places]
        for copies in (files, files[::-1])
    )
    assert forward == backward


# ---- affected


@tried(400)
@given(RULES, few(MARKS, 2), DENSE, HOST, few(ENTRIES | UNSTATED | HOST_ENTRIES, 3), KEY_FILES)
def test_what_a_rule_affects(  # noqa: PLR0913, PLR0917 - each of them is drawn
    draft: Rule,
    marks: tuple[Correction, ...],
    mail: ProductDefinition,
    host: ProductDefinition,
    entries: tuple[InstalledProduct, ...],
    files: tuple[FileCopy, ...],
) -> None:
    rule = fitting(replace(draft, corrected_in=(*draft.corrected_in, *marks)), mail, host)
    catalogue = catalogue_of(rule, products=(mail, host))
    facts = Server("A", products=entries or None, files=files)
    found = evidence(catalogue, facts)
    for rule_id, own in plain_evidence(catalogue, facts).items():
        assert found[rule_id].affected == own.affected


def test_all_that_editions_say_of_a_correction() -> None:
    known = (None, "Hosted Edition", "Standard")
    for separate, own, mark, one, other in every(((), ("hosted",)), known, known, known, ("host", *known)):
        defined = ProductDefinition(
            "mail",
            "Mail",
            (LevelDefinition(level("5.5")), LevelDefinition(level("5.5 SP1"))),
            editions=("Hosted Edition", "Standard"),
            separate_editions=separate,
        )
        host = ProductDefinition("host", "Host", (LevelDefinition(level("1.0")),))
        second = Affects("host", None) if other == "host" else Affects("mail", None, other)
        correction = Correction("mail", level("5.5 SP1"), mark)
        affects = (Affects("mail", None, one), second)
        rule = Rule("Q1", "A rule", affects, (Fix(()),), corrected_in=(correction,))
        catalogue = catalogue_of(rule, products=(defined, host))
        for entry in defined.levels:
            here = (InstalledProduct("Mail", level=entry.level.text, edition=own),)
            facts = needfix.Server("A", products=here)
            found = evidence(catalogue, facts)["Q1"].affected
            assert found == evidence_of(catalogue, facts)["Q1"].affected, (rule, own)
