"""The door: paths, problems, progress, encodings, and memory that does not grow."""

from __future__ import annotations

import codecs
import io
import json
import os
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fixtures import write_inventories as formats
from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.intake.formats import FORMATS, inventories
from needfix.inventory import inventory_files, read_inventory
from tests.inventory.support import names, read

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS = ", ".join(inventories().endings)
FIXTURES = Path(formats.__file__).parent / "inventories"


@pytest.mark.parametrize("name", sorted(formats.files()))
def test_the_fixtures_are_what_the_script_writes(name: str) -> None:
    assert (FIXTURES / name).read_bytes() == formats.files()[name]


@pytest.mark.parametrize(
    "name",
    [
        "exchange.jsonl",
        "exchange.yaml",
        "exchange.csv",
        "exchange-utf16.csv",
        "exchange-semicolon.csv",
        "exchange",
        "exchange/*.json",
        "exchange.parquet",
        "exchange-tall.parquet",
    ],
)
def test_every_format_gives_the_same_servers(name: str) -> None:
    servers = list(read_inventory(FIXTURES / name))
    assert len(servers) == 16
    assert servers == list(read_inventory(FIXTURES / "exchange.json"))


@pytest.mark.parametrize("name", ["exchange.json", "exchange.jsonl", "exchange.yaml", "exchange.csv"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_every_format_in_every_encoding(name: str, mark: bytes, encoding: str) -> None:
    text = (FIXTURES / name).read_bytes().decode()
    servers, problems = read(mark + text.encode(encoding))
    assert not problems
    assert servers == list(read_inventory(FIXTURES / name))


def test_files_of_a_directory_are_sorted_and_hidden_or_unknown_ones_left_out(
    tmp_path: Path,
) -> None:
    for name in ("b.json", "a/z.csv", ".git/c.json", ".d.json", "notes.md", "c.YAML"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in inventory_files([tmp_path, "-"])]
    assert found == ["a/z.csv", "b.json", "c.YAML"]
    assert len(inventory_files([tmp_path, f"{tmp_path}/**/*.json"])) == len(found)


def test_paths_that_match_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    with pytest.raises(InventoryError) as caught:
        read_inventory("none.json", "n*.json", "empty", on_problem=print)
    assert [str(problem) for problem in caught.value.problems] == [
        "none.json:1: there is no such file; expected an inventory\n"
        "    hint: check the path; relative paths start at the current folder",
        "n*.json:1: the pattern matches no file; expected at least one inventory\n"
        "    hint: check the pattern, and quote it so that the shell does not expand it",
        f"empty:1: the folder contains no inventory; expected files that end in {ENDINGS},"
        " or these with .gz or .zst behind\n"
        "    hint: give another folder, or the files themselves",
    ]


def test_no_path_at_all() -> None:
    with pytest.raises(UsageError, match="no inventory is given"):
        read_inventory()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.touch(mode=0)
    with pytest.raises(InventoryError, match="the file cannot be read: Permission denied"):
        list(read_inventory(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" \n", "<stdin>:1: the file is empty; expected an inventory"),
        (
            b"hello",
            "<stdin>:1: the format cannot be recognised from the content;"
            f" expected {', '.join(known.name for known in FORMATS)}\n"
            f"    hint: give the file a known ending: {ENDINGS}",
        ),
    ],
)
def test_content_of_no_format(content: bytes, message: str) -> None:
    assert read(content) == ([], [message])


@pytest.mark.parametrize("start", [b"{}", b"# ", b"server", b"{} {", b"#" * 9, b"a,"])
@pytest.mark.parametrize("rest", [b"\n", b" ", b"# ", b"} ", b"\t\n", b"x"])
def test_telling_the_format_takes_no_time(start: bytes, rest: bytes) -> None:
    begin = time.perf_counter()
    read(start + rest * 70_000 + b"?")
    assert time.perf_counter() - begin < 5


def test_without_a_listener_yielding_stops_at_the_first_problem_and_all_are_reported() -> None:
    lines = ['{"server": "A"}', "{}", '{"server": "B"}', "{}", '{"server": "C"}']
    servers = read_inventory("-", stdin=io.BytesIO("\n".join(lines).encode()))
    assert next(servers).server == "A"
    with pytest.raises(InventoryError) as caught:
        next(servers)
    assert [problem.at.line for problem in caught.value.problems] == [2, 4]


def test_at_most_100_problems_are_kept() -> None:
    content = b'{"server": "A"}\n' + b'{"server": ""}\n' * 250
    with pytest.raises(InventoryError) as caught:
        list(read_inventory("-", stdin=io.BytesIO(content)))
    assert len(caught.value.problems) == 100
    assert caught.value.problems[-1] == Problem(Position("<stdin>", 101, 2), "151 more problems from here on")


@pytest.mark.parametrize("name", ["exchange.json", "exchange.yaml", "exchange-utf16.csv"])
def test_progress_adds_up_to_the_size(name: str) -> None:
    counts: list[int] = []
    list(read_inventory(FIXTURES / name, progress=counts.append))
    assert sum(counts) == (FIXTURES / name).stat().st_size


def test_standard_input_may_come_in_small_pieces_and_stays_open() -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(1 if size else 0)

    stdin = Dripping((FIXTURES / "exchange.csv").read_bytes())
    assert len(names(list(read_inventory("-", stdin=stdin)))) == 16
    assert not stdin.closed


_OF_NAME = 300
"""Bytes for each name that is kept in memory, so that no server is decided twice."""


def _peak(path: Path) -> int:
    tracemalloc.start()
    try:
        for _ in read_inventory(path):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.broad
@pytest.mark.parametrize(
    ("ending", "write"),
    [
        (".json", formats.json_list),
        (".jsonl", formats.json_lines),
        (".yaml", formats.yaml_list),
        (".csv", formats.comma_csv),
    ],
)
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, ending: str, write: Callable[[list[dict[str, Any]]], bytes]
) -> None:
    records = [
        {"server": f"S{number}", "files": [{"name": "Store.exe", "version": "5.5.2653.23"}]}
        for number in range(6_000)
    ]
    few, many = tmp_path / f"few{ending}", tmp_path / f"many{ending}"
    few.write_bytes(write(records[:600]))
    many.write_bytes(write(records))
    _peak(few)
    assert abs(_peak(many) - _peak(few)) < 2**20 + len(records) * _OF_NAME


@pytest.mark.broad
def test_one_json_line_of_many_records_needs_no_more_than_a_window(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([{"server": f"S{number:060}"} for number in range(25_000)]))
    assert _peak(path) < 2**20 + 25_000 * _OF_NAME
