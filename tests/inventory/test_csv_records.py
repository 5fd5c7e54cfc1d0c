"""Tall CSV: the rows of a server are merged, and must stand together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from needfix.model.server import (
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    Server,
    ServiceState,
)
from tests.inventory.support import HINT_UTF_8, names, read, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Needfix

SORTED = "sort the file by server, or unite the rows with --join"
AGAIN = "appear again after rows of another server"
TOGETHER = "; expected the rows of each server together\n    hint: " + SORTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("preamble", ["", "#TYPE Some.Object\r\n", "sep=;\r\n", "\n\n"])
def test_the_header_shows_the_delimiter(delimiter: str, preamble: str) -> None:
    rows = [["Server ", ' "FILE"'.strip(), "Version"], ["A", '"x,;|y"', "5.5"], ["B", "z", ""]]
    text = preamble + "\n".join(delimiter.join(row) for row in rows)
    servers, problems = read(text)
    assert not problems
    assert [server.files for server in servers] == [
        (FileCopy("x,;|y", version="5.5"),),
        (FileCopy("z"),),
    ]


def test_every_column() -> None:
    text = (
        "server,collected,product,level,build,edition,language,name,path,version,modified,size,"
        "platform,loaded,complete,hotfix,symptoms_observed,symptoms.absent,restart_pending,"
        "event_source,event_id,event_message,service,state,counter,value,at,for\n"
        'A,2002,P,5.5,5.5.1,E,en,x,c:/x,1,2000,7,x86,2,files;products,Q1|Q2,"A,b",c,yes,'
        'S,12,"say ""a""\nb",IS,running,q,1.5,10:00,90s\n'
        "a,,p,,,,,,,,,,,,events,Q2 Q3,,,1,,,,,,,,,\n"
    )
    assert read(text) == (
        [
            Server(
                "A",
                "2002",
                (InstalledProduct("P", "5.5", "5.5.1", "E", "en", "x86"),),
                (FileCopy("x", "c:/x", "1", "2000", 7, "x86", "2"),),
                frozenset({"files", "products", "events"}),
                frozenset({"a", "b"}),
                frozenset({"c"}),
                (Event("S", 12, 'say "a"\nb'),),
                (ServiceState("IS", "running"),),
                (CounterSample("q", 1.5, "10:00", 90.0),),
                ("Q1", "Q2", "Q3"),
                restart_pending=True,
            )
        ],
        [],
    )


def test_products_are_united() -> None:
    text = "server,product,level,platform\nA,P,,x86\nA,p,5.5,alpha\nA,P,,\nA,Q,1,\nA,P,5.6,x86\n"
    servers, _ = read(text)
    assert servers[0].products == (
        InstalledProduct("P", "5.5"),
        InstalledProduct("Q", "1"),
        InstalledProduct("P", "5.6", platform="x86"),
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("server\nA\n", None),
        ("server,complete\nA,products hotfixes\n", None),
        ("server,product,hotfixes\nA,,\n", None),
        ("server,product,hotfixes,complete\nA,,,products hotfixes\n", ()),
    ],
)
def test_an_empty_list_is_stated_only_by_completeness(text: str, shown: tuple[()] | None) -> None:
    servers, _ = read(text)
    assert (servers[0].products, servers[0].hotfixes) == (shown, shown)


def test_a_server_stands_in_the_line_of_its_first_row() -> None:
    servers, _ = read('server,event_source,event_id,event_message\nA,S,1,"a\nb\r\nc"\nB,,,\n')
    assert [str(server.at) for server in servers] == ["<stdin>:2", "<stdin>:5"]


@pytest.mark.parametrize(
    ("header", "messages"),
    [
        ("server,verson", ['"verson" is not a known column\n    hint: did you mean version?']),
        (
            "server,file,Name",
            [
                "two columns are file: file and Name; expected one column\n"
                "    hint: remove or rename one of them"
            ],
        ),
        (
            "file,version",
            [
                'the header has no column "server" (it has file, version)'
                "\n    hint: name the column with --map 'NAME=server', or the server of the file with"
                " --server-name NAME"
            ],
        ),
        (
            "OS,source computer,file",
            [
                'the header has no column "server" (it has OS, source computer, file)'
                "\n    hint: rename source computer to server"
            ],
        ),
        (
            "servers;os",
            [
                '"servers" is not a known column\n    hint: did you mean server?',
            ],
        ),
    ],
)
def test_a_header_that_misleads(header: str, messages: list[str]) -> None:
    expected = [f"<stdin>:1: {message}" for message in messages]
    assert read(f"{header}\nA,B,C\n") == ([], expected)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (b'B,"x"y', "the row is not valid CSV: ',' expected after '\"'"),
        (b"B,x,,,,,,,y", "the row has 9 cells, and the header 8 columns"),
        (b"B,\xff", "bytes that are not valid UTF-8; expected text" + HINT_UTF_8),
        (b"B,y,12x", 'size is "12x"; expected a whole number such as 4063504'),
        (b"B,,5", 'the row has no file; expected text such as "Store.exe"'),
        (b"B,,,5.5", 'the row has no product; expected text such as "Microsoft Exchange Server"'),
        (b"B,,,,maybe", 'restart_pending is "maybe"; expected true or false'),
        (b"B,,,,no", "restart_pending of B is false here and true in line 3;"
         " expected one value in all rows of a server"),
        (b"B,,,,,,,5", 'the row has no counter; expected text such as "imc-queue-length"'),
    ],
)  # fmt: skip
def test_a_bad_row_spoils_its_server_alone(row: bytes, message: str) -> None:
    header = b"server,file,size,level,restart_pending,event_source,counter,value"
    servers, problems = read(header + b"\nA,x\nB,y,,,yes\n" + row + b"\nB,z\nC,x\n")
    assert (names(servers), problems) == (["A", "C"], [f"<stdin>:4: {message}"])


def test_empty_cells_beyond_the_header_are_nothing() -> None:
    servers, problems = read("server,file\nA,x,,\n,,\nA\n")
    assert (names(servers), problems) == (["A"], [])


def test_a_control_character_in_a_name() -> None:
    assert read("server,file\nA\0,x\nB,x\n")[1] == [
        '<stdin>:2: server is "A\\u0000", which contains a control character; expected text such as "MAIL01"'
    ]


def test_a_row_without_a_server_spoils_both_its_neighbours() -> None:
    servers, problems = read("server,file\nA,x\nB,x\n,y\nC,x\nD,x\n")
    assert names(servers) == ["A", "D"]
    assert problems == [
        '<stdin>:4: the row has no server; expected text such as "MAIL01"\n'
        "    hint: add the server; the servers above and below are not evaluated, since the row may be theirs"
    ]


def test_a_quote_that_is_never_closed_swallows_nothing_in_silence() -> None:
    servers, problems = read('server,file\nA,x\nB,y\nB,"z\nC,x\nD,x\n')
    assert names(servers) == ["A"]
    assert problems == [
        "<stdin>:4: a quote in the row that begins here is not closed at the end of its cell;"
        " its server and the rest of the file are not read\n"
        "    hint: close the quote, and double each quote inside a cell"
    ]


def test_rows_that_come_back_on_standard_input() -> None:
    servers, problems = read("server,file\nA,x\nB,x\na,y\nC,x\n")
    assert (names(servers), problems) == (["B", "C"], [f"<stdin>:4: rows of a {AGAIN}{TOGETHER}"])


def test_rows_that_come_back_in_a_file(tmp_path: Path) -> None:
    text = "server,file\nA,x\nB,x\nA,y\nB,y\nC,x\n"
    servers, problems = read_file(tmp_path / "x.csv", text)
    assert names(servers) == ["C"]
    assert problems == [
        f"x.csv:4: rows of A {AGAIN} and those in line 2{TOGETHER}",
        f"x.csv:5: rows of B {AGAIN} and those in line 3{TOGETHER}",
    ]


def test_two_collections_are_united_as_the_hint_says(tmp_path: Path, needfix: Needfix) -> None:
    header = "server,collected,file,version\n"
    nights = ["A,2002-05-09,Store.exe,5.5.2653.23\n", "A,2002-05-10,Store.exe,5.5.2654.29\n"]
    _, problems = read(header + "".join(nights))
    assert problems == [
        '<stdin>:3: collected of A is "2002-05-10" here and "2002-05-09" in line 2; '
        "expected one value in all rows of a server\n    hint: unite the records of each time with --join"
    ]
    (tmp_path / "nights.csv").write_text(header + "".join(nights), encoding="utf-8")
    ran = needfix("evaluate", "--join", tmp_path / "nights.csv", "--rule", "Q279798", "--format", "jsonl")
    assert (ran.code, ran.err.count("older record")) == (0, 1)
    assert '"collected": "2002-05-10"' in ran.out


def test_a_server_that_is_only_taken_for_known_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("needfix.inventory.name_filter.NameFilter.__contains__", lambda _filter, _name: True)
    text = "server\n" + "".join(f"S{number}\n" for number in range(1000))
    servers, problems = read_file(tmp_path / "x.csv", text)
    assert (len(servers), problems) == (1000, [])


@pytest.mark.parametrize("row", ["A,p{0},1.{0},", "A,p,1.{0},", "A,p,1.{0},en"])
def test_a_server_may_have_many_products(row: str) -> None:
    count = 20_000
    rows = "\n".join(row.format(number) for number in range(count))
    begin = time.monotonic()
    (server,), problems = read(f"server,product,build,language\n{rows}\n")
    assert time.monotonic() - begin < 60  # where each is compared with each, several minutes
    assert (len(server.products or ()), problems) == (count, [])


def test_a_product_is_united_with_the_first_that_it_can_be() -> None:
    (server,), problems = read(
        "server,product,level,build,language\nA,p,5.5,,\nA,p,6.0,,\nA,P,,1.1,\nA,p,6.0,1.2,\nA,p,5.5,,en\nA,p,,1.3,\nA,p,6.0,,de\n"
    )
    shown = [(own.level, own.build, own.language) for own in server.products or ()]
    assert (shown, problems) == ([("5.5", "1.1", "en"), ("6.0", "1.2", "de"), (None, "1.3", None)], [])


@pytest.mark.parametrize("row", ["B,b.dll,5.5.2654.2", "B,b.dll", "B"])
def test_a_last_row_that_is_cut_is_a_problem(tmp_path: Path, row: str) -> None:
    text = f"server,file,version,platform\nA,a.dll,1.0,x86\n{row}"
    servers, problems = read_file(tmp_path / "a.csv", text)
    what = f"the last row has {row.count(',') + 1} of 4 cells and no line end: it is cut"
    assert names(servers) == ["A"]
    assert problems == [f"a.csv:3: {what}\n    hint: export the file again, or complete the row"]


def test_a_last_row_without_a_line_end_that_is_whole_is_read() -> None:
    servers, problems = read("server,file\nA,a.dll\nB,b.dll")
    assert (names(servers), problems) == (["A", "B"], [])


def test_a_cell_of_a_list_that_says_nothing_is_not_split() -> None:
    servers, problems = read(
        "server,hotfixes,observed\nA,not available,to be determined\nB,Q1 Q2;Not Set,a | b c\n"
    )
    assert not problems
    assert [(one.hotfixes, one.observed) for one in servers] == [
        (("not available",), frozenset({"to be determined"})),
        (("Q1", "Q2", "Not Set"), frozenset({"a", "b", "c"})),
    ]


def test_a_counter_without_a_value_is_kept() -> None:
    servers, problems = read("server,counter,value,service,state\nA,q,,s,\nA,q,N/A,,\n")
    assert not problems
    assert servers[0].counters == (CounterSample("q"), CounterSample("q"))
    assert servers[0].services == (ServiceState("s"),)


def test_a_good_record_beside_rows_that_come_back_in_another_file_is_reported(
    tmp_path: Path, needfix: Needfix
) -> None:
    (tmp_path / "a.csv").write_text("server,file\nA,x\nB,x\nA,y\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("server,file\nA,x\n", encoding="utf-8")
    for words in ((), ("--keep-going",)):
        ran = needfix("evaluate", tmp_path, *words)
        assert (
            ran.code,
            ran.err.count("a.csv:4: rows of A"),
            "b.csv:2: A has another record" in ran.err,
        ) == (
            2,
            1,
            True,
        )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("form", ["csv", "summary"])
def test_a_header_that_is_repeated_is_no_server(
    needfix: Needfix, tmp_path: Path, mark: str, form: str
) -> None:
    header, row = "server,product,file,version", "Exchange Server,Store.exe,5.5.2653.23"
    path = tmp_path / "both.csv"
    path.write_text(f"{header}\nA,{row}\n{mark}{header.title()}\nB,{row}\n", encoding="utf-8")
    ran = needfix("evaluate", path, "--rule", "Q279798", "--keep-going", "--format", form)
    assert ran.code == 2
    assert f"{path}:3: the row repeats the header" in ran.err
    assert "1 problem in the inventories" in ran.err
    assert "B," in ran.out or "2 servers" in ran.out
