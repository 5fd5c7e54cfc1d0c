"""Values that say nothing, and folders that keep old files."""

from __future__ import annotations

import pytest

from needfix.intake.vocabularies import keeps_old_files, says_nothing


@pytest.mark.parametrize(
    "text",
    ["", " ", "Unknown", "n/a", "-", "<none>", "(null)", "System.Object[]", "Not  available", "#N/A", "?"],
)
def test_what_stands_for_a_missing_value_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["5.5", "0", "Exchange", "English", "x86", "Unknown edition 5", "en", "no"])
def test_other_values_say_something(text: str) -> None:
    assert not says_nothing(text)


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
