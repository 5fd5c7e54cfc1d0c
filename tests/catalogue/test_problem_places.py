"""Each mistake in a rule says for programs what it is, and at which value of its document."""

from __future__ import annotations

import pytest

import needfix
from needfix.errors import PROBLEM_CODES

RULE = """\
needfix: 1
id: Q900001
product: exchange-server
affects: [5.5 SP4]
fixes:
  - component: Store
    files:
      Info.dll: {version: "1.0"}
apply: always
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        ("product: exchange-server", "product: exchange-servr", "unknown-word", "/product"),
        ("[5.5 SP4]", "[5.5 SP9]", "unknown-word", "/affects/0"),
        ("apply: always", "apply: sometimes", "unknown-word", "/apply"),
        ("apply: always", "aply: always", "unknown-key", "/aply"),
        ('{version: "1.0"}', '{verson: "1.0"}', "unknown-key", "/fixes/0/files/Info.dll/verson"),
        ('{version: "1.0"}', "{version: 1.0}", "wrong-type", "/fixes/0/files/Info.dll/version"),
        ('{version: "1.0"}', '{version: "x"}', "wrong-value", "/fixes/0/files/Info.dll/version"),
        ("affects: [5.5 SP4]\n", "", "missing-key", "/affects"),
        ("component: Store", "component: [Store, Web]", "wrong-type", "/fixes/0/component"),
        ("    files:\n      Info.dll:", "    file:\n      Info.dll:", "unknown-key", "/fixes/0/file"),
        (
            'Info.dll: {version: "1.0"}',
            'Info.dll: {version: "1.0"}\n      INFO.DLL: {version: "2.0"}',
            "duplicate-key",
            "/fixes/0/files/INFO.DLL",
        ),
    ],
)
def test_a_mistake_in_a_rule(old: str, new: str, code: str, pointer: str) -> None:
    for before in ("", "needfix: 1\nproduct: other\nname: Other\nlevels: []\n---\n"):
        with pytest.raises(needfix.CatalogueError) as caught:
            needfix.load_catalogue({"rule.yaml": before + RULE.replace(old, new)})
        assert (code, pointer) in [(one.code, one.pointer) for one in caught.value.problems]
        assert {one.code for one in caught.value.problems} <= PROBLEM_CODES.keys()


def test_what_is_not_yaml_has_a_code_of_its_own() -> None:
    with pytest.raises(needfix.CatalogueError) as caught:
        needfix.load_catalogue({"rule.yaml": "id: [Q1\n"})
    assert [one.code for one in caught.value.problems] == ["syntax"]
