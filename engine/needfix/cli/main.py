"""The command `needfix`: where its process begins. What takes time to import is imported inside `main`."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # the module `typing` takes half of the time until a run can be interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
_FAULT = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code. Without arguments it is the command of this process."""
    try:
        from needfix.cli.commands import run  # noqa: PLC0415 - an interruption meanwhile ends like any other

        return run(list(sys.argv[1:] if arguments is None else arguments), owns_process=arguments is None)
    except KeyboardInterrupt:
        _complain("interrupted")
        return _INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - a broken installation, or a fault of the net in `run`
        _complain(
            f"a fault in needfix itself, not in its input: {_named(error)}; if it stays, install it again"
        )
        return _FAULT


def _named(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except BaseException:  # noqa: BLE001 - as above
        text = ""
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return ascii(what)[1:-1]


def _complain(text: str) -> None:
    try:
        sys.stderr.write(f"needfix: {text}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # closed, or its disk is full
        return
