"""The level of a product, and whether a rule affects it, as the plain evaluator finds them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as every
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from needfix.cases.plain.affected import affected
from needfix.cases.plain.builds import levels_of_build, meant, place
from needfix.cases.plain.levels import Doubt, key_versions, level_of_keys, stated_level
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.reading import Numbers, level_name, version
from needfix.compare.affected import assess
from needfix.compare.builds import levels_of_build as find_levels
from needfix.compare.builds import place_of_build
from needfix.compare.installed import Installation, Installed
from needfix.compare.levels import find_level, key_copies, level_of_files
from needfix.model.decision import Reason
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.model.server import FileCopy, InstalledProduct, Server
from needfix.versions import Level
from tests.compare.strategies import (
    BUILD_TEXTS,
    DENSE,
    EDITIONS,
    HOST,
    LEVEL_TEXTS,
    MAIL,
    MARKS,
    RULES,
    few,
    fitting,
    level,
    maybe,
)
from tests.compare.test_laws import often
from tests.support.laws import tried


@often
@given(st.one_of(MAIL, HOST, DENSE))
def test_builds_lie_among_the_same_levels(product: ProductDefinition) -> None:
    for build in BUILD_TEXTS:
        assert find_levels(product, build) == levels_of_build(product, version(build))
        for entry in product.levels:
            side = place_of_build(product, build, entry.level)
            found = place(product, version(build), entry.level)
            assert (side if side in ("older", "newer") else None) == found


ENTRIES = st.builds(InstalledProduct, st.just("Mail"), level=maybe(*LEVEL_TEXTS), build=maybe(*BUILD_TEXTS))
IN_NAMES = maybe("5.5", "5.5 SP1", "5.5 SP2", "SP1", "6", "4.0 SP1", "7.1", "5.5 SP9")
UNSTATED = st.builds(
    InstalledProduct, st.just("Mail"), build=maybe(*BUILD_TEXTS) | st.sampled_from(("unknown", "5.5.1999"))
)
KEY_FILES = st.lists(
    st.builds(
        FileCopy,
        st.sampled_from(("Key.exe", "key.EXE", "CORE.dll")),
        version=st.sampled_from((*BUILD_TEXTS, None)),
    ),
    max_size=3,
).map(tuple)


@tried(600)
@given(DENSE, ENTRIES | UNSTATED, IN_NAMES, KEY_FILES)
def test_the_level_of_a_product(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, files: tuple[FileCopy, ...]
) -> None:
    keys = key_versions(product, files)
    found = find_level(product, entry, in_name, key_copies(product, Server("A", files=files)))
    expected = stated_level(product, entry, in_name, keys)
    assert texts(found.possible) == texts(expected.possible)
    assert found.level == expected.level
    assert code(found.doubt) == expected.doubt
    if found.level is not None:
        codes = [remark.code for remark in found.remarks]
        source = shown_by(product, entry, in_name)
        newer = [key for key in keys if key and place(product, key, found.level) == "newer"]
        newer = [] if source == ["level-from-file"] else newer
        assert codes == source + ["file-newer-than-level"] * len(newer)
        assert sorted(versions_of(found.remarks, "file-newer-than-level")) == sorted(newer)
        for shown in versions_of(found.remarks, "level-from-file", "level-from-build"):
            assert levels_of_build(product, shown) == (found.level,)


@tried(300)
@given(DENSE, ENTRIES | UNSTATED, IN_NAMES, KEY_FILES)
def test_the_order_of_files_does_not_change_the_level(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None, files: tuple[FileCopy, ...]
) -> None:
    forward, backward = (
        (
            stated_level(product, entry, in_name, key_versions(product, copies)),
            find_level(product, entry, in_name, key_copies(product, Server("A", files=copies))).level,
        )
        for copies in (files, files[::-1])
    )
    assert forward == backward


@often
@given(DENSE, st.tuples(st.sampled_from(BUILD_TEXTS), st.sampled_from(BUILD_TEXTS)))
def test_the_level_that_two_key_files_show(product: ProductDefinition, texts: tuple[str, str]) -> None:
    files = tuple(map(FileCopy, product.key_files, (None, None), texts))
    found = level_of_files(product, key_copies(product, Server("A", files=files)))
    expected = level_of_keys(product, key_versions(product, files))
    assert (found.level, code(found.doubt)) == (expected.level, expected.doubt)


def shown_by(product: ProductDefinition, entry: InstalledProduct, in_name: str | None) -> list[str]:
    """The code of what shows a level that no text states."""
    named = level_name(in_name) if in_name else None
    stated = level_name(entry.level) if entry.level else named if named and named.pack else None
    build = version(entry.build)
    if stated is not None:
        whole = stated._replace(version=stated.version or (named.version if named else None))
        if meant(product, whole) or not whole.version:
            return []
        build = whole.version
    return ["level-from-build" if len(levels_of_build(product, build)) == 1 else "level-from-file"]


def versions_of(remarks: tuple[Reason, ...], *codes: str) -> list[Numbers]:
    found = [version(remark.observed) for remark in remarks if remark.code in codes]
    return [numbers for numbers in found if numbers is not None]


def texts(levels: tuple[Level, ...]) -> list[str]:
    return [level.text for level in levels]


def code(doubt: Reason | None) -> str | None:
    return doubt.code.removeprefix("level-") if doubt else None


# ---- affected

DOUBTS = st.sampled_from(get_args(Doubt))
OF_ANSWER = {
    "yes": {"level-affected"},
    "no": {"level-not-listed", "edition-not-listed", "corrected-in-level", "product-not-installed"},
    "unknown": {"product-unknown", "product-name-unclear", "edition-not-stated"},
}


@st.composite
def installed(draw: st.DrawFn) -> tuple[Installed, Here, tuple[ProductDefinition, ...]]:
    """Products on a server, as either evaluator has them."""
    defined = draw(DENSE), draw(HOST)
    places = []
    for product in draw(st.sampled_from(((), defined[:1], defined, defined, defined[:1] * 2))):
        levels = st.sampled_from([entry.level for entry in product.levels])
        level = draw(st.none() | levels | levels)
        possible = draw(few(levels, 2)) if level is None else ()
        doubt: Doubt | None = draw(DOUBTS) if level is None else None
        places.append(Place(product, level, doubt, possible, draw(maybe(*EDITIONS, "Hosted", "Other"))))
    there = [place.product.product for place in places]
    shown = draw(st.booleans()) if not places else True
    unclear: frozenset[str] = frozenset(draw(st.sampled_from(((), ("host",), ("mail", "host")))))
    in_question = (unclear if shown else frozenset({"mail", "host"})) - set(there)
    found = tuple(
        Installation(
            one.product,
            one.level,
            one.edition,
            doubt=Reason(f"level-{one.doubt}", "") if one.doubt else None,
            possible=one.possible,
        )
        for one in places
    )
    return Installed(found, shown, (("?", unclear),)), Here(tuple(places), in_question), defined


@tried(400)
@given(RULES, few(MARKS, 2), installed())
def test_what_a_rule_affects(
    draft: Rule, marks: tuple[Correction, ...], drawn: tuple[Installed, Here, tuple[ProductDefinition, ...]]
) -> None:
    here, plain, defined = drawn
    rule = fitting(replace(draft, corrected_in=(*draft.corrected_in, *marks)), *defined)
    assessment = assess(rule, here)
    answer, concerned = affected(rule, plain)
    assert assessment.affected == answer
    numbers = {id(one): number for number, one in enumerate(here.installations)}
    of_plain = {id(one): number for number, one in enumerate(plain.places)}
    own: Any = sorted(numbers[id(one)] for one in assessment.installations)
    assert own == sorted({of_plain[id(one)] for one in concerned})
    codes = {reason.code for reason in assessment.reasons}
    doubts = {f"level-{place.doubt}" for place in concerned if place.doubt}
    assert codes
    assert codes <= (OF_ANSWER[answer] | (doubts if answer == "unknown" else set()))


def test_all_that_editions_say_of_a_correction() -> None:
    known = (None, "Hosted Edition", "Standard")
    for separate, own, mark, one, other in every(((), ("hosted",)), known, known, known, ("host", *known)):
        defined = ProductDefinition(
            "mail",
            "Mail",
            (LevelDefinition(level("5.5")), LevelDefinition(level("5.5 SP1"))),
            separate_editions=separate,
        )
        second = Affects("host", None) if other == "host" else Affects("mail", None, other)
        correction = Correction("mail", level("5.5 SP1"), mark)
        rule = Rule(
            "Q1", "A rule", (Affects("mail", None, one), second), (Fix(()),), corrected_in=(correction,)
        )
        for entry in defined.levels:
            here = Installed((Installation(defined, entry.level, own),), is_listed=True)
            there = Here((Place(defined, entry.level, None, edition=own),), frozenset())
            assert assess(rule, here).affected == affected(rule, there)[0], (rule, own)
