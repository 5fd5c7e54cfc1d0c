"""Files that are read twice: what changes between, and streams, which are copied while they are read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix import fleet
from needfix.fleet import several_records as in_columns
from needfix.inventory import reading, source

CATALOGUE = needfix.load_catalogue()
A = {"server": "A", "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


@pytest.mark.parametrize("join", [True, False])
def test_a_record_that_is_added_between_two_readings_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, join: bool
) -> None:
    path = tmp_path / "a.jsonl"
    own = source.rewind

    def grow(streams: Any) -> None:  # noqa: ANN401 - of both readers
        own(streams)
        if readings:
            with path.open("a", encoding="utf-8") as file:
                file.write(lines({**A, "server": "a"}))
        readings.append("")

    for module, before in ((reading, [""]), (in_columns, [])):
        readings: list[str] = list(before)
        path.write_text(lines(A, {"server": "B"}, {"server": "b"}), encoding="utf-8")
        monkeypatch.setattr(module, "rewind", grow)
        problems: list[needfix.Problem] = []
        if module is reading:
            found = list(needfix.read_inventory(path, join=join, on_problem=problems.append))
            assert [one.server for one in found if one.server.casefold() == "a"] == ["A"]
        else:
            summary = fleet.summary(CATALOGUE, path, join=join, on_problem=problems.append)
            assert summary.servers == 1 + join
        texts = [str(one) for one in problems if one.server == "a"]
        assert len(texts) == 1
        assert texts[0].startswith(f"{path}:4: a has another record at {path}:1; ")
        assert "hint: evaluate files that do not change while they are read" in texts[0]


class Endless(io.RawIOBase):
    """A stream that never ends."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0, "it was to be read to its end"
        self.count += size
        return b"x" * size


def test_no_more_of_a_stream_is_copied_than_is_read() -> None:
    stream: Any = Endless()
    problems: list[needfix.Problem] = []
    list(needfix.read_inventory("-", stdin=stream, join=True, on_problem=problems.append))
    assert [one.code for one in problems] == ["syntax"]
    assert stream.count < 32 << 20


def test_a_stream_that_is_copied_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "STREAM_BYTES", 1 << 20)
    stream: Any = io.BytesIO(lines(*({**A, "server": f"S{number}"} for number in range(20_000))).encode())
    problems: list[needfix.Problem] = []
    list(needfix.read_inventory("-", stdin=stream, join=True, on_problem=problems.append))
    assert [one.code for one in problems] == ["unreadable"]
    assert "write it to a file first" in problems[0].what


def test_a_copied_stream_is_read_again_from_its_beginning() -> None:
    stream: Any = io.BytesIO(b"abcdef")
    copied = source.CopiedStream(stream)
    assert (copied.read(2), copied.read(2)) == (b"ab", b"cd")
    copied.seek(0)
    assert (copied.read(5), copied.tell(), copied.read(), copied.read(1)) == (b"abcde", 5, b"f", b"")
