"""Where reports go: a file appears whole or not at all, and what is no file stays what it is."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import INVENTORIES, Needfix

SAMPLE = INVENTORIES / "exchange.json"
BAD = b'{"server": "A", "server": "B"}'
WORDS = ("evaluate", SAMPLE, "--rule", "Q279798", "--format", "csv", "--output")

posix = pytest.mark.skipif(sys.platform == "win32", reason="devices, pipes and sockets are other things here")


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """A device like /dev/null that nobody misses."""
    node = tmp_path / "devices" / "nul"
    node.parent.mkdir()
    try:
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except (AttributeError, PermissionError):
        pytest.skip("only an administrator of a POSIX system can make a device")
    return node


def test_a_device_stays_a_device(
    device: Path, needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "out.json"
    link.symlink_to(device)
    monkeypatch.chdir(device.parent)
    for name in (device, link, device.name):
        assert needfix(*WORDS, name).code == 0
        assert stat.S_ISCHR(device.stat().st_mode)
    assert [file.name for file in device.parent.iterdir()] == ["nul"]


@posix
def test_a_socket_stays_a_socket(needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s")
        ran = needfix(*WORDS, "s")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "needfix: cannot write s: it is neither a file nor a pipe",
    )
    assert stat.S_ISSOCK(Path("s").stat().st_mode)


@posix
def test_a_pipe_takes_the_report(needfix: Needfix, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    assert needfix(*WORDS, pipe).code == 0
    reader.join()
    assert read[0].startswith("server,rule,decision")


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder of a file system in memory, below /dev."""
    folder = Path("/dev/shm", f"needfix-{os.getpid()}-{tmp_path.name}")  # noqa: S108 - it is the subject
    if not folder.parent.is_dir():
        pytest.skip("this system has no /dev/shm")
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_a_file_below_dev_is_a_file(in_memory: Path, needfix: Needfix) -> None:
    target = in_memory / "report.csv"
    target.write_text("OLD", encoding="utf-8")
    words = ("evaluate", "-", "--format", "csv", "--output", target)
    assert needfix(*words, stdin=BAD).code == 2
    assert target.read_text(encoding="utf-8") == "OLD"
    assert needfix(*WORDS, target).code == 0
    assert target.read_text(encoding="utf-8").startswith("server,rule")
    assert list(in_memory.iterdir()) == [target]


@posix
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "log"])
def test_what_the_shell_has_opened_is_written_to_where_it_stands(name: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    command = [sys.executable, "-m", "needfix", *map(str, WORDS), name]
    with log.open("ab") as out:
        subprocess.run(command, stdout=out, check=True, cwd=tmp_path)
        subprocess.run(command, stdout=out, check=True, cwd=tmp_path)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "before"
    assert sum(line.startswith("server,rule") for line in lines) == 2


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "the output has no name"),
        ("new/", "cannot write new/: this is the name of a folder"),
        (".", "cannot write .: it is a folder"),
        ("circle", "cannot write circle: "),
        ("file/x", "cannot write file/x: Not a directory"),
        ("none/x", "cannot write none/x: No such file or directory"),
        ("x" * 300, f"cannot write {'x' * 300}: File name too long"),
        ("a\0b", "cannot write a\\x00b: "),
    ],
)
def test_a_name_that_is_none_for_a_file(
    name: str, what: str, needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("circle").symlink_to("back")
    Path("back").symlink_to("circle")
    ran = needfix(*WORDS, name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"needfix: {what}")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "circle", "back"}
    assert Path("circle").is_symlink()
    assert Path("back").is_symlink()


def test_a_link_is_followed_and_stays_a_link(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    for _ in range(2):
        assert needfix(*WORDS, tmp_path / "link").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text(encoding="utf-8").startswith("server,rule")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_has_a_name(needfix: Needfix) -> None:
    ran = needfix(*WORDS, "/dev/full")
    assert (ran.code, ran.err) == (2, "needfix: cannot read or write /dev/full: No space left on device\n")
