"""What a suite holds: the cases of the rules named, and what stand-alone files expect of several rules."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from needfix.cases.testing import Suite, collect, run
from needfix.errors import CatalogueError
from tests.support.catalogues import NEW, OLD, load, rule

CASE = {"name": "old", "given": {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, "expect": "fix-required"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two rules, where one supersedes the other, in which the test runs."""
    newer = rule("Q100002", supersedes=["Q100001"])
    load(tmp_path / "rules", rule(cases=[CASE]), newer)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(dedent(text).lstrip(), encoding="utf-8")
    return path


def shown(suite: Suite) -> list[str]:
    """Each case with what came of it."""
    results = map(run, suite.items)
    return [f"{one.name}: {one.status}{''.join(f' ({why})' for why in one.why)}" for one in results]


def problems(*paths: Path) -> str:
    with pytest.raises(CatalogueError) as raised:
        collect([str(path) for path in paths])
    return str(raised.value)


def test_a_folder_gives_the_cases_of_its_rules_and_of_its_case_files(folder: Path) -> None:
    write(
        folder / "rules" / "mail.cases.yaml",
        f"""
        needfix: 1
        cases:
          - name: both are there
            given: {{level: 5.5 SP4, files: {{Info.dll: "{NEW}"}}}}
            expect: {{Q100001: fix-present, q100002: {{decision: fix-present, action: none}}}}
        """,
    )
    assert shown(collect(["rules"])) == [
        "Q100001: old: pass",
        "Q100001: both are there: pass",
        "Q100002: both are there: pass",
    ]


def test_a_case_file_may_name_its_rules_and_its_inventory_by_path(folder: Path) -> None:
    (folder / "cases").mkdir()
    write(
        folder / "cases" / "servers.csv",
        f"""
        server,product,level,file,version
        MAIL01,Contoso Mail Server,5.5 SP4,Info.dll,{OLD}
        MAIL02,Contoso Mail Server,5.5 SP4,Info.dll,{NEW}
        WEB01,Contoso Host System,4.0,,
        """,
    )
    path = write(
        folder / "cases" / "first floor.cases.yaml",
        """
        needfix: 1
        rules: [../rules]
        inventory: servers.csv
        cases:
          - name: one server
            server: mail01
            expect: {Q100001: {decision: fix-required, action: apply, reasons: [file-below-minimum]}}
          - name: several
            server: MAIL*
            expect: {Q100001: fix-required}
        """,
    )
    assert shown(collect([str(path)])) == [
        "Q100001: one server: pass",
        "Q100001: several [MAIL01]: pass",
        "Q100001: several [MAIL02]: fail (expected fix-required, was fix-present)",
    ]


def test_an_inventory_may_stand_in_the_case(folder: Path) -> None:
    path = write(
        folder / "inline.cases.yml",
        """
        needfix: 1
        rules: [rules]
        cases:
          - name: one
            inventory: {server: A, products: [], complete: [products]}
            expect: {Q100001: not-affected}
          - name: two
            inventory:
              - {server: A, products: [], complete: [products]}
              - {server: B, products: [{name: Contoso Mail Server, level: 5.5 SP4}]}
            expect: {Q100001: not-affected}
        """,
    )
    assert shown(collect([str(path)])) == [
        "Q100001: one: pass",
        "Q100001: two [A]: pass",
        "Q100001: two [B]: fail (expected not-affected, was undetermined)",
    ]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ("inventory: nowhere.json", "nowhere.json:1: there is no such file"),
        ("inventory: bad.json", "bad.json:1:1: the record has no server"),
        ("inventory: {products: []}", "odd.cases.yaml:5:16: the record has no server"),
        ("inventory: [one]", "odd.cases.yaml:5:16: this is not a record of an inventory"),
        ("inventory: {server: A}\n    server: B*", "odd.cases.yaml:4:5: the inventory has no server 'B*'"),
        ("given: {complete: [everything]}", "odd.cases.yaml:4:5: complete"),
    ],
)
def test_a_case_whose_facts_cannot_be_used_is_an_error(folder: Path, facts: str, why: str) -> None:
    write(folder / "bad.json", '{"products": []}')
    expect = "expect: {Q100001: undetermined}"
    text = f"needfix: 1\nrules: [rules]\ncases:\n  - name: odd\n    {facts}\n    {expect}\n"
    write(folder / "odd.cases.yaml", text)
    (item,) = collect(["odd.cases.yaml"]).items
    result = run(item)
    assert result.status == "error"
    assert why in result.why[0]


