"""Every mistake is reported with its place and a hint, in words that are kept beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from needfix.catalogue import load_catalogue
from needfix.errors import CatalogueError
from tests.catalogue.support import problems_of
from tests.support import ROOT, Needfix

ERRORS = Path(__file__).parents[2] / "fixtures" / "errors"
MESSAGE = re.compile(r"[\w.-]+:[0-9]+(:[0-9]+)?: [^;]+(; expected .+)?\n    hint: .+")


@pytest.mark.parametrize("file", sorted(ERRORS.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_mistake_is_reported(file: Path) -> None:
    if file.stem.startswith("yaml-syntax") and not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without its C parser, whose words these are")
    assert problems_of(file) + "\n" == file.with_suffix(".txt").read_text()


@pytest.mark.parametrize("file", sorted(ERRORS.glob("*.txt")), ids=lambda file: file.stem)
def test_every_message_has_its_place_and_its_hint(file: Path) -> None:
    assert file.with_suffix(".yaml").is_file()
    messages = re.split(r"\n(?! )", file.read_text().rstrip("\n"))
    assert [message for message in messages if not MESSAGE.fullmatch(message)] == []


def test_problems_of_several_files_stand_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml"):
        (tmp_path / name).write_bytes((ERRORS / "unknown-key.yaml").read_bytes())
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    shown = [(Path(problem.at.file).name, problem.at.line) for problem in caught.value.problems]
    assert shown == [("a.yaml", 5), ("b.yaml", 5)]


def test_a_rule_with_mistakes_hides_no_rule_that_stands_twice(tmp_path: Path) -> None:
    good = (ERRORS / "duplicate-rule.yaml").read_text()
    (tmp_path / "rules.yaml").write_text(good + "---\n" + (ERRORS / "unknown-key.yaml").read_text())
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert [problem.what.partition(" is already defined")[0] for problem in caught.value.problems] == [
        "the rule q100001",
        "unknown key 'fixs'",
    ]


def test_no_such_file(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.yaml") == (
        "none.yaml:1: there is no such file; expected a file or a folder of rules\n"
        "    hint: check the path; relative paths start at the current folder"
    )


def test_a_pattern_that_matches_nothing(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "*.yaml").startswith("*.yaml:1: the pattern matches no file; expected")


def test_a_folder_without_rules(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no rule")
    assert problems_of(tmp_path) == (
        f"{tmp_path.name}:1: the folder contains no rule; expected files that end in .yaml, .yml\n"
        "    hint: give another folder, or the files themselves"
    )


def test_no_path_at_all() -> None:
    with pytest.raises(CatalogueError, match="no path"):
        load_catalogue([])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    with pytest.raises(CatalogueError, match=r"loop\.yaml:1: "):
        load_catalogue(tmp_path / "loop.yaml")


TOO_LARGE = ":1: the file is too large; expected at most 16777216 bytes"


@pytest.mark.parametrize("letter", ["#", "é", "—"])
def test_a_file_too_large(letter: str, tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    rule = (ROOT / "rules" / "exchange-5.5" / "Q279798.yaml").read_text(encoding="utf-8")
    file.write_text(f"{rule}# {letter * (16 * 1024 * 1024 // len(letter.encode()))}", encoding="utf-8")
    assert problems_of(file).startswith(f"large.yaml{TOO_LARGE}")


def test_a_text_too_large_is_counted_in_bytes() -> None:
    letters = "é" * (8 * 1024 * 1024)
    with pytest.raises(CatalogueError) as raised:
        load_catalogue({"large.yaml": f"#{letters}"})
    assert str(raised.value).startswith(f"large.yaml{TOO_LARGE}")


def test_a_file_of_cases_too_large_is_not_cut(tmp_path: Path, needfix: Needfix) -> None:
    file = tmp_path / "large.cases.yaml"
    file.write_text(f"needfix: 1\ncases: []\n#{'é' * (8 * 1024 * 1024)}\nx: y\n", encoding="utf-8")
    ran = needfix("test", str(file))
    assert ran.code == 2
    assert ran.err.startswith(f"{file}{TOO_LARGE}")
