"""Values of the registry that exclude each other, or that are asked for as what they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import Document, rule

NAME = r"HKLM\SOFTWARE\Mail\Check"


def asking(**wanted: object) -> Document:
    return {"registry": {NAME: wanted}}


def test_a_value_that_must_equal_a_version(tmp_path: Path) -> None:
    affects = [{"product": "mail-server", **asking(equals="1.2.3")}]
    first, second = findings(tmp_path, "NF311", rule(affects=affects, fixes=[asking(equals="2.1.0")]))
    assert first.what == rf"{NAME} must equal 1.2.3, which is a version"
    assert second.what == rf"{NAME} must equal 2.1.0, which is a version"
    assert [line(tmp_path, one) for one in (first, second)] == ["equals: 1.2.3", "equals: 2.1.0"]


@pytest.mark.parametrize("wanted", [{"equals": "1"}, {"equals": "10.0"}, {"version": "1.2.3"}])
def test_other_values_may_be_equal(tmp_path: Path, wanted: Document) -> None:
    assert shown(tmp_path, "NF311", rule(fixes=[asking(**wanted)])) == []


SAME = r"HKEY_LOCAL_MACHINE\SOFTWARE\mail\check"
COMPONENTS = [
    ({"equals": "1"}, {"equals": "0"}),
    ({"present": True}, {"present": False}),
    ({"version": "1.2"}, {"present": False}),
    ({"equals": "1", "view": 64}, {"equals": "0"}),
]


@pytest.mark.parametrize(("one", "other"), COMPONENTS)
def test_values_that_are_asked_for_together_and_exclude_each_other(
    tmp_path: Path, one: Document, other: Document
) -> None:
    parts = [
        {"component": "One", "registry": {NAME: one}},
        {"component": "Two", "registry": {SAME: other}},
    ]
    (found,) = findings(tmp_path, "NF312", rule(fixes=parts))
    assert found.severity == "error"
    together = [{"product": "mail-server", "registry": {NAME: one}}]
    beside = [{"all": [*together, {"product": "host-system", "registry": {SAME: other}}]}]
    assert len(shown(tmp_path / "all", "NF312", rule(product=None, affects=beside))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"equals": "1", "view": 64}, {"equals": "0", "view": 32}),
        ({"equals": "1"}, {"present": True}),
        ({"version": "1.2"}, {"version": "1.3"}),
    ],
)
def test_values_that_a_server_can_have_together(tmp_path: Path, one: Document, other: Document) -> None:
    parts = [
        {"component": "One", "registry": {NAME: one}},
        {"component": "Two", "registry": {SAME: other}},
    ]
    assert shown(tmp_path, "NF312", rule(fixes=parts)) == []
    branches = [{"platform": "x86", **asking(equals="1")}, {"platform": "x64", **asking(equals="0")}]
    assert shown(tmp_path / "branches", "NF312", rule(fixes=branches)) == []
