"""sc query as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inventory.producers.windows_commands import read_text, stated


def block(state: str, name: str = "SERVICE_NAME", of_state: str = "STATE             ") -> str:
    return (
        f"{name}: MSExchangeIS\nDISPLAY_NAME: Information Store\n"
        f"        TYPE               : 10  WIN32_OWN_PROCESS\n        {of_state} : {state}\n"
        "                                (STOPPABLE, NOT_PAUSABLE)\n        WIN32_EXIT_CODE    : 0  (0x0)\n"
    )


@pytest.mark.parametrize(
    "state",
    ["1  STOPPED", "2  START_PENDING", "3  STOP_PENDING ", "4  RUNNING", "7  PAUSED", "6  PAUSE_PENDING"],
)
@pytest.mark.parametrize(
    ("name", "of_state"), [("SERVICE_NAME", "STATE"), ("DIENSTNAME", "STATUS"), ("NOM_SERVICE", "ÉTAT")]
)
def test_the_state_is_read_in_any_language(tmp_path: Path, state: str, name: str, of_state: str) -> None:
    (server,), problems, _ = read_text(tmp_path / "sc.txt", block(state, name, of_state))
    assert not problems
    assert stated(server)["services"] == [{"name": "MSExchangeIS", "state": state.split()[1]}]


def test_services_without_blank_lines_between_them_are_several(tmp_path: Path) -> None:
    text = block("4  RUNNING") + block("1  STOPPED").replace("MSExchangeIS", "Spooler")
    (server,), _, _ = read_text(tmp_path / "sc.txt", text)
    assert [entry["name"] for entry in stated(server)["services"]] == ["MSExchangeIS", "Spooler"]


def test_how_a_service_starts_is_no_state(tmp_path: Path) -> None:
    text = (
        "SERVICE_NAME: MSExchangeIS\n        TYPE               : 10  WIN32_OWN_PROCESS\n"
        "        START_TYPE         : 4   DISABLED\n        ERROR_CONTROL      : 1   NORMAL\n"
    )
    servers, problems, notes = read_text(tmp_path / "sc.txt", text)
    assert not servers
    assert len(problems) == 1
    assert [note.code for note in notes] == ["object-unknown"]


def test_a_state_in_words_that_are_not_known_is_not_stated(tmp_path: Path) -> None:
    text = block("4  RUNNING") + "\n" + block("4  LÄUFT").replace("MSExchangeIS", "Spooler")
    (server,), _, notes = read_text(tmp_path / "sc.txt", text)
    assert stated(server)["services"] == [{"name": "MSExchangeIS", "state": "RUNNING"}]
    assert "object-unknown" in {note.code for note in notes}
