"""Signals that end a run: it ends as by Ctrl-C, so that nothing half-written stays behind."""

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
"""SIGBREAK is what Windows has where a console is closed."""
_ENDING = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_PATIENCE = 3.0
"""Seconds in which a run that was interrupted takes its things away, undisturbed."""


@contextmanager
def ends_cleanly(*, for_good: bool) -> Iterator[None]:
    """Turn the first of the signals that end a process into KeyboardInterrupt.

    Later ones do not disturb what the first began, unless that takes very long. A run that owns its
    process leaves it so when it is interrupted: what ends then is the process.
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
    """Takes the signals."""

    def __init__(self) -> None:
        self.began: float | None = None

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.began is None:
            self.began = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - self.began > _PATIENCE:
            os._exit(INTERRUPTED)
