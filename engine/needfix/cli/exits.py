"""Exit codes, the same for every command."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
FAULT = 70
"""A fault in needfix itself: EX_SOFTWARE of sysexits.h."""
INTERRUPTED = 130
READER_GONE = 141
"""As a shell tells of a command that a closed pipe ended: the run is not whole, so it is no 0."""
