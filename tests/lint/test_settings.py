from __future__ import annotations

from pathlib import Path

import pytest

from needfix.cli.arguments import settings_file
from needfix.cli.settings_file import read_settings
from needfix.errors import InputError
from needfix.lint import CODES, lint
from needfix.lint.settings import Settings
from needfix.model.finding import Severity
from tests.lint.support import for_lint
from tests.support.catalogues import rule

ALL = set(CODES)


def codes(settings: Settings) -> set[str]:
    return {check.code for check in settings.checks()}


def themed(*beginnings: str) -> set[str]:
    return {code for code in CODES if code.startswith(beginnings)}


def test_all_checks_run_unless_one_says_otherwise() -> None:
    assert codes(Settings()) == ALL
    assert codes(Settings(select=("NF3", "NF101"))) == themed("NF3", "NF101")
    assert codes(Settings(ignore=("NF3",))) == ALL - themed("NF3")


def test_of_two_codes_the_longer_one_counts_and_ignore_where_they_are_alike() -> None:
    assert codes(Settings(select=("NF104",), ignore=("NF1",))) == {"NF104"}
    assert codes(Settings(select=("NF1",), ignore=("NF104",))) == themed("NF1") - {"NF104"}
    assert codes(Settings(select=("NF1",), ignore=("NF1",))) == set()


def test_a_command_line_counts_before_a_file() -> None:
    file = Settings(select=("NF1", "NF2"), ignore=("NF104",), severity={"NF1": "note"}, fail_on="note")
    assert Settings().over(file) == file
    assert codes(Settings(select=("NF104",)).over(file)) == {"NF104"}
    assert codes(Settings(ignore=("NF2",)).over(file)) == themed("NF1") - {"NF104"}
    assert Settings(severity={"NF1": "error"}, fail_on="error").over(file).severity == {"NF1": "error"}
    assert Settings(fail_on="error").over(file).fail_on == "error"


def test_a_severity_is_that_of_the_longest_code(tmp_path: Path) -> None:
    settings = Settings(select=("NF1",), severity={"NF": "note", "NF109": "error"})
    found = lint(for_lint(tmp_path, rule(requires=["Q9"])), settings.checks())
    assert {(one.code, one.severity) for one in found} == {("NF102", "note"), ("NF109", "error")}


@pytest.mark.parametrize(("fail_on", "ends_badly"), [("error", False), ("warning", True), ("note", True)])
def test_from_which_severity_on_lint_ends_badly(
    tmp_path: Path, fail_on: Severity, *, ends_badly: bool
) -> None:
    settings = Settings(select=("NF102",), fail_on=fail_on)
    found = lint(for_lint(tmp_path, rule(requires=["Q9"])), settings.checks())
    assert settings.ends_badly(found) is ends_badly


def test_what_a_rule_silences_ends_nothing_badly(tmp_path: Path) -> None:
    silence = {"ignore": [{"code": "NF102", "reason": "it is elsewhere"}]}
    found = lint(
        for_lint(tmp_path, rule(requires=["Q9"], lint=silence)), Settings(select=("NF102",)).checks()
    )
    assert len(found) == 1
    assert not Settings().ends_badly(found)


def write(folder: Path, text: str) -> Path:
    file = folder / ".needfix.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_says_the_same(tmp_path: Path) -> None:
    text = "needfix: 1\nlint:\n  select: [nf1, NF301]\n  ignore: [NF104]\n"
    text += "  severity: {NF1: error}\n  fail_on: note\n"
    expected = Settings(("NF1", "NF301"), ("NF104",), {"NF1": "error"}, "note")
    assert read_settings(write(tmp_path, text)).lint == expected


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "needfix: 1\n"])
def test_a_file_that_says_nothing(tmp_path: Path, text: str) -> None:
    assert read_settings(write(tmp_path, text)).lint == Settings()


def test_the_nearest_file_upwards_is_the_projects(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    upper = write(tmp_path, "needfix: 1\n")
    assert settings_file(deep) == upper
    nearer = write(tmp_path / "a", "needfix: 1\n")
    assert settings_file(deep) == nearer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lint: {}\n", "1:1: the key 'needfix' is missing; expected the version of the format, 1"),
        (
            "needfix: 1\nlnt: {}\n",
            "2:1: unknown key 'lnt'; expected one of needfix, lint",
        ),
        (
            "needfix: 1\nlint: {ignore: [NF999]}\n",
            "2:17: no check has the code 'NF999'; expected the code of a check",
        ),
        ("needfix: 1\nlint: {ignore: [5]}\n", "2:17: this is the number 5"),
        ("needfix: 1\nlint: {severity: {XX1: note}}\n", "2:19: no check has the code 'XX1'"),
        ("needfix: 1\nlint: {severity: {NF1: bad}}\n", "2:24: this is the text 'bad'; expected one of error"),
        ("needfix: 1\nlint: {fail_on: never}\n", "2:17: this is the text 'never'"),
        ("needfix: 1\nlint: {select: []}\n", "2:16: this is an empty list"),
        ("needfix: 1\n---\nneedfix: 1\n", "3:1: the file has a second document"),
        ("needfix: [\n", "this is not valid YAML"),
        ("- a\n", "1:1: this is a list"),
    ],
)
def test_a_mistake_in_a_file_is_reported_with_its_place(tmp_path: Path, text: str, shown: str) -> None:
    with pytest.raises(InputError) as caught:
        read_settings(write(tmp_path, text))
    assert shown in str(caught.value)


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / ".needfix.yaml"
    file.write_bytes(b"lint:\n  \xff")
    with pytest.raises(InputError, match=r"\.needfix\.yaml:2: the byte 0xff is not UTF-8"):
        read_settings(file)
