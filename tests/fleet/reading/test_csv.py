"""CSV in columns gives what the plain reader gives, however its rows, quotes and lines are laid out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from needfix.errors import Problem
from needfix.fleet.reading import csv as fleet_csv
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece
from needfix.inventory import read_inventory
from needfix.inventory.producers.systeminfo import NAMES as NAMES_OF_SYSTEMINFO
from tests.fleet.reading.support import same, servers_of
from tests.support.laws import tried

VALUES = {
    "product": ["P", "P", "p", "Q", ""],
    "level": ["5.5", "5.6", ""],
    "platform": ["x86", "alpha", ""],
    "file": ["f.exe", "G.DLL", " ", ""],
    "path": ["c:\\x\\y.exe", ""],
    "version": ["1", "2.0 ", ""],
    "size": ["7", "x", "5.0", ""],
    "complete": ["files", "files;products", "hotfixes", "filse", ""],
    "hotfixes": ["Q1|Q2", "Q2", ";", ""],
    "observed": ["A b", "c", ""],
    "restart_pending": ["yes", "no", "1", "maybe", ""],
    "collected": ["now", ""],
    "event_source": ["", "", "", "s"],
    "counter": ["", "", "", "q"],
    "value": ["", "", "", "1"],
    "os": ["any"],
}
NAMES = ["A", "a", "B ", "C", "Straße", "STRASSE", "x\x01", ""]
ODD_LINES = [
    "",
    "A,,,,,,,,,,,,,,,,,,,,,,x",
    "A",
    ",",
    "\udcff,",
    'A,"x"y',
    '"a\nb"',
    " ",
    "A\r",
    '"',
    'A,x"y"',
    '"A","a""b"',
]


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Tables whose servers state mostly the same in all rows."""
    columns = ["server", *draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=8))]
    rows: list[list[str]] = []
    for number in range(draw(st.integers(1, 8))):
        name = draw(st.just(f"S{number}") | st.just(f"S{number}") | st.sampled_from(NAMES))
        shown = {column: draw(st.sampled_from(VALUES[column])) for column in columns[1:]}
        for _ in range(draw(st.integers(1, 3))):
            if columns[1:] and draw(st.integers(0, 3)) == 0:
                column = draw(st.sampled_from(columns[1:]))
                shown = {**shown, column: draw(st.sampled_from(VALUES[column]))}
            rows.append([name, *shown.values()])
    is_quoted = draw(st.booleans())
    delimiter, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n"]))
    return written([columns, *rows], delimiter, end, is_quoted=is_quoted)


def written(rows: list[list[str]], delimiter: str, end: str, *, is_quoted: bool) -> str:
    stream = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


@tried(300, suppress=[HealthCheck.function_scoped_fixture])
@given(tables(), st.data())
def test_tables_give_what_the_plain_reader_gives(tmp_path: Path, text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    for line in data.draw(st.lists(st.sampled_from(ODD_LINES), max_size=2)):
        lines.insert(data.draw(st.integers(1, len(lines))), line)
    content = "\n".join(lines).encode(errors="surrogateescape")
    (path := tmp_path / "a.csv").write_bytes(
        data.draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"#TYPE X\n"])) + content
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("needfix.fleet.reading.blocks._BYTES", data.draw(st.sampled_from([40, 200, 1 << 20])))
        patch.setattr("needfix.fleet.reading.csv._FEW", 40)
        same(fleet_csv.pieces, path)


@pytest.mark.parametrize("is_quoted", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_tables_are_read_in_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_quoted: bool, end: str
) -> None:
    monkeypatch.delattr("needfix.inventory.csv_table.CsvTable.rows")
    monkeypatch.delattr("needfix.inventory.csv_server.GatheredServer.add")
    rows = [["server", "product", "file", "path", "size", "version", "hotfixes", "platform"]]
    for server in range(3):
        rows += [
            [f"S{server}", "P", 'say "x"', r"c:\x.dll", "12", f"1.{file}", "Q1;Q2", "x86"]
            for file in range(4)
        ]
    (path := tmp_path / "a.csv").write_bytes(written(rows, ";", end, is_quoted=is_quoted).encode())
    servers, problems = servers_of(fleet_csv.pieces(str(path)))
    assert ([len(server.files) for _, server in servers], problems) == ([4, 4, 4], [])


