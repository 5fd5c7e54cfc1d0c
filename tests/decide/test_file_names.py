"""Reasons name the folder and the branch of a file where several could be meant."""

from __future__ import annotations

from tests.support.catalogues import catalogue_of, decide, fix, mail, reason, rule

FOLDERS = [
    fix({"Info.dll": {"version": "2.0.0.1", "path": "x64"}}, component="64 bit"),
    fix({"Info.dll": {"version": "2.0.0.1", "path": "x86"}}, component="32 bit"),
]


def copy(folder: str, version: str) -> dict[str, str]:
    return {"name": "Info.dll", "path": rf"C:\Mail\{folder}\Info.dll", "version": version}


def test_files_of_one_name_are_named_with_their_folders() -> None:
    catalogue = catalogue_of(rule(fixes=FOLDERS))
    found = decide(catalogue, mail(files=[copy("x64", "2.0.0.1"), copy("x86", "2.0.0.0")]))
    assert reason(found, "partial").text == (
        "Only part of the fix is installed: Info.dll in x64, but not Info.dll in x86"
    )
    below = reason(found, "file-below-minimum").text
    assert below == r"Info.dll in C:\Mail\x86\Info.dll is 2.0.0.0; 2.0.0.1 or later is needed"


def test_files_that_are_missing_are_named_with_their_folders() -> None:
    catalogue = catalogue_of(rule(fixes=FOLDERS))
    found = decide(catalogue, mail(files=[copy("x64", "2.0.0.1")]))
    assert reason(found, "file-not-inventoried").text.startswith("Info.dll in x86 was not inventoried; ")


def test_reasons_of_several_branches_name_the_branch() -> None:
    fixes = [
        fix({"Info.dll": "5.5.2650.10"}, level="5.5 SP3"),
        fix({"Info.dll": "5.5.2654.10"}, level="5.5 SP4"),
    ]
    catalogue = catalogue_of(rule(fixes=fixes))
    found = decide(catalogue, mail(level=None, info="5.5.2653.1"))
    texts = [one.text for one in found.reasons if one.file == "Info.dll"]
    assert texts == [
        "Info.dll is 5.5.2653.1; 5.5.2654.10 or later is needed (the fix for 5.5 SP4)",
        "Info.dll is 5.5.2653.1; 5.5.2650.10 or later is needed (the fix for 5.5 SP3)",
    ]
    stated = decide(catalogue, mail(info="5.5.2653.1"))
    assert reason(stated, "file-below-minimum").text.endswith("or later is needed")
