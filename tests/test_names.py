"""What `import needfix` gives: the names that it promises, each imported when it is first used."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import needfix
from tests.support import ROOT

NAMES = [name for name in needfix.__all__ if name != "__version__"]


def test_needfix_has_every_name_that_it_promises() -> None:
    assert all(getattr(needfix, name).__name__ == name for name in NAMES)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = needfix.nothing


def test_the_version_is_one_of_three_numbers() -> None:
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", needfix.__version__)


@pytest.mark.parametrize(
    "script",
    ["import needfix; needfix.__version__", "from needfix.cli.main import main; main(['--version'])"],
)
def test_the_version_is_known_without_a_search_for_what_is_installed(script: str) -> None:
    searches = f"{script}; import sys; print('importlib.metadata' in sys.modules, 'yaml' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", searches],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "engine")},
    )
    assert ran.stdout.splitlines()[-1] == "False False"
