"""Exit codes, the same for every command, and which of them a run ends with."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
FAULT = 70
"""A fault in needfix itself: EX_SOFTWARE of sysexits.h."""
INTERRUPTED = 130
READER_GONE = 141
"""128 + SIGPIPE, as shells report a command that a closed pipe ended: the output is not whole."""


def exit_code(*, bad: int, found: object) -> int:
    """The exit code of a run that was completed: problems of its input outweigh findings."""
    if bad:
        return BAD_INPUT
    return FINDINGS if found else DONE
