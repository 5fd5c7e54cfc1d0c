"""Prefetching in the compiled loops: each compiler gets the call that it has, and others compile without."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT

COMMON = ROOT / "engine" / "needfix" / "fleet" / "kernels" / "common.pxd"
MSVC = ["-U__GNUC__", "-U__clang__", "-D_MSC_VER=1940"]

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to read the guard with")


@pytest.mark.parametrize(
    ("defined", "called"),
    [
        ([], "__builtin_prefetch(p)"),
        ([*MSVC, "-D_M_X64=100"], "_mm_prefetch((const char *)(p), _MM_HINT_T0)"),
        ([*MSVC, "-D_M_IX86=600"], "_mm_prefetch((const char *)(p), _MM_HINT_T0)"),
        ([*MSVC, "-D_M_ARM64=1"], "__prefetch(p)"),
        (MSVC, "((void)(p))"),
        (["-U__GNUC__"], "((void)(p))"),
    ],
)
def test_the_guard_chooses_by_the_compiler(tmp_path: Path, defined: list[str], called: str) -> None:
    (tmp_path / "intrin.h").write_text("", encoding="utf-8")
    verbatim = COMMON.read_text(encoding="utf-8").split('"""')[1]
    lines = [line.strip() for line in verbatim.splitlines()]
    source = "\n".join([*lines, "void f(void *p) { needfix_prefetch(p); }", ""])
    words = ["gcc", "-E", "-P", *defined, f"-I{tmp_path}", "-x", "c", "-"]
    ran = subprocess.run(words, input=source, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == f"void f(void *p) {{ {called}; }}".split()
