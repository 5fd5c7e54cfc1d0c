"""Values that say nothing, and folders that keep old files."""

from __future__ import annotations

import pytest

from needfix.cases.plain import words
from needfix.intake.known_names import SAYS_NOTHING
from needfix.intake.vocabularies import keeps_old_files, says_nothing, service_state
from needfix.versions import parse_file_version


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Unknown",
        "n/a",
        "-",
        "<none>",
        "(null)",
        "System.Object[]",
        "Not  available",
        "#N/A",
        "?",
        "System.Collections.ArrayList",
        "System.Collections.Hashtable",
        "System.DBNull",
        "System.__ComObject",
        "System.Collections.Generic.List`1[System.String]",
        "{}",
        "@{}",
        "$null",
        "{, }",
        "[]",
        "#REF!",
        "<null>",
        "nil",
        "undefined",
        "NaN",
        "not applicable",
        "n.a.",
        "k. A.",
        "unbekannt",
        "Inconnu",
        "desconocido",
        "Microsoft.Win32.RegistryKey",
        "\u2014",
    ],
)
def test_what_stands_for_a_missing_value_says_nothing(text: str) -> None:
    assert says_nothing(text)
    assert words.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "5.5", "0", "Exchange", "English", "x86", "Unknown edition 5", "en", "no", "System Center 2012",
        "SP4",
        "Microsoft .NET Framework 1.1", "Systems Management Server 2.0", "Microsoft.Win32 tools", "RTM",
    ],
)  # fmt: skip
def test_other_values_say_something(text: str) -> None:
    assert not says_nothing(text)
    assert not words.says_nothing(text)


@pytest.mark.parametrize(
    "path",
    [
        r"C:\WINNT\$NtUninstallQ279798$\store.exe",
        r"c:\winnt\$ntuninstallkb42$\SPUNINST\store.exe",
        r"C:\WINNT\$NtServicePackUninstall$\x.dll",
        r"C:\WINNT\$hf_mig$\KB1\SP2QFE\x.dll",
        r"C:\WINNT\system32\dllcache\x.dll",
        r"C:\Windows\WinSxS\amd64_x\x.dll",
        "/mnt/c/Windows/ServicePackFiles/i386/x.dll",
        r"C:\Windows\SoftwareDistribution\Download\x.dll",
        r"C:\Windows.old\Windows\x.dll",
        r"D:\$WINDOWS.~BT\Sources\x.dll",
        r"C:\Windows\Installer\$PatchCache$\Managed\x\15.2.1544\x.dll",
        r"C:\WINNT\$NtUninstallQ279798$",
    ],
)
def test_copies_in_folders_of_old_files_are_known(path: str) -> None:
    assert keeps_old_files(path)


@pytest.mark.parametrize(
    "path", [r"C:\exchsrvr\bin\store.exe", r"C:\WinSxS2\x.dll", r"C:\my dllcache\x.dll", "x.dll", ""]
)
def test_other_folders_keep_files_that_run(path: str) -> None:
    assert not keeps_old_files(path)


STATES = {
    "stopped": ["stopped", "Stopped", "STOPPED", "SERVICE_STOPPED", "1", "1  STOPPED", "1.0"],
    "starting": ["Start Pending", "StartPending", "START_PENDING", "start-pending", "starting", "2"],
    "stopping": ["Stop Pending", "StopPending", "STOP_PENDING", "SERVICE_STOP_PENDING", "stopping", "3"],
    "running": ["Running", "started", " 4 ", "4 RUNNING", "4 : RUNNING"],
    "continuing": ["Continue Pending", "ContinuePending", "CONTINUE_PENDING", "resuming", "continuing", "5"],
    "pausing": ["Pause Pending", "PAUSE_PENDING", "pausing", "6"],
    "paused": ["Paused", "7"],
}


@pytest.mark.parametrize(("state", "text"), [(own, text) for own, texts in STATES.items() for text in texts])
def test_every_name_and_number_of_a_state_of_a_service_is_known(state: str, text: str) -> None:
    assert service_state(text) == state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Unknown",
        "N/A",
        "Wird beendet",
        "0",
        "8",
        "9",
        "34",
        "3.5",
        "1 RUNNING",
        "stop",
        "pending",
        "auto",
    ],
)
def test_other_words_are_not_states_of_a_service(text: str) -> None:
    assert service_state(text) is None


def test_what_says_nothing_reads_as_no_version() -> None:
    assert [text for text in SAYS_NOTHING if parse_file_version(text) is not None] == []
