"""Boundaries that no server can reach are named, with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from needfix.cases.probes import unreachable
from tests.support.catalogues import Document, fix, load, rule


def refused(folder: Path, **keys: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any key of a rule
    catalogue = load(folder, rule(**keys))
    return [(one.what, one.why) for one in unreachable(catalogue["Q100001"], catalogue)]


SIDES = "one step below its minimum, at its minimum, one step above its minimum"


def test_an_ordinary_rule_has_none(tmp_path: Path) -> None:
    assert refused(tmp_path) == []
    assert refused(tmp_path / "key", fixes=[fix({"Store.exe": "5.5.2653.30"})]) == []


def test_a_key_file_of_another_level(tmp_path: Path) -> None:
    fixes = [fix({"Store.exe": "6.0.4712.1"}, level="5.5 SP3"), fix({"Store.exe": "5.5.2653.9"}, level="SP4")]
    ((what, why),) = refused(tmp_path, fixes=fixes)
    assert what == f"Store.exe {SIDES}"
    assert why == "it shows another level than those of this fix (5.5 SP3)"


def test_a_side_that_no_version_has(tmp_path: Path) -> None:
    assert refused(tmp_path, fixes=[fix({"Info.dll": "65535.65535.65535.65535"})]) == [
        ("Info.dll one step above its minimum", "no file can have such a version")
    ]


def test_a_name_of_no_file(tmp_path: Path) -> None:
    key = r"HKLM\Software\Value"
    ((what, why),) = refused(tmp_path, fixes=[fix({key: "1.0"})])
    assert (what, why) == (f"{key} {SIDES}", f"no file can have the name {key}")


def test_a_fix_that_no_affected_server_gets(tmp_path: Path) -> None:
    fixes = [fix(), fix({"Other.dll": "1.0"}, edition="Hosted Edition")]
    assert refused(tmp_path, fixes=fixes) == [("the fix for Hosted Edition", "it is for no affected server")]


def test_a_boundary_that_one_of_several_products_reaches_is_not_refused(tmp_path: Path) -> None:
    affects = [
        {"product": "mail-server", "levels": ["5.5 SP4"]},
        {"product": "mail-server", "levels": ["6.0"]},
    ]
    fixes = [fix({"Store.exe": "5.5.2653.9"})]
    assert refused(tmp_path, product=None, affects=affects, fixes=fixes) == []


@pytest.mark.parametrize("fixes", [[{"build": "5.5.2653.20"}], [fix({"Store.exe": "5.5.2653.20"})]])
def test_a_build_that_is_not_affected(tmp_path: Path, fixes: list[Document]) -> None:
    affects = [{"levels": ["5.5 SP4"], "builds": {"below": "5.5.2653.20"}}]
    ((what, why),) = refused(tmp_path, affects=affects, fixes=fixes)
    assert what.endswith(" at its minimum, one step above its minimum")
    assert why == "it is in none of the builds that are affected (below 5.5.2653.20)"
