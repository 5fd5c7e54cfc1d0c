"""Fixtures for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from needfix.cli.main import main
from tests.support import ROOT, BinaryInput, Needfix, Ran
from tests.support.laws import register_profiles

register_profiles()

_BROAD = {"benchmarks", "ci", "cli", "docs"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what can be seen without running it."""
    rooms = item.path.relative_to(ROOT / "tests").parts
    if rooms[0] in _BROAD or "needfix" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.broad)
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker(pytest.mark.law)


@pytest.fixture
def needfix(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Needfix:
    """Runs the command in this process."""

    def run(*words: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", BinaryInput(stdin))
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def many_switches() -> Iterator[None]:
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
