"""Builds that are no versions of Windows: any numbers, dates, a lone number."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from needfix.cases.probes import probes
from needfix.cases.testing.short_form import product_of, server_of
from needfix.versions import parse_free_build, stepped_free_build
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import Document, answer, catalogue_of, codes, decide, server

NAME = "Contoso Editor"


def editor(*builds: str) -> Document:
    """A definition whose levels begin with these builds."""
    levels = [{"level": f"{number}.0", "build": build} for number, build in enumerate(builds, 1)]
    return {"needfix": 1, "product": "editor", "name": NAME, "builds": "free", "levels": levels}


def fixed(build: object, **keys: Any) -> Document:  # noqa: ANN401 - any key of the format
    rule = {"needfix": 1, "id": "E1", "product": "editor", "affects": [{}], "fixes": [{"build": build}]}
    return {**rule, "affects": [{"product": "editor"}], **keys}


def outcome(catalogue: needfix.Catalogue, build: str | None) -> str:
    """The decision that the engine, its columns and the plain evaluator agree on."""
    facts = server(products=[{"name": NAME, "build": build}])
    decided = decide(catalogue, facts)
    assert decide_plainly(catalogue, facts)[decided.rule] == (decided.decision, decided.action)
    row = next(row for row in fleet_rows(catalogue, piece_of([facts]))[0] if row["rule"] == decided.rule)
    assert (row["decision"], row["action"]) == (decided.decision, decided.action)
    assert set(row["reasons"]) == set(codes(decided))
    return answer(decided).split(",")[0]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4711", (4711,)),
        ("2022-10-01", (20221001,)),
        ("2022/3/1-2", (20220301, 2)),
        ("2022-31-12", (2022, 31, 12)),
        ("20230815.1", (20230815, 1)),
        ("v12.1.5-3", (12, 1, 5, 3)),
        ("Build 7", (7,)),
        ("10/01/2022", None),
        ("10/11/12", None),
        ("31-12-21", None),
        ("31.12.2021", None),
        ("12/31", None),
        ("31.12.21", (31, 12, 21)),
        ("12-1-5", (12, 1, 5)),
        ("0.0", None),
        ("4711 beta", None),
        ("n/a", None),
        ("", None),
    ],
)
def test_a_text_is_read_by_its_numbers(text: str, numbers: tuple[int, ...] | None) -> None:
    found = parse_free_build(text)
    assert (None if found is None else found.release) == numbers


@pytest.mark.parametrize(
    ("first", "minimum", "below", "above"),
    [
        ("1000", "4711", "4710", "4711"),
        ("2022-01-01", "2022-10-01", "2022-09-30", "2022-10-01"),
        ("20220101", "20230815.1", "20230815.0", "20230815.2"),
        ("1.0", "12.1.5-3", "12.1.5-2", "12.1.5.3"),
        ("1.0", "2023.1", "12.4", "2023.2"),
    ],
)
def test_builds_are_compared_number_by_number(first: str, minimum: str, below: str, above: str) -> None:
    catalogue = catalogue_of(editor(first), fixed(minimum))
    assert outcome(catalogue, below) == "fix-required"
    assert outcome(catalogue, above) == "fix-present"
    assert outcome(catalogue, None) == "undetermined"
    assert outcome(catalogue, "newest") == "undetermined"


@pytest.mark.parametrize(
    ("minimum", "build", "expected"),
    [
        ("2022-10-01", "20210101", "fix-required"),
        ("2022-10-01", "20221001", "fix-present"),
        ("2022-10-01", "2022-10", "undetermined"),
        ("2022-10-01", "99.5", "undetermined"),
        ("2022-10-01", "31.12.21", "undetermined"),
        ("7.4.2", "7.4.3", "fix-present"),
        ("7.4.2", "2023-05-01", "undetermined"),
        ("7.4.2", "20230501", "undetermined"),
        ("7.4.2", "12/31/21", "undetermined"),
        ("7.4.2", "31-12-21", "undetermined"),
        ({"above": "7.4.2"}, "2023-05-01", "undetermined"),
    ],
)
def test_a_date_is_compared_with_dates_only(minimum: object, build: str, expected: str) -> None:
    document = {**editor("1"), "levels": [{"level": "1.0"}, {"level": "2.0"}]}
    assert outcome(catalogue_of(document, fixed(minimum)), build) == expected


@pytest.mark.parametrize(
    ("minimum", "build", "expected"),
    [
        ("8.0.3.24322831", "8.0.3.24022515", "fix-required"),
        ("8.0.3.24322831", "24022515", "undetermined"),
        ("8.0.3.24322831", "24322831", "undetermined"),
        ("8.0.3.24322831", "24022515.1", "undetermined"),
        ("8.0.3.24322831", "9", "undetermined"),
        ("8.0.3.24322831", "9.0", "fix-present"),
        ("24322831", "24022515", "fix-required"),
        ("24322831", "24322831.1", "fix-present"),
        ("24322831", "8.0.3.24322831", "undetermined"),
        ("999", "1000", "fix-present"),
        ({"above": "8.0.3"}, "24022515", "undetermined"),
    ],
)
def test_the_number_of_a_build_by_itself_is_not_compared_with_a_version(
    minimum: object, build: str, expected: str
) -> None:
    document = {**editor("1"), "levels": [{"level": "1.0"}, {"level": "2.0"}]}
    assert outcome(catalogue_of(document, fixed(minimum)), build) == expected
    levels = editor("8.0.2.22385739", "8.0.3.24022515")
    rule = fixed("8.0.4", affects=["2.0"])
    assert outcome(catalogue_of(levels, rule), "24022515") == "undetermined"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("2020-12-31", "not-affected"),
        ("20210101", "fix-required"),
        ("20230101", "not-affected"),
        ("12/31/21", "undetermined"),
        ("31.12.21", "undetermined"),
        ("7.4.2", "undetermined"),
    ],
)
def test_a_range_of_dates_says_nothing_about_other_builds(build: str, expected: str) -> None:
    affects = [{"product": "editor", "builds": {"from": "2021-01-01", "to": "2022-12-31"}}]
    document = {**editor("1"), "levels": [{"level": "1.0"}, {"level": "2.0"}]}
    assert outcome(catalogue_of(document, fixed("2099-01-01", affects=affects)), build) == expected


def test_a_date_does_not_show_a_level_whose_builds_are_none() -> None:
    rule = fixed("300", affects=["1.0"])
    assert outcome(catalogue_of(editor("100", "200"), rule), "2022-10-01") == "undetermined"


def test_a_build_that_is_cut_short_shows_no_side() -> None:
    assert outcome(catalogue_of(editor("20220101"), fixed("20230815.4")), "20230815") == "undetermined"


@pytest.mark.parametrize(
    ("build", "level"), [("100", "1.0"), ("199", "1.0"), ("200", "2.0"), ("99999999", "2.0")]
)
def test_the_builds_of_a_level_run_up_to_those_of_the_next(build: str, level: str) -> None:
    rule = fixed("300", affects=[level], fixes=[{"build": "999999999"}])
    assert outcome(catalogue_of(editor("100", "200"), rule), build) == "fix-required"


@pytest.mark.parametrize(
    ("build", "expected"),
    [("2022-09-30", "not-affected"), ("2022-10-01", "fix-required"), ("2022-12-24", "not-affected")],
)
def test_ranges_and_lines(build: str, expected: str) -> None:
    affects = [{"builds": {"from": "2022-10-01", "below": "2022-12-24"}}]
    catalogue = catalogue_of(editor("2022-01-01"), fixed("2022-12-24", affects=affects))
    assert outcome(catalogue, build) == expected
    lines = [{"version": "2022-02-01"}, {"from": "2022-06-01", "version": "2022-07-01"}]
    catalogue = catalogue_of(editor("2022-01-01"), fixed(lines))
    found = [outcome(catalogue, one) for one in ("2022-01-31", "2022-02-01", "2022-06-30", "2022-07-01")]
    assert found == ["fix-required", "fix-present", "fix-required", "fix-present"]


def test_probes_stand_at_the_ends_of_a_range() -> None:
    affects = [{"builds": {"from": "2021-06-01", "below": "2022-10-01"}}]
    catalogue = catalogue_of(editor("2021-01-01"), fixed("2022-10-01", affects=affects))
    own = catalogue["E1"]
    found = {}
    for probe in probes(own, catalogue):
        facts = server_of(probe.name, probe.given, product_of(catalogue, own), probe.at)
        assert isinstance(facts, needfix.Server), facts
        found[probe.name] = answer(decide(catalogue, facts)).split(",")[0]
    at_ends = {name: decision for name, decision in found.items() if name.startswith("build")}
    assert at_ends == {
        "build 2021-05-31": "not-affected",
        "build 2021-06-01": "fix-required",
        "build 2021-06-02": "fix-required",
        "build 2022-09-30": "fix-required",
        "build 2022-10-01": "not-affected",
        "build 2022-10-02": "not-affected",
    }


@pytest.mark.parametrize(
    ("first", "minimum"), [("1", "4711"), ("2021-01-01", "2022-10-01"), ("20210101", {"above": "20230815.1"})]
)
def test_probes_stand_on_either_side(first: str, minimum: object) -> None:
    catalogue = catalogue_of(editor(first), fixed(minimum))
    own = catalogue["E1"]
    found: dict[str, str] = {}
    for probe in probes(own, catalogue):
        facts = server_of(probe.name, probe.given, product_of(catalogue, own), probe.at)
        assert isinstance(facts, needfix.Server), facts
        found.setdefault(probe.aim, answer(decide(catalogue, facts)).split(",")[0])
    assert (found["below"], found["above"]) == ("fix-required", "fix-present")


def test_other_products_keep_their_builds() -> None:
    catalogue = catalogue_of(editor("1"), fixed("4711"))
    assert catalogue.products["editor"].free_builds
    assert not catalogue.products["mail-server"].free_builds


@pytest.mark.parametrize(
    ("build", "below", "above"),
    [
        ("2023-03-01", "2023-02-28", "2023-03-02"),
        ("2022/12/31", "2022/12/30", "2023/01/01"),
        ("2022/3/1", "2022/2/28", "2022/3/2"),
        ("20240229", "20240228", "20240301"),
        ("build 2023-01-01", "build 2022-12-31", "build 2023-01-02"),
        ("2023-02-30", "2023-02-29", "2023-02-31"),
        ("20230815.1", "20230815.0", "20230815.2"),
        ("4711", "4710", "4712"),
    ],
)
def test_the_builds_beside_a_date_are_days(build: str, below: str, above: str) -> None:
    assert (stepped_free_build(build, -1), stepped_free_build(build, 1)) == (below, above)
