"""running: whether what is loaded is what is on disk."""

from __future__ import annotations

from typing import Any

import pytest

from needfix.cases.plain import decide as decide_plainly
from needfix.compare.running import Running
from needfix.compare.server_files import ServerFiles
from needfix.decide.engine import engine_of
from needfix.decide.evaluation import decided as decided_by
from needfix.model.server import Server
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import NEW, OLD, answer, catalogue_of, codes, decide, fix, mail, rule, server


def loaded(version: str | None, on_disk: str = NEW, **keys: Any) -> Server:  # noqa: ANN401
    copy = {"name": "Info.dll", "version": on_disk, "loaded": version}
    return mail(files=[copy, *keys.pop("files", [])], **keys)


def running(facts: Server, *fixes: Any) -> str:  # noqa: ANN401
    """The evidence for a rule with these fixes."""
    engine = engine_of(catalogue_of(rule(fixes=list(fixes) or [fix()])))
    here = decided_by(engine, facts)
    return Running(facts, ServerFiles(engine.tracked.files, facts)).of(here.checklist.open[0])


@pytest.mark.parametrize(
    ("version", "pending", "expected"),
    [
        (None, None, "unknown"),
        (None, False, "current"),
        (OLD, None, "old"),
        (OLD, False, "old"),
        (NEW, None, "current"),
        ("5.5", None, "unknown"),
        ("5.4", None, "old"),
        ("0.0.0.0", None, "unknown"),  # noqa: S104 - a version
        ("Unknown", None, "unknown"),
        ("Unknown", False, "current"),
        (NEW, True, "pending"),
        (OLD, True, "pending"),
    ],
)
def test_a_loaded_module_is_held_against_the_minimum(
    version: str | None,
    pending: bool | None,  # noqa: FBT001
    expected: str,
) -> None:
    assert running(loaded(version, restart_pending=pending)) == expected


@pytest.mark.parametrize("on_disk", [OLD, "5.5", "x", "N/A"])
def test_it_says_nothing_where_the_file_on_disk_is_not_new_enough(on_disk: str) -> None:
    assert running(loaded(OLD, on_disk)) == "unknown"


def test_modules_of_copies_that_do_not_count_say_nothing() -> None:
    kept = {"name": "Info.dll", "version": OLD, "loaded": OLD, "path": r"C:\WINNT\$hf_mig$\x\info.dll"}
    assert running(loaded(NEW, files=[kept])) == "current"


def test_of_several_fixes_that_count_all_have_to_say_that_it_is_old() -> None:
    both = [fix(platform="x86"), fix({"Info.dll": OLD}, platform="alpha")]
    assert running(loaded(OLD), *both) == "unknown"
    assert running(loaded("5.5.2652"), *both) == "old"
    assert running(loaded(OLD, platform="x86"), *both) == "old"
    assert running(loaded(NEW), *both) == "current"


@pytest.mark.parametrize(
    ("level", "expected"),
    [("5.5 SP4", "fix-present, restart"), ("Unknown", "fix-present, none"), ("5.5 SP3", "fix-present, none")],
)
def test_of_several_installations_one_that_runs_an_old_module_is_enough(level: str, expected: str) -> None:
    """Where no path divides the files among them; each of them is decided by its own fixes."""
    fixes = [fix(level="5.5 SP3"), fix({"Other.dll": "2.0.0.2"}, level="5.5 SP4")]
    facts = server(
        products=[{"name": "Contoso Mail Server", "level": own} for own in ("5.5 SP3", level)],
        files=[
            {"name": "Info.dll", "version": NEW, "loaded": NEW},
            {"name": "Other.dll", "version": "2.0.0.2", "loaded": "2.0.0.1"},
        ],
    )
    catalogue = catalogue_of(rule(fixes=fixes))
    assert answer(decide(catalogue, facts)) == expected
    assert ", ".join(decide_plainly(catalogue, facts)["Q100001"]) == expected
    row = fleet_rows(catalogue, piece_of([facts]))[0][0]
    assert f"{row['decision']}, {row['action']}" == expected


def test_components_of_one_fix_belong_together() -> None:
    parts = [fix(component="Store"), fix({"Gate.dll": "3.0"}, component="Gateway")]
    gate = {"name": "Gate.dll", "version": "3.0", "loaded": "2.9"}
    assert running(loaded(NEW, files=[gate]), *parts) == "old"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (loaded(OLD), "loaded-below-minimum"),
        (loaded(None, restart_pending=True), "restart-pending"),
        (loaded(OLD, restart_pending=True), "restart-pending"),
    ],
)
def test_a_fix_that_does_not_run_yet_needs_a_restart(facts: Server, code: str) -> None:
    decided = decide(catalogue_of(rule()), facts)
    assert answer(decided) == "fix-present, restart"
    assert code in codes(decided)
