"""Notes are gathered in any order, within limits, and unite."""

from __future__ import annotations

from random import Random

from needfix.errors import Position
from needfix.intake import notes as gathering
from needfix.intake.notes import Notes, Occurrence, by_code
from needfix.model.note import MOST_WORDS, NOTE_CODES, NOTE_KINDS, Note, united
from tests.support import ROOT


def test_occurrences_of_a_kind_in_a_file_are_one_note() -> None:
    notes = Notes()
    for line in range(300, 0, -1):
        notes.add("platform-unreadable", Position("a.jsonl", line), f"word {line % 7}")
    notes.add("unknown-column", Position("a.csv", 1), ("owner", "rack"), 2)
    unknown, platforms = notes
    assert (unknown.code, unknown.count, unknown.words) == ("unknown-column", 2, ("owner", "rack"))
    assert platforms.at == Position("a.jsonl", 1)
    assert platforms.text == (
        "300 platforms are not known, and count as not stated: "
        '"word 0", "word 1", "word 2", "word 3", "word 4" and 2 more'
    )


def test_the_order_makes_no_difference() -> None:
    random = Random(1)  # noqa: S311 - a sample
    found = [
        (random.choice(list(NOTE_KINDS)), random.randrange(5), random.randrange(400)) for _ in range(9000)
    ]
    whole, parts = Notes(), [Notes() for _ in range(3)]
    for number, (code, file, word) in enumerate(found):
        whole.add(code, Position(f"{file}.json", word + 1), f"{word:03}")
        parts[number % 3].add(code, Position(f"{file}.json", word + 1), f"{word:03}")
    merged = Notes()
    for part in reversed(parts):
        merged.merge(part)
    assert list(merged) == list(whole)
    assert tuple(whole) == united(note for part in parts for note in part)


def test_words_are_limited_and_the_text_says_so() -> None:
    notes = Notes()
    for number in range(MOST_WORDS * 3):
        notes.add("version-unreadable", Position("a", 1), f"{number:04}" + "x" * 200)
    (note,) = notes
    assert len(note.words) == MOST_WORDS
    assert all(len(word) == 80 for word in note.words)
    assert note.words[0].startswith("0000x")
    assert note.text.endswith(f"and {MOST_WORDS - 5} or more others")


def test_a_word_cannot_steer_the_terminal() -> None:
    note = Note("platform-unreadable", "a", 1, Position("a", 1), ("\033[2J\n::error::x",))
    assert "\033" not in str(note)
    assert len(str(note).splitlines()) == 1


def test_files_beyond_a_limit_are_united() -> None:
    notes = Notes()
    most = gathering._MOST_FILES  # noqa: SLF001 - its own limit
    for number in range(most + 20):
        notes.add("unknown-key", Position(f"{number:05}.json", 1), "owner")
    first, *others = notes
    assert (first.file, first.count) == (None, 20)
    assert len(others) == most


def test_on_a_screen_notes_of_many_files_share_a_line() -> None:
    notes = Notes()
    for number in range(9):
        notes.add("unknown-key", Position(f"{number}.json", 3), f"key {number}")
    notes.add("unknown-column", Position("0.csv", 1), "rack")
    column, keys = by_code(notes, 5)
    assert (column.code, column.file) == ("unknown-column", "0.csv")
    assert (keys.file, keys.count, len(keys.words), keys.at) == (None, 9, 9, Position("0.json", 3))
    assert len(list(by_code(notes, 9))) == 10


def test_strict_notes_are_problems_of_the_record() -> None:
    notes = Notes(is_strict=True)
    twice = [Occurrence("unknown-key", "owner"), Occurrence("unknown-key", "owner")]
    (problem,) = notes.take(twice, Position("a.json", 7), "MAIL01")
    assert (problem.code, problem.server, str(problem.at)) == ("unknown-key", "MAIL01", "a.json:7")
    assert problem.what == '1 key of a record is not known, and was not read: "owner"'
    assert not notes


def test_the_page_on_inventories_lists_every_code() -> None:
    page = (ROOT / "docs" / "inventories.md").read_text(encoding="utf-8")
    table = page[page.index("## Notes") :]
    listed = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert listed == list(NOTE_KINDS) == list(NOTE_CODES)
