"""Exit codes, the same for every command, and which of them a run ends with."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
FAULT = 70
"""A fault in needfix itself: EX_SOFTWARE of sysexits.h."""
INTERRUPTED = 130
READER_GONE = 141
"""As a shell tells of a command that a closed pipe ended: the run is not whole, so it is no 0."""


def exit_code(*, bad: int, found: object) -> int:
    """What a run ends with that came to its end: problems of its input outweigh what was found."""
    if bad:
        return BAD_INPUT
    return FINDINGS if found else DONE
