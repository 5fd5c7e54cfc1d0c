"""Lines: whatever the encoding and the ends of lines, and lost breaks put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.importing.kb.lines import decoded, numbered

WORDS = st.text(st.characters(codec="cp1252", exclude_characters="\r\n"), max_size=40)


def texts(text: str) -> list[str]:
    return [line.text for line in numbered(text)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain", "plain"),
        ("Café “so”".encode(), "Café “so”"),
        ("Café “so”".encode("cp1252"), "Café “so”"),
        (b"\xef\xbb\xbfmarked", "marked"),
        (b"", ""),
    ],
)
def test_a_file_is_utf_8_or_else_latin_1(data: bytes, expected: str) -> None:
    assert decoded(data) == expected


@given(st.binary(max_size=200))
def test_no_bytes_are_refused(data: bytes) -> None:
    assert isinstance(decoded(data), str)


@given(WORDS)
def test_a_text_is_the_same_in_utf_8_and_latin_1(text: str) -> None:
    assert decoded(text.encode()) == text.removeprefix("\ufeff")
    ascii_free = f"{text}\xe9"
    assert decoded(ascii_free.encode("cp1252")) == ascii_free or decoded(text.encode("cp1252"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way_and_keep_their_numbers(end: str) -> None:
    found = numbered(end.join(["one", "", "two  "]), first_line=7)
    assert [(line.number, line.text) for line in found] == [(7, "one"), (8, ""), (9, "two")]


def test_tabs_become_blanks_up_to_the_next_stop() -> None:
    assert texts("a\tb") == ["a       b"]


@given(st.text(max_size=200))
def test_lines_without_lost_breaks_stay_as_they_are(text: str) -> None:
    numbers = [line.number for line in numbered(text)]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1


@pytest.mark.parametrize(
    ("lost", "restored"),
    [
        ("It waits. CAUSE ===== A lock.", ["It waits.", "CAUSE", "=====", "A lock."]),
        ("It waits. MORE INFORMATION ================ A lock.",
         ["It waits.", "MORE INFORMATION", "================", "A lock."]),
        ("TITLE   :Waits PROD/VER::5.5", ["TITLE :Waits", "PROD/VER::5.5"]),
        ("+---+ | File name | +---+ | Exmail.exe | +---+",
         ["+---+", "| File name |", "+---+", "| Exmail.exe |", "+---+"]),
    ],
)  # fmt: skip
def test_lost_breaks_are_put_back(lost: str, restored: list[str]) -> None:
    assert [text.strip() for text in texts(lost) if text.strip()] == restored
    assert {line.number for line in numbered(lost)} == {1}


@pytest.mark.parametrize(
    "text",
    [
        "A = B and C == D",
        "Note: this = that",
        "| Exmail.exe | 5.5.2000.1 |",
        "A heading - with a dash",
        "1 + 2 --- 3",
    ],
)
def test_a_line_that_lost_nothing_is_left_alone(text: str) -> None:
    assert texts(text) == [text]
