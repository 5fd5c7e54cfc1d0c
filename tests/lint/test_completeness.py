from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule

CASE = {"name": "a", "given": {"level": "5.5 SP4"}, "expect": "undetermined"}


def test_a_rule_without_references_and_cases(tmp_path: Path) -> None:
    for code, what in (("NF109", "the rule has no reference"), ("NF601", "the rule has no cases")):
        (found,) = findings(tmp_path, code, rule())
        assert (found.severity, found.what) == ("note", what)
        assert line(tmp_path, found) == "id: Q100001"


def test_a_rule_with_both(tmp_path: Path) -> None:
    complete = rule(references=["https://vendor.example/1"], cases=[CASE])
    assert shown(tmp_path, "NF109", complete) + shown(tmp_path, "NF601", complete) == []


@pytest.mark.parametrize(
    ("key", "name", "hint"),
    [
        ("platform", "aplha", "did you mean 'alpha'?"),
        ("platform", "Windows 98", "correct it, or silence this"),
        ("language", "Germn", "did you mean 'german'?"),
        ("language", "qq", "correct it, or silence this"),
    ],
)
def test_a_name_that_is_misspelt(tmp_path: Path, key: str, name: str, hint: str) -> None:
    (found,) = findings(tmp_path, "NF209", rule(fixes=[fix(None, **{key: name})]))
    assert (found.severity, found.what) == ("warning", f"{name!r} is not a known {key}")
    assert found.hint.startswith(hint)
    assert line(tmp_path, found).endswith(f"{key}: {name}")


@pytest.mark.parametrize(
    ("key", "name"),
    [("platform", one) for one in ("x86", "Intel", "DEC Alpha", "x86-64", "MIPS")]
    + [("language", one) for one in ("en", "en-US", "German", "pt_BR", "uk", "CHS")],
)
def test_names_that_people_write(tmp_path: Path, key: str, name: str) -> None:
    assert shown(tmp_path, "NF209", rule(fixes=[fix(None, **{key: name})])) == []
