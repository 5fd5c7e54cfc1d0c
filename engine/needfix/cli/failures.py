"""The exit code and the message of a run that was not completed."""

from __future__ import annotations

import sys
from errno import EFBIG, EINVAL, ENOSPC

from needfix.cli.exits import BAD_INPUT, FAULT, INTERRUPTED, READER_GONE
from needfix.cli.messages import STANDARD_OUTPUT, complain, drop, show_trace, state_problems
from needfix.errors import InferenceError, InputError, NeedfixError

_HOME = "https://needfix.dev"
_MOST_SHOWN = 300
_OF_WRITING = (ENOSPC, EFBIG)
"""Errors of writing only. Every file that is written is named in its errors; standard output is not."""


def exit_code_of(error: BaseException, *, debug: bool) -> int:
    """State what went wrong; the answer is the exit code."""
    match error:
        case InputError():
            state_problems(error.problems)
        case NeedfixError() if not isinstance(error, InferenceError):
            complain(str(error))
        case OSError() if _is_reader_gone(error):
            drop(sys.stdout)
            return READER_GONE
        case OSError():
            drop(sys.stdout)
            complain(_no_access(error))
        case KeyboardInterrupt():
            complain("interrupted")
            return INTERRUPTED
        case _:
            drop(sys.stdout)
            complain(_fault(error))
            if debug:
                from traceback import format_exception  # noqa: PLC0415 - slow to import, and rarely needed

                show_trace("".join(format_exception(error)))
            return FAULT
    return BAD_INPUT


def _is_reader_gone(error: OSError) -> bool:
    """Whether a pipe was closed at its other end, which Windows reports only as "invalid argument"."""
    is_unspecific = sys.platform == "win32" and error.errno == EINVAL
    return isinstance(error, BrokenPipeError) or (is_unspecific and error.filename in (None, STANDARD_OUTPUT))


def _no_access(error: OSError) -> str:
    name = error.filename or (STANDARD_OUTPUT if error.errno in _OF_WRITING else "")
    place = f" {name}" if name else ""
    return f"cannot read or write{place}: {error.strerror or error}"


def _fault(error: BaseException) -> str:
    text = _text_of(error)
    short = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    what = f"{type(error).__name__}: {short}" if short else type(error).__name__
    if isinstance(error, MemoryError):
        return f"there is not enough memory ({what})"
    return (
        f"a fault in needfix itself, not in its input: {what}\n"
        f"    hint: report it with the command at {_HOME}; --debug shows a traceback"
    )


def _text_of(error: BaseException) -> str:
    """The message of an error in one line; empty where the error cannot be written as text."""
    try:
        return " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - it may be of any library
        return ""
