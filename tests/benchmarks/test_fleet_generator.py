"""Made-up fleets: what holds of them whatever their size."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from benchmarks.sample import FILES, LEVELS, files_of, product_name, rules, text

np = pytest.importorskip("numpy", reason="NumPy is not installed: make bench-fleet")
pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: make bench-fleet")
generator: Any = pytest.importorskip("benchmarks.fleet.generator")
formats: Any = pytest.importorskip("benchmarks.fleet.formats")

KINDS = ("real", "worst")
Known = tuple[str, str, str, dict[str, str]]


def known(kind: str, count: int) -> list[Known]:
    """Servers as name, product, level and versions."""
    texts = generator.version_texts()
    return [
        (f"EX{number:07}", product_name(product), LEVELS[level], versions(places, texts))
        for block in generator.blocks(kind, count)
        for number, product, level, places in zip(
            range(block.first, block.first + len(block)),
            block.products.tolist(),
            block.levels.tolist(),
            block.versions.tolist(),
            strict=True,
        )
    ]


def versions(places: list[int], texts: list[str]) -> dict[str, str]:
    return {
        name: texts[place] for name, place in zip(FILES, places, strict=True) if place != generator.MISSING
    }


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def servers(kind: str) -> list[Known]:
    return known(kind, 12_000)


def test_the_first_servers_do_not_depend_on_how_many_there_are(kind: str, servers: list[Known]) -> None:
    assert known(kind, 700) == servers[:700]
    assert known(kind, 10_001) == servers[:10_001]


def test_the_first_rules_do_not_depend_on_how_many_there_are() -> None:
    assert rules(40) == rules(500)[:40]


def test_a_rule_is_about_a_product_some_levels_in_a_row_and_up_to_three_of_its_files() -> None:
    for _, product, levels, minima in rules(500):
        assert levels
        assert levels.step == 1
        assert 1 <= len(minima) <= 3
        assert minima.keys() <= set(files_of(product))


def test_a_server_has_the_files_of_its_product_and_three_in_a_hundred_lack_one(servers: list[Known]) -> None:
    of_products = {product_name(product): set(files_of(product)) for product in range(3)}
    lacking = Counter(len(of_products[product] - files.keys()) for _, product, _, files in servers)
    assert all(files.keys() <= of_products[product] for _, product, _, files in servers)
    assert lacking.keys() == {0, 1}
    assert lacking[1] / len(servers) == pytest.approx(0.03, abs=0.005)


def test_versions_of_a_real_fleet_come_from_few_images_and_packages() -> None:
    configurations = {str(server[1:]) for server in known("real", 12_000)}
    distinct = {version for server in known("real", 12_000) for version in server[3].values()}
    assert len(configurations) < 12_000 / 2
    assert len(distinct) < 2_000


def test_servers_of_the_worst_fleet_are_all_different() -> None:
    servers = known("worst", 12_000)
    assert len({str(server[1:]) for server in servers}) == 12_000
    assert len({server[1:3] for server in servers}) == 15
    assert len({version for server in servers for version in server[3].values()}) > 50_000


@pytest.fixture(scope="module")
def files(kind: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp(kind)
    paths = {name: formats.path_of(folder, name, kind, 1_500) for name in formats.FORMATS}
    formats.write(generator.blocks(kind, 1_500), paths)
    return paths


def of_record(record: dict[str, Any]) -> Known:
    (product,) = record["products"]
    assert record["complete"] == ["files"]
    return (
        record["server"],
        product["name"],
        product["level"],
        {copy["name"]: copy["version"] for copy in record["files"]},
    )


def test_native_parquet_holds_the_servers(files: dict[str, Path], servers: list[Known]) -> None:
    table = pq.read_table(files["native"])
    assert str(table.schema.field("files").type) == "list<element: struct<name: string, version: string>>"
    assert list(map(of_record, table.to_pylist())) == servers[:1_500]


def test_json_lines_hold_the_servers(files: dict[str, Path], servers: list[Known]) -> None:
    lines = files["lines"].read_text(encoding="utf-8").splitlines()
    assert [of_record(json.loads(line)) for line in lines] == servers[:1_500]


def test_tall_parquet_has_a_row_for_each_file(files: dict[str, Path], servers: list[Known]) -> None:
    rows = pq.read_table(files["tall"]).to_pylist()
    shown = [
        (*head, {row["file"]: row["version"] for row in of_server})
        for head, of_server in groupby(rows, lambda row: (row["server"], row["product"], row["level"]))
    ]
    assert shown == servers[:1_500]
    assert {row["complete"] for row in rows} == {"files"}


def test_wide_parquet_has_a_column_for_each_file(files: dict[str, Path], servers: list[Known]) -> None:
    shown = [
        (
            row["server"],
            row["product"],
            row["level"],
            {name: row[name] for name in FILES if row[name] is not None},
        )
        for row in pq.read_table(files["wide"]).to_pylist()
    ]
    assert shown == servers[:1_500]


def test_a_file_that_could_not_be_written_whole_is_not_there(tmp_path: Path) -> None:
    def breaks() -> Any:  # noqa: ANN401 - blocks have a type only where NumPy is installed
        yield from generator.blocks("real", 100)
        raise OSError("no space left")

    path = formats.path_of(tmp_path, "native", "real", 200)
    with pytest.raises(OSError, match="no space left"):
        formats.write(breaks(), {"native": path})
    assert not path.exists()


def test_versions_are_in_order() -> None:
    every = generator.every_version()
    assert list(every) == sorted(every)
    assert generator.version_texts() == [text(version) for version in every]
