"""The lowest bit of a word in the compiled loops: without a builtin it is found by halves."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT

COMMON = ROOT / "engine" / "needfix" / "fleet" / "kernels" / "common.pxd"
HEAD = "#include <stdint.h>\n#include <stdio.h>\n"
MAIN = """
int main(void) {
    for (int place = 0; place < 64; place++) printf("%d ", (int)needfix_lowest_bit(~(uint64_t)0 << place));
    return 0;
}
"""

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to compile it with")


@pytest.mark.parametrize("compiler", ["", "#undef __GNUC__\n"])
def test_it_is_the_same_with_every_compiler(tmp_path: Path, compiler: str) -> None:
    verbatim = COMMON.read_text(encoding="utf-8").split('"""')[3]
    own = "\n".join(line.strip() for line in verbatim[verbatim.index("#if defined") :].splitlines())
    program = tmp_path / "lowest"
    words = ["gcc", "-x", "c", "-o", str(program), "-"]
    subprocess.run(words, input=HEAD + compiler + own + MAIN, text=True, check=True)
    ran = subprocess.run([program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [str(place) for place in range(64)]
