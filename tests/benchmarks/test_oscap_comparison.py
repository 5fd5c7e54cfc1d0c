"""The comparison with oscap: what differs is explained by a reading of DESIGN section 4, or the run fails."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.oscap import __main__ as command
from benchmarks.oscap.analyse import Oscap, Verdict
from benchmarks.oscap.catalogue import Shipped, UnsupportedRuleError, read
from benchmarks.oscap.comparison import Comparer, Comparison
from benchmarks.oscap.readings import READINGS
from benchmarks.oscap.servers import Copy, Server, servers

needs_oscap = pytest.mark.skipif(
    shutil.which("oscap") is None, reason="oscap is not installed (on Debian: apt install openscap-scanner)"
)
SOUND = Server("MAIL01", ("Microsoft Exchange Server",), (), is_complete=True, level="5.5 SP4")
STORE = Copy("Store.exe", "5.5.2653.23")


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return read(command.RULES)


def matter(shipped: Shipped, server: Server) -> list[str]:
    return [reading.name for reading in READINGS if reading.servers(shipped, server)]


def test_the_comparison_reads_the_shipped_rules_by_itself(shipped: Shipped) -> None:
    (rule,) = (rule for rule in shipped.rules if rule.id == "Q279798")
    assert rule.minima == {"Store.exe": ["5.5.2654.29"]}
    assert rule.levels == ("5.5", "5.5 SP3", "5.5 SP4")
    level = shipped.level_of((5, 5, 2654, 10))
    assert level is not None
    assert level.name == "5.5 SP4"


def test_a_rule_that_the_translation_has_no_words_for_is_refused(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(command.RULES, tmp_path / "rules"))
    rule = folder / "exchange-5.5" / "Q279798.yaml"
    rule.write_text(rule.read_text(encoding="utf-8") + "supersedes: [Q266638]\n", encoding="utf-8")
    with pytest.raises(UnsupportedRuleError, match="Q279798 has supersedes, which is not translated"):
        read(folder)


@pytest.mark.parametrize(
    ("server", "names"),
    [
        (replace(SOUND, copies=(STORE,)), []),
        (replace(SOUND, copies=(Copy("Mdbsz.dll", "5.5.2653.23"),)), ["key-file-missing"]),
        (replace(SOUND, copies=(STORE,), level="5.5 SP3"), ["file-newer-than-level"]),
        (replace(SOUND, copies=(STORE,), level="5.0 SP2"), ["level-contradicted"]),
        (replace(SOUND, copies=(STORE,), build="5.5.2650"), ["level-contradicted"]),
        (replace(SOUND, copies=(STORE,), level=None, build="5.5.1959"), ["level-contradicted"]),
        (replace(SOUND, level="5.5 SP9", is_complete=False), ["level-of-no-range"]),
        (replace(SOUND, copies=(STORE,), level="latest"), ["level-unreadable"]),
        (replace(SOUND, copies=(STORE,), build="n/a"), ["build-unreadable"]),
        (replace(SOUND, copies=(STORE,), products=("Microsoft SQL Server",)), ["product-contradicted"]),
        (replace(SOUND, copies=(STORE,), platform="32-bit"), ["platform-words"]),
        (replace(SOUND, copies=(Copy("Store.exe", "5.5.2654"),)), ["version-cut-short"]),
        (replace(SOUND, copies=(STORE, Copy("Emsmta.exe", "2654"))), ["version-unreadable"]),
        (replace(SOUND, copies=(STORE, Copy("Emsmta.exe", "N/A"))), ["says-nothing"]),
        (
            replace(SOUND, copies=(STORE, Copy("Emsmta.exe", "5.5.1960.4", "C:\\WINNT\\dllcache"))),
            ["copies-kept"],
        ),
    ],
)
def test_a_reading_matters_where_its_facts_are_there(
    shipped: Shipped, server: Server, names: list[str]
) -> None:
    assert matter(shipped, server) == names


class _Agreeing(Oscap):
    """Says of every rule that it does not affect the server."""

    def __init__(self, shipped: Shipped) -> None:
        self._ids = [rule.id for rule in shipped.rules]

    def verdicts(self, _server: Server) -> dict[str, Verdict]:
        return dict.fromkeys(self._ids, Verdict(affected=False, files="present"))


def test_a_difference_that_no_reading_explains_is_reported(shipped: Shipped) -> None:
    server = replace(SOUND, copies=(STORE,))
    of_needfix = {rule.id: "not-affected" for rule in shipped.rules} | {"Q279798": "fix-required"}
    found = Comparer(shipped, _Agreeing(shipped)).compare(server, of_needfix)
    assert (found.decisions, found.agreed, len(found.unexplained)) == (59, 58, 1)
    assert (found.unexplained[0].rule, found.unexplained[0].needfix) == ("Q279798", "fix-required")
    assert "5.5.2653.23" in found.unexplained[0].facts(shipped)


def test_the_command_fails_where_a_difference_is_unexplained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "Oscap", _Agreeing)
    assert command.main(["--servers", "3"]) == 1
    assert "needfix fix-required, oscap not-affected, by DESIGN not-affected" in capsys.readouterr().out


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
def test_oscap_decides_as_needfix_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--servers", "40"]) == 0
    assert capsys.readouterr().out.startswith("2360 decisions: ")


@needs_oscap
@pytest.mark.oscap
def test_oscap_takes_an_unreadable_version_both_ways(shipped: Shipped) -> None:
    server = replace(SOUND, copies=(STORE, Copy("Msexcimc.exe", "see vendor")))
    verdicts = Oscap(shipped).verdicts(server)
    assert verdicts["Q279798"].decision == "fix-required"
    assert verdicts["Q272672"].decision == "fix-required"  # Imcmsg.dll is missing


def test_servers_are_the_same_whatever_their_count(shipped: Shipped) -> None:
    assert list(servers(shipped, 3, 1)) == list(servers(shipped, 5, 1))[:3]


def test_counts_of_comparisons_add_up() -> None:
    found = Comparison(decisions=1, agreed=1)
    found.add(Comparison(decisions=59, agreed=58))
    assert (found.decisions, found.agreed) == (60, 59)
