from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support import ROOT, Needfix
from tests.support.catalogues import Document, fix, load, rule, write

NOTE = [rule("Q1"), rule("Q2")]
WARNING = [rule("Q1", requires=["Q9"])]
ERROR = [rule("Q1"), rule("Q2", supersedes=["Q1"], fixes=[fix({"Info.dll": "5.5.1"})])]


def test_the_shipped_catalogue_passes(needfix: Needfix) -> None:
    ran = needfix("lint")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"\n208 rules: 0 errors, 0 warnings, [0-9]+ notes, [0-9]+ silenced\n$", ran.out)


@pytest.mark.parametrize(("rules", "code"), [(NOTE, 0), (WARNING, 1), (ERROR, 1)])
def test_warnings_and_errors_end_with_1_notes_do_not(
    needfix: Needfix, tmp_path: Path, rules: list[Document], code: int
) -> None:
    load(tmp_path, *rules)
    for words in (["--format", "text"], ["--format", "json"], ["--output", str(tmp_path / "report")]):
        assert needfix("lint", tmp_path, *words).code == code


def test_text_has_three_lines_for_a_finding_and_a_summary(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    ran = needfix("lint", tmp_path / "*.yaml", "--select", "NF102")
    head, why, hint, total = ran.out.splitlines()
    place, _, rest = head.partition(": ")
    assert place.startswith(f"{tmp_path}/rules.yaml:")
    assert place.endswith(":3")
    assert rest == "warning NF102 Q1: 'requires' names Q9, which is not in this catalogue"
    assert why.startswith("    why: ")
    assert hint.startswith("    hint: add the rule Q9")
    assert total == "1 rule: 0 errors, 1 warning, 0 notes"


def test_json_has_the_same_findings(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    document = json.loads(needfix("lint", tmp_path, "--format", "json", "--select", "NF102").out)
    counts = {"error": 0, "warning": 1, "note": 0, "suppressed": 0}
    assert document["summary"] == {"rules": 1, "product_definitions": 3, **counts}
    (found,) = document["findings"]
    keys = ["code", "severity", "rule", "file", "line", "column", "what", "why", "hint", "mend", "suppressed"]
    assert list(found) == keys
    assert (found["code"], found["severity"], found["rule"]) == ("NF102", "warning", "Q1")
    lines = Path(found["file"]).read_text().splitlines()
    assert lines[found["line"] - 1][found["column"] - 1 :] == "Q9"


def test_output_goes_to_a_file(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path / "rules", *WARNING)
    ran = needfix("lint", tmp_path / "rules", "--output", tmp_path / "report.txt")
    assert (ran.code, ran.out) == (1, "")
    assert (tmp_path / "report.txt").read_text() == needfix("lint", tmp_path / "rules").out


def test_rules_that_do_not_load_are_reported_as_by_other_commands(needfix: Needfix) -> None:
    faulty = ROOT / "fixtures" / "errors" / "unknown-key.yaml"
    ran = needfix("lint", faulty)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == needfix("rules", "list", "--rules", faulty).err


@pytest.mark.parametrize("words", [["none.yaml"], ["--format", "xml"], [""]])
def test_bad_usage_and_a_catalogue_without_a_rule(needfix: Needfix, words: list[object]) -> None:
    ran = needfix("lint", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "hint: " in ran.err


def test_control_characters_of_a_rule_do_not_reach_the_terminal(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, rule(review=[{"line": 1, "read": "a", "why": "\x1b[2J"}]))
    assert "\x1b" not in needfix("lint", tmp_path).out


def test_a_severity_to_fail_on_and_checks_that_are_chosen(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    assert needfix("lint", tmp_path, "--fail-on", "error").code == 0
    assert needfix("lint", tmp_path, "--ignore", "NF102").code == 0
    assert needfix("lint", "--select", "NF1", "NF3", tmp_path).code == 1
    assert needfix("lint", tmp_path, "--severity", "NF102=note", "NF1=error", "--select=NF102").code == 0
    assert needfix("lint", "--ignore", "NF1,NF5", "NF6", tmp_path, "--fail-on", "note").code == 0


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--select", "NF120"], "no check has the code 'NF120'\n    hint: did you mean NF"),
        (["--ignore", "XX"], "no check has the code 'XX'\n    hint: write the code of a check"),
        (["--severity", "NF102"], "--severity 'NF102' is not CODE=SEVERITY"),
        (["--severity", "NF102=warn"], "there is no severity 'warn'\n    hint: did you mean warning?"),
        (["--severity", "NF102=x"], "there is no severity 'x'\n    hint: write one of error, warning, note"),
        (["--severity", "NF999=note"], "no check has the code 'NF999'"),
        (["--fail-on", "never"], "invalid choice: 'never'"),
        (["--fix"], "--fix changes files, and no PATH is named"),
    ],
)
def test_options_that_make_no_sense(needfix: Needfix, words: list[str], shown: str) -> None:
    ran = needfix("lint", *words)
    assert (ran.code, ran.out) == (2, "")
    assert shown in ran.err


def test_settings_of_the_folder_count_and_options_before_them(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, *WARNING)
    (tmp_path / ".needfix.yaml").write_text("needfix: 1\nlint: {ignore: [NF102]}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert needfix("lint", "rules.yaml").code == 0
    assert needfix("lint", "rules.yaml", "--select", "NF102").code == 1
    (tmp_path / ".needfix.yaml").write_text("needfix: 1\nlint: {ignore: [NF]}\nlnt: 1\n", encoding="utf-8")
    ran = needfix("lint", "rules.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ".needfix.yaml:3:1: unknown key 'lnt'" in ran.err


def test_product_definitions_alone(needfix: Needfix) -> None:
    ran = needfix("lint", ROOT / "rules" / "products")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"0 rules, [0-9]+ product definitions: 0 errors, 0 warnings, 0 notes\n", ran.out)


def test_rules_that_do_not_fit_together_are_findings_beside_others(needfix: Needfix, tmp_path: Path) -> None:
    write(
        tmp_path,
        rule("Q1"),
        rule("Q1", requires=["Q9"]),
        rule("Q2", requires=["Q3"]),
        rule("Q3", requires=["Q2"]),
    )
    ran = needfix("lint", tmp_path, "--format", "json", "--select", "NF102", "NF106", "NF107")
    document = json.loads(ran.out)
    assert (ran.code, ran.err, document["summary"]["rules"]) == (1, "", 4)
    assert [found["code"] for found in document["findings"]] == ["NF106", "NF102", "NF107"]


def test_rules_that_do_not_load_are_annotations_too(needfix: Needfix, tmp_path: Path) -> None:
    faulty = ROOT / "fixtures" / "errors" / "unknown-key.yaml"
    plain = needfix("lint", faulty)
    ran = needfix("lint", faulty, "--format", "github", "--output", tmp_path / "report")
    assert (ran.code, ran.err) == (2, plain.err)
    assert ran.out.startswith("::error file=")
    assert not (tmp_path / "report").exists()


def test_every_format_shows_the_finding(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    for name in ("text", "json", "sarif", "github"):
        ran = needfix("lint", tmp_path, "--format", name, "--output", tmp_path / "report")
        assert (ran.code, ran.out, ran.err) == (1, "", "")
        assert "NF102" in (tmp_path / "report").read_text(encoding="utf-8")


def test_fix_repairs_in_place_and_a_second_time_does_nothing(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    text = (
        "# kept\nneedfix: 1\nid: Q1\nproduct: exchange-server\naffects: [5.5 SP4, 5.5 SP4, 5.5 SP3] # all\n"
    )
    text += 'fixes: [{files: {Store.exe: {version: "5.5.2654.10"}}}]\n'
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    ran = needfix("lint", "--fix", tmp_path, "--select", "NF2")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "1 rule: 0 errors, 0 warnings, 0 notes, 2 repaired"
    expected = text.replace("5.5 SP4, 5.5 SP4, 5.5 SP3", "5.5 SP3, 5.5 SP4").replace("\n", "\r\n")
    assert file.read_bytes() == b"\xef\xbb\xbf" + expected.encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert (
        needfix("lint", "--fix", tmp_path, "--select", "NF2").out == "1 rule: 0 errors, 0 warnings, 0 notes\n"
    )
    assert [one.name for one in tmp_path.iterdir()] == ["rule.yaml"]


def test_fix_leaves_alone_what_is_not_certain_or_silenced(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    text = "needfix: 1\nid: Q1\nproduct: exchange-server\naffects:\n- 5.5 SP4 # last\n- 5.5 SP3\n"
    text += 'fixes: [{files: {Store.exe: {version: "5.5.2654.10"}}}]\nsupersedes: [Q8, Q8]\n'
    text += "lint: {ignore: [{code: NF108, reason: both are meant}]}\n"
    file.write_text(text, encoding="utf-8")
    ran = needfix("lint", "--fix", file, "--select", "NF2", "NF108")
    head = f"{file}:6:3: not repaired NF204 Q1: 5.5 SP3 is listed after 5.5 SP4 in 'affects'"
    assert ran.out.splitlines()[0] == f"{head}: there is no certain repair here"
    assert ran.out.splitlines()[-1] == "1 rule: 0 errors, 0 warnings, 1 note, 1 silenced"
    assert file.read_text(encoding="utf-8") == text


BROKEN = "needfix: 1\nid: Q2\nproduct: mail-server\naffect: [5.5 SP4]\nfixes: [{files: {Info.dll: {}}}]\n"


@pytest.mark.parametrize("broken", [BROKEN, BROKEN + "title: [\n", "id: Q2\n\ttitle: x\n"])
def test_a_broken_file_does_not_hide_the_findings_of_others(
    needfix: Needfix, tmp_path: Path, broken: str
) -> None:
    load(tmp_path, rule("Q1", requires=["Q9", "Q2"]))
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    ran = needfix("lint", tmp_path, "--select", "NF1", "--ignore", "NF109")
    assert ran.code == 2
    assert ran.err.startswith(f"{tmp_path}/broken.yaml:")
    head, _, _, total = ran.out.splitlines()
    assert head.endswith("'requires' names Q9, which is not in this catalogue")
    assert total == (
        "1 rule: 0 errors, 1 warning, 0 notes, 1 file with mistakes that keep rules from being checked"
    )


@pytest.mark.parametrize("broken", ["affect: [5.5 SP4]\nfixes: []\n", "affects: [5.5 SP4]\nfixes: [\n"])
def test_a_broken_rule_does_not_hide_a_product_that_ships(
    needfix: Needfix, tmp_path: Path, broken: str
) -> None:
    own = rule("Q1", product="exchange-server", requires=["Q9"])
    (tmp_path / "good.yaml").write_text(json.dumps(own), encoding="utf-8")
    head = "needfix: 1\nid: Q2\nproduct: exchange-server\n"
    (tmp_path / "broken.yaml").write_text(head + broken, encoding="utf-8")
    ran = needfix("lint", tmp_path, "--select", "NF102")
    assert (ran.code, "unknown product" in ran.err) == (2, False)
    assert "good.yaml:1:" in ran.out
    assert ran.out.splitlines()[-1].startswith("1 rule: 0 errors, 1 warning, ")


def test_rules_of_a_broken_definition_are_left_out(needfix: Needfix, tmp_path: Path) -> None:
    write(tmp_path, rule("Q1"), rule("Q2", product="pager", requires=["Q9"]))
    (tmp_path / "pager.yaml").write_text("product: pager\nlevels: [\n", encoding="utf-8")
    ran = needfix("lint", tmp_path, "--select", "NF102")
    assert (ran.code, ran.out.partition(":")[0]) == (2, "1 rule")
    assert ran.err.count("\n    hint: ") == 1


def test_every_format_states_what_could_not_be_read(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *WARNING)
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    words = ["lint", tmp_path, "--select", "NF102", "--format"]
    (problem,) = json.loads(needfix(*words, "json").out)["problems"]
    keys = ["code", "file", "line", "column", "what", "expected", "hint"]
    assert (list(problem), problem["line"], problem["column"]) == (keys, 4, 1)
    annotated = needfix(*words, "github").out.splitlines()
    assert [line.partition(" ")[0] for line in annotated[:2]] == ["::error", "::warning"]
    assert len(json.loads(needfix(*words, "sarif").out)["runs"][0]["results"]) == 1


def test_rules_that_the_checked_ones_need_are_not_checked(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path / "own", rule("Q9", fixes=[fix({"Info.dll": {}})]))
    file = tmp_path / "new.yaml"
    file.write_text(json.dumps(rule("Q1", requires=["Q9"])), encoding="utf-8")
    alone = needfix("lint", file)
    assert (alone.code, "unknown product 'mail-server'" in alone.err) == (2, True)
    for words in ([file, "--rules", tmp_path / "own"], ["--rules", tmp_path / "own", file]):
        ran = needfix("lint", *words)
        assert (ran.code, ran.err) == (0, "")
        assert "Q9:" not in ran.out
        assert ran.out.splitlines()[-1].startswith("1 rule: 0 errors, 0 warnings, ")


def test_rules_that_are_needed_are_not_enough(needfix: Needfix, tmp_path: Path) -> None:
    load(tmp_path, *NOTE)
    ran = needfix("lint", "--rules", tmp_path)
    assert (ran.code, "and no PATH is named" in ran.err) == (2, True)