@pytest.mark.parametrize(
    "text",
    [
        "server,file\nA,x\nB,x\nA,y\nC,x\nA,z\nB,q\n",
        "server,file\nA,x\nB,x\n,x\nB,y\nC,z\n",
        'server,file\nA,x\nB,x\n"B,y\nC,z\n',
        'server,event_source,event_message\nA,s,"a\nb"\nB,s,"c\r\n\nd"\n',
        'server,collected\nA,now\n"a\nb"\n',
        'server,collected\nA,now\n"server\rfile"\n',
        "file\nx\n",
        "server,verson\nA,1\n",
        "server\rA\rB\r",
        pytest.param("server,file\n" + "A,x\n" * 100_005 + "B,y\n", marks=pytest.mark.broad),
        "server,file\nA," + "x" * 132_000 + "\nB,y\n",
        "server,file\nA,x\n\n\nB,y\n\n\n",
        "server,file\nA,x\n,\nB,y\n",
        "server,file\nA\udcff,x\nB,y\nA\udcff,z\n",
    ],
)
def test_what_is_unusual_is_read_as_by_the_plain_reader(tmp_path: Path, text: str) -> None:
    (path := tmp_path / "a.csv").write_bytes(text.encode(errors="surrogateescape"))
    same(fleet_csv.pieces, path)


def test_utf_16(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_bytes("server,file\nÄ,x\nÄ,y\n".encode("utf-16"))
    servers, _ = same(fleet_csv.pieces, path)
    assert [len(server.files) for _, server in servers] == [2]


def test_servers_that_come_back_by_the_hundred(tmp_path: Path) -> None:
    rows = [f"S{number},x" for number in range(400)] * 2
    (path := tmp_path / "a.csv").write_text("\n".join(["server,file", *rows]))
    servers, problems = same(fleet_csv.pieces, path)
    assert (len(servers), len(problems)) == (400, 400)


@pytest.mark.parametrize("sign", ["é".encode(), b"\x82"], ids=["UTF-8", "no text"])
@pytest.mark.parametrize("places", [range(len(NAMES_OF_SYSTEMINFO)), [10]], ids=["all names", "one name"])
def test_a_table_that_its_first_row_shows_to_be_of_systeminfo_is_read_row_by_row(
    tmp_path: Path, places: Sequence[int], sign: bytes
) -> None:
    names = [name.encode() for name in NAMES_OF_SYSTEMINFO]
    for place in places:
        names[place] = b"nom" + sign + b"%d" % place
    row = [f"x{n}".encode() for n in range(len(names))]
    row[:3] = [b"MAIL01", b"Microsoft Windows Server 2016 Standard", b"10.0.14393 N/A Build 14393"]
    path = tmp_path / "a.csv"
    path.write_bytes(b"".join(b",".join(b'"%b"' % cell for cell in cells) + b"\n" for cells in (names, row)))
    servers, problems = same(fleet_csv.pieces, path)
    assert bool(servers) is not bool(problems)


ONE_BELOW_THE_OTHER = {
    "types": '#TYPE X\n"server","file","version"\n"A","a","1"\n#TYPE Y\n"server","hotfixes"\n"B","KB1"\n',
    "blank lines": "server,file,version\nA,a,1\n\nserver,hotfixes\nB,KB1\n",
    "another order": "file,server,version\na,A,1\nserver,product,level\nB,P,1\n",
    "other names": "file,server,version\na,A,1\nComputer Name,File Name,FileVersion\nB,b,1\n",
    "another delimiter": "server;file;version\nA;a;1\nserver,hotfixes\nB,KB1\n",
    "an unknown column": "server,file,version\nA,a,1\nserver,colour\nB,red\n",
    "a long table": "server,file,version\nA,a,1\n" + "A,b,1\n" * 9000 + "server,hotfixes\nB,KB1\n",
    "of other programs": "Node,HotFixID,On\nA,KB1,x\n\nNode,Caption,Version,BuildNumber\nB,P,10.0.1,1\n",
    "in quotes over lines": 'server,file,version\nA,"a\nb",1\nserver,hotfixes\nB,KB1\n',
}


@pytest.mark.parametrize("text", ONE_BELOW_THE_OTHER.values(), ids=ONE_BELOW_THE_OTHER.keys())
def test_tables_one_below_the_other(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    servers, problems = same(csv_or_objects, path)
    assert [server.server for _, server in servers] == ["A", "B"]
    assert not problems


def csv_or_objects(file: str) -> Iterator[Piece]:
    return pieces_of([file])


def test_a_server_in_two_tables_of_a_file_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("server,file,version\nA,a,1\nB,b,1\nserver,hotfixes\nA,KB1\n")
    problems: list[Problem] = []
    assert [own.server for own in read_inventory(path, on_problem=problems.append)] == ["B"]
    assert [own.code for own in problems] == ["repeated-server"]
    (united,) = [own for own in read_inventory(path, join=True) if own.server == "A"]
    assert (len(united.files), united.hotfixes) == (1, ("KB1",))
