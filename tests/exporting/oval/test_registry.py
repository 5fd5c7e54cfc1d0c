"""Values of the registry that fixes ask for, as tests, objects and items of OVAL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exporting.oval.support import (
    SPACES,
    comments_of,
    defined,
    described,
    exported,
    flags,
    info,
    refused,
)

KEY = r"HKLM\SOFTWARE\Mail"


def asking(wanted: dict[str, Any], name: str = rf"{KEY}\Check") -> dict[str, Any]:
    return info(fixes=[{"registry": {name: wanted}}])


@pytest.mark.parametrize(
    ("wanted", "comment"),
    [
        ({"equals": "On"}, "the value check: value case insensitive equals on"),
        ({"version": "1.2"}, "the value check: value greater than or equal 1.2.0.0"),
        ({"present": True}, "the value check exists"),
        ({"equals": "1", "view": 64}, "the value check of the 64-bit view: value case insensitive equals 1"),
    ],
)
def test_a_value_is_a_test(wanted: dict[str, Any], comment: str) -> None:
    assert comment in comments_of(exported(asking(wanted)))


def test_an_object_names_the_view_where_the_rule_does() -> None:
    found = defined(exported(asking({"equals": "1"}, r"HKLM\SOFTWARE\Wow6432Node\Mail\Check")))
    (own,) = found.findall("def:objects/win:registry_object", SPACES)
    assert [one.attrib or one.text for one in own][:2] == [{"windows_view": "32_bit"}, "HKEY_LOCAL_MACHINE"]
    assert own.findtext("win:key", None, SPACES) == r"software\mail"


def test_without_a_view_the_object_is_the_union_of_both() -> None:
    found = defined(
        exported(asking({"equals": "1"}), asking({"equals": "1", "view": 64}) | {"id": "Q100002"})
    )
    objects = {one.attrib["id"]: one for one in found.findall("def:objects/win:registry_object", SPACES)}
    (union,) = (one for one in objects.values() if one.find("def:set", SPACES) is not None)
    (set_of,) = union
    assert set_of.attrib == {"set_operator": "UNION"}
    views = [objects[one.text or ""].find("win:behaviors", SPACES) for one in set_of]
    assert [view.attrib["windows_view"] for view in views if view is not None] == ["32_bit", "64_bit"]
    assert len(objects) == 3
    tests = found.findall("def:tests/win:registry_test/win:object", SPACES)
    assert union.attrib["id"] in {test.attrib["object_ref"] for test in tests}


@pytest.mark.parametrize(
    ("entries", "complete", "flag", "items"),
    [
        ([{"value": "0x1"}], [], "complete", ["1"]),
        ([], ["registry"], "does not exist", []),
        ([], [], "not collected", []),
        ([{}], ["registry"], "not collected", []),
        ([{"value": "1"}, {"value": "0"}], [], "error", []),
        ([{"value": "1"}, {"path": "Mail", "value": "0"}], [], "not collected", []),
    ],
)
def test_entries_are_items(
    entries: list[dict[str, Any]], complete: list[str], flag: str, items: list[str]
) -> None:
    values = [{"path": KEY, "name": "Check", **one} for one in entries]
    facts = described(exported(asking({"equals": "1"})), registry=values, complete=complete)
    assert flags(facts)[-1] == flag
    found = facts.findall("sc:system_data/item:registry_item", SPACES)
    assert [item.findtext("item:value", None, SPACES) for item in found] == items


def test_a_value_that_an_entry_of_affects_asks_for_is_refused() -> None:
    own = info(affects=[{"levels": ["5.5 SP3"], "registry": {rf"{KEY}\Check": {"equals": "1"}}}])
    assert refused(own) == ["Q100001: an entry of affects with registry is not translated"]
