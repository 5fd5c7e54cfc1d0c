"""Records as scripts, spreadsheets and collectors write them: none makes a server safer than it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix import fleet

RULE = "Q279798"
OLD = "5.5.2653.23"
CATALOGUE = needfix.load_catalogue()
Record = dict[str, Any]


def exchange(level: str | None = "5.5 SP4", **entry: str) -> list[Record]:
    stated = {"name": "Microsoft Exchange Server", "level": level, **entry}
    return [{key: value for key, value in stated.items() if value is not None}]


def store(version: str | None = OLD, **copy: str) -> Record:
    return {"name": "Store.exe", "version": version, **copy}


def mail(*files: Record, level: str | None = "5.5 SP4", **facts: Any) -> Record:  # noqa: ANN401
    return {"products": exchange(level), "files": list(files or [store()]), **facts}


def all_files(*files: Record, **facts: Any) -> Record:  # noqa: ANN401
    return mail(*files, complete=["files"], **facts)


CONFIRM, INVESTIGATE = "fix-required, confirm-symptoms", "undetermined, investigate"
STOPPING: Record = {"complete": ["services", "counters"]}
BACKUP = "C:\\WINNT\\$NtUninstallQ279798$\\store.exe"
ANSWERS: list[tuple[str, Record, str, set[str]]] = [
    # words that are not understood
    ("platform in other words", all_files(store(platform="32-bit")), CONFIRM, set()),
    ("platform of systeminfo", all_files(store(platform="X86-based PC")), CONFIRM, set()),
    ("platform that is none", all_files(store(platform="Unknown")), CONFIRM, set()),
    ("product Unknown", {"products": [{"name": "Unknown"}], "files": [store()]}, CONFIRM,
     {"product-name-unreadable"}),
    ("product N/A", {"products": [{"name": "N/A"}], "files": [store()]}, CONFIRM,
     {"product-name-unreadable"}),
    *(
        (f"product {name}", {"products": [{"name": name}], "files": [store()]}, CONFIRM,
         {"product-name-unreadable"})
        for name in ("%PRODUCT%", "${{ARP.displayname}}", "@{Name=}", "$(Name)", "Access is denied.",
                     "Timeout", "The RPC server is unavailable.", "#DIV/0!", "System.Byte[]")
    ),
    ("product that is a level", {"products": [{"name": "5.5 SP4"}], "files": [store()]}, INVESTIGATE,
     {"product-contradicted"}),
    *(
        (f"service {state}", mail(services=[{"name": "MSExchangeIS", "state": state}], **STOPPING),
         "fix-required, apply", {"symptom-observed"})
        for state in ("Stop Pending", "StopPending", "STOP_PENDING", "3")
    ),
    ("service in German", mail(services=[{"name": "MSExchangeIS", "state": "Wird beendet"}], **STOPPING),
     CONFIRM, {"state-unreadable"}),
    ("lists that are not there", mail(**STOPPING), CONFIRM, {"symptoms-unreported"}),
    # paths and names
    ("path as name", all_files({"name": "C:\\exchsrvr\\bin\\store.exe", "version": OLD}), CONFIRM, set()),
    ("path of Unix", all_files({"name": "/mnt/c/exchsrvr/store.exe", "version": OLD}), CONFIRM, set()),
    ("name in quotes", all_files({"name": '"store.exe"', "version": OLD}), CONFIRM, set()),
    ("name of a formula", all_files({"name": '="store.exe"', "version": OLD}), CONFIRM, set()),
    ("name without ending", all_files({"name": "store", "version": OLD}), INVESTIGATE, {"key-file-missing"}),
    # levels
    ("two stores of different levels", {"files": [store(), store("5.5.2448.8", path="D:\\SP2CD\\store.exe")]},
     INVESTIGATE, {"file-newer-than-level"}),
    ("store in a backup folder", {"files": [store(), store("5.5.2448.8", path=BACKUP)]}, CONFIRM,
     {"level-from-file"}),
    ("build and another service pack", mail(level="5.5.2448 SP4"), INVESTIGATE, {"level-contradicted"}),
    ("build of SP3 beside SP4", mail(level="5.5.2653.23 SP3"), INVESTIGATE, {"level-contradicted"}),
    ("three facts in a text", mail(level="5.5.1960 SP4 Build 2653.23"), INVESTIGATE, {"level-contradicted"}),
    ("AdminDisplayVersion", mail(level="Version 5.5 (Build 2653.23)"), CONFIRM, set()),
    *(
        (f"level and build {text}", mail(level=text), INVESTIGATE, {"level-contradicted"})
        for text in ("5.5 SP4 (5.5.2448.8)", "SP4 5.5.2448", "5.5 SP4 [5.5.2448.8]", "5.5 SP4 - 5.5.2448.8",
                      "5.5 SP2, 5.5.2653.23")
    ),
    ("version and build", mail(level="5.5 (5.5.2448.8)"), INVESTIGATE, {"file-newer-than-level"}),
    ("level and its build", mail(level="5.5 SP4 (5.5.2653.23)"), CONFIRM, {"level-affected"}),
    ("level and a date", mail(level="5.5 SP4 09.05.2002"), CONFIRM, {"level-unreadable"}),
    ("level N/A", mail(level="N/A"), CONFIRM, {"level-unreadable", "level-from-file"}),
    ("store of SP4 on a stated SP2", mail(level="5.5 SP2"), INVESTIGATE, {"file-newer-than-level"}),
    ("store of another product version", mail(store("6.5.7638.2")), INVESTIGATE, {"level-contradicted"}),
    # versions
    *(
        (f"version {text}", mail(store(text)), INVESTIGATE, {"file-unreadable"})
        for text in (
            "5.5.2654.29, 5.5.2653.23", "20001101", "2000.11.01", "99999", "55265423", "4294967295.0.0.0",
            "6.0.0 build 5.5.2653.23", "5.5.2654.29 (was 5.5.2653.23, restart pending)", "5.5", "5.5.2654",
            ".".join("0000"),
        )
    ),
    ("version Unknown", mail(store("Unknown")), INVESTIGATE, {"file-not-inventoried"}),
    # copies
    ("patched, and a backup", mail(store("5.5.2654.29"), store(path=BACKUP)), "fix-present, none", set()),
    ("only a backup", mail(store("5.5.2654.29", path=BACKUP)), INVESTIGATE, {"file-not-inventoried"}),
    *(
        (f"only a backup in {path}", mail(store("5.5.2654.29", path=path)), INVESTIGATE,
         {"file-not-inventoried"})
        for path in (r"C:\WINNT\$NtUninstallQ1$ \store.exe", r"C:\WINNT\$NtUninstallQ1$.\store.exe",
                     r"C:WinSxS\store.exe", r"""C:\WINNT\"dllcache"\store.exe""",
                     r"C:\WINNT\$NTUNI~1\store.exe")
    ),
    ("one copy without version", mail(store("5.5.2654.29"), store(None, path="D:\\old\\store.exe")),
     INVESTIGATE, {"file-not-inventoried"}),
    # what speaks against the answer
    ("claimed on SP2", mail(store("5.5.2448.8"), level="5.5 SP2", hotfixes=["KB279798"]),
     "not-affected, investigate", {"claimed-but-not-affected"}),
    ("claimed, but older", mail(hotfixes=["Q279798"]), CONFIRM, {"claimed-but-files-older"}),
    ("products of a failed collector", {"products": [], "files": []}, INVESTIGATE, {"product-unknown"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "expected", "codes"), [row[1:] for row in ANSWERS], ids=[r[0] for r in ANSWERS]
)
def test_a_record_as_the_field_writes_it(record: Record, expected: str, codes: set[str]) -> None:
    server = needfix.Server.from_record({"server": "A", **record})
    (decided,) = needfix.evaluate(CATALOGUE, server, rules=[RULE])
    assert f"{decided.decision}, {decided.action}" == expected
    assert codes <= {reason.code for reason in decided.reasons}


def test_the_same_records_in_columns(tmp_path: Path) -> None:
    file = tmp_path / "servers.jsonl"
    rows = [json.dumps({"server": f"S{number:03}", **row[1]}) for number, row in enumerate(ANSWERS)]
    file.write_text("\n".join(rows), encoding="utf-8")
    found = {
        row["server"]: row
        for batch in fleet.decisions(CATALOGUE, file, rules=[RULE])
        for row in batch.to_pylist()
    }
    for number, (label, _, expected, codes) in enumerate(ANSWERS):
        row = found[f"S{number:03}"]
        assert f"{row['decision']}, {row['action']}" == expected, label
        assert codes <= set(row["reasons"]), label


@pytest.mark.parametrize(
    "facts",
    [{}, {"files": None}, {"files": []}, {"diskContents": [store()]}],
    ids=["no files", "null", "empty", "another key"],
)
def test_a_list_called_complete_without_any_file_is_a_problem(facts: Record) -> None:
    with pytest.raises(needfix.InventoryError, match="the record lists no file") as refused:
        needfix.Server.from_record({"server": "A", "products": exchange(), "complete": ["files"], **facts})
    (problem,) = refused.value.problems
    assert (problem.server, problem.pointer) == ("A", "/complete")
