"""A problem of a record is at the line and column of what is wrong, and one mistake is one problem."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.errors import InputError

CATALOGUE = needfix.load_catalogue()

JSON = """[
  {"server": "A"},
  {"server": "S",
   "files": [
     {"name": "x", "size": -4},
     {"name": "[,{\\"y", "version": "1", "version": "2", "vresion": "3"}
   ], "size~/": {"a": [1, {"b": NaN}]},
   "prodcts": [], "Server": "T", "complete": ["fils"]}
]"""

YAML = """- server: A
- server: S
  files:
    - {name: x, size: -4}
    - name: y
      version: "1"
      version: "2"
      vresion: "3"
  prodcts: []
  Server: T
  complete: [fils]
"""


def problems_of(path: Path) -> list[str]:
    """Where the problems are, and how each begins; the same singly and as a fleet."""
    found = []
    for read in (lambda: list(needfix.read_inventory(path)), lambda: fleet.summary(CATALOGUE, path)):
        with pytest.raises(InputError) as caught:
            read()
        found.append([f"{one.at}: {one.what}".removeprefix(str(path)) for one in caught.value.problems])
    assert found[0] == found[1]
    return found[0]


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_places_in_json(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, "a.json", JSON)) == [
        ":5:20: files[0].size is -4, which is negative",
        ':6:41: the key "version" is written twice in one object',
        ':6:57: "files[1].vresion" is not a known key',
        ":7:33: NaN is not a JSON number",
        ':8:4: "prodcts" is not a known key',
        ':8:19: the key "server" is written twice, in upper and lower case',
        ':8:34: complete has "fils", which is not a scope',
    ]


def test_places_in_lines_of_json(tmp_path: Path) -> None:
    lines = '{"server": "A"}\n{"server": "S", "files": [{"name": "x", "size": -4}], "prodcts": []}\n'
    assert problems_of(written(tmp_path, "a.jsonl", lines)) == [
        ":2:41: files[0].size is -4, which is negative",
        ':2:55: "prodcts" is not a known key',
    ]


def test_places_in_yaml(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, "a.yaml", YAML)) == [
        ":4:17: files[0].size is -4, which is negative",
        ':7:7: the key "version" is written twice in one object',
        ':8:7: "files[1].vresion" is not a known key',
        ':9:3: "prodcts" is not a known key',
        ':10:3: the key "server" is written twice, in upper and lower case',
        ':11:3: complete has "fils", which is not a scope',
    ]


MISSPELT: list[tuple[str, str, str]] = [
    ("a.jsonl", '{"srever": "x"}', ':1:2: "srever" is not a known key'),
    ("a.yaml", "srever: x\n", ':1:1: "srever" is not a known key'),
    (
        "a.json",
        '{"server": "S", "products": [{"nmae": "x"}]}',
        ':1:31: "products[0].nmae" is not a known key',
    ),
    ("a.json", '{"server": "S", "files": [{"pth": "x"}]}', ':1:28: "files[0].pth" is not a known key'),
    ("a.csv", "srever,file\nA,x\n", ':1: "srever" is not a known column'),
]


@pytest.mark.parametrize(("name", "text", "problem"), MISSPELT)
def test_a_misspelt_key_is_one_problem(tmp_path: Path, name: str, text: str, problem: str) -> None:
    assert problems_of(written(tmp_path, name, text)) == [problem]


@pytest.mark.parametrize(
    "table", [{"srever": ["A"], "files": [[{"name": "x"}]]}, {"srever": ["A"], "file": ["x"]}]
)
def test_a_misspelt_column_of_parquet_is_one_problem(tmp_path: Path, table: dict[str, list[object]]) -> None:
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    assert problems_of(tmp_path / "a.parquet") == [':1: "srever" is not a known column']


def test_a_misspelt_key_in_code_is_one_problem() -> None:
    with pytest.raises(InputError) as caught:
        needfix.Server.from_record({"srever": "x"})
    assert [one.what for one in caught.value.problems] == ['"srever" is not a known key']


def test_a_large_record_with_many_problems_is_read_in_linear_time(tmp_path: Path) -> None:
    files = ",\n".join('{"name": "x", "size": -1}' for _ in range(20_000))
    path = written(tmp_path, "a.json", f'{{"server": "A", "files": [{files}]}}')
    assert problems_of(path)[99] == ":100:15: 19901 more problems from here on"
