"""Texts that are not UTF-8: what is wrong, and `--encoding`."""

from __future__ import annotations

import io
from encodings.aliases import aliases
from pathlib import Path

import pytest

from needfix.intake.text import ReplayedBytes, decode_head, encoding_named
from tests.support import Needfix

EXCHANGE = "Microsoft Exchange Server,5.5 SP4"
TABLE = f"server,product,level\nMÜLLER01,{EXCHANGE}\nGRÖSSE02,{EXCHANGE}\n"
EVALUATE = ("evaluate", "--rule", "Q279798", "--format")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_the_hint_names_the_likely_encoding_and_works(here: Path, needfix: Needfix, encoding: str) -> None:
    (here / "a.csv").write_bytes(TABLE.encode(encoding))
    for report in ("csv", "summary"):
        ran = needfix(*EVALUATE, report, "a.csv")
        assert ran.code == 2
        assert ran.err.startswith(
            "a.csv:2: bytes that are not valid UTF-8; expected text\n"
            f"    hint: save the file as UTF-8, which Excel calls CSV UTF-8, or use --encoding {encoding}\n"
        )
        ran = needfix(*EVALUATE, report, "a.csv", "--encoding", encoding)
        assert ran.code == 0
    assert "\nMÜLLER01,Q279798," in needfix(*EVALUATE, "csv", "a.csv", "--encoding", encoding).out


@pytest.mark.parametrize(
    ("word", "encoding"),
    [
        ("ЖЮЯ01", "cp1251"),
        ("ЖЮЯ01", "cp866"),
        ("Жщюя", "cp866"),
        ("本番", "cp932"),
        ("サーバー", "cp932"),
    ],
)
def test_the_hint_knows_words_of_other_scripts(
    here: Path, needfix: Needfix, word: str, encoding: str
) -> None:
    (here / "a.csv").write_bytes(f"server,product,level\n{word},{EXCHANGE}\n".encode(encoding))
    assert f"or use --encoding {encoding}\n" in needfix(*EVALUATE, "csv", "a.csv").err
    assert needfix(*EVALUATE, "csv", "a.csv", "--encoding", encoding).code == 0


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.yaml"])
def test_records_and_fleets_of_any_text_get_the_same_hint(
    here: Path, needfix: Needfix, name: str, encoding: str
) -> None:
    text = "server: MÜLLER01\n" if name == "a.yaml" else '{"server": "MÜLLER01"}\n'
    (here / name).write_bytes(text.encode(encoding))
    for report in ("csv", "summary"):
        assert f"or use --encoding {encoding}\n" in needfix(*EVALUATE, report, name).err


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.yaml"])
def test_any_text_may_be_in_another_encoding(here: Path, needfix: Needfix, name: str) -> None:
    text = "server: MÜLLER01\n" if name == "a.yaml" else '{"server": "MÜLLER01"}\n'
    (here / name).write_bytes(text.encode("cp1252"))
    assert "\nMÜLLER01,Q279798," in needfix(*EVALUATE, "csv", name, "--encoding", "windows-1252").out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_counts_before_the_option(here: Path, needfix: Needfix, encoding: str) -> None:
    (here / "a.csv").write_bytes(TABLE.encode(encoding))
    assert "\nMÜLLER01,Q279798," in needfix(*EVALUATE, "csv", "a.csv", "--encoding", "cp1252").out


def test_rows_that_come_back_are_read_again_in_the_same_encoding(here: Path, needfix: Needfix) -> None:
    (here / "a.csv").write_bytes(f"{TABLE}MÜLLER01,Other,1\n".encode("cp1252"))
    ran = needfix(*EVALUATE, "csv", "a.csv", "--encoding", "cp1252")
    assert "a.csv:4: rows of MÜLLER01 appear again" in ran.err
    assert needfix(*EVALUATE, "csv", "a.csv", "--encoding", "cp1252", "--join").code == 0


def test_bytes_that_are_not_in_the_encoding_are_a_problem(here: Path, needfix: Needfix) -> None:
    (here / "a.csv").write_bytes(b"server\nA\x81\n")
    ran = needfix(*EVALUATE, "csv", "a.csv", "--encoding", "cp1252")
    assert (
        "a.csv:2: bytes that are not valid CP1252; expected text\n    hint: save the file as UTF-8\n"
        in ran.err
    )


@pytest.mark.parametrize(
    "name", ["ansi-western", "base64", "rot13", "", "idna", "punycode", "undefined", "unicode_escape"]
)
def test_what_is_no_encoding_of_texts_is_refused(here: Path, needfix: Needfix, name: str) -> None:
    (here / "a.csv").write_bytes(TABLE.encode())
    ran = needfix(*EVALUATE, "csv", "a.csv", "--encoding", name)
    assert ran.code == 2
    assert ran.err.startswith(f"needfix: --encoding {name!r} is not an encoding of texts\n")


@pytest.mark.parametrize("name", sorted({*aliases, *aliases.values()}))
def test_each_codec_of_python_reads_any_bytes_or_is_no_encoding(name: str) -> None:
    try:
        encoding = encoding_named(name)
    except LookupError:
        return
    for data in (b"", TABLE.encode(), bytes(range(256)), b"\xff\xfe\0", b"xn--\xff.xn--a-\n"):
        assert isinstance(decode_head(data, encoding), str)
        assert isinstance(ReplayedBytes(data, io.BytesIO()).as_text(encoding).read(), str)


@pytest.mark.parametrize("name", ["utf-16", "U16"])
@pytest.mark.parametrize("report", ["csv", "summary"])
def test_utf_16_without_a_byte_order_mark_is_that_of_windows(
    here: Path, needfix: Needfix, name: str, report: str
) -> None:
    (here / "a.csv").write_bytes(TABLE.encode("utf-16-le"))
    assert needfix(*EVALUATE, report, "a.csv", "--encoding", name).code == 0
    (here / "a.csv").write_bytes(TABLE.encode("cp1252"))
    assert needfix(*EVALUATE, report, "a.csv", "--encoding", name).code == 2
