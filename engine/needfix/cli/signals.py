"""Signals that end a run: each is handled like Ctrl-C, so that no incomplete file remains."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from needfix.cli.exits import INTERRUPTED

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Windows sends SIGBREAK when a console is closed."""
_ENDING = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_PATIENCE = 3.0
"""Seconds that an interrupted run has to clean up before another signal ends it at once."""


@contextmanager
def ends_cleanly(*, for_good: bool) -> Iterator[None]:
    """Turn the first of the signals that end a process into KeyboardInterrupt.

    Later signals do not interrupt the clean-up, unless it takes longer than `_PATIENCE`. A run that owns
    its process (`for_good`) does not restore the handlers after an interruption, as the process ends.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interruption = _Interruption()
    before = {number: signal.signal(number, interruption) for number in _ENDING}
    try:
        yield
    finally:
        if not (for_good and interruption.began):
            for number, handler in before.items():
                signal.signal(number, handler)


class _Interruption:
    """The handler of the signals."""

    def __init__(self) -> None:
        self.began: float | None = None

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.began is None:
            self.began = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - self.began > _PATIENCE:
            os._exit(INTERRUPTED)
