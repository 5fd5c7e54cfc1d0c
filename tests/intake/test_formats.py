"""Which format a file has, and what a new format takes to be read everywhere."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import sys
import tarfile
import types
import zipfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from fixtures import write_inventories
from needfix.catalogue import load_catalogue
from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.intake import formats
from needfix.intake.formats import FORMATS, Format, cut_endings, format_of, inventories
from needfix.inventory import read_inventory
from needfix.inventory.source import opened
from needfix.model.server import FileCopy, Server
from tests.inventory.support import names, read
from tests.support import INVENTORIES, ROOT, Needfix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

EVALUATE = ("evaluate", "--rule", "Q279798", "--format")
SAMPLES = sorted(name for name in write_inventories.files() if "/" not in name)
SERVERS = "16 servers, 1 rule, 16 decisions"


def named(file: Path | str, content: bytes) -> str:
    """The name of the format of a file, or what is wrong with it."""
    found = format_of(str(file), content, content.decode("utf-8", "replace"))
    return found.what if isinstance(found, Problem) else found.name


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", ["fleet-of-tuesday", "fleet.2026-11-24", "-"])
def test_every_format_is_known_without_an_ending_everywhere(
    here: Path, needfix: Needfix, sample: str, name: str
) -> None:
    content = (INVENTORIES / sample).read_bytes()
    if name != "-":
        (here / name).write_bytes(content)
    summary = needfix(*EVALUATE, "summary", name, stdin=content)
    assert summary.out.startswith(SERVERS), summary.err
    rows = needfix(*EVALUATE, "csv", name, stdin=content)
    assert rows.out == needfix(*EVALUATE, "csv", INVENTORIES / "exchange.json").out
    explained = needfix("explain", name, "--server", "MAIL01", "--rule", "Q279798", stdin=content)
    assert explained.code == 0
    if name != "-":
        assert needfix(*EVALUATE, "summary", f"{name[:-1]}?").out == summary.out


@pytest.mark.parametrize(
    ("sample", "endings"),
    [
        ("exchange.parquet", inventories().endings),
        ("exchange-tall.parquet", inventories().endings),
        ("exchange.json", (".json", ".csv", ".tsv", ".txt", ".parquet", ".yaml")),
        ("exchange.jsonl", (".json", ".csv", ".tsv", ".txt", ".parquet", ".ndjson")),
        ("exchange.csv", (".json", ".jsonl", ".yaml")),
    ],
)
def test_the_content_counts_before_a_misleading_ending(
    here: Path, needfix: Needfix, sample: str, endings: tuple[str, ...]
) -> None:
    for ending in endings:
        shutil.copy(INVENTORIES / sample, here / f"misleading{ending}")
        ran = needfix(*EVALUATE, "summary", here / f"misleading{ending}")
        assert ran.out.startswith(SERVERS), (ending, ran.err)


def test_parquet_makes_the_summary_by_what_it_is_and_not_by_its_name(here: Path, needfix: Needfix) -> None:
    shutil.copy(INVENTORIES / "exchange.parquet", here / "fleet-of-tuesday")
    shutil.copy(INVENTORIES / "exchange.json", here / "named.parquet")
    assert needfix("evaluate", "--rule", "Q279798", "fleet-of-tuesday").out.startswith(SERVERS)
    assert needfix("evaluate", "--rule", "Q279798", "named.parquet").out.startswith("MAIL01\n")


def test_a_hidden_file_changes_no_report(here: Path, needfix: Needfix) -> None:
    (here / "fleet" / ".cache").mkdir(parents=True)
    shutil.copy(INVENTORIES / "exchange" / "MAIL01.json", here / "fleet")
    before = needfix("evaluate", "--rule", "Q279798", "fleet")
    shutil.copy(INVENTORIES / "exchange.parquet", here / "fleet" / ".cache" / "old.parquet")
    assert needfix("evaluate", "--rule", "Q279798", "fleet") == before


@pytest.mark.parametrize("name", ["exchange.parquet", "exchange-tall.parquet"])
def test_parquet_is_read_by_the_plain_reader(name: str) -> None:
    assert list(read_inventory(INVENTORIES / name)) == list(read_inventory(INVENTORIES / "exchange.json"))
    stdin = io.BytesIO((INVENTORIES / name).read_bytes())
    piped = list(read_inventory("-", stdin=stdin))
    assert len(piped) == 16
    assert {server.at.file for server in piped if server.at} == {"<stdin>"}


def test_bad_parquet_is_a_problem_of_the_plain_reader(here: Path) -> None:
    (here / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InventoryError, match=r"a\.parquet:1: the file cannot be read as Parquet"):
        list(read_inventory("a.parquet"))


def test_parquet_without_arrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("needfix.fleet")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'needfix\[fleet\]'"):
        list(read_inventory(INVENTORIES / "exchange.parquet"))


def _packed(kind: str, data: bytes) -> bytes:
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("exchange.json", data)
    elif kind == "xlsx":
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
    elif kind == "tar":
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            archive.addfile(tarfile.TarInfo("exchange.json"))
    return out.getvalue()


DATA = (INVENTORIES / "exchange.json").read_bytes()
FOREIGN = {
    "gzip in gzip": (gzip.compress(gzip.compress(DATA)), "is compressed with gzip", "unpack it"),
    "tar.gz": (_packed("tar", DATA), "is a TAR archive", "unpack it"),
    "bzip2": (bz2.compress(DATA), "is compressed with bzip2", "unpack it"),
    "xz": (lzma.compress(DATA), "is compressed with xz", "unpack it"),
    "zip": (_packed("zip", DATA), "is a ZIP archive", "unpack it"),
    "xlsx": (
        _packed("xlsx", DATA),
        "is an archive and no workbook",
        "unpack it",
    ),
    "xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + DATA,
        "is a document of Excel",
        "save it as an Excel workbook",
    ),
    "pdf": (b"%PDF-1.7\n" + DATA, "is a PDF document", "give the file from which it was made"),
    "utf-32": (DATA.decode().encode("utf-32"), "is text in UTF-32", "save the file as UTF-8"),
    "utf-32-be": (DATA.decode().encode("utf-32-be"), "is text in UTF-32", "save the file as UTF-8"),
    "utf-32-le": (DATA.decode().encode("utf-32-le"), "is text in UTF-32", "save the file as UTF-8"),
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.json.gz", "a", "-"])
def test_foreign_content_is_refused_with_what_to_do(
    here: Path, needfix: Needfix, kind: str, name: str
) -> None:
    content, what, hint = FOREIGN[kind]
    if name != "-":
        (here / name).write_bytes(content)
    shown = "<stdin>" if name == "-" else name
    for report in ("table", "summary"):
        ran = needfix(*EVALUATE, report, name, stdin=content)
        assert ran.code == 2
        assert f"{shown}:1: the file {what}" in ran.err
        assert f"\n    hint: {hint}" in ran.err


@pytest.mark.parametrize("kind", ["bzip2", "pdf", "utf-32"])
def test_foreign_content_is_refused_as_rules_and_articles(here: Path, needfix: Needfix, kind: str) -> None:
    content, what, hint = FOREIGN[kind]
    (here / "a.yaml").write_bytes(content)
    (here / "a.txt").write_bytes(content)
    for words in (("lint", "a.yaml"), ("test", "a.yaml"), ("import", "kb", "a.txt", "--output", "out")):
        ran = needfix(*words)
        assert ran.code == 2
        if kind != "pdf" or words[0] == "import":  # a PDF of only text may be read as YAML, but is not a rule
            assert f"the file {what}" in ran.err
            assert f"\n    hint: {hint}" in ran.err


@pytest.mark.parametrize("content", [b"", b" ", b"\n" * 70_000, b" " * 200_000])
@pytest.mark.parametrize("ending", ["", *inventories().endings])
def test_an_empty_file_has_one_message(here: Path, needfix: Needfix, content: bytes, ending: str) -> None:
    (here / f"a{ending}").write_bytes(content)
    for report in ("table", "summary"):
        message = needfix(*EVALUATE, report, f"a{ending}").err.splitlines()[0]
        assert message == f"a{ending}:1: the file is empty; expected an inventory"


@pytest.mark.parametrize("blanks", [b" " * 70_000, b"\n" * 200_000, b"\r\n" * 100_000, b"\t \n" * 50_000])
@pytest.mark.parametrize("name", ["exchange.json", "exchange.jsonl", "exchange.csv", "exchange.yaml"])
def test_blanks_before_a_record_are_passed_over(blanks: bytes, name: str) -> None:
    if blanks.strip(b"\r\n") and name == "exchange.yaml":
        pytest.skip("blanks before the first line of YAML make it another one")
    servers, problems = read(blanks + (INVENTORIES / name).read_bytes())
    assert (names(servers)[:1], len(servers), problems) == (["MAIL01"], 16, [])
    assert servers[0].at is not None
    assert servers[0].at.line > blanks.count(b"\n")


def test_more_blanks_than_are_passed_over_name_the_limit() -> None:
    _, problems = read(b" " * (17 << 20) + DATA)
    assert problems == [
        "<stdin>:1: the file begins with more than 16 MiB of white space; expected an inventory\n"
        "    hint: remove the white space"
    ]


@pytest.mark.parametrize("report", ["jsonl", "csv", "parquet"])
def test_decisions_are_no_inventory(here: Path, needfix: Needfix, report: str) -> None:
    assert needfix(*EVALUATE, report, INVENTORIES / "exchange.json", "--output", "decisions").code == 0
    content = (here / "decisions").read_bytes()
    for name in ("decisions", "-"):
        for other in ("table", "summary"):
            ran = needfix(*EVALUATE, other, name, stdin=content)
            assert ran.code == 2
            assert "the file contains decisions of needfix; expected an inventory" in ran.err
            assert "hint: give the inventory that the decisions are about" in ran.err


def test_decisions_in_arrow_are_no_inventory() -> None:
    pa = pytest.importorskip("pyarrow")
    fleet = pytest.importorskip("needfix.fleet")
    table = pa.table({key: ["A"] for key in ("server", "rule", "decision", "action")})
    with pytest.raises(InventoryError, match="<arrow>:1: the file contains decisions of needfix"):
        fleet.summary(load_catalogue(), table)


@pytest.mark.parametrize(
    "record",
    [
        '{"server": "A", "rule": "x", "files": [{"name": "action"}], "decision": 1}',
        '{"server": "A", "events": [{"source": "\\"rule\\": 1, \\"decision\\": 2, \\"action\\": 3"}]}',
    ],
)
def test_a_record_with_some_of_these_words_is_one(record: str) -> None:
    assert names(read(record)[0]) == ["A"]


CONTENTS = [
    b'{"server": "A"}\n{"server": "B"}\n', b'{"server": "A"}', b"[]", b'[{"server": "A"}]', b"server\nA\n",
    b"server,file\nA,x\n", b"server: A\n", b"- server: A\n", b"{server: A}", b"PAR1", b"hello", b"{",
    b'{"a": ',
    b"# note\nserver: A", b"sep=;\nserver;file\n", b"a, b", b"{}\n{}", b"[\n{}]",
]  # fmt: skip


def test_the_order_of_the_registry_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [f"a{ending}" for ending in ("", ".log", *inventories().endings)]
    before = {(file, content): named(file, content) for file in files for content in CONTENTS}
    random = Random(1)  # noqa: S311 - any orders
    for shuffled in [FORMATS[::-1], *(tuple(random.sample(FORMATS, len(FORMATS))) for _ in range(60))]:
        monkeypatch.setattr(formats, "FORMATS", shuffled)
        assert {(file, content): named(file, content) for file, content in before} == before


@pytest.mark.parametrize(
    ("file", "content", "name"),
    [
        ("a.jsonl", b'{"a": ', "JSON lines"),
        ("a.jsonl", b"[\n{}]", "JSON lines"),
        ("a.json", b'{"a": ', "JSON"),
        ("a.json", b"{server: A}", "JSON"),
        ("a.json", b"server,file\nA,x\n", "CSV"),
        ("a.txt", b'{"server": "A"}', "JSON"),
        ("a.parquet", b"This is none, though it looks so", "Parquet"),
        ("a.csv", b"PAR1", "Parquet"),
        ("a.yaml", b'{"server": "A"}', "YAML"),
        ("a", b'{"server": "A"}', "JSON"),
        ("a", b"hello", "the format cannot be recognised from the content"),
    ],
)
def test_the_format_of_a_file(file: str, content: bytes, name: str) -> None:
    assert named(file, content) == name


def test_two_formats_that_both_fit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (Format(name, (f".{name}",), "none", begins="TOY") for name in ("one", "two"))
    monkeypatch.setattr(formats, "FORMATS", (one, other))
    assert named("a", b"TOY") == "the file may be one or two"
    assert named("a.two", b"TOY") == "two"


def test_only_files_of_lines_are_cut() -> None:
    assert cut_endings() == (".jsonl", ".ndjson")


def read_toy(source: Source) -> Iterator[Item]:
    """The toy format: TOY, then a line for each server with the version of its store."""
    for number, line in enumerate(source.text.read().splitlines()[1:], start=2):
        at = Position(source.file, number)
        match line.split():
            case [server, version]:
                yield Server(server=server, files=(FileCopy("Store.exe", version=version),), at=at)
            case _:
                yield Problem(at, "the line is no server and version")


TOY = Format("Toy", (".toy",), "toy", begins=r"TOY\n", before=("CSV", "JSON lines"))


@pytest.fixture
def toy(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    module = types.ModuleType("needfix.toy")
    module.read = read_toy  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "needfix.toy", module)
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, TOY))
    (here / "fleet").mkdir()
    (here / "fleet" / "a.TOY").write_text("TOY\nMAIL01 5.5.2653.23\nMAIL02 5.5.2654.29\n")
    return here / "fleet" / "a.TOY"


def test_a_new_format_is_one_module_and_one_line(toy: Path, needfix: Needfix) -> None:
    content = toy.read_bytes()
    shutil.copy(toy, "no-ending")
    for name in (toy, "fleet", "fleet/*", "no-ending", "-"):
        summary = needfix(*EVALUATE, "summary", name, stdin=content)
        assert (summary.code, summary.err) == (0, "")
        assert summary.out.startswith("2 servers, 1 rule, 2 decisions")
        table = needfix(*EVALUATE, "table", name, stdin=content)
        assert "MAIL01" in table.out
        assert "2 servers, 2 decisions" in table.out
        explained = needfix("explain", name, "--server", "MAIL02", "--rule", "Q279798", stdin=content)
        assert "5.5.2654.29" in explained.out


def test_mistakes_in_a_new_format_are_problems_with_their_lines(toy: Path, needfix: Needfix) -> None:
    toy.write_text("TOY\nMAIL01\nMAIL02 5.5.2654.29\n")
    for report in ("table", "summary"):
        ran = needfix(*EVALUATE, report, "fleet", "--keep-going")
        assert ran.code == 2
        assert "fleet/a.TOY:2: the line is no server and version" in ran.err
        assert "1 server" in ran.out


def test_messages_name_a_new_format(toy: Path, needfix: Needfix) -> None:
    assert "Toy" in needfix(*EVALUATE, "table", "-", stdin=b"hello").err
    toy.unlink()
    assert ".toy" in needfix(*EVALUATE, "table", "fleet").err


def test_the_samples_have_the_formats_that_they_are_named_after() -> None:
    for sample in SAMPLES:
        with opened(str(INVENTORIES / sample)) as source:
            found = format_of(source.file, source.start, source.head)
        assert isinstance(found, Format)
        assert sample.endswith(found.endings)


RULES_OF_REPORTS = ROOT / "rules" / "exchange-5.5"
EXCHANGE = INVENTORIES / "exchange.json"


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", EXCHANGE, "--format", "table"),
        ("evaluate", EXCHANGE, "--format", "summary"),
        ("evaluate", EXCHANGE, "--format", "summary-json"),
        ("evaluate", EXCHANGE, "--format", "json"),
        ("lint", RULES_OF_REPORTS, "--format", "json"),
        ("lint", RULES_OF_REPORTS / "Q279798.yaml", "--format", "json"),
        ("test", RULES_OF_REPORTS / "Q279798.yaml", "--format", "json"),
        ("diff", RULES_OF_REPORTS, RULES_OF_REPORTS, "--inventory", EXCHANGE, "--format", "json"),
        ("rules", "list", "--format", "json"),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
@pytest.mark.parametrize("name", ["report", "report.json", "report.csv", "report.yaml"])
def test_a_report_is_no_inventory(here: Path, needfix: Needfix, words: tuple[object, ...], name: str) -> None:
    (here / name).write_text(needfix(*words).out, encoding="utf-8")
    for other in ("table", "summary"):
        ran = needfix(*EVALUATE, other, name)
        assert ran.code == 2
        assert ran.err.splitlines()[:2] == [
            f"{name}:1: the file is a report of needfix; expected an inventory",
            "    hint: give the inventory from which the report was made",
        ]


@pytest.mark.parametrize(
    "content",
    [
        '{"results": [], "server": "A"}',
        '{"findings": ["none"], "server": "A"}',
        '{"format": 1, "server": "A"}',
        '[{"id": "1", "server": "A"}]',
    ],
)
def test_a_record_that_resembles_a_report_is_read(content: str) -> None:
    assert names(read(content)[0]) == ["A"]
