"""A field of a record is stated once: one line of the model is all that a new one takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix.intake.columns import ALIASES, COLUMNS
from needfix.intake.fields import RECORD, RecordObject
from tests.support import ROOT

LAST_FIELD = '    loaded: Annotated[str | None, Fact("The version of the module that runs.", _VERSION'
NEW_FIELDS = (
    '    warranty: Annotated[str | None, Fact("Who stands for it.", "Contoso", also=("vouched",))] = None\n'
    '    copies: Annotated[int | None, Fact("Hard copies to it.", 2, "whole")] = None\n'
)
CASES = """\
needfix: 1
cases:
  - name: a case states the new fields
    given: {level: 5.5 SP4, files: {Store.exe: {version: "5.5.2654.29", warranty: Contoso, copies: 2}}}
    expect: {Q279798: fix-present}
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of needfix in which a file has two more fields, by an edit in one place."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "engine/needfix", copy / "engine/needfix", ignore=shutil.ignore_patterns("__pycache__")
    )
    (copy / "rules").symlink_to(ROOT / "rules")
    model = copy / "engine/needfix/model/server.py"
    text = model.read_text(encoding="utf-8")
    assert text.count(LAST_FIELD) == 1
    model.write_text(text.replace(LAST_FIELD, NEW_FIELDS + LAST_FIELD), encoding="utf-8")
    return copy / "engine"


def run(engine: Path, *words: object) -> tuple[int, str, str]:
    command = [sys.executable, "-c", _MAIN, str(engine), *map(str, words)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


_MAIN = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from needfix.cli.main import main
sys.exit(main())
"""


def record(**fields: object) -> dict[str, object]:
    product = {"name": "Microsoft Exchange Server", "level": "5.5 SP4"}
    return {
        "server": "A",
        "products": [product],
        "files": [{"name": "Store.exe", "version": "5.5.2654.29", **fields}],
    }


def inventory(folder: Path, form: str, *, copies: str = "2") -> Path:
    """A server whose file states both new fields, in one of the formats."""
    file = folder / f"A.{form.rpartition(' ')[2]}"
    of_file = {"warranty": "Contoso", "copies": int(copies) if copies.isdigit() else copies}
    cells = {"server": "A", "product": "Microsoft Exchange Server", "level": "5.5 SP4", "file": "Store.exe"}
    cells |= {"version": "5.5.2654.29", "VOUCHED": "Contoso", "copies": copies}
    match form:
        case "json" | "yaml" | "jsonl":
            file.write_text(json.dumps(record(**of_file)) + "\n", encoding="utf-8")
        case "csv":
            file.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
        case "tall parquet":
            pq.write_table(pa.Table.from_pylist([cells]), file)
        case _:
            pq.write_table(pa.Table.from_pylist([record(**of_file)]), file)
    return file


FORMS = ["json", "yaml", "jsonl", "csv", "tall parquet", "native parquet"]


@pytest.mark.parametrize("form", FORMS)
def test_every_format_reads_it_and_explain_shows_it(engine: Path, tmp_path: Path, form: str) -> None:
    options = ("--server", "A", "--rule", "Q279798")
    code, out, err = run(engine, "explain", inventory(tmp_path, form), *options)
    assert (code, err) == (0, "")
    assert "Store.exe, 5.5.2654.29, warranty Contoso, copies 2\n" in out


@pytest.mark.parametrize("form", ["jsonl", "csv", "tall parquet"])
def test_a_value_that_it_cannot_take_is_the_same_problem_singly_and_in_columns(
    engine: Path, tmp_path: Path, form: str
) -> None:
    file = inventory(tmp_path, form, copies="two")
    expected = 'copies is "two"; expected a whole number such as 2\n'
    for report in ("jsonl", "summary"):
        code, out, err = run(engine, "evaluate", file, "--format", report)
        assert (code, out) == (2, "")
        assert expected in err


def test_a_misspelt_key_is_a_problem(engine: Path, tmp_path: Path) -> None:
    file = tmp_path / "A.json"
    file.write_text(json.dumps(record(waranty="Contoso")), encoding="utf-8")
    code, _, err = run(engine, "evaluate", file)
    assert code == 2
    assert "did you mean warranty?" in err


def test_the_schema_has_it(engine: Path) -> None:
    code, out, _ = run(engine, "schema", "inventory")
    file = json.loads(out)["$defs"]["file"]["properties"]
    assert code == 0
    assert file["warranty"]["description"] == "Who stands for it."
    assert "integer" in file["copies"]["type"]


def test_a_case_can_give_it(engine: Path, tmp_path: Path) -> None:
    (tmp_path / "new.cases.yaml").write_text(CASES, encoding="utf-8")
    rules = ROOT / "rules"
    code, out, err = run(engine, "test", tmp_path / "new.cases.yaml", "--rules", rules)
    assert (code, err) == (0, "")
    assert "1 passed" in out


def objects(entry: RecordObject) -> list[RecordObject]:
    inner = [field.holds for field in entry.fields.values() if field.holds]
    return [entry, *(further for own in inner for further in objects(own))]


def test_every_field_of_the_record_is_described_and_has_a_kind_or_objects() -> None:
    for entry in objects(RECORD):
        for key, field in entry.fields.items():
            assert field.fact.about.endswith("."), key
            assert (field.kind is None) != (field.holds is None), key


def test_a_column_has_one_meaning() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert set(ALIASES.values()) == set(COLUMNS)
