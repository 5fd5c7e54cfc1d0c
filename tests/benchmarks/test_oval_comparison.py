"""The comparison with oscap over the export: oscap decides as needfix does, or leaves it open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import needfix
from benchmarks.oval import __main__ as command
from benchmarks.oval.analyse import Oscap
from benchmarks.oval.comparison import Comparer, Comparison
from benchmarks.oval.servers import ODD, servers
from needfix import DecisionKind, Server
from needfix.exporting.oval import Export, export_rules
from tests.exporting.oval.support import PLAIN
from tests.support import ROOT
from tests.support.catalogues import rule, text_of

needs_oscap = pytest.mark.skipif(
    shutil.which("oscap") is None, reason="oscap is not installed (on Debian: apt install openscap-scanner)"
)
SAMPLE = ROOT / "fixtures" / "oval"


@pytest.fixture(scope="module")
def export() -> Export:
    return export_rules(needfix.load_catalogue(), ["Q279798", "Q277831"])


class _Fixed(Oscap):
    """Decides all rules in one way."""

    def __init__(self, decision: DecisionKind) -> None:
        self._decision = decision

    def decisions(self, _server: Server) -> dict[str, DecisionKind]:
        return {"Q279798": self._decision, "Q277831": "not-affected"}


STORE = {"name": "Store.exe", "version": "5.5.2653.23"}


def compared(
    export: Export, decision: DecisionKind, *, is_sound: bool = False, **record: object
) -> Comparison:
    """The comparison of a server that needs Q279798, and of which oscap says something else."""
    server = Server.from_record({"server": "MAIL01", **record})
    of_needfix: dict[str, DecisionKind] = {"Q279798": "fix-required", "Q277831": "not-affected"}
    return Comparer(export, _Fixed(decision)).compare(server, of_needfix, is_sound=is_sound)


def test_another_decision_is_never_explained(export: Export) -> None:
    found = compared(export, "not-affected", files=[])
    assert [(one.rule, one.needfix, one.oscap) for one in found.unexplained] == [
        ("Q279798", "fix-required", "not-affected")
    ]


def test_a_decision_that_is_left_open_is_explained_by_what_oval_does_not_see(export: Export) -> None:
    found = compared(export, "undetermined", files=[])
    assert dict(found.explained) == {("level-not-listed", "fix-required"): 1}
    assert found.agreed["not-affected"] == 1


def test_a_decision_that_is_left_open_although_all_is_seen_is_not_explained(export: Export) -> None:
    found = compared(export, "undetermined", files=[STORE], complete=["files"])
    assert len(found.unexplained) == 1


def test_a_sound_server_explains_little(export: Export) -> None:
    assert len(compared(export, "undetermined", is_sound=True, files=[]).unexplained) == 1


def test_servers_are_the_same_whatever_their_count(export: Export) -> None:
    assert list(servers(export, 3, 1)) == list(servers(export, 5, 1))[:3]
    assert {ODD in one.server for one in servers(export, 40, 1)} == {True, False}


def test_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert command.main(["--servers", "1"]) == 2
    assert capsys.readouterr().err == (
        "error: oscap is not installed (on Debian: apt install openscap-scanner)\n"
    )


@needs_oscap
@pytest.mark.oscap
@pytest.mark.parametrize(("rules", "count"), [(command.RULES, 12), (SAMPLE / "rules.yaml", 60)])
def test_oscap_decides_as_needfix_does(rules: Path, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--servers", str(count), "--rules", str(rules)]) == 0
    assert "\n0 differ without one" in capsys.readouterr().out


_REGISTRY_RULE = rule(fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}])


@needs_oscap
@pytest.mark.oscap
@pytest.mark.parametrize("values", [("1", None), (None, "1"), ("1", "1"), ("1", "0"), ("0", "1"), ()])
def test_oscap_looks_at_both_views_of_a_value(values: tuple[str | None, ...]) -> None:
    catalogue = needfix.load_catalogue({"rules.yaml": text_of((PLAIN, _REGISTRY_RULE))})
    entries = [
        {"path": r"HKLM\SOFTWARE\Mail", "name": "Check", "view": view, "value": value}
        for view, value in zip(("64", "32"), values, strict=False)
        if value is not None
    ]
    files = [{"name": "Mailsrv.exe", "version": "5.5.2653.1"}]
    server = Server.from_record(
        {"server": "A", "files": files, "registry": entries, "complete": ["registry"]}
    )
    oscap = Oscap(export_rules(catalogue))
    expected = "fix-present" if values and "0" not in values else "fix-required"
    assert oscap.decisions(server) == {"Q100001": expected}
    assert oscap.validate(server) == []
    assert [one.decision for one in needfix.evaluate(catalogue, [server])] == [expected]


@needs_oscap
@pytest.mark.oscap
def test_the_schemas_accept_what_is_written() -> None:
    export = export_rules(
        needfix.load_catalogue([SAMPLE / "rules.yaml"]), ["Q100001", "Q100003", "Q100004", "Time-1"]
    )
    for server in needfix.read_inventory(SAMPLE / "servers.json"):
        assert Oscap(export).validate(server) == []
