"""What an executable states of itself: version, platform and language, whatever is wrong with it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.collect.executable import HEAD_BYTES, Executable, read_executable
from tests.collect.executables import (
    AMD64,
    ARM64,
    ENGLISH,
    GERMAN,
    I386,
    NEUTRAL,
    executable,
    version_resource,
)

_MOST_READS = 80
_MOST_BYTES = 1 << 20


def read(content: bytes) -> Executable | None:
    """Reads as from a file, and checks that no more is read than is allowed."""
    reads: list[int] = []

    def read_at(place: int, size: int) -> bytes:
        assert place >= 0
        assert 0 <= size <= _MOST_BYTES
        reads.append(size)
        return content[place : place + size]

    found = read_executable(read_at, content[:HEAD_BYTES])
    assert len(reads) <= _MOST_READS
    return found


def test_the_version_is_that_of_the_numbers_and_not_of_the_text() -> None:
    content = executable(versions={ENGLISH: version_resource(text="5.5.2654.29")})
    assert read(content) == Executable("5.5.2653.23", "x86", "en")


@pytest.mark.parametrize(
    ("machine", "is_64", "platform"),
    [
        (I386, False, "x86"),
        (AMD64, True, "x64"),
        (ARM64, True, "arm64"),
        (0x184, False, "alpha"),
        (7, False, None),
    ],
)
def test_the_platform_is_that_of_the_header(machine: int, platform: str | None, *, is_64: bool) -> None:
    found = read(executable(machine, {NEUTRAL: version_resource()}, is_64=is_64))
    assert found == Executable("5.5.2653.23", platform, "en")


@pytest.mark.parametrize(
    ("flags", "platform"),
    [(0x1, None), (0x3, "x86"), (0x20003, None), (0x0, "x86"), (0x9, None)],
    ids=["for any", "needs 32 bits", "prefers 32 bits", "with native code", "for any, signed"],
)
def test_what_dotnet_makes_for_any_platform_has_none(flags: int, platform: str | None) -> None:
    found = read(executable(I386, {NEUTRAL: version_resource()}, dotnet=flags))
    assert found == Executable("5.5.2653.23", platform, "en")


def test_several_languages_are_none() -> None:
    content = executable(versions={NEUTRAL: version_resource(languages=[ENGLISH, GERMAN])})
    assert read(content) == Executable("5.5.2653.23", "x86", None)


def test_two_countries_of_a_language_are_one() -> None:
    content = executable(versions={NEUTRAL: version_resource(languages=[ENGLISH, 0x809, NEUTRAL])})
    assert read(content) == Executable("5.5.2653.23", "x86", "en")


def test_resources_of_two_languages_that_agree_about_the_version() -> None:
    resources = {ENGLISH: version_resource(), GERMAN: version_resource(languages=[GERMAN])}
    assert read(executable(versions=resources)) == Executable("5.5.2653.23", "x86", None)


def test_two_versions_are_none() -> None:
    resources = {ENGLISH: version_resource(), GERMAN: version_resource((5, 5, 2654, 29))}
    assert read(executable(versions=resources)) == Executable(None, "x86", None, is_damaged=True)


def test_a_version_of_zeros_is_none() -> None:
    content = executable(versions={NEUTRAL: version_resource((0, 0, 0, 0))})
    assert read(content) == Executable(None, "x86", "en")


@pytest.mark.parametrize("versions", [None, {}], ids=["no resources", "no version"])
def test_an_executable_without_a_version(versions: dict[int, bytes] | None) -> None:
    assert read(executable(versions=versions)) == Executable(None, "x86", None)


@pytest.mark.parametrize("content", [b"", b"M", b"text", b"MZ" + b"\0" * 62, b"MZ" + b"\xff" * 200])
def test_what_is_no_executable(content: bytes) -> None:
    assert read(content) in (None, Executable(is_damaged=True))
    assert read(b"ME" + content[2:]) is None


def test_a_version_behind_much_else() -> None:
    content = executable(versions={NEUTRAL: version_resource()}, before=b"\xcc" * 100_000)
    assert read(content) == Executable("5.5.2653.23", "x86", "en")


def test_an_executable_that_was_cut_short() -> None:
    content = executable(versions={NEUTRAL: version_resource()})
    whole = len(content.rstrip(b"\0"))
    for size in range(0x80 + 26, whole, 7):
        found = read(content[:size])
        assert found is not None
        assert found.version is None
        assert found.is_damaged


@given(st.data())
def test_no_damage_makes_it_fail_or_read_much(data: st.DataObject) -> None:
    content = bytearray(executable(versions={ENGLISH: version_resource(), GERMAN: version_resource()}))
    interesting = [*range(0x3C, 0x40), *range(0x80, 0x1B0), *range(0x400, 0x600)]
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.sampled_from(interesting))] = data.draw(st.integers(0, 255))
    found = read(bytes(content))
    assert found is None or found.version is None or found.version.count(".") == 3


@given(st.binary(max_size=600))
def test_no_content_makes_it_fail(content: bytes) -> None:
    read(b"MZ" + content)
    read(executable()[:0x98] + content)


_SCRIPT = """\
#pragma code_page(65001)
1 VERSIONINFO
FILEVERSION 5,5,2653,23
PRODUCTVERSION 5,5,0,0
FILEOS 0x40004L
FILETYPE 0x2
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "FileVersion", "5.5 (our own text)"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", {translations}
  END
