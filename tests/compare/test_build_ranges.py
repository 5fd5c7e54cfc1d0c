"""Ranges of builds that entries of `affects` ask for, where several facts show the build."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

import needfix
from needfix import Catalogue, Server
from tests.degraded.deciders import DECIDERS
from tests.support.catalogues import (
    MAIL,
    NEW,
    OLD,
    OTHER,
    SYSTEM,
    Document,
    catalogue_of,
    fix,
    mail,
    reason,
    rule,
    text_of,
)
from tests.support.catalogues import decide as decide_singly
from tests.support.leaving_out import without_each
from tests.support.less_information import Answer, Group, check

END = "5.5.2653.10"
CUT, LOWER, HIGHER = "5.5.2653", "5.5.2653.9", "5.5.2653.11"

OPEN, NOT_AFFECTED, AFFECTED = ("undetermined", False), ("not-affected", False), ("fix-required", False)
"""Decisions, and whether the reason is that builds differ."""

ABOVE = catalogue_of(rule(affects=[{"builds": {"above": END}}]))


def store(*versions: str) -> list[Document]:
    """Copies of the key file."""
    return [
        {"name": "Store.exe", "version": one, "path": f"{drive}:\\mail\\Store.exe"}
        for drive, one in zip("CDE", versions, strict=False)
    ]


def decided(catalogue: Catalogue, facts: Server, decider: str) -> Answer:
    """What one of the evaluators answers for the only rule."""
    return next(iter(DECIDERS[decider](catalogue, [facts])[0].values()))


@pytest.mark.parametrize("decider", DECIDERS)
@pytest.mark.parametrize(
    ("build", "versions", "expected"),
    [
        (END, (), OPEN),
        (END, (END,), OPEN),
        (END, (LOWER,), NOT_AFFECTED),
        (LOWER, (END,), NOT_AFFECTED),
        (LOWER, (END, LOWER), NOT_AFFECTED),
        (None, (END, LOWER), OPEN),
        (END, (HIGHER,), AFFECTED),
        (CUT, (LOWER,), NOT_AFFECTED),
        (LOWER, (LOWER,), NOT_AFFECTED),
        (None, (LOWER,), NOT_AFFECTED),
    ],
)
def test_a_build_at_the_end_it_must_be_above_says_nothing_beside_another_fact(
    build: str | None, versions: tuple[str, ...], expected: tuple[str, bool], decider: str
) -> None:
    """In full it may be one above the end, and is as one that is cut short."""
    found = decided(ABOVE, mail(info=OLD, build=build, files=store(*versions)), decider)
    assert (found.decision, "build-differs" in found.codes) == expected


@pytest.mark.parametrize("decider", DECIDERS)
def test_neither_does_a_lower_one_that_may_stay_behind(decider: str) -> None:
    by_build = {**MAIL, "shows_updates": ["build"]}
    documents = (by_build, SYSTEM, rule(affects=[{"builds": {"above": END}}]), OTHER)
    catalogue = needfix.load_catalogue({"rules.yaml": text_of(documents)})
    found = decided(catalogue, mail(info=OLD, build=END, files=store(LOWER)), decider)
    assert (found.decision, "build-differs" in found.codes) == OPEN


@pytest.mark.parametrize("decider", DECIDERS)
def test_files_of_the_fix_prove_nothing_where_no_build_is_above_the_end(decider: str) -> None:
    found = decided(ABOVE, mail(info=NEW, build=END, files=store(LOWER)), decider)
    assert (found.decision, "build-differs" in found.codes) == NOT_AFFECTED


def test_the_reason_names_facts_on_different_sides_of_the_end() -> None:
    found = decide_singly(
        ABOVE, mail(info=OLD, build=LOWER, files=[{"name": "Store.exe", "version": HIGHER}])
    )
    assert reason(found, "build-differs").text == (
        f"the stated build is {LOWER} and Store.exe is {HIGHER}, on different sides of an end of above {END}"
    )


# ---- less information

_SHOWN = (LOWER, END, f"{END}.5", HIGHER)
_COPIES = ((), *((one,) for one in _SHOWN), *combinations_with_replacement(_SHOWN, 2))
_RANGES = ({"above": END}, {"from": END}, {"to": END}, {"below": END})


def groups(catalogue: Catalogue) -> list[Group]:
    """Servers on every side of an end, by a stated build and up to two copies of the key file.

    Each also without one of these, or with one cut short.
    """
    found = []
    for build in (None, *_SHOWN):
        for versions in _COPIES:
            whole = mail(info=OLD, build=build, files=store(*versions))
            less = {
                one: changes
                for changes, one in without_each(catalogue, whole)
                if changes[0].kind in {"build", "key-file"}
            }
            found.append(Group(whole, [(changes, one) for one, changes in less.items()]))
    return found


@pytest.mark.parametrize("decider", DECIDERS)
@pytest.mark.parametrize("shows", [["build", "key_files"], ["build"], ["key_files"]])
def test_no_answer_is_safer_without_a_fact(shows: list[str], decider: str) -> None:
    rules = [
        rule(f"Q{number}", affects=[{"builds": builds}], fixes=[fix({"Info.dll": minimum})])
        for number, (builds, minimum) in enumerate(product(_RANGES, (OLD, NEW)), 1)
    ]
    text = text_of(({**MAIL, "shows_updates": shows}, SYSTEM, *rules, OTHER))
    catalogue = needfix.load_catalogue({"rules.yaml": text})
    assert [str(found) for found in check(catalogue, groups(catalogue), DECIDERS[decider])] == []
