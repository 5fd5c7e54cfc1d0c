"""Cases chosen by a regular expression, with a time limit: some expressions would take years to match."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from needfix.errors import UsageError

MOST_SECONDS = 10.0
_MOST_CHARACTERS = 1_000
_MOST_SHOWN = 60

_SEARCH = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
expression, names = json.load(sys.stdin)
try:
    search = re.compile(expression).search
    found = [search(name) is not None for name in names]
except (re.error, OverflowError, RecursionError) as error:
    found = str(error) or type(error).__name__
json.dump(found, sys.stdout)
"""
"""Runs in a process of its own: nothing else ends a search that has begun, on every system."""


def found_in(expression: str, names: Sequence[str]) -> list[bool]:
    """Whether each name matches an expression. Raises UsageError if it is not valid or takes too long."""
    shown = repr(expression if len(expression) <= _MOST_SHOWN else f"{expression[:_MOST_SHOWN]}…")
    if len(expression) > _MOST_CHARACTERS:
        raise UsageError(f"--run {shown} is longer than {_MOST_CHARACTERS} characters")
    try:
        ran = subprocess.run(  # noqa: S603 - what was typed is its input, and no part of the command
            [sys.executable, "-I", "-S", "-c", _SEARCH],
            input=json.dumps([expression, list(names)]).encode("ascii"),
            capture_output=True,
            check=False,
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        hint = "write it without a repetition inside a repetition, such as (a*)*"
        what = f"--run {shown} takes longer than {MOST_SECONDS:g} seconds to match"
        raise UsageError(f"{what}\n    hint: {hint}") from None
    if ran.returncode:
        raise UsageError(f"--run {shown} cannot be matched: it needs too much memory")
    found: list[bool] | str = json.loads(ran.stdout)
    if isinstance(found, str):
        raise UsageError(f"--run {shown} is not a regular expression: {found}")
    return found