END
"""


def _compiled(folder: Path, translations: str, machine: str) -> bytes:
    """A library that LLVM's resource compiler and linker make of a script."""
    tools = {name: shutil.which(name) or shutil.which(f"{name}-14") for name in ("llvm-rc", "lld-link")}
    lacking = [name for name, found in tools.items() if found is None]
    if lacking:
        pytest.skip(f"needs {' and '.join(lacking)} (on Debian: apt install llvm lld)")
    script = folder / "version.rc"
    script.write_text(_SCRIPT.format(translations=translations), encoding="ascii")
    for words in (
        [tools["llvm-rc"], "/fo", "version.res", "version.rc"],
        [tools["lld-link"], "/dll", "/noentry", f"/machine:{machine}", "/out:store.dll", "version.res"],
    ):
        subprocess.run([str(word) for word in words], cwd=folder, check=True, capture_output=True)
    return (folder / "store.dll").read_bytes()


@pytest.mark.parametrize("platform", ["x86", "x64", "arm64"])
@pytest.mark.parametrize(
    ("translations", "language"),
    [("0x409, 1200", "en"), ("0x407, 1200", "de"), ("0x409, 1200, 0x407, 1200", None)],
    ids=["English", "German", "both"],
)
def test_libraries_made_by_a_compiler(
    tmp_path: Path, translations: str, language: str | None, platform: str
) -> None:
    content = _compiled(tmp_path, translations, platform)
    assert read(content) == Executable("5.5.2653.23", platform, language)


@pytest.mark.parametrize(("prefix", "platform"), [("i686", "x86"), ("x86_64", "x64")])
def test_programs_made_by_mingw(tmp_path: Path, prefix: str, platform: str) -> None:
    windres, compiler = (shutil.which(f"{prefix}-w64-mingw32-{tool}") for tool in ("windres", "gcc"))
    if windres is None or compiler is None:
        pytest.skip("needs mingw-w64 (on Debian: apt install gcc-mingw-w64)")
    (tmp_path / "version.rc").write_text(_SCRIPT.format(translations="0x409, 1200"), encoding="ascii")
    (tmp_path / "main.c").write_text("int main(void) { return 0; }\n", encoding="ascii")
    for words in (
        [windres, "version.rc", "version.o"],
        [compiler, "main.c", "version.o", "-o", "program.exe"],
    ):
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    assert read((tmp_path / "program.exe").read_bytes()) == Executable("5.5.2653.23", platform, "en")
