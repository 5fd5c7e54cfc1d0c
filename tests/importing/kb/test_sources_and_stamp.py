"""Where articles come from, and whether a file is still as it was imported."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import InputError, Problem
from needfix.importing.kb.kb import Existing, existing, stamped
from needfix.importing.kb.sources import article_files, read_articles
from needfix.intake.limits import ARTICLE_FILE_BYTES


@pytest.fixture
def drawer(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.TXT", "deep/c.kb", "deep/d.text", "e.doc", ".hidden/f.txt", ".g.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("DOCUMENT:Q900001\n")
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["."], ["./a.TXT", "./b.txt", "./deep/c.kb", "./deep/d.text"]),
        (["*.txt"], ["a.TXT", "b.txt"]),
        (["**/*.kb"], ["deep/c.kb"]),
        (["e.doc"], ["e.doc"]),
        (["b.txt", "b*"], ["b.txt"]),
        (
            ["b.txt", "./b.txt"],
            ["b.txt"],
        ),
        (["-", "b.txt", "-"], ["-", "b.txt"]),
    ],
)
def test_files_folders_and_patterns(
    drawer: Path, paths: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(drawer)
    assert article_files(paths) == expected


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("none.txt", "no such file"),
        ("x*.txt", "matches no file"),
        ("", "no such file"),
        ("empty", "the folder contains no article"),
    ],
)
def test_a_path_that_names_nothing(
    drawer: Path, path: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(drawer)
    (drawer / "empty").mkdir()
    with pytest.raises(InputError, match=what):
        article_files([path])


def read(data: bytes) -> tuple[list[tuple[int, str]], list[Problem]]:
    problems: list[Problem] = []
    found = [(article.first_line, article.text) for article in read_articles("-", io.BytesIO(data), problems)]
    return found, problems


def test_several_articles_in_one_file() -> None:
    found, problems = read(b"\nDOCUMENT:Q1\none\nDOCUMENT  :Q2\ntwo\n")
    assert (found, problems) == ([(1, "\nDOCUMENT:Q1\none\n"), (4, "DOCUMENT  :Q2\ntwo\n")], [])


@pytest.mark.parametrize(
    ("data", "what"), [(b"D\0O\0C\0", "null bytes"), (b" " * (ARTICLE_FILE_BYTES + 1), "larger than 4 MiB")]
)
def test_a_file_that_is_no_text(data: bytes, what: str) -> None:
    found, (problem,) = read(data)
    assert found == []
    assert str(problem).startswith("<stdin>:1: ")
    assert what in problem.what


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert list(read_articles(str(tmp_path), io.BytesIO(), problems)) == []
    assert "cannot be read" in problems[0].what


def test_a_stamp_shows_whether_a_file_was_edited(tmp_path: Path) -> None:
    file = tmp_path / "Q900001.yaml"
    assert existing(file) is Existing.NOTHING
    file.write_text(stamped("id: Q900001\n"))
    assert existing(file) is Existing.AS_IMPORTED
    file.write_text(stamped("id: Q900001\n") + "title: Mine\n")
    assert existing(file) is Existing.EDITED
    file.write_text("id: Q900001\n")
    assert existing(file) is Existing.EDITED


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_a_stamp_stands_alone_in_the_first_line(text: str) -> None:
    first, _, rest = stamped(text).partition("\n")
    assert first.startswith("# ")
    assert rest == text
