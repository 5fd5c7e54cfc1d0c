"""What the copies of a file reach, as the plain evaluator finds it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from needfix.cases.plain import files as plain
from needfix.cases.plain.reading import trimmed, version
from needfix.compare.tracked import ServerFiles, TrackedFiles
from needfix.model.rule import Fix, Minimum
from needfix.model.server import FileCopy, Scope, Server
from tests.compare.strategies import COPIES, FIXES, few
from tests.compare.test_laws import EXAMPLES, often


@settings(often, max_examples=6 * EXAMPLES)
@given(FIXES, few(COPIES, 5), st.sampled_from(((), ("files",))))
def test_what_files_reach(
    fixes: tuple[Fix, ...], copies: tuple[FileCopy, ...], complete: tuple[Scope, ...]
) -> None:
    facts = Server("A", files=copies, complete=frozenset(complete))
    tracked = TrackedFiles(fixes)
    files = ServerFiles(tracked.files, facts)
    for fix in fixes:
        compared = [minimum for minimum in fix.files if minimum.is_compared]
        checks = tracked.checks(fix)
        assert [check.minimum for check in checks] == compared
        for check in checks:
            state, own = files.state(check), files.copies(check)
            expected = plain.state(fix, check.minimum, facts)
            assert (state if state not in ("unreadable", "not-inventoried") else "unknown") == expected
            assert [id(copy) for copy in own] == [
                id(copy) for copy in copies if plain.state(fix, check.minimum, alone(copy)) != "missing"
            ]
            if expected == "unknown":
                assert state in ({why_unknown(check.minimum, one) for one in own} or {"not-inventoried"})
            elif own:
                about = files.measure(check.tracked).copy
                assert about is not None
                assert plain.state(fix, check.minimum, alone(about)) == expected
                if check.minimum.version is not None:
                    lowest = min(trimmed(found) for copy in own if (found := version(copy.version)))
                    assert trimmed(version(about.version) or ()) == lowest


def alone(copy: FileCopy) -> Server:
    return Server("A", files=(copy,), complete=frozenset({"files"}))


def why_unknown(minimum: Minimum, copy: FileCopy) -> str:
    """Why it is not known what a copy reaches; "" where it is."""
    if minimum.path is not None and copy.path is None:
        return "not-inventoried"
    written = copy.version if minimum.version is not None else copy.modified
    if not written:
        return "not-inventoried"
    if minimum.version is None:
        return "" if plain.state(Fix((minimum,)), minimum, alone(copy)) != "unknown" else "unreadable"
    return "" if version(written) else "unreadable"
