"""Answer sheets: what people answer about the symptoms of servers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from needfix import UsageError, load_catalogue, read_answers, read_inventory
from tests.support import Needfix

FILES = """server,product,level,file,version
MAIL01,Microsoft Exchange Server,5.5 SP4,Store.exe,5.5.2653.23
MAIL02,Microsoft Exchange Server,5.5 SP4,Store.exe,5.5.2653.23
WEB01,Microsoft Exchange Server,5.5 SP4,Store.exe,5.5.2654.40
"""
QUEUES = "Internet Mail Service queues grow and no message leaves them"
STOP = "The information store service stays in the state stopping when it is asked to stop"
RULE = ("--rule", "Q279798", "--quiet")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    file = tmp_path / "files.csv"
    file.write_text(FILES)
    return file


def actions(needfix: Needfix, files: Path, answers: str, *words: str) -> dict[str, str]:
    sheet = files.with_name("answers.csv")
    sheet.write_text(answers)
    run = needfix("evaluate", files, *RULE, "--answers", sheet, "--format", "jsonl", *words)
    assert run.code == 0, run.err
    decisions = [json.loads(line) for line in run.out.splitlines()]
    return {one["server"]: one["action"] for one in decisions}


def sheet(*rows: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("server", "rule", "question", "answer"), *rows])
    return out.getvalue()


def test_the_symptoms_that_are_not_reported_are_asked_for(needfix: Needfix, files: Path) -> None:
    asked = files.with_name("asked.csv")
    run = needfix("ask", files, "--rule", "Q279798", "--output", asked)
    assert run.code == 0
    assert "4 questions about 2 servers: fill in the answers, and evaluate with --answers" in run.err
    rows = list(csv.reader(asked.read_text().splitlines()))
    assert rows == [
        ["server", "rule", "question", "answer"],
        *([name, "Q279798", text, ""] for name in ("MAIL01", "MAIL02") for text in (QUEUES, STOP)),
    ]
    filled = sheet(*((*row[:3], "no") for row in rows[1:]))
    assert actions(needfix, files, filled) == {"MAIL01": "wait", "MAIL02": "wait", "WEB01": "none"}
    assert needfix("ask", files, *RULE, "--answers", files.with_name("answers.csv")).out == (
        "server,rule,question,answer\n"
    )


def test_a_sheet_as_it_was_written_changes_nothing(needfix: Needfix, files: Path) -> None:
    written = needfix("ask", files, *RULE).out
    open_still = {"MAIL01": "confirm-symptoms", "MAIL02": "confirm-symptoms", "WEB01": "none"}
    assert actions(needfix, files, written) == open_still


@pytest.mark.parametrize(
    "question", [QUEUES.upper() + "?", "internet-mail-queues-grow", "Q279798/Internet-Mail-Queues-Grow"]
)
@pytest.mark.parametrize("rule", ["Q279798", "KB279798", "279798"])
@pytest.mark.parametrize("answer", ["yes", "Y", "TRUE", "1", '="yes"'])
def test_words_of_a_sheet(needfix: Needfix, files: Path, question: str, rule: str, answer: str) -> None:
    assert actions(needfix, files, sheet(("mail01", rule, question, answer)))["MAIL01"] == "apply"


def test_servers_by_pattern_and_by_name(needfix: Needfix, files: Path) -> None:
    answers = sheet(
        ("MAIL*", "Q279798", QUEUES, "yes"), ("MAIL02", "Q279798", QUEUES, "no"), ("*", "Q279798", STOP, "no")
    )
    assert actions(needfix, files, answers) == {"MAIL01": "apply", "MAIL02": "wait", "WEB01": "none"}


@pytest.mark.parametrize("report", ["--join", "--keep-going"])
def test_answers_about_records_that_are_read_in_any_way(needfix: Needfix, files: Path, report: str) -> None:
    answers = sheet(("MAIL01", "Q279798", QUEUES, "yes"))
    assert actions(needfix, files, answers, report)["MAIL01"] == "apply"


def test_in_columns(needfix: Needfix, files: Path) -> None:
    answers = files.with_name("answers.csv")
    answers.write_text(sheet(("MAIL01", "Q279798", QUEUES, "yes")))
    run = needfix("evaluate", files, *RULE, "--answers", answers, "--format", "summary")
    assert "1 apply, 1 confirm-symptoms" in run.out


def test_an_answer_against_the_record_is_a_contradiction_of_both(needfix: Needfix, files: Path) -> None:
    stated = files.with_name("stated.jsonl")
    record = {
        "server": "MAIL01",
        "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
        "files": [{"name": "Store.exe", "version": "5.5.2653.23"}],
        "symptoms": {"observed": ["Q279798/internet-mail-queues-grow"]},
    }
    stated.write_text(json.dumps(record))
    answers = files.with_name("answers.csv")
    answers.write_text(sheet(("MAIL01", "Q279798", QUEUES, "no")))
    run = needfix("evaluate", stated, *RULE, "--answers", answers)
    assert "Records of this server disagree" in run.out
    assert "answers.csv:2" in run.out
    assert "stated.jsonl:1" in run.out


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("A", "Q279798", QUEUES, "maybe"), "the answer is 'maybe'; expected yes or no"),
        (("A", "Q27979", QUEUES, "no"), "there is no rule 'Q27979'\n    hint: did you mean Q279798?"),
        (("A", "Q279798", "Colour", "no"), f"'Colour' is not a symptom of Q279798; expected \"{QUEUES}\" or"),
        (("", "Q279798", QUEUES, "no"), "the row has no server; expected a server's name"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row(needfix: Needfix, files: Path, row: tuple[str, ...], problem: str) -> None:
    answers = files.with_name("answers.csv")
    answers.write_text(sheet(("MAIL01", "Q279798", QUEUES, "yes"), row))
    run = needfix("evaluate", files, "--answers", answers)
    assert (run.code, run.out) == (2, "")
    assert f"answers.csv:3: {problem}" in run.err


def test_what_is_wrong_with_a_sheet(needfix: Needfix, files: Path) -> None:
    answers = files.with_name("answers.csv")
    answers.write_text("server,question,answer\n")
    run = needfix("evaluate", files, "--answers", answers)
    assert "answers.csv:1: the sheet has no column rule; expected the columns server, rule" in run.err
    answers.write_text(sheet(("A", "Q279798", QUEUES, "yes"), ("a", "279798", QUEUES, "no")))
    run = needfix("evaluate", files, "--answers", answers)
    assert "answers.csv:3: the answer for a differs from that in line 2" in run.err
    run = needfix("evaluate", files, "--answers", files.with_name("none.csv"))
    assert (run.code, "none.csv" in run.err) == (2, True)


def test_names_of_a_sheet_count_as_short_as_those_of_servers(needfix: Needfix, files: Path) -> None:
    files.write_text(FILES.replace("MAIL01", "mail01.corp.example").replace("MAIL02", "CORP\\MAIL02"))
    answers = sheet(
        ("mail01.corp.example", "Q279798", QUEUES, "yes"),
        ("mail02", "Q279798", STOP, "yes"),
        ("*", "Q279798", QUEUES, "no"),
        ("*", "Q279798", STOP, "no"),
    )
    expected = {"mail01": "apply", "MAIL02": "apply", "WEB01": "none"}
    assert actions(needfix, files, answers, "--short-names") == expected
    assert actions(needfix, files, answers)["mail01.corp.example"] == "apply"


@pytest.mark.parametrize("report", ["csv", "summary"])
def test_an_answer_for_no_server_is_noted(needfix: Needfix, files: Path, report: str) -> None:
    answers = files.with_name("answers.csv")
    rows = [("MAIL*", "yes"), ("MAIL99", "yes"), ("mail01", "no")]
    answers.write_text(sheet(*((name, "Q279798", QUEUES, answer) for name, answer in rows)))
    run = needfix("evaluate", files, "--rule", "Q279798", "--answers", answers, "--format", report)
    note = f"{answers}:3: note: 1 answer is for a server that is in no inventory, and was not used: "
    assert f'{note}"MAIL99"; hint: write the names' in run.err
    assert run.err.count("is in no inventory") == 1


def test_a_sheet_may_begin_as_excel_writes_it(needfix: Needfix, files: Path) -> None:
    answers = sheet(("MAIL01", "Q279798", QUEUES, "yes")).replace(",", ";")
    assert actions(needfix, files, f"sep=;\n{answers}")["MAIL01"] == "apply"


GERMAN = sheet(("MÜNCHEN", "Q279798", QUEUES, "oui"), ("MAIL01", "Q279798", QUEUES, "sí"))


def of_sheet(needfix: Needfix, files: Path, name: str, content: bytes, *words: str) -> tuple[int, str, str]:
    (files.parent / name).write_bytes(content)
    run = needfix("evaluate", files, *RULE, "--answers", files.parent / name, "--format", "jsonl", *words)
    shown = {one["server"]: one["action"] for one in map(json.loads, run.out.splitlines())}
    return run.code, shown.get("MAIL01", ""), run.err


def test_a_sheet_in_another_encoding(needfix: Needfix, files: Path) -> None:
    ansi = GERMAN.encode("cp1252")
    assert of_sheet(needfix, files, "a.csv", ansi, "--encoding", "cp1252")[:2] == (0, "apply")
    code, _, err = of_sheet(needfix, files, "a.csv", ansi)
    assert (code, "use --encoding cp1252" in err) == (2, True)
    for encoding in ("utf-16", "utf-8-sig"):  # a byte order mark counts before what is stated
        assert of_sheet(needfix, files, "a.csv", GERMAN.encode(encoding), "--encoding", "cp850")[:2] == (
            0,
            "apply",
        )


def test_a_sheet_that_is_compressed(needfix: Needfix, files: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("answers.csv", GERMAN)
    for name, content in (("a.csv.gz", gzip.compress(GERMAN.encode())), ("a.zip", packed.getvalue())):
        assert of_sheet(needfix, files, name, content)[:2] == (0, "apply")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", GERMAN)
        archive.writestr("two.csv", GERMAN)
    code, _, err = of_sheet(needfix, files, "b.zip", packed.getvalue())
    assert (code, "ZIP archive; expected a sheet with answers, as CSV or workbook" in err) == (2, True)


def test_a_sheet_of_a_workbook(needfix: Needfix, files: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in csv.reader(GERMAN.splitlines()):
        book.active.append(row)
    book.active.append(["MAIL01", "Q279798", STOP, "perhaps"])
    book.save(files.parent / "wrong.xlsx")
    code, _, err = of_sheet(needfix, files, "wrong.xlsx", (files.parent / "wrong.xlsx").read_bytes())
    assert (code, "wrong.xlsx:4: the answer is 'perhaps'" in err) == (2, True)
    book.active.delete_rows(4)
    book.save(files.parent / "right.xlsx")
    content = (files.parent / "right.xlsx").read_bytes()
    assert of_sheet(needfix, files, "right.xlsx", content)[:2] == (0, "apply")
    assert of_sheet(needfix, files, "right.xlsx.gz", gzip.compress(content))[:2] == (0, "apply")


def test_sheets_in_programs(files: Path) -> None:
    file = files.with_name("a.csv")
    file.write_bytes(GERMAN.encode("cp1252"))
    answers = read_answers(file, load_catalogue(), encoding="cp1252")
    assert [one.servers for one in answers.answers] == ["MÜNCHEN", "MAIL01"]
    servers = {own.server: own for own in read_inventory(files, answers=answers)}
    assert list(servers["MAIL01"].observed or ()) == ["q279798/internet-mail-queues-grow"]
    assert servers["MAIL02"].observed is None
    with pytest.raises(UsageError, match="encoding 'latin-9000' is not an encoding"):
        read_answers(file, load_catalogue(), encoding="latin-9000")
