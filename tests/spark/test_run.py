"""Files and folders on a cluster: what is written, what it comes to, and what is wrong with them."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import needfix
from needfix.fleet.engine import FleetEngine
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.run import FleetRun
from needfix.intake.formats import inventories
from needfix.intake.paths import named_files
from needfix.model.decision import DecisionKind
from needfix.model.document import Summary
from needfix.model.run_request import RunRequest, Selection
from needfix.spark import files
from needfix.spark.run import SparkRun, evaluate_on
from tests.spark.support import (
    Record,
    expected,
    fleet,
    in_order,
    tall_rows,
    write_lines,
    write_native,
    write_tall,
)
from tests.support import INVENTORIES, Needfix

pytestmark = pytest.mark.usefixtures("cluster")
MASTER = "local-cluster[2,1,1024]"


def run(
    catalogue: needfix.Catalogue,
    inventory: Path,
    selection: Selection | None = None,
    output: Path | None = None,
    *,
    keep_going: bool = False,
) -> SparkRun:
    request = RunRequest((str(inventory),), selection or Selection(), keep_going)
    return evaluate_on(MASTER, catalogue, request, str(output) if output else None)


def summary_of(catalogue: needfix.Catalogue, paths: list[Path]) -> Summary:
    run = FleetRun(FleetEngine(catalogue))
    for piece in pieces_of(paths):
        assert not run.count(piece).found.problems
    return run.summary()


ONLY: tuple[DecisionKind, ...] = ("fix-required", "undetermined")


def test_a_folder_of_several_formats_is_counted_and_written(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records, folder = fleet(240), tmp_path / "fleet"
    folder.mkdir()
    write_native(records[:60], folder / "one.parquet")
    write_native([{"server": "LATE", "restart_pending": True}], folder / "two.parquet")
    write_lines(records[60:120], folder / "three.jsonl")
    write_lines(records[120:180], folder / "four.json")
    lines = write_lines(records[180:], folder / "five.jsonl")
    whole = [*records, {"server": "LATE", "restart_pending": True}]
    found = run(catalogue, folder, Selection(decisions=ONLY), tmp_path / "decisions")
    assert found.is_written
    header = json.loads((tmp_path / "decisions" / "_needfix").read_text(encoding="utf-8"))
    assert header.keys() == {
        "format",
        "needfix",
        "catalogue",
        "catalogue_date",
        "notes",
        "started",
        "inventories",
    }
    assert (header["needfix"], header["catalogue"]) == (needfix.__version__, catalogue.digest)
    assert header["inventories"] == [str(folder)]
    assert in_order(pq.read_table(tmp_path / "decisions").to_pylist()) == expected(catalogue, whole, ONLY)
    assert found.summary == summary_of(catalogue, [write_lines(whole, lines)])


def test_tall_parquet_gives_the_same_as_csv(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    write_tall(tall_rows(fleet(60)), tmp_path / "fleet.parquet")
    found = run(catalogue, tmp_path / "fleet.parquet")
    assert found.summary == summary_of(catalogue, [write_lines(fleet(60), tmp_path / "fleet.jsonl")])
    assert not found.is_written


def test_every_format_is_read_as_on_one_machine(catalogue: needfix.Catalogue) -> None:
    found, local = run(catalogue, INVENTORIES).summary, summary_of(catalogue, [INVENTORIES])
    assert (found.servers, found.rules) == (local.servers, local.rules)


def test_rules_and_servers_can_be_chosen(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    file = write_lines(fleet(20), tmp_path / "fleet.jsonl")
    found = run(
        catalogue, file, Selection(rules=("Q279798",), servers=("mail0000*",)), tmp_path / "decisions"
    )
    assert (found.summary.servers, list(found.summary.rules)) == (10, ["Q279798"])
    of_rule = [row for row in expected(catalogue, fleet(20)[:10]) if row["rule"] == "Q279798"]
    assert in_order(pq.read_table(tmp_path / "decisions").to_pylist()) == of_rule


BAD: list[Record] = [{"server": "BAD", "files": [{"version": "1"}]}, {"server": None}]


def test_bad_records_of_parquet_are_reported_with_file_and_row_and_nothing_is_written(
    catalogue: needfix.Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # problems show paths relative to it
    file = write_native([*fleet(5), *BAD], tmp_path / "fleet.parquet")
    found = run(catalogue, file, output=tmp_path / "decisions")
    assert tuple(map(str, found.problems)) == (
        'fleet.parquet:6: files[0] has no name; expected text such as "Store.exe"',
        'fleet.parquet:7: the record has no server; expected text such as "MAIL01"',
    )
    assert (found.summary.servers, found.summary.bad_records, found.is_written) == (5, 2, False)
    assert not (tmp_path / "decisions").exists()


def test_a_run_that_keeps_going_writes_the_good_ones(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    file = write_native([*fleet(5), *BAD], tmp_path / "fleet.parquet")
    found = run(catalogue, file, output=tmp_path / "decisions", keep_going=True)
    assert (found.summary.bad_records, found.is_written) == (2, True)
    assert in_order(pq.read_table(tmp_path / "decisions").to_pylist()) == expected(catalogue, fleet(5))


def test_bad_lines_are_reported_by_their_number_in_the_file_whatever_block_they_are_in(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    worse = {**BAD[0], "server": "WORSE"}
    file = write_lines([*fleet(80)[:40], BAD[0], *fleet(80)[40:], worse], tmp_path / "fleet.jsonl")
    with file.open("a", encoding="utf-8") as more:
        more.write('\n{"server":\n')
    cluster.conf.set("spark.sql.files.maxPartitionBytes", "4096")
    try:
        assert cluster.read.text(str(file)).rdd.getNumPartitions() > 5
        found = run(catalogue, file)
    finally:
        cluster.conf.unset("spark.sql.files.maxPartitionBytes")
    shown: list[needfix.Problem] = []
    assert list(needfix.read_inventory(file, on_problem=shown.append))
    assert [problem.at.line for problem in shown] == [41, 82, 84]
    assert list(map(str, found.problems)) == list(map(str, shown))


def test_many_bad_records_are_counted_and_the_first_hundred_are_reported(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    found = run(catalogue, write_lines([BAD[0]] * 250, tmp_path / "fleet.jsonl"))
    assert found.summary.bad_records == 250
    assert [problem.at.line for problem in found.problems] == list(range(1, 101))


def test_an_inventory_that_cannot_be_found_is_reported(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "notes.md").write_text("Nothing")
    with pytest.raises(needfix.InventoryError) as caught:
        evaluate_on(MASTER, catalogue, RunRequest((str(tmp_path / "none.parquet"), str(tmp_path / "notes"))))
    assert [problem.what for problem in caught.value.problems] == [
        "there is no such file",
        "the folder contains no inventory",
    ]
    _, problems = named_files([str(tmp_path / "none.parquet"), str(tmp_path / "notes")], inventories())
    assert list(caught.value.problems) == problems


def test_a_file_of_lines_with_another_content_is_a_problem(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    write_native(fleet(3), tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_text("server,file,version\nMAIL01,Store.exe,1.0\n")
    (tmp_path / "c.ndjson").write_bytes(gzip.compress(b'{"server": "MAIL02"}\n' * 5000))
    (tmp_path / "d.jsonl").write_text('{"server": "MAIL03"}\n')
    found = run(catalogue, tmp_path, keep_going=True)
    assert sorted(f"{Path(problem.at.file).name}: {problem.what}" for problem in found.problems) == [
        "a.jsonl: the content is Parquet",
        "b.jsonl: the content is CSV",
        "c.ndjson: the file is compressed with gzip",
    ]
    assert found.summary.servers == 1


def test_files_that_are_compressed_or_in_archives(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"server": "MAIL01"}\n{"server": "MAIL02"}\n'))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("C.json", '{"server": "MAIL03"}')
        archive.writestr("d/bad.csv", "server,size\nMAIL04,many\n")
    found = run(catalogue, tmp_path, keep_going=True)
    assert found.summary.servers == 3
    assert {problem.at.file.partition("b.zip/")[2] for problem in found.problems} == {"d/bad.csv"}


def test_files_are_named_as_on_one_machine(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "fleet"
    (folder / "deeper").mkdir(parents=True)
    write_lines(fleet(20), folder / "one.JSONL")
    write_native([{"server": "NATIVE"}], folder / "deeper" / "two.PARQUET")
    write_tall(tall_rows(fleet(21)[20:]), tmp_path / "export-of-tuesday")
    for name in ("_SUCCESS", ".hidden.json"):
        (folder / name).write_text('{"server": "NONE"}')
    (folder / "notes.md").write_text("# Servers of the fleet\n")
    both = [folder, tmp_path / "export-of-tuesday"]
    found = evaluate_on(MASTER, catalogue, RunRequest(tuple(map(str, both)))).summary
    assert found == summary_of(catalogue, both)
    assert found.servers == 22


@pytest.mark.parametrize("name", ["_MAIL02.json", "deeper/still/_MAIL02.JSON"])
def test_a_file_that_spark_passes_over_is_a_problem(
    catalogue: needfix.Catalogue, tmp_path: Path, name: str
) -> None:
    (file := tmp_path / "fleet" / name).parent.mkdir(parents=True)
    file.write_text('{"server": "MAIL02"}')
    (tmp_path / "fleet" / "MAIL01.json").write_text('{"server": "MAIL01"}')
    for path in (tmp_path / "fleet", file):
        with pytest.raises(needfix.InventoryError, match="Spark ignores files whose names begin with _"):
            run(catalogue, path)


def test_standard_input_is_refused(catalogue: needfix.Catalogue) -> None:
    with pytest.raises(needfix.UsageError, match="executors cannot read standard input"):
        evaluate_on(MASTER, catalogue, RunRequest(("-",)))


def test_a_folder_that_exists_is_not_written_over(catalogue: needfix.Catalogue, tmp_path: Path) -> None:
    with pytest.raises(needfix.UsageError, match="exists already"):
        run(catalogue, INVENTORIES / "exchange.json", output=tmp_path)


def test_a_file_that_is_not_parquet_is_reported_in_a_line(
    catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "fleet.parquet").write_text("This is no Parquet, though it is long enough to be")
    found = run(catalogue, tmp_path / "fleet.parquet")
    assert [str(problem).partition("Parquet: ")[0] for problem in found.problems] == [
        f"{tmp_path}/fleet.parquet:1: the file cannot be read as "
    ]


def test_a_large_file_of_parquet_is_divided(
    catalogue: needfix.Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LARGE", 1000)
    file = write_native([*fleet(60), *BAD], tmp_path / "fleet.parquet")
    found = run(catalogue, file, output=tmp_path / "decisions", keep_going=True)
    assert [str(problem.at) for problem in found.problems] == [f"{file}:61", f"{file}:62"]
    assert in_order(pq.read_table(tmp_path / "decisions").to_pylist()) == expected(catalogue, fleet(60))


def test_the_command_gives_what_it_gives_on_one_machine(
    catalogue: needfix.Catalogue, command: Needfix, tmp_path: Path
) -> None:
    file = write_native([*fleet(30), *BAD], tmp_path / "fleet.parquet")
    words = ("evaluate", file, "--rule", "Q279798", "--keep-going", "--format")
    here, there = (command(*words, "summary-json", *on) for on in ((), ("--on", MASTER)))
    assert here == there
    folder = tmp_path / "decisions"
    ran = command(*words, "parquet", "--on", MASTER, "--output", folder)
    assert (ran.code, ran.out) == (2, "")
    rows = [row for row in expected(catalogue, fleet(30)) if row["rule"] == "Q279798"]
    assert in_order(pq.read_table(folder).to_pylist()) == rows
