"""files: what the files of the chosen fix say together."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogues import NEW, OLD, answer, codes, decide, fix, load, mail, reason, rule

FILE_OF_STATE: dict[str, dict[str, Any] | None] = {
    "reached": {"version": "2.0"},
    "below": {"version": "1.9"},
    "unreadable": {"version": "two"},
    "no-version": {},
    "not-listed": None,
}


def listed(*states: str) -> list[dict[str, Any]]:
    """File1.dll, File2.dll and so on, each in a state seen from the minimum 2.0."""
    entries = [(n, FILE_OF_STATE[state]) for n, state in enumerate(states, 1)]
    return [{"name": f"File{n}.dll", **entry} for n, entry in entries if entry is not None]


def decided_by(folder: Path, *states: str, complete: bool = False, **keys: Any) -> Any:  # noqa: ANN401
    files = {f"File{n}.dll": "2.0" for n in range(1, len(states) + 1)}
    catalogue = load(folder, rule(fixes=[fix(files)], **keys))
    return decide(catalogue, mail(files=listed(*states), complete=["files"] if complete else []))


# ---- one file


@pytest.mark.parametrize(
    ("version", "expected", "code"),
    [
        ("5.5.2654.9", "fix-required, apply", "file-below-minimum"),
        ("5.5.2654.10", "fix-present, none", "file-reaches-minimum"),
        ("5.5.2654.11", "fix-present, none", "file-reaches-minimum"),
        ("5.5.2654.10.0", "fix-present, none", "file-reaches-minimum"),
        ("5,5,2654,10", "fix-present, none", "file-reaches-minimum"),
        ("5.05.2654.9 (SP4)", "fix-required, apply", "file-below-minimum"),
        ("5.5.2654.1O", "undetermined, investigate", "file-unreadable"),
        ("", "undetermined, investigate", "file-not-inventoried"),
    ],
)
def test_a_version_on_either_side_of_its_minimum(
    tmp_path: Path, version: str, expected: str, code: str
) -> None:
    decided = decide(load(tmp_path, rule()), mail(files=[{"name": "INFO.DLL", "version": version}]))
    assert answer(decided) == expected
    assert reason(decided, code).expected == NEW


def test_the_reason_has_the_values_that_were_compared(tmp_path: Path) -> None:
    found = decide(load(tmp_path, rule()), mail(info=OLD)).reasons[0]
    assert (found.file, found.observed, found.expected) == ("Info.dll", OLD, NEW)
    assert found.text == f"Info.dll is {OLD}; {NEW} or later is needed"


def test_a_file_that_is_not_inventoried_is_not_missing(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    assert answer(decide(catalogue, mail())) == "undetermined, investigate"
    assert answer(decide(catalogue, mail(complete=["files"]))) == "not-affected, none"
    assert answer(decide(catalogue, mail(complete=["hotfixes"]))) == "undetermined, investigate"


def test_a_component_that_is_not_installed_needs_no_fix(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix(component="Gateway")]))
    decided = decide(catalogue, mail(complete=["files"]))
    assert "Gateway" in reason(decided, "component-not-installed").text


def test_if_missing_a_fix_may_be_required_all_the_same(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(if_missing="fix-required"))
    decided = decide(catalogue, mail(complete=["files"]))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "file-missing").expected == NEW
    assert answer(decide(catalogue, mail())) == "undetermined, investigate"


# ---- several files


@pytest.mark.parametrize(
    ("states", "expected", "code"),
    [
        (("reached", "reached"), "fix-present", "file-reaches-minimum"),
        (("below", "below"), "fix-required", "file-below-minimum"),
        (("below", "reached"), "fix-required", "partial"),
        (("below", "unreadable"), "fix-required", "file-below-minimum"),
        (("below", "no-version"), "fix-required", "file-below-minimum"),
        (("below", "not-listed"), "fix-required", "file-below-minimum"),
        (("unreadable", "reached"), "undetermined", "file-unreadable"),
        (("no-version", "reached"), "undetermined", "file-not-inventoried"),
        (("below", "reached", "unreadable"), "fix-required", "partial"),
        (("below", "reached", "not-listed"), "fix-required", "partial"),
    ],
)
@pytest.mark.parametrize("complete", [False, True])
def test_whatever_is_below_its_minimum_decides_then_whatever_is_not_known(
    tmp_path: Path,
    states: tuple[str, ...],
    expected: str,
    code: str,
    complete: bool,  # noqa: FBT001
) -> None:
    for order in sorted(set(permutations(states))):
        decided = decided_by(tmp_path, *order, complete=complete)
        assert decided.decision == expected
        assert code in codes(decided)


def test_partial_is_reported_only_where_another_file_reaches_its_minimum(tmp_path: Path) -> None:
    assert "partial" not in codes(decided_by(tmp_path, "below", "below"))
    assert "partial" not in codes(decided_by(tmp_path, "below", "not-listed", complete=True))
    assert "partial" in codes(decided_by(tmp_path, "below", "unreadable"))
    assert "partial" in codes(decided_by(tmp_path, "below", "reached"))


def test_missing_files_count_where_all_files_are_listed(tmp_path: Path) -> None:
    assert answer(decided_by(tmp_path, "not-listed", "reached")) == "undetermined, investigate"
    some = decided_by(tmp_path, "not-listed", "reached", complete=True)
    assert answer(some) == "fix-required, apply"
    assert reason(some, "file-missing").file == "File1.dll"
    assert "partial" in codes(some)
    none = decided_by(tmp_path, "not-listed", "not-listed", complete=True)
    assert answer(none) == "not-affected, none"
    assert none.reasons[0].code == "component-not-installed"


@pytest.mark.parametrize(
    "states", [("not-listed", "unreadable"), ("not-listed", "unreadable", "reached", "unreadable")]
)
def test_a_missing_file_beside_an_unreadable_one_needs_the_fix_whatever_that_one_is(
    tmp_path: Path, states: tuple[str, ...]
) -> None:
    for order in sorted(set(permutations(states))):
        decided = decided_by(tmp_path, *order, complete=True)
        assert answer(decided) == "fix-required, apply"
        assert {"partial", "file-unreadable", "file-missing"} <= set(codes(decided))


def test_it_is_not_known_where_a_third_file_was_not_inventoried(tmp_path: Path) -> None:
    decided = decided_by(tmp_path, "not-listed", "unreadable", "no-version", complete=True)
    assert answer(decided) == "undetermined, investigate"


@pytest.mark.parametrize("state", ["unreadable", "no-version"])
def test_undetermined_names_the_file_that_would_settle_it(tmp_path: Path, state: str) -> None:
    found = decided_by(tmp_path, "reached", state).reasons[0]
    assert (found.file, found.expected) == ("File2.dll", "2.0")


def test_data_files_are_not_compared(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": NEW, "Info.dat": {}})]))
    assert decide(catalogue, mail(info=NEW, complete=["files"])).decision == "fix-present"
    assert decide(catalogue, mail(info=OLD)).decision == "fix-required"
    beside = mail(files=[{"name": "Info.dat", "version": "0.1"}], info=NEW)
    assert codes(decide(catalogue, beside))[0] == "file-reaches-minimum"


def test_a_fix_of_data_files_alone_decides_nothing(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule(fixes=[fix({"Info.dat": {}})])), mail(complete=["files"]))
    assert answer(decided) == "undetermined, investigate"
    assert "nothing-to-compare" in codes(decided)


# ---- several components


def components(**keys: Any) -> dict[str, Any]:  # noqa: ANN401
    gateway = fix({"Gate.dll": "3.0"}, component="Gateway")
    return rule(fixes=[fix(component="Store"), gateway], **keys)


@pytest.mark.parametrize(
    ("info", "gate", "expected"),
    [
        (NEW, "3.0", "fix-present"),
        (NEW, "2.9", "fix-required"),
        (OLD, "3.0", "fix-required"),
        (OLD, "2.9", "fix-required"),
        (NEW, None, "fix-present"),
        (OLD, None, "fix-required"),
        (None, None, "not-affected"),
        (None, "2.9", "fix-required"),
        (NEW, "three", "undetermined"),
    ],
)
def test_components_belong_together_and_one_that_is_not_installed_is_passed_over(
    tmp_path: Path, info: str | None, gate: str | None, expected: str
) -> None:
    files = [{"name": "Gate.dll", "version": gate}] if gate else []
    facts = mail(info=info, files=files, complete=["files"])
    assert decide(load(tmp_path, components()), facts).decision == expected


def test_a_component_passed_over_is_named(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, components()), mail(info=NEW, complete=["files"]))
    assert "Gateway" in reason(decided, "component-not-installed").text


def test_a_component_that_is_not_inventoried_is_not_passed_over(tmp_path: Path) -> None:
    assert decide(load(tmp_path, components()), mail(info=NEW)).decision == "undetermined"


def test_if_missing_no_component_is_passed_over(tmp_path: Path) -> None:
    catalogue = load(tmp_path, components(if_missing="fix-required"))
    decided = decide(catalogue, mail(info=NEW, complete=["files"]))
    assert answer(decided) == "fix-required, apply"
    assert "partial" in codes(decided)
    assert "component-not-installed" not in codes(decided)
