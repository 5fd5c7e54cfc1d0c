"""The pytest plugin: which files it collects, how cases are named and placed, and what their failures say."""

from __future__ import annotations

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

from needfix.cases import testing
from needfix.cli.test import run as needfix_test  # pytester forgets what is imported first inside it
from tests.support import ROOT

RULE = """\
needfix: 1
id: {id}
product: exchange-server
affects: [5.5 SP4]
fixes: [{{files: {{{file}: {{version: "5.5.2654.10"}}}}}}]
{more}cases:
  - name: old file
    given: {{level: 5.5 SP4, files: {{{file}: "5.5.2653.23"}}}}
    expect: fix-required
"""
NEW = (
    '  - {{name: new file, given: {{level: 5.5 SP4, files: {{{file}: "5.5.2654.10"}}}}, expect: {expect}}}\n'
)
BAD = "  - {name: bad, given: {complete: [everything]}, expect: fix-required}\n"
SKIPPED = "  - {name: later, given: {}, expect: fix-required, skip: not yet}\n"
STANDALONE = """\
needfix: 1
cases:
  - name: both rules
    given: {level: 5.5 SP4, files: {a.dll: "5.5.2653.23", b.dll: "5.5.2654.10"}}
    expect: {Q1: {decision: fix-required, action: apply}, Q2: fix-present}
"""


@pytest.fixture(autouse=True)
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules. The plugin is loaded by its module, whether or not it is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "needfix.pytest_plugin")
    return pytester.mkdir("rules")


def write(name: str, *cases: str, file: str = "a.dll", more: str = "") -> None:
    text = RULE.format(id=name, file=file, more=more) + "".join(cases)
    Path(f"rules/{name}.yaml").write_text(text, encoding="utf-8")


def new(expect: str, file: str = "a.dll") -> str:
    return NEW.format(file=file, expect=expect)


def test_cases_of_rules_and_of_case_files_are_tests(pytester: pytest.Pytester) -> None:
    write("Q1", new("fix-present"))
    write("Q2", file="b.dll")
    Path("rules/both.cases.yaml").write_text(STANDALONE, encoding="utf-8")
    run = pytester.runpytest("--needfix", "rules", "--collect-only", "-q")
    run.stdout.fnmatch_lines_random(
        [
            "rules/Q1.yaml::Q1: old file",
            "rules/Q1.yaml::Q1: new file",
            "rules/Q2.yaml::Q2: old file",
            "rules/both.cases.yaml::Q1: both rules",
            "rules/both.cases.yaml::Q2: both rules",
        ]
    )
    pytester.runpytest("--needfix", "rules").assert_outcomes(passed=5)
    pytester.runpytest("--needfix", "rules", "-k", "Q1 and old").assert_outcomes(passed=1, deselected=4)


def test_a_case_is_chosen_by_its_node_id(pytester: pytest.Pytester) -> None:
    write("Q1", new("fix-present"))
    pytester.runpytest("rules/Q1.yaml::Q1: new file").assert_outcomes(passed=1)


def test_other_yaml_files_are_left_alone(pytester: pytest.Pytester) -> None:
    write("Q1")
    for name, text in {
        "product.yaml": "needfix: 1\nproduct: acme\nname: Acme\nlevels: [{level: '1.0'}]\n",
        "settings.yml": "cases: [1]\nid: x\n",
        "broken.yaml": "a: [\n",
        "chart.cases.yaml": "cases: {}\n",
        "notes.txt": "needfix: 1\ncases: []\n",
    }.items():
        Path("rules", name).write_text(text, encoding="utf-8")
    Path("rules/bytes.yaml").write_bytes(b"\xff\xfe\x00")
    pytester.runpytest("--needfix", "rules").assert_outcomes(passed=1)


def test_a_file_with_a_byte_order_mark_is_collected(pytester: pytest.Pytester) -> None:
    write("Q1")
    text = Path("rules/Q1.yaml").read_text(encoding="utf-8")
    Path("rules/Q1.yaml").write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    pytester.runpytest("--needfix", "rules").assert_outcomes(passed=1)


