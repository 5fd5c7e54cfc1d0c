"""Facts that leave only some levels decide where all of those levels agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from needfix.model.decision import Decision
from tests.support.catalogues import NEW, OLD, answer, codes, decide, load, reason, rule, server


def decided(folder: Path, product: dict[str, Any], *files: dict[str, Any], **keys: Any) -> Decision:  # noqa: ANN401
    catalogue = load(folder, rule(**keys))
    return decide(catalogue, server(products=[product], files=[{"name": "Info.dll", "version": OLD}, *files]))


def test_a_version_in_the_name_states_no_level(tmp_path: Path) -> None:
    product = {"name": "Contoso Mail Server 5.5", "build": "5.5.2653.23"}
    found = decided(tmp_path, product)
    assert answer(found) == "fix-required, apply"
    assert reason(found, "level-from-build").observed == "5.5.2653.23"


def test_a_service_pack_in_the_name_states_the_level(tmp_path: Path) -> None:
    assert decided(tmp_path, {"name": "Contoso Mail Server 5.5 SP4"}).decision == "fix-required"
    assert decided(tmp_path, {"name": "Contoso Mail Server 5.5 Service Pack 2"}).decision == "not-affected"


def test_a_service_pack_belongs_to_the_version_in_the_name(tmp_path: Path) -> None:
    assert decided(tmp_path, {"name": "Contoso Mail Server 5.5", "level": "SP3"}).decision == "fix-required"
    assert decided(tmp_path, {"name": "Contoso Mail Server 5.0", "level": "SP3"}).decision == "not-affected"


def test_a_version_none_of_whose_levels_is_listed_is_not_affected(tmp_path: Path) -> None:
    found = decided(tmp_path, {"name": "Contoso Mail Server 6.0"})
    assert answer(found) == "not-affected, none"
    shown = reason(found, "level-not-listed")
    assert (shown.observed, shown.expected) == ("6.0 or 6.0 SP1", "5.5 SP3, 5.5 SP4")


def test_a_version_of_which_some_levels_are_listed_is_undetermined(tmp_path: Path) -> None:
    found = decided(tmp_path, {"name": "Contoso Mail Server 5.5"})
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-missing")


@pytest.mark.parametrize(
    ("affects", "decision"),
    [
        (["5.0 SP3", "5.5 SP3"], "fix-required"),
        (["5.5 SP3"], "undetermined"),
        (["5.5 SP4"], "not-affected"),
    ],
)
def test_a_bare_service_pack_of_two_versions(tmp_path: Path, affects: list[str], decision: str) -> None:
    found = decided(tmp_path, {"name": "Contoso Mail Server", "level": "SP3"}, affects=affects)
    assert found.decision == decision


def test_a_short_build_may_be_of_no_level(tmp_path: Path) -> None:
    for build in ("6.0", "5.5"):
        found = decided(tmp_path / build, {"name": "Contoso Mail Server", "build": build})
        assert (found.decision, codes(found)[0]) == ("undetermined", "level-unknown")
    found = decided(tmp_path, {"name": "Contoso Mail Server 5.5", "level": "SP4", "build": "5.5"})
    assert found.decision == "fix-required"


def test_a_level_from_a_file_outside_the_version_in_the_name_is_contradicted(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    found = decided(tmp_path, {"name": "Contoso Mail Server 6.0"}, store)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


def test_a_key_file_shows_the_level_where_the_build_cannot_be_read(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    found = decided(tmp_path, {"name": "Contoso Mail Server", "build": "newest"}, store)
    assert found.decision == "fix-required"
    assert reason(found, "level-from-file").observed == "5.5.2653.23"


def test_a_build_outside_all_levels_contradicts_a_key_file(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    found = decided(tmp_path, {"name": "Contoso Mail Server", "build": "9.0.1"}, store)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


def test_a_build_stated_as_the_level_is_held_against_build_and_name(tmp_path: Path) -> None:
    product = {"name": "Contoso Mail Server", "level": "5.5.2653.23"}
    assert decided(tmp_path, product).decision == "fix-required"
    for other in ({"build": "5.5.2448.8"}, {"name": "Mail Server 6.0"}, {"name": "Mail Server 5.5 SP2"}):
        found = decided(tmp_path, {**product, **other})
        assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


def test_a_contradiction_is_not_hidden_where_all_levels_of_the_build_are_affected(tmp_path: Path) -> None:
    product = {"name": "Contoso Mail Server 5.5", "build": "5.5"}
    levels = ["5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4"]
    found = decided(tmp_path, product, {"name": "Store.exe", "version": "6.0.4417"}, affects=levels)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


def test_a_required_level_is_met_where_every_possible_level_reaches_it(tmp_path: Path) -> None:
    affects = ["5.0 SP3", "5.5 SP3"]
    for required, expected in (("5.0", "apply"), ("5.5 SP4", "upgrade-first"), ("5.5", "apply")):
        folder = tmp_path / required
        product = {"name": "Contoso Mail Server", "level": "SP3"}
        found = decided(folder, product, affects=affects, requires=[required])
        assert found.action == expected
        assert ("requires-unknown" in codes(found)) == (required == "5.5")


def test_the_fix_is_present_whatever_the_level(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    facts = server(
        products=[{"name": "Contoso Mail Server 5.5"}], files=[{"name": "Info.dll", "version": NEW}]
    )
    assert answer(decide(catalogue, facts)) == "fix-present, none"


def test_a_version_is_the_same_however_many_zeros_it_is_written_with(tmp_path: Path) -> None:
    found = decided(tmp_path, {"name": "Contoso Mail Server 6", "level": "6.0 SP9"})
    assert codes(found) == ["level-not-listed", "level-not-defined"]
    levels = [{"level": "7"}, {"level": "7.0 SP1"}, {"level": "7.0 SP2"}]
    own = {"needfix": 1, "product": "gate", "name": "Contoso Gate", "levels": levels}
    corrected = [{"product": "gate", "level": "7"}]
    document = rule(product="gate", affects=["7", "7.0 SP1"], corrected_in=corrected)
    facts = server(products=[{"name": "Contoso Gate", "level": "7.0 SP1"}])
    assert decide(load(tmp_path / "own", own, document), facts).decision == "not-affected"
