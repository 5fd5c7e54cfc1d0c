"""The command `needfix`: where its process begins. What takes time to import is imported inside `main`."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # the module `typing` takes half of the time until a run can be interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code. Without arguments it is the command of this process."""
    try:
        from needfix.cli.commands import run  # noqa: PLC0415 - an interruption meanwhile ends like any other

        return run(list(sys.argv[1:] if arguments is None else arguments), owns_process=arguments is None)
    except KeyboardInterrupt:
        _say_interrupted()
        return _INTERRUPTED


def _say_interrupted() -> None:
    try:
        sys.stderr.write("needfix: interrupted\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # closed, or its disk is full
        return
