"""Inventories that are compressed, and those in archives."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from needfix.errors import Problem
from needfix.intake import packed
from needfix.inventory import read_inventory
from tests.inventory.support import names
from tests.support import INVENTORIES, Needfix

zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

SAMPLES = ("exchange.json", "exchange.jsonl", "exchange.csv", "exchange.yaml", "exchange.parquet")
PACKINGS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd.compress}
EVALUATE = ("evaluate", "--rule", "Q279798", "--format")
ONE = b'{"server": "A"}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def archive(path: Path, **members: bytes) -> Path:
    """An archive; `_` in names stands for a dot."""
    return archive_of(path, {name.replace("_", "."): data for name, data in members.items()})


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is, whatever Python would make of it
            out.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def wrong(*paths: object) -> list[str]:
    """The problems of paths, the first line of each."""
    problems: list[str] = []
    servers = list(read_inventory(*map(str, paths), on_problem=lambda own: problems.append(str(own))))
    assert not servers
    return problems


def all_wrong(path: str) -> str:
    """All problems of a path in one text."""
    return "\n".join(wrong(path))


# ---- compressed files


@pytest.mark.parametrize("ending", PACKINGS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_compressed_inventory_is_read_like_the_plain_one(
    here: Path, needfix: Needfix, sample: str, ending: str
) -> None:
    data = PACKINGS[ending]((INVENTORIES / sample).read_bytes())
    (here / f"{sample}{ending}").write_bytes(data)
    plain = needfix(*EVALUATE, "jsonl", INVENTORIES / sample)
    assert needfix(*EVALUATE, "jsonl", f"{sample}{ending}").out == plain.out


@pytest.mark.parametrize("ending", PACKINGS)
def test_a_compressed_inventory_is_read_in_columns_and_from_a_pipe(
    here: Path, needfix: Needfix, ending: str
) -> None:
    data = PACKINGS[ending]((INVENTORIES / "exchange.json").read_bytes())
    (here / f"a.json{ending}").write_bytes(data)
    for name in (f"a.json{ending}", "-"):
        assert needfix(*EVALUATE, "summary", name, stdin=data).out.startswith("16 servers, 1 rule")


def test_a_folder_has_compressed_inventories_and_archives(here: Path) -> None:
    folder = here / "fleet"
    folder.mkdir()
    (folder / "A.json.GZ").write_bytes(gzip.compress(ONE))
    archive(folder / "b.ZIP", B_json=b'{"server": "B"}')
    assert names(list(read_inventory(folder))) == ["A", "B"]


def test_rows_of_a_server_in_two_places_are_found_in_a_compressed_table_too(here: Path) -> None:
    table = b"server,product\nA,X\nB,X\nA,Y\n"
    (here / "a.csv.gz").write_bytes(gzip.compress(table))
    archive(here / "b.zip", a_csv=table)
    for name in ("a.csv.gz", "b.zip"):
        problems: list[Problem] = []
        found = list(read_inventory(name, on_problem=problems.append))
        assert (names(found), [one.what for one in problems]) == (
            ["B"],
            ["rows of A appear again after rows of another server and those in line 2"],
        )
        assert sorted(names(list(read_inventory(name, join=True)))) == ["A", "B"]


@pytest.mark.parametrize("ending", PACKINGS)
def test_a_file_that_is_cut_is_a_problem(here: Path, ending: str) -> None:
    file = here / f"a.jsonl{ending}"
    file.write_bytes(PACKINGS[ending](ONE * 3 + bytes(range(256)) * 9)[:-9])
    (problem,) = wrong(file)[-1:]
    assert f"a.jsonl{ending}:1: the file cannot be read: it cannot be unpacked: " in problem
    assert problem.endswith("hint: compress the file again; it may be cut")


def test_a_bomb_is_a_problem_with_the_limit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "PACKED_FREE_BYTES", 1 << 20)
    line = b'{"server": "A", "x": "' + b"x" * 100_000 + b'"}\n'
    (here / "a.jsonl.gz").write_bytes(gzip.compress(line * 50))
    archive(here / "b.zip", a_jsonl=line * 50)
    for name in ("a.jsonl.gz", "b.zip"):
        assert "it unpacks to more than 500 times its size and 1 MiB" in all_wrong(name)
    monkeypatch.setattr(packed, "PACKED_RATIO", 1 << 20)
    assert "it unpacks to" not in all_wrong("a.jsonl.gz")
    monkeypatch.setattr(packed, "PACKED_BYTES", 1 << 20)
    for name in ("a.jsonl.gz", "b.zip"):
        assert "it unpacks to more than 0 GiB" in all_wrong(name)


def test_zstandard_without_a_library_says_what_is_needed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "compression", None)
    monkeypatch.setitem(sys.modules, "backports", None)
    (here / "a.json.zst").write_bytes(zstd.compress(ONE))
    assert wrong("a.json.zst") == [
        "a.json.zst:1: the file cannot be read: it is compressed with Zstandard, which this Python reads only"
        " with a library; expected a readable file\n"
        "    hint: pip install 'needfix[zstd]', or unpack it, and give the unpacked file"
    ]


def test_members_that_overlap_are_a_bomb(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "PACKED_FREE_BYTES", 1 << 20)
    monkeypatch.setattr(packed, "PACKED_RATIO", 100)
    line = b'{"server": "A", "x": "' + b"".join(b"%d" % number for number in range(20_000)) + b'"}\n'
    data = archive(here / "a.zip", A_json=line).read_bytes()
    start, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    members = [b"%c%c.csv" % (65 + number // 26, 65 + number % 26) for number in range(600)]
    every = b"".join(data[start:end].replace(b"A.json", name) for name in members)
    tail = bytearray(data[end:])
    tail[8:12] = (600).to_bytes(2, "little") * 2
    tail[12:16] = len(every).to_bytes(4, "little")
    (here / "a.zip").write_bytes(data[:start] + every + bytes(tail))
    assert "it unpacks to more than 100 times its size" in wrong("a.zip")[0]


# ---- archives


def test_a_file_in_an_archive_has_a_name_of_its_own(here: Path, needfix: Needfix) -> None:
    data = (INVENTORIES / "exchange.json").read_bytes()
    archive_of(here / "a.zip", {"mail/exchange.json": data, "mail/bad.csv": b"server,size\nB,many\n"})
    assert wrong("a.zip/mail/bad.csv")[0].startswith("a.zip/mail/bad.csv:2: ")
    assert needfix(*EVALUATE, "jsonl", "a.zip/mail/exchange.json").out == (
        needfix(*EVALUATE, "jsonl", INVENTORIES / "exchange.json").out
    )
    assert needfix(*EVALUATE, "summary", "a.zip", "--keep-going").out.startswith("16 servers")


def test_only_inventories_of_an_archive_are_read(here: Path) -> None:
    members = {
        "A.json": ONE, "readme.md": b"{}", ".B.json": ONE, "__MACOSX/A.json": ONE, "_SUCCESS": b"",
        "sub\\C.json": b'{"server": "C"}', "empty/": b"",
    }  # fmt: skip
    archive_of(here / "a.zip", members)
    assert names(list(read_inventory("a.zip"))) == ["A", "C"]


def test_archives_in_archives_are_refused(here: Path) -> None:
    inner = archive(here / "inner.zip", A_json=ONE).read_bytes()
    archive(here / "a.zip", inner_zip=inner, A_json_gz=gzip.compress(ONE))
    assert [one.partition(";")[0] for one in wrong("a.zip")] == [
        "a.zip/A.json.gz:1: the file is compressed with gzip",
        "a.zip/inner.zip:1: the file is a ZIP archive",
    ]


@pytest.mark.parametrize(
    "name", ["../A.json", "/A.json", "C:\\A.json", "a/../../A.json", "..\\A.json", "\x1b.json"]
)
def test_a_path_that_leads_out_of_an_archive_is_refused(here: Path, name: str) -> None:
    archive_of(here / "a.zip", {name: ONE})
    (problem,) = wrong("a.zip")
    assert problem.startswith("a.zip:1: the archive cannot be read: a file in it has the path '")


def test_two_files_of_one_name_are_refused(here: Path) -> None:
    with zipfile.ZipFile(here / "a.zip", "w") as out:
        out.writestr("A.json", ONE)
        with pytest.warns(UserWarning, match="Duplicate name"):
            out.writestr("A.json", ONE)
    assert "it has two files named 'A.json'" in wrong("a.zip")[0]


def test_an_archive_without_an_inventory(here: Path) -> None:
    archive(here / "a.zip", readme_md=b"#")
    (problem,) = wrong("a.zip")
    assert problem.startswith("a.zip:1: the archive contains no inventory; expected files that end in .")


def test_a_damaged_archive(here: Path) -> None:
    data = archive(here / "a.zip", A_json=ONE * 99).read_bytes()
    (here / "a.zip").write_bytes(data[:-30])
    assert "a.zip:1: the archive cannot be read: it cannot be unpacked: " in wrong("a.zip")[0]
    (here / "a.zip").write_bytes(data.replace(b"A.json", b"B.json", 1))
    assert "a.zip/A.json:1: the file cannot be read: it cannot be unpacked: " in wrong("a.zip")[0]


def test_a_protected_file_in_an_archive(here: Path) -> None:
    data = bytearray(archive(here / "a.zip", A_json=ONE).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (here / "a.zip").write_bytes(data)
    assert "a.zip/A.json:1: the file cannot be read: it is protected by a password" in wrong("a.zip")[0]


def test_an_archive_on_standard_input_says_what_to_do(needfix: Needfix) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("A.json", ONE)
    ran = needfix("evaluate", "-", stdin=out.getvalue())
    assert "<stdin>:1: the file is a ZIP archive; expected an inventory\n" in ran.err
    assert "where it is a file that ends in .zip" in ran.err


@pytest.mark.parametrize(
    ("file", "member", "server"),
    [
        ("MAIL01.zip", "hotfixes.json", "hotfixes"),
        ("all.zip", "MAIL01/hotfixes.json", "MAIL01"),
    ],
)
def test_servers_are_named_after_files_and_folders_in_an_archive(
    here: Path, needfix: Needfix, file: str, member: str, server: str
) -> None:
    archive_of(here / file, {member: b'{"HotFixID": "KB5000001", "Description": "Update"}'})
    ran = needfix(*EVALUATE, "csv", file, "--server-name-from", "path")
    assert ran.code == 0, ran.err
    assert f"\n{server}," in ran.out


def test_an_archive_in_a_folder_names_its_server(here: Path, needfix: Needfix) -> None:
    (here / "all").mkdir()
    archive(here / "all/MAIL01.zip", hotfixes_json=b'{"HotFixID": "KB5000001", "Description": "Update"}')
    ran = needfix(*EVALUATE, "csv", "all", "--server-name-from", "path")
    assert "\nMAIL01," in ran.out


def test_an_archive_that_changes_is_read_again(here: Path) -> None:
    for server in ("A", "BB"):
        archive(here / "a.zip", A_json=b'{"server": "%b"}' % server.encode())
        assert names(list(read_inventory("a.zip"))) == [server]
