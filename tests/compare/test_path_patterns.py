"""The paths that a rule's pattern matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.compare.path_patterns import is_in

NAMES = st.sampled_from(["mail", "Bin", "db12.a", "x", "[1]", "a b"])
FOLDERS = st.lists(NAMES, min_size=1, max_size=4)


@pytest.mark.parametrize(
    "pattern",
    [
        r"db16.a\binn",
        r"DB16.A",
        r"db16.*\Binn",
        r"db??.?\binn",
        r"*\binn",
        r"*\apps\db16.a",
        r"D:\Apps",
        "d:/apps/db*",
        r"?:\apps\*\binn",
        r"*:\apps",
        r"\apps",
        "/apps/db16.a/binn/db.exe",
        r"\apps\*\*\db.exe",
        "binn\\",
        "*",
    ],
)
def test_folders_in_a_row_match(pattern: str) -> None:
    assert is_in(r"D:\Apps\DB16.A\Binn\db.exe", pattern)
    assert is_in("d:/apps/db16.a/binn/db.exe", pattern)
    assert is_in(r"\\?\D:\Apps\DB16.A\Binn\db.exe", pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"apps\binn",
        r"db16\binn",
        r"db1?\binn",
        r"app*binn",
        r"apps*\binn",
        r"d:\db16.a",
        r"c:\apps",
        r"\db16.a\binn",
        r"d:\*\binn",
        r"binn\db16.a",
        r"apps\db16.a\binn\db.exe\x",
        "[d]b16.a",
    ],
)
def test_other_folders_do_not(pattern: str) -> None:
    assert not is_in(r"D:\Apps\DB16.A\Binn\db.exe", pattern)


def test_a_share_is_a_root_without_a_drive() -> None:
    assert is_in(r"\\files\mail\bin\x.dll", r"\\files\mail")
    assert is_in(r"\\files\mail\bin\x.dll", r"mail\bin")
    assert not is_in(r"\\files\mail\bin\x.dll", r"c:\files")


@given(FOLDERS, FOLDERS, FOLDERS)
def test_a_pattern_without_signs_matches_wherever_its_folders_lie(
    before: list[str], own: list[str], behind: list[str]
) -> None:
    path = "\\".join(["C:", *before, *own, *behind])
    assert is_in(path, "/".join(own).upper())
    assert is_in(path, "\\".join(["*", *own]))
    assert is_in(path, "\\".join(["c:", *before, *own]))


@given(FOLDERS, st.integers(0, 3), st.sampled_from(["*", "?*", "*?"]))
def test_signs_in_place_of_a_folder_match_as_that_folder_does(
    folders: list[str], place: int, sign: str
) -> None:
    path, shape = "\\".join(["C:", *folders]), [*folders]
    shape[place % len(shape)] = sign
    assert is_in(path, "\\".join(["c:", *shape]))
    assert not is_in(path, "\\".join(["c:", *shape, "*"]))