def test_a_failure_shows_what_needfix_test_shows(
    pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    write("Q1", new("fix-required"))
    run = pytester.runpytest("--needfix", "rules")
    run.assert_outcomes(passed=1, failed=1)
    capsys.readouterr()
    needfix_test(["rules"])
    *shown, _ = capsys.readouterr().out.splitlines()
    assert shown[0] == "rules/Q1.yaml:10:5: FAIL Q1: new file"
    run.stdout.fnmatch_lines(shown, consecutive=True)
    run.stdout.no_fnmatch_line("*Traceback*")
    run.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_case_that_cannot_be_decided_is_an_error_and_one_to_skip_is_skipped(
    pytester: pytest.Pytester,
) -> None:
    write("Q1", BAD, SKIPPED)
    run = pytester.runpytest("--needfix", "rules", "-rs")
    run.assert_outcomes(passed=1, errors=1, skipped=1)
    run.stdout.fnmatch_lines(["*rules/Q1.yaml:10:5: ERROR Q1: bad", "SKIPPED * rules/Q1.yaml*: not yet"])
    run.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_file_that_does_not_load_is_an_error_of_collection_without_a_traceback(
    pytester: pytest.Pytester,
) -> None:
    write("Q1")
    write("Q2", file="b.dll", more="afects: [5.5 SP3]\nsymptoms: {}\n")
    run = pytester.runpytest("--needfix", "rules", "--continue-on-collection-errors")
    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(
        [
            "*ERROR collecting rules/Q2.yaml*",
            "rules/Q2.yaml:6:1: unknown key 'afects'*",
            "    hint: *",
            "rules/Q2.yaml:7:11: *",
        ]
    )
    run.stdout.no_fnmatch_line("*Traceback*")
    run.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_product_definition_that_does_not_load_is_reported_as_its_own_error(
    pytester: pytest.Pytester,
) -> None:
    write("Q1")
    Path("rules/product.yaml").write_text("needfix: 1\nproduct: acme\nlevels: []\n", encoding="utf-8")
    run = pytester.runpytest("--needfix", "rules")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(
        ["*ERROR collecting rules/product.yaml*", "rules/product.yaml:1:1: the key 'name' is missing*"]
    )


def test_further_rules_that_do_not_load_are_reported(pytester: pytest.Pytester) -> None:
    write("Q1")
    pytester.makeini("[pytest]\nneedfix_rules = more.yaml\n")
    Path("more.yaml").write_text("needfix: 1\nid: Q2\n", encoding="utf-8")
    run = pytester.runpytest("--needfix", "rules")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(["more.yaml:1:1: the key 'affects' is missing*"])


def test_a_faulty_file_that_is_among_the_further_rules_too_is_reported_once(
    pytester: pytest.Pytester,
) -> None:
    write("Q1")
    write("Q2", file="b.dll", more="afects: [5.5 SP3]\n")
    pytester.makeini("[pytest]\nneedfix_rules = rules\n")
    run = pytester.runpytest("--needfix", "rules")
    run.assert_outcomes(errors=1)
    assert run.stdout.str().count("unknown key 'afects'") == 1


def test_files_that_all_do_not_load_run_nothing_that_ships(pytester: pytest.Pytester) -> None:
    write("Q1", more="afects: [5.5 SP3]\n")
    pytester.runpytest("--needfix", "rules").assert_outcomes(errors=1)


def test_names_that_repeat_are_numbered(pytester: pytest.Pytester) -> None:
    case = '  - {name: "a::b\\nc", given: {}, expect: undetermined}\n'
    write("Q1", case, case)
    run = pytester.runpytest("--needfix", "rules", "--collect-only", "-q")
    run.stdout.fnmatch_lines(["rules/Q1.yaml::Q1: a:b c", "rules/Q1.yaml::Q1: a:b c (2)"])


def test_rules_of_all_files_of_the_session_are_decided_together(pytester: pytest.Pytester) -> None:
    write("Q1", more="requires: [Q2]\n")
    case = (
        '  - {name: needs Q2, given: {level: 5.5 SP4, files: {a.dll: "5.5.2653.23", b.dll: "5.5.2653.23"}},'
        " expect: fix-required, action: upgrade-first}\n"
    )
    write("Q1", case, more="requires: [Q2]\n")
    without_cases = RULE.format(id="Q2", file="b.dll", more="").partition("cases:")[0]
    Path("rules/Q2.yaml").write_text(without_cases, encoding="utf-8")
    pytester.runpytest("--needfix", "rules").assert_outcomes(passed=2)
    pytester.runpytest("rules/Q1.yaml").assert_outcomes(passed=1, failed=1)
    pytester.makeini("[pytest]\nneedfix_rules = rules\n")
    pytester.runpytest("rules/Q1.yaml").assert_outcomes(passed=2)


def test_a_project_that_merely_has_rule_files_collects_none(pytester: pytest.Pytester) -> None:
    write("Q1", "not YAML: [")
    pytester.makepyfile(test_own="def test_own() -> None: pass")
    for words in ([], ["."], ["rules", "test_own.py"]):
        run = pytester.runpytest(*words)
        run.assert_outcomes(passed=1)
        run.stdout.no_fnmatch_line("*needfix:*")


def test_a_run_without_tests_says_how_to_collect_rule_files(pytester: pytest.Pytester) -> None:
    write("Q1")
    run = pytester.runpytest("rules")
    assert run.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    run.stdout.fnmatch_lines(
        [
            "needfix: rule files are not collected by default",
            "    hint: run pytest --needfix, or set needfix_collect = true in the settings of pytest",
        ]
    )


def test_a_folder_without_rule_files_has_no_such_hint(pytester: pytest.Pytester) -> None:
    Path("rules/chart.cases.yaml").write_text("cases: {}\n", encoding="utf-8")
    run = pytester.runpytest("rules")
    assert run.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    run.stdout.no_fnmatch_line("*needfix:*")


def test_the_settings_ask_for_all_rule_files(pytester: pytest.Pytester) -> None:
    write("Q1")
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nneedfix_collect = true\n")
    pytester.makepyfile(test_own="def test_own() -> None: pass")
    pytester.runpytest().assert_outcomes(passed=2)
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nneedfix_collect = false\n")
    pytester.runpytest().assert_outcomes(passed=1)


def test_only_a_rule_file_that_is_named_itself_is_collected(pytester: pytest.Pytester) -> None:
    write("Q1", new("fix-present"))
    write("Q2", BAD, file="b.dll", more="afects: [5.5 SP3]\n")
    pytester.runpytest("rules/Q1.yaml").assert_outcomes(passed=2)
    pytester.runpytest("rules/Q1.yaml::Q1: new file").assert_outcomes(passed=1)
    pytester.runpytest("rules/Q1.yaml", "rules").assert_outcomes(passed=2)


def test_test_paths_may_name_rule_files(pytester: pytest.Pytester) -> None:
    write("Q1")
    pytester.makeini("[pytest]\ntestpaths = rules/Q1.yaml\n")
    pytester.runpytest().assert_outcomes(passed=1)


def test_ignored_and_hidden_files_are_no_part_of_the_catalogue(pytester: pytest.Pytester) -> None:
    write("Q1")
    for place in (".venv", "rules/old"):
        Path(place).mkdir()
        Path(place, "Q1.yaml").write_text(Path("rules/Q1.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    pytester.runpytest("--needfix", "--ignore=rules/old").assert_outcomes(passed=1)


def test_a_file_that_is_reached_twice_through_links_runs_once(pytester: pytest.Pytester) -> None:
    write("Q1")
    Path("rules/Q1-link.yaml").symlink_to("Q1.yaml")
    Path("linked").symlink_to("rules")
    pytester.runpytest("--needfix").assert_outcomes(passed=1)
    pytester.runpytest("rules/Q1-link.yaml", "rules/Q1.yaml").assert_outcomes(passed=1)
    pytester.runpytest("rules/Q1-link.yaml::Q1: old file", "rules/Q1.yaml::Q1: old file").assert_outcomes(
        passed=1
    )


def test_rules_behind_a_link_to_a_folder_are_collected(pytester: pytest.Pytester) -> None:
    write("Q1")
    pytester.mkdir("tests")
    Path("rules").rename("elsewhere")
    Path("tests/linked").symlink_to(Path("elsewhere").resolve())
    pytester.runpytest("--needfix", "tests").assert_outcomes(passed=1)


def test_hidden_files_run_only_if_they_are_named(pytester: pytest.Pytester) -> None:
    write("Q1")
    write("Q2", file="b.dll")
    Path("rules/Q2.yaml").rename("rules/.Q2.yaml")
    Path("rules/.kept").mkdir()
    Path("rules/.kept/Q1.yaml").write_text(
        Path("rules/Q1.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    pytester.makeini("[pytest]\nnorecursedirs = other\n")
    pytester.runpytest("--needfix", "rules").assert_outcomes(passed=1)
    pytester.runpytest("--needfix", "rules/.Q2.yaml").assert_outcomes(passed=1)
    pytester.runpytest("--needfix", "rules/.kept").assert_outcomes(passed=1)


def test_links_to_folders_are_followed(pytester: pytest.Pytester) -> None:
    pytester.mkdir("suite")
    write("Q1", new("fix-present"))
    Path("suite/linked").symlink_to(Path("rules").resolve())
    pytester.runpytest("--needfix", "suite").assert_outcomes(passed=2)


def test_a_file_that_was_not_loaded_is_an_error(pytester: pytest.Pytester) -> None:
    write("Q1")
    Path("lib/package").mkdir(parents=True)
    Path("lib/package/__init__.py").touch()
    Path("rules/Q1.yaml").rename("lib/package/Q1.yaml")
    pytester.syspathinsert("lib")
    run = pytester.runpytest("--needfix", "--pyargs", "package")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(
        ["this file was not loaded with the others", "    hint: give its path to pytest"]
    )


def test_control_characters_of_files_are_escaped(pytester: pytest.Pytester) -> None:
    reason = '  - {name: "a\\e[31mb", given: {}, expect: undetermined, skip: "so\\e[32m"}\n'
    write("Q1", reason)
    write("Q2", file="b.dll", more='afects: x\n"\\e[33m": 1\n')
    run = pytester.runpytest("--needfix", "rules", "-v", "-rs", "--continue-on-collection-errors")
    run.assert_outcomes(passed=1, skipped=1, errors=1)
    assert "\x1b" not in run.stdout.str()
    run.stdout.fnmatch_lines_random(
        ["*unknown key '?x1b[[]33m'*", "*Q1: a?x1b[[]31mb SKIPPED*", "*: so?x1b[[]32m"]
    )


def test_one_catalogue_is_loaded_for_all_files(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    collect = testing.collect

    def counted(paths: list[str], rules: list[str]) -> testing.Suite:
        calls.append(len(paths))
        return collect(paths, rules)

    monkeypatch.setattr(testing, "collect", counted)
    for name in ("Q1", "Q2", "Q3"):
        write(name, file=f"{name}.dll")
    pytester.runpytest_inprocess("--needfix", "rules").assert_outcomes(passed=3)
    assert calls == [3]


def test_the_plugin_imports_the_rest_of_needfix_late() -> None:
    script = (
        "import sys, needfix.pytest_plugin;"
        "print([m for m in sys.modules if m.startswith(('needfix.', 'yaml', 'durable'))])"
    )
    words = [sys.executable, "-c", script]
    ran = subprocess.run(
        words, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "engine")}
    )
    own = {
        "needfix.errors",
        "needfix.intake",
        "needfix.intake.archives",
        "needfix.intake.limits",
        "needfix.intake.packed",
        "needfix.intake.paths",
        "needfix.intake.reports",
        "needfix.printable",
        "needfix.pytest_plugin",
    }
    assert set(literal_eval(ran.stdout)) == own
