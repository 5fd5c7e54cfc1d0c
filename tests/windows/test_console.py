"""The console of Windows: its colours, its devices, and what it says of a reader that went away."""

from __future__ import annotations

import ctypes
import io
import os
import stat
import sys
from errno import EINVAL
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from needfix.cli.main import main
from needfix.cli.output import style_of
from tests.support import INVENTORIES, Needfix

SERVERS = str(INVENTORIES / "exchange.json")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.mark.parametrize("takes_colours", [1, 0])
def test_colours_are_for_a_console_that_takes_them(
    monkeypatch: pytest.MonkeyPatch, takes_colours: int
) -> None:
    modes: list[int] = []

    def set_mode(_handle: object, mode: int) -> int:
        modes.append(mode)
        return takes_colours

    kernel = SimpleNamespace(GetConsoleMode=lambda *_: 1, SetConsoleMode=set_mode)
    monkeypatch.setattr(ctypes, "WinDLL", lambda _: kernel, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(get_osfhandle=lambda _: 7))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "")
    assert style_of(None).colour == bool(takes_colours)
    assert modes == [4]


def test_what_goes_to_the_null_device_goes_nowhere_else(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows gives neither NUL nor a console a number that distinguishes them."""
    monkeypatch.chdir(tmp_path)
    device = os.stat_result((stat.S_IFCHR, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    own = os.stat

    monkeypatch.setattr(os, "stat", lambda path, **rest: device if path == "NUL" else own(path, **rest))
    monkeypatch.setattr(os, "fstat", lambda _: device)
    ran = needfix("evaluate", SERVERS, "--rule", "Q279798", "--output", "NUL")
    assert (ran.code, ran.out) == (0, "")
    assert "MAIL01" in Path("NUL").read_text(encoding="utf-8")  # what stands for the device here


class ClosedPipe(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, _: object) -> NoReturn:
        raise OSError(EINVAL, "Invalid argument")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_went_away_ends_a_run_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(ClosedPipe()))  # type: ignore[type-var]
    assert main(["evaluate", SERVERS, "--rule", "Q279798", "--format", form]) == 141
    assert capsys.readouterr().err == ""


def test_an_invalid_name_of_a_file_is_stated_all_the_same(
    needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(EINVAL, "Invalid argument", "a:b.json")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "open", refuse)
    ran = needfix("evaluate", SERVERS, "--rule", "Q279798")
    assert ran.code == 2
    assert "Invalid argument" in ran.err
