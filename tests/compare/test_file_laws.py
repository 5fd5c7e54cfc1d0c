"""What the copies of a file reach, as the plain evaluator finds it."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from needfix.cases.plain import copies as plain_copies
from needfix.cases.plain.files import State, counted
from needfix.cases.plain.files import state as plain_state_at
from needfix.cases.plain.places import stated_place
from needfix.cases.plain.reading import trimmed, version
from needfix.catalogue.assemble import assemble
from needfix.compare.path_patterns import is_in
from needfix.compare.server_files import ServerFiles
from needfix.compare.tracked import TrackedFiles
from needfix.model.minimum import Minimum
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.rule import Affects, Fix, IfMissing, Rule
from needfix.model.server import FileCopy, InstalledProduct, Scope, Server
from needfix.versions import parse_moment
from tests.compare.strategies import COPIES, COPY_VERSIONS, FIXES, TIMES, few, level
from tests.compare.test_laws import evidence, often, plain_evidence, that_decides
from tests.support.laws import tried


@tried(600)
@given(FIXES, few(COPIES, 5), st.sampled_from(((), ("files",))))
def test_what_files_reach(
    fixes: tuple[Fix, ...], copies: tuple[FileCopy, ...], complete: tuple[Scope, ...]
) -> None:
    check_files(fixes, Server("A", files=(*copies, ANOTHER), complete=frozenset(complete)))


ANOTHER = FileCopy("Another.dll")
"""A file that no fix names, since no list of all files is empty."""


def check_files(fixes: tuple[Fix, ...], facts: Server) -> None:
    tracked = TrackedFiles(fixes)
    files = ServerFiles(tracked.files, facts)
    for fix in fixes:
        compared = [minimum for minimum in fix.files if minimum.is_compared]
        checks = tracked.checks(fix)
        assert [check.minimum for check in checks] == compared
        for check in checks:
            state, own = files.state(check), files.copies(check)
            expected = plain_state(fix, check.minimum, facts)
            assert state == expected
            assert [(copy.path, copy.version, copy.modified) for copy in own] == [
                (copy.path, copy.version, copy.modified) for copy in counted(fix, check.minimum, facts)
            ]
            if expected in ("below", "reached"):
                about = files.measure(check.tracked).copy
                assert about is not None
                assert plain_state(fix, check.minimum, alone(about)) == expected
                if check.minimum.version is not None:
                    alike = [copy for copy in own if plain_state(fix, check.minimum, alone(copy)) == expected]
                    lowest = min(trimmed(found) for copy in alike if (found := version(copy.version)))
                    assert trimmed(version(about.version) or ()) == lowest


def plain_state(fix: Fix, minimum: Minimum, facts: Server) -> State:
    """What the plain evaluator makes of a file of a product without key files."""
    return plain_state_at(fix, minimum, stated_place(PRODUCT), facts)


def alone(copy: FileCopy) -> Server:
    return Server("A", files=(copy,), complete=frozenset({"files"}))


PARTS = ["c:", "mail", "Bin", "m*l", "b?n", "*", "[1]", "1", "?", "d:", "mailbin", ""]


@often
@given(
    st.lists(st.sampled_from(PARTS), max_size=5),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).filter(any),
    st.sampled_from("\\/"),
)
def test_a_path_lies_in_the_same_folders(path: list[str], folders: list[str], between: str) -> None:
    here = between.join(path).translate({ord("*"): "x", ord("?"): "y"})
    assert is_in(here, "\\".join(folders)) == plain_copies.is_in_folder(here, "\\".join(folders))


# ---- all that the files of a branch, and of two branches, can say together

STATES = ("below", "reached", "unreadable", "not-inventoried", "missing")
VERSIONS = {"below": "1.9", "reached": "2", "unreadable": "two", "not-inventoried": None}


def check_all_together(*branches: tuple[tuple[str, ...], ...]) -> None:
    """Hold what files say against the plain evaluator: a rule of branches of components of files."""
    copies, fixes = [], []
    for number, components in enumerate(branches):
        platform = None if len(branches) == 1 else f"platform {number}"
        for place, states in enumerate(components):
            names = [f"{number}{place}{file}.dll" for file in range(len(states))]
            minima = tuple(Minimum(name, version=Version("2")) for name in names)
            fixes.append(Fix(minima, component=f"{place}", platform=platform))
            known = zip(names, states, strict=True)
            copies += [FileCopy(name, version=VERSIONS[one]) for name, one in known if one != "missing"]
    facts = Server("A", products=(HERE,), files=(*copies, ANOTHER), complete=frozenset({"files"}))
    for if_missing in get_args(IfMissing):
        rule = Rule("Q1", "A rule", (Affects("mail", None),), tuple(fixes), if_missing=if_missing)
        catalogue = assemble([rule], {"mail": PRODUCT}, [])
        found, plain = evidence(catalogue, facts), plain_evidence(catalogue, facts)
        assert that_decides(found["Q1"]) == that_decides(plain["Q1"]), branches


PRODUCT = ProductDefinition("mail", "Mail", (LevelDefinition(level("5.5")),))
HERE = InstalledProduct("Mail", level="5.5")


def test_all_that_up_to_three_files_say() -> None:
    for count in (1, 2, 3):
        for states in combinations_with_replacement(STATES, count):
            check_all_together((states,))


def test_all_that_two_components_say() -> None:
    for states in product(STATES, repeat=3):
        check_all_together((states[:1], states[1:]))


def test_all_that_two_branches_say() -> None:
    pairs = list(combinations_with_replacement(STATES, 2))
    for one, other in combinations_with_replacement(pairs, 2):
        check_all_together((one,), (other,))


def test_all_that_two_copies_with_a_time_say() -> None:
    for minimum in map(parse_moment, ("2000-03-14", "2000-03-14T18:00", "2000-03-14T18:00:30")):
        fix = Fix((Minimum("One.dll", modified=minimum),))
        for pair in product(TIMES, repeat=2):
            check_files((fix,), Server("A", files=tuple(FileCopy("One.dll", modified=one) for one in pair)))


def test_all_that_two_copies_with_a_version_say() -> None:
    here = "d:\\mail\\bin\\One.dll"
    copies = [FileCopy("One.dll", path, one) for one in COPY_VERSIONS for path in (None, here, "c:\\One.dll")]
    for path in (None, "mail"):
        fixes = tuple(Fix((Minimum("one.dll", Version(one), path=path),)) for one in ("2", "2.0.1"))
        for pair in product(copies, repeat=2):
            check_files(fixes, Server("A", files=pair))
