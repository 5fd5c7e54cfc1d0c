"""The command `needfix`: finds the command's module, and turns errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import cast

from needfix.cli.exits import BAD_INPUT, INTERRUPTED
from needfix.errors import InputError, NeedfixError, UsageError

COMMANDS = {
    "evaluate": "say which servers need which hotfix, and why",
    "explain": "show how one decision came about, and what would change it",
    "rules": "list the rules of a catalogue, or show one",
    "schema": "print the JSON Schema of a format",
}

_Run = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _command(words)
    except InputError as error:
        _print_problems(error)
    except NeedfixError as error:
        _complain(str(error))
    except BrokenPipeError:
        # The reader of our output has gone; that ends the run and is nobody's fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("interrupted; nothing was written")
        return INTERRUPTED
    return BAD_INPUT


def _command(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return 0 if words else BAD_INPUT
    if words[0] in ("-V", "--version"):
        sys.stdout.write(f"needfix {_version()}\n")
        return 0
    if words[0] not in COMMANDS:
        close = get_close_matches(words[0], COMMANDS, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"there is no command {words[0]!r}{hint}\n    mend: see needfix --help")
    run = cast("_Run", import_module(f"needfix.cli.{words[0]}").run)
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
            "needfix COMMAND --help tells more. Exit codes: 0 done, 1 findings (only with --fail-on),",
            "2 bad usage or unreadable input.",
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
