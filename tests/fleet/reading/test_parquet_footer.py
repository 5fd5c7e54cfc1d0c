"""The end of a Parquet file: where it is damaged, the file is a problem and the process goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix.errors import InventoryError
from needfix.fleet.reading import parquet
from needfix.fleet.reading.parquet_footer import footer

_WORDS = [sys.executable, "-c", "import sys\nfrom needfix.cli.main import main\nsys.exit(main(sys.argv[1:]))"]
_LENGTH = 8
"""Bytes at the end: how long the footer is, and the magic."""


def _table(path: Path) -> bytes:
    """A file with three row groups, and lists in them, whose levels are counted in the footer."""
    kind = pa.list_(pa.struct({"name": pa.string(), "version": pa.string()}))
    files = [[{"name": f"x{number}", "version": "1.0"}] for number in range(6)]
    pq.write_table(
        pa.table({"server": list("ABCDEF"), "files": pa.array(files, kind)}), path, row_group_size=2
    )
    return path.read_bytes()


def _damaged(path: Path) -> list[bytes]:
    """The file with one byte changed each, where pyarrow can still open it and would end the process."""
    content = _table(path)
    begin = len(content) - _LENGTH - int.from_bytes(content[-_LENGTH:-4], "little")
    found = []
    for place in range(begin, len(content) - _LENGTH):
        damaged = bytearray(content)
        damaged[place] = 2 if damaged[place] == 25 else 25
        path.write_bytes(damaged)
        try:
            footer(str(path))
        except OSError as error:
            if "histogram" in str(error):
                found.append(bytes(damaged))
        except (InventoryError, ValueError):
            continue
    return found


@pytest.mark.broad
def test_a_damaged_entry_of_a_column_in_any_row_group_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    damaged = _damaged(path)
    assert len(damaged) >= 3
    for content in (damaged[0], damaged[-1]):
        path.write_bytes(content)
        with pytest.raises(
            InventoryError, match=r"a\.parquet:1: the file cannot be read as Parquet: .* histogram"
        ):
            list(parquet.pieces(str(path)))
        ran = subprocess.run([*_WORDS, "evaluate", str(path)], capture_output=True, check=False)
        assert ran.returncode == 2
        assert b"histogram size mismatch" in ran.stderr


def test_a_sound_file_is_judged_without_its_data(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    content = bytearray(_table(path))
    begin = len(content) - _LENGTH - int.from_bytes(content[-_LENGTH:-4], "little")
    content[4:begin] = bytes(begin - 4)
    path.write_bytes(content)
    assert footer(str(path)).metadata.num_row_groups == 3


@pytest.mark.parametrize("rows", [0, 1])
def test_a_file_of_few_rows_or_none_is_sound(tmp_path: Path, rows: int) -> None:
    pq.write_table(pa.table({"server": pa.array(["A"] * rows, pa.string())}), tmp_path / "a.parquet")
    assert footer(str(tmp_path / "a.parquet")).metadata.num_rows == rows


def test_rows_that_must_be_too_large_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"server": ["x" * (40 << 20)]}), path, compression="zstd")
    with pytest.raises(InventoryError) as caught:
        footer(str(path))
    what = "the column server takes 40 MiB in one row group of 1 rows"
    assert str(caught.value) == f"{path}:1: {what}; expected records of at most 16 MiB"
