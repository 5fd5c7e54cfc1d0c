"""Fixtures for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from needfix.cli.main import main
from tests.support import ROOT, BinaryInput, Needfix, Ran
from tests.support.laws import register_profiles

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

register_profiles()

_ANY_AGE = 1_000_000
_BROAD = {"benchmarks", "ci", "cli", "docs"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what can be seen without running it."""
    rooms = item.path.relative_to(ROOT / "tests").parts
    if rooms[0] in _BROAD or "needfix" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.broad)
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker(pytest.mark.law)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """With `--dist loadfile` all tests of Spark go to one process as well, and so share one cluster."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - may be missing

    class ByFileOrCluster(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return "tests/spark" if nodeid.startswith("tests/spark/") else super()._split_scope(nodeid)

    return ByFileOrCluster(config, log)


@pytest.fixture
def needfix(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Needfix:
    """Runs the command in this process, at a time when the facts of the shipped catalogue are not yet old."""
    monkeypatch.setattr("needfix.run.run.CATALOGUE_DAYS", _ANY_AGE)

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
