"""No module that `needfix evaluate` can import uses what only POSIX has, unless it asks before."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support import INVENTORIES, ROOT
from tests.windows.posix_names import only_on_posix, uses

ENGINE = ROOT / "engine"
MODULES = {
    ".".join(file.relative_to(ENGINE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in (ENGINE / "needfix").rglob("*.py")
}


@cache
def source(module: str) -> str:
    return MODULES[module].read_text(encoding="utf-8")


def named(module: str) -> Iterator[str]:
    """The modules that a module imports, at its top or later, by statement or by name."""
    for node in ast.walk(ast.parse(source(module))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(start), names=names):
                yield from (start, *(f"{start}.{name.name}" for name in names))
            case ast.JoinedStr(values=[ast.Constant(value=str(room)), *_]) if room.count(".") > 1:
                yield from (name for name in MODULES if name.startswith(room))  # a registry of its modules
            case ast.Constant(value=str(name)):
                yield from (name, f"needfix.{name}")


def with_packages(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


@cache
def reached_from(start: str) -> frozenset[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        module = ahead.pop()
        if module in MODULES and module not in seen:
            seen.add(module)
            ahead.extend(name for found in named(module) for name in with_packages(found))
    return frozenset(seen)


def reached() -> frozenset[str]:
    """What a run can import: found when a test asks for it, since looking takes a second."""
    return reached_from("needfix.cli.main")


def test_what_evaluate_imports_is_found_wherever_it_is_imported() -> None:
    by_statement = {"needfix.decide.evaluate", "needfix.infer.network", "needfix.inventory.source"}
    by_name = {"needfix.cli.evaluate", "needfix.report.decisions", "needfix.fleet.reading.parquet"}
    late = {"needfix.run.columns", "needfix.run.spark", "needfix.spark.run"}
    assert by_statement | by_name | late <= reached()
    assert "needfix.pytest_plugin" not in reached()


def test_every_module_that_a_run_imports_is_among_them() -> None:
    run = f"""
import sys
from needfix.cli.main import main
main(["evaluate", {str(INVENTORIES / "exchange.json")!r}, "--rule", "Q279798"])
main(["evaluate", {str(INVENTORIES / "exchange.csv")!r}, "--format", "summary"])
print(*(name for name in sys.modules if name.startswith("needfix")))
"""
    environment = {**os.environ, "PYTHONPATH": str(ENGINE)}
    ran = subprocess.run(
        [sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True
    )
    imported = set(ran.stdout.splitlines()[-1].split())
    assert "needfix.infer.network" in imported
    assert {name for name in imported if name in MODULES} <= reached()


def test_none_of_them_uses_what_only_posix_has() -> None:
    files = {module: MODULES[module].relative_to(ROOT) for module in sorted(reached())}
    found = [
        f"{file}:{use.line}: {use.name}" for module, file in files.items() for use in uses(source(module))
    ]
    assert found == []


@pytest.mark.parametrize(
    "unguarded",
    [
        "import os\nos.fork()",
        "import os as system\nsystem.open(path, system.O_NOFOLLOW)",
        "from os import mkfifo",
        "import signal\nsignal.signal(signal.SIGHUP, stop)",
        "import fcntl",
        "import resource as limits",
        "from pwd import getpwnam",
        "import select\nselect.poll()",
        "import time\ndef run():\n    if is_ready:\n        return time.clock_gettime(0)",
        "open('/dev/null')",
        "try:\n    import fcntl\nexcept ValueError:\n    pass",
        "import os\ntry:\n    os.fork()\nexcept OSError:\n    pass",
        "import os\ntry:\n    os.fork()\nexcept ImportError:\n    pass",
        "import os, sys\nif sys.platform == 'win32':\n    os.fork()",
        "import os, sys\nif sys.platform != 'win32':\n    pass\nelse:\n    os.fork()",
        "import os\nif not os.name == 'posix':\n    os.fork()",
        "import os, sys\nif is_ready or sys.platform != 'win32':\n    os.fork()",
        "import os, sys\nif sys.platform.startswith('win'):\n    os.fork()",
        "import os, sys\nif sys.platform in ('win32', 'cygwin', 'linux'):\n    os.fork()",
        "import os\nif hasattr(os, 'getuid'):\n    os.fork()",
        "import os, signal\nif hasattr(signal, 'fork'):\n    os.fork()",
        "import os.path\nos.fork()",
        "import os, os.path\nos.fork()",
        "from pathlib import Path\nPath('a').owner()",
        "import asyncio\nasyncio.get_running_loop().add_signal_handler(2, stop)",
        "import multiprocessing\nmultiprocessing.get_context('fork')",
        "from multiprocessing import set_start_method\nset_start_method('forkserver')",
    ],
)
def test_what_only_posix_has_is_found(unguarded: str) -> None:
    assert len(uses(unguarded)) == 1


@pytest.mark.parametrize(
    "guarded",
    [
        "import os\nif hasattr(os, 'fork'):\n    os.fork()",
        "import os, sys\nname = os.uname() if sys.platform != 'win32' else ''",
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None",
        "import signal\nends = [getattr(signal, name) for name in ('SIGHUP',) if hasattr(signal, name)]",
        "import os\nos.open(os.devnull, os.O_WRONLY | os.O_CREAT)\nos.replace(one, other)",
        '"""/dev/null is opened."""',
        "import os, sys\nif sys.platform == 'win32':\n    pass\nelse:\n    os.fork()",
        "import os, sys\nif is_ready and not sys.platform.startswith('win'):\n    os.fork()",
        "import os\nif os.name in ('posix', 'java'):\n    os.fork()",
        "import os\ntry:\n    os.fork()\nexcept (AttributeError, OSError):\n    pass",
        "try:\n    import fcntl\n    fcntl.flock(1, fcntl.LOCK_EX)\nexcept ImportError:\n    pass",
        "try:\n    open('/dev/full')\nexcept OSError:\n    pass",
        "import multiprocessing\nmultiprocessing.get_context('spawn')",
    ],
)
def test_what_asks_before_or_is_everywhere_is_no_fault(guarded: str) -> None:
    assert uses(guarded) == []


def test_the_stubs_say_what_windows_lacks() -> None:
    assert {"fork", "mkfifo", "register_at_fork", "O_NOFOLLOW", "EX_SOFTWARE"} <= only_on_posix("os")
    assert not {"replace", "umask", "O_WRONLY", "getpid", "dup2"} & only_on_posix("os")
    assert "SIGHUP" in only_on_posix("signal")
    assert "SIGTERM" not in only_on_posix("signal")
