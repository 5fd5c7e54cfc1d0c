"""Exit codes, the same for every command."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
INTERRUPTED = 130