def test_a_rule_that_is_not_there_is_an_error_where_it_is_named(folder: Path) -> None:
    write(
        folder / "typo.cases.yaml",
        """
        needfix: 1
        rules: [rules]
        cases:
          - name: typo
            given: {level: 5.5 SP4}
            expect:
              Q100001: undetermined
              Q10002: undetermined
        """,
    )
    known, unknown = map(run, collect(["typo.cases.yaml"]).items)
    assert known.status == "pass"
    assert (unknown.status, unknown.rule) == ("error", "Q10002")
    assert "typo.cases.yaml:8:7: there is no rule 'Q10002'" in unknown.why[0]
    assert "did you mean" in unknown.why[0]


def test_only_the_rules_that_are_named_are_tested_and_more_may_be_decided_with(folder: Path) -> None:
    alone = {**CASE, "expect": "undetermined", "given": {"level": "5.5 SP4", "hotfixes": ["Q100002"]}}
    load(folder / "own", rule("Q100003", requires=["Q100001"], cases=[alone]))
    (folder / "own" / "other" / "exchange.yaml").unlink()
    definitions = (folder / "own" / "rules.yaml").read_text(encoding="utf-8").split("---\n")
    write(folder / "own" / "rules.yaml", definitions[-1])
    suite = collect(["own"], ["rules"])
    assert [own.rule.id for own in suite.rules] == ["Q100003"]
    assert [item.rule for item in suite.items] == ["Q100003"]
    assert set(suite.items[0].catalogue.rules) == {"Q100001", "Q100002", "Q100003"}


def test_nothing_named_means_what_ships() -> None:
    suite = collect([])
    assert len(suite.rules) > 50
    assert {item.rule for item in suite.items} == {own.rule.id for own in suite.rules}


def test_all_mistakes_of_all_files_are_reported_at_once(folder: Path) -> None:
    first = write(folder / "a.cases.yaml", "needfix: 1\ncases:\n  - {name: a, expect: {Q1: fix-needed}}\n")
    body = "needfix: 1\nrules: [nowhere]\ncases: [{name: b, given: {}, expect: {Q1: fix-present}}]\n"
    second = write(folder / "b.cases.yaml", body)
    text = problems(first, second, folder / "missing.yaml")
    assert "a.cases.yaml:3:5: this case has no facts" in text
    assert "a.cases.yaml:3:28: this is the text 'fix-needed'" in text
    assert "b.cases.yaml:2:9: " in text
    assert "nowhere: there is no such file" in text
    assert "missing.yaml:1: there is no such file" in text


HEAD = "needfix: 1\ncases: "


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "this file is empty"),
        ("[1, 2]\n", "this is a list"),
        ("needfix: 1\ncasess: []\n", "unknown key 'casess'"),
        (HEAD + "[]\n", "this is an empty list"),
        (HEAD + "[{name: a, given: {}, expect: {}}]\n", "this is an empty mapping"),
        (HEAD + "[{name: a, given: {}, inventory: x, expect: {Q1: fix-present}}]\n", "both 'given' and"),
        (HEAD + "[{name: a, given: {}, server: x, expect: {Q1: fix-present}}]\n", "'server' chooses"),
        (HEAD + "[{name: a, given: {}, expect: {Q1: {action: none}}}]\n", "key 'decision' is missing"),
        (
            HEAD + "[{name: a, given: {}, expect: {Q1: {decision: fix-present, reasons: [partal]}}}]\n",
            "did you mean 'partial'?",
        ),
    ],
)
def test_a_case_file_that_makes_no_sense_is_refused_with_its_place(
    tmp_path: Path, body: str, what: str
) -> None:
    text = problems(write(tmp_path / "a.cases.yaml", body))
    assert what in text
    assert text.startswith(f"{tmp_path}/a.cases.yaml:")


def test_a_folder_without_rules_and_cases_is_reported(tmp_path: Path) -> None:
    assert "the folder contains no rule or case" in problems(tmp_path)
