"""The command `needfix`: finds the command's module, and turns errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TextIO, cast

from needfix.cli.exits import BAD_INPUT, INTERRUPTED, READER_GONE
from needfix.cli.signals import ends_cleanly
from needfix.errors import InputError, NeedfixError, NeedfixWarning, UsageError
from needfix.intake.near import suggestion

COMMANDS = {
    "diff": "show the decisions that a change of rules alters",
    "evaluate": "say which servers need which hotfix, and why",
    "explain": "show how one decision came about, and what would change it",
    "import": "turn vendor articles into rules",
    "lint": "check rules, mend what is certain, and tell which fixes cover others",
    "rules": "list the rules of a catalogue, show one, or begin a new one",
    "schema": "print the JSON Schema of a format",
    "test": "run the cases of rules, and tell what they leave open",
}

_MODULES = {"import": "import_kb"}
"""The modules of commands whose name is a word of Python."""

_Run = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _replace_closed_streams()
    try:
        with ends_cleanly(), notes_written():
            code = _command(words)
            sys.stdout.flush()
            return code
    except InputError as error:
        _print_problems(error)
    except NeedfixError as error:
        _complain(str(error))
    except BrokenPipeError:
        _drop_output()
        return READER_GONE
    except OSError as error:
        _drop_output()
        place = f" {error.filename}" if error.filename else ""
        _complain(f"cannot read or write{place}: {error.strerror or error}")
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    return BAD_INPUT


@contextmanager
def notes_written() -> Iterator[None]:
    """Notes of needfix go to standard error, each once, without the place in its code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", NeedfixWarning)
        plainly = warnings.showwarning
        said: set[str] = set()

        def show(  # noqa: PLR0913, PLR0917 - as Python calls it
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, NeedfixWarning):
                plainly(message, category, filename, lineno, file, line)
            elif str(message) not in said:
                said.add(str(message))
                sys.stderr.write(f"needfix: note: {message}\n")

        warnings.showwarning = show
        yield


def _drop_output() -> None:
    """Throw away what standard output can no longer take, so that the end of the process is quiet."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_closed_streams() -> None:
    """A stream that was closed before the start reads as empty and takes everything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for good


def _command(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return 0 if words else BAD_INPUT
    if words[0] in ("-V", "--version"):
        sys.stdout.write(f"needfix {_version()}\n")
        return 0
    if words[0] not in COMMANDS:
        close = suggestion(words[0], COMMANDS)
        hint = f"; did you mean {close}?" if close else ""
        raise UsageError(f"there is no command {words[0]!r}{hint}\n    mend: see needfix --help")
    module = _MODULES.get(words[0], words[0])
    run = cast("_Run", import_module(f"needfix.cli.{module}").run)
    return run(words[1:])


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "usage: needfix COMMAND …",
            "",
            "Which servers need which hotfix, and why.",
            "",
            *lines,
            "",
            "needfix COMMAND --help tells more. Exit codes: 0 done, 1 findings (of lint, or with",
            "--fail-on), 2 bad usage or unreadable input.",
            "",
        ]
    )


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and rarely asked

    return version("needfix")


def _print_problems(error: InputError) -> None:
    # Without the command's name before it, so that editors and terminals find the place.
    sys.stderr.writelines(f"{problem}\n" for problem in error.problems)


def _complain(text: str) -> None:
    sys.stderr.write(f"needfix: {text}\n")
