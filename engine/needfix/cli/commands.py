"""The commands of needfix, and how each is run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast

from needfix._version import __version__
from needfix.cli.exits import BAD_INPUT, DONE
from needfix.cli.failures import exit_code_of
from needfix.cli.messages import closed_output, notes_written, sound_stream
from needfix.cli.signals import ends_cleanly
from needfix.errors import UsageError
from needfix.garbage import without_collecting
from needfix.intake.near import did_you_mean, suggestion

COMMANDS = {
    "ask": "write the symptoms that have to be confirmed as a sheet to fill in",
    "collect": "gather the facts of servers from folders and mounted disk images",
    "diff": "show which decisions a change of rules alters",
    "evaluate": "report which servers need which hotfix, and why",
    "explain": "show how one decision was reached, and what would change it",
    "export": "write rules and inventories as OVAL",
    "import": "turn vendor articles and build tables into rules",
    "lint": "check rules, and repair what has only one correct form",
    "rules": "list rules, what they ask for, show some in full, or write a new one to start from",
    "schema": "print the JSON Schema of a format",
    "test": "run the test cases of rules; measure coverage and mutants",
}

EXAMPLES = (
    "needfix evaluate servers.json",
    "needfix explain servers.json --server MAIL01 --rule Q279798",
    "needfix rules list",
)

_MODULES = {"import": "imports"}
"""The modules of commands whose name is a keyword of Python."""

_OBJECTS_PER_PASS = 1 << 17
"""Objects made between two passes of the cyclic garbage collector: rules are many objects and no cycles."""

_DEBUG = "--debug"
_Run = Callable[[Sequence[str]], int]


def run(words: Sequence[str], *, owns_process: bool) -> int:
    """Run a command; the answer is the exit code, whatever happens."""
    options = words[: words.index("--")] if "--" in words else words
    if owns_process:
        gc.set_threshold(_OBJECTS_PER_PASS)
    try:
        _prepare_streams()
        with ends_cleanly(for_good=owns_process), notes_written():
            code = _exit_code([word for word in words[:1] if word != _DEBUG] + list(words[1:]))
            sys.stdout.flush()
            return code
    except BaseException as error:  # noqa: BLE001 - the one net: no run ends with a traceback by itself
        return exit_code_of(error, debug=_DEBUG in options)


def _prepare_streams() -> None:
    """Replace streams that were closed before the start; output is UTF-8.

    Messages without a standard error are lost; a report without a standard output is an error.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    if sys.stdout is None:
        sys.stdout = closed_output()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    sound_stream(sys.stdout, "utf-8")
    sound_stream(sys.stderr)


def _exit_code(words: list[str]) -> int:
    try:
        return _command(words)
    except SystemExit as ended:  # argparse has printed its help
        if isinstance(ended.code, str):
            raise UsageError(ended.code) from None
        return ended.code or DONE


def _command(words: list[str]) -> int:
    if words[:1] == ["help"] and words[1:2] and words[1] in COMMANDS:
        words = [words[1], "--help"]
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return DONE if words else BAD_INPUT
    if words[0] in ("-V", "--version"):
        sys.stdout.write(f"needfix {__version__}\n")
        return DONE
    if words[0] not in COMMANDS:
        hint = did_you_mean(suggestion(words[0], COMMANDS))
        what = "; ".join(filter(None, (f"there is no command {words[0]!r}", hint)))
        raise UsageError(f"{what}\n    hint: see needfix --help")
    module = _MODULES.get(words[0], words[0])
    with without_collecting():
        command = cast("_Run", import_module(f"needfix.cli.{module}").run)
    return command(words[1:])


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "usage: needfix COMMAND …",
            "",
            "Reports which servers need which hotfix, and why.",
            "",
            "commands:",
            *lines,
            "",
            "Run needfix COMMAND --help for options and examples, needfix --version for the version.",
            "Exit codes: 0 done; 1 findings (lint, failed cases, --fail-on…); 2 bad usage or unreadable",
            "input; 70 a fault in needfix itself (--debug shows a traceback); 130 interrupted; 141 the",
            "reader of the output closed it.",
            "",
            "Examples:",
            *(f"  {example}" for example in EXAMPLES),
            "",
        ]
    )
