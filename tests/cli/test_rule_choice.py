"""Rules are chosen by ids and updates, by advisories and by severities: as patterns and comma lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import Needfix
from tests.support.catalogues import NEW, OLD, rule, write


@pytest.fixture
def chosen(needfix: Needfix, tmp_path: Path) -> tuple[Path, Path]:
    """An inventory, and rules for it."""
    del needfix
    rules = write(
        tmp_path,
        rule("Mail-March", severity="critical", advisories=["CVE-2024-1", "ADV240002"], updates=["KB500001"]),
        rule("Mail-April", severity="low", advisories=["CVE-2024-3"], updates=["KB500002", "KB500001"]),
        rule("Q100001"),
    )
    product = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    record = {"server": "A", "products": [product], "files": [{"name": "Info.dll", "version": NEW}]}
    inventory = tmp_path / "mail.json"
    inventory.write_text(json.dumps(record), encoding="utf-8")
    return inventory, rules


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--rule", "q100001"], ["Q100001"]),
        (["--rule", "KB100001"], ["Q100001"]),
        (["--rule", "100001"], ["Q100001"]),
        (["--rule", "Q500002"], ["Mail-April"]),
        (["--rule", "KB500001"], ["Mail-March", "Mail-April"]),
        (["--rule", "mail-*"], ["Mail-March", "Mail-April"]),
        (["--rule", "KB50000?"], ["Mail-March", "Mail-April"]),
        (["--rule", "Q100001, Mail-March"], ["Mail-March", "Q100001"]),
        (["--rule", "Q100001", "--rule", "Mail-March"], ["Mail-March", "Q100001"]),
        (["--advisory", "cve-2024-1"], ["Mail-March"]),
        (["--advisory", "CVE-2024-*"], ["Mail-March", "Mail-April"]),
        (["--advisory", "ADV240002,CVE-2024-3"], ["Mail-March", "Mail-April"]),
        (["--severity", "critical,low"], ["Mail-March", "Mail-April"]),
        (["--severity", "low"], ["Mail-April"]),
        (["--rule", "Mail-*", "--severity", "low"], ["Mail-April"]),
        (["--rule", "KB500001", "--advisory", "CVE-*", "--severity", "critical"], ["Mail-March"]),
    ],
)
def test_rules_are_chosen(
    needfix: Needfix, chosen: tuple[Path, Path], words: list[str], expected: list[str]
) -> None:
    inventory, rules = chosen
    ran = needfix("evaluate", inventory, "--rules", rules, "--format", "jsonl", *words)
    assert (ran.code, [json.loads(line)["rule"] for line in ran.out.splitlines()]) == (0, expected), ran.err
    counted = needfix("evaluate", inventory, "--rules", rules, "--format", "summary-json", *words)
    assert {one["rule"] for one in json.loads(counted.out)["rules"]} == set(expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rule", "Q100002"], "there is no rule 'Q100002'\n    hint: did you mean Q100001?"),
        (["--rule", "Q9*"], "no rule matches 'Q9*'\n    hint: check the pattern; the wildcards are * and ?"),
        (["--rule", "Q100001,,"], "a list of words has an empty one"),
        (
            ["--advisory", "CVE-2024-2"],
            "advisory 'CVE-2024-2'\n    hint: needfix rules show ID lists",
        ),
        (
            ["--advisory", "CV-2024-1"],
            "advisory 'CV-2024-1'\n    hint: did you mean CVE-2024-1?",
        ),
        (["--advisory", "GHSA*"], "no rule has the advisory 'GHSA*'\n    hint: check the pattern"),
        (["--severity", "high"], "'high' is not a severity\n    hint: write one of critical, important,"),
        (["--severity", "moderate"], "no rule has the severity moderate\n    hint: write critical or low"),
        (
            ["--rule", "Q100001", "--severity", "low"],
            "no rule is chosen by --rule, --advisory and",
        ),
    ],
)
def test_a_choice_of_nothing_is_refused(
    needfix: Needfix, chosen: tuple[Path, Path], words: list[str], message: str
) -> None:
    inventory, rules = chosen
    ran = needfix("evaluate", inventory, "--rules", rules, *words)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_explain_and_rules_show_take_updates_as_well(needfix: Needfix, chosen: tuple[Path, Path]) -> None:
    inventory, rules = chosen
    explained = needfix("explain", inventory, "--rules", rules, "--server", "A", "--rule", "500002")
    assert explained.out.startswith("A and Mail-April: fix-present")
    shown = needfix("rules", "show", "KB500001", "--rules", rules).out
    assert [line.split() for line in shown.splitlines()].count(["update", "KB500001"]) == 2


@pytest.mark.parametrize(
    ("servers", "rules", "expected"),
    [
        ("A", "KB500001", ["A and Mail-March", "A and Mail-April"]),
        ("A", "q100001,Mail-April", ["A and Mail-April", "A and Q100001"]),
        ("?", "*", ["A and Mail-March", "A and Mail-April", "A and Q100001"]),
        ("a, A*", "Q100001", ["A and Q100001"]),
    ],
)
def test_explain_chooses_as_evaluate_does(
    needfix: Needfix, chosen: tuple[Path, Path], servers: str, rules: str, expected: list[str]
) -> None:
    inventory, path = chosen
    ran = needfix("explain", inventory, "--rules", path, "--server", servers, "--rule", rules)
    assert [line.partition(":")[0] for line in ran.out.splitlines() if " and " in line[:8]] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--server", "A,B"], ["A", "B"]),
        (["--server", "b, c*"], ["B", "C,1"]),
        (["--server", "A", "--server", "C?1"], ["A", "C,1"]),
        (["--only", "fix-required,undetermined"], ["B", "C,1"]),
        (["--only", "fix-present, fix-required", "--action", "none,apply"], ["A", "B"]),
    ],
)
def test_servers_decisions_and_actions_are_comma_lists(
    needfix: Needfix, tmp_path: Path, words: list[str], expected: list[str]
) -> None:
    product = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    records = [
        {"server": name, "products": [product], "files": [{"name": "Info.dll", "version": version}]}
        for name, version in (("A", NEW), ("B", OLD), ("C,1", "n/a"))
    ]
    inventory = tmp_path / "mail.json"
    inventory.write_text(json.dumps(records), encoding="utf-8")
    rules = write(tmp_path, rule(apply="always"))
    ran = needfix("evaluate", inventory, "--rules", rules, "--format", "jsonl", *words)
    assert [json.loads(line)["server"] for line in ran.out.splitlines()] == expected, ran.err
    failing = needfix("evaluate", inventory, "--rules", rules, "--fail-on", "fix-required,undetermined")
    assert failing.code == 1


def test_what_the_vendor_says_is_in_every_report(needfix: Needfix, chosen: tuple[Path, Path]) -> None:
    inventory, rules = chosen
    one = ("evaluate", inventory, "--rules", rules, "--rule", "Mail-March")
    row = needfix(*one, "--format", "csv").out.splitlines()[1]
    assert row.endswith(",,critical,CVE-2024-1 ADV240002")
    shown = needfix(*one, "--only", "fix-present").out
    assert "Mail-March  Title of Mail-March (critical, CVE-2024-1, ADV240002)" in shown
    (header,) = json.loads(needfix(*one, "--format", "json").out)["rules"]
    assert (header["severity"], header["updates"]) == ("critical", ["KB500001"])
    listed = json.loads(needfix("rules", "list", "--rules", rules, "--format", "json").out)
    assert [one["severity"] for one in listed] == ["critical", "low", None]
    lines = needfix("rules", "list", "--rules", rules).out.splitlines()
    assert [line.split()[:3] for line in lines[:2]] == [
        ["Mail-March", "mail-server", "critical"], ["Mail-April", "mail-server", "low"],
    ]  # fmt: skip
