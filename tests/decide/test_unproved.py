"""Facts that show less than they seem to: none of them makes an answer safer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
import needfix.fleet
from tests.support.catalogues import NEW, OLD, catalogue_of, rule, server

Record = dict[str, Any]


def decided(catalogue: needfix.Catalogue, record: Record, folder: Path) -> tuple[str, str]:
    """The decision on a server for the first rule, one at a time and in columns."""
    path = folder / "fleet.parquet"
    pq.write_table(pa.Table.from_pylist([{"server": "MAIL01", **record}]), path)
    alone = next(needfix.evaluate(catalogue, [server(**record)]))
    together = next(needfix.evaluate(catalogue, needfix.read_inventory(path)))
    (batch,) = list(needfix.fleet.decisions(catalogue, path))
    row = batch.slice(0, 1).to_pylist()[0]
    assert (alone.decision, alone.action) == (together.decision, together.action)
    assert (row["decision"], row["action"]) == (alone.decision, alone.action)
    return alone.decision, alone.action


SP4 = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
STORE = {"name": "Store.exe", "version": "5.5.2653.23"}


def in_folder(path: str | None) -> Record:
    copy = {"name": "Info.dll", "version": OLD, "path": path}
    return {"products": [SP4], "files": [STORE, copy], "complete": ["files"]}


PLACED = rule(
    if_missing="not-affected",
    fixes=[{"files": {"Info.dll": {"version": NEW, "path": r"Program Files\mail"}}}],
)


@pytest.mark.parametrize(
    "path",
    [
        "Info.dll",
        "mail",
        r".\mail\Info.dll",
        r"%ProgramFiles%\mail\Info.dll",
        r"$env:ProgramFiles\mail\Info.dll",
        r"C:\PROGRA~1\mail\Info.dll",
        r"C:\Program Files\temp\..\mail\Info.dll",
        "...",
        "*",
        "C:",
        "Unknown",
    ],
)
def test_a_path_that_is_not_whole_does_not_show_that_a_copy_lies_elsewhere(tmp_path: Path, path: str) -> None:
    assert decided(catalogue_of(PLACED), in_folder(path), tmp_path)[0] == "undetermined"


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        (r"C:\Program Files\mail\Info.dll", "fix-required"),
        (r"Program Files\mail\Info.dll", "fix-required"),
        (r"\\server\c$\mail\Info.dll", "undetermined"),
        (r"D:\backup\Info.dll", "not-affected"),
        ("/opt/mail/Info.dll", "not-affected"),
    ],
)
def test_a_whole_path_does(tmp_path: Path, path: str, decision: str) -> None:
    assert decided(catalogue_of(PLACED), in_folder(path), tmp_path)[0] == decision


@pytest.mark.parametrize("version", ["2654.10", "2653.1", "9999.1", "2654,10", "2654.10 (SP4)"])
def test_a_file_version_without_its_first_numbers_proves_nothing(tmp_path: Path, version: str) -> None:
    record: Record = {"products": [SP4], "files": [{"name": "Info.dll", "version": version}]}
    assert decided(catalogue_of(rule()), record, tmp_path) == ("undetermined", "investigate")


@pytest.mark.parametrize("version", ["2448.8", "1960.1"])
def test_nor_does_it_show_a_level(tmp_path: Path, version: str) -> None:
    record: Record = {"files": [{"name": "Store.exe", "version": version}]}
    assert decided(catalogue_of(rule()), record, tmp_path) == ("undetermined", "investigate")


@pytest.mark.parametrize("build", ["2448", "2448.8", "2448,8"])
def test_a_build_without_its_first_numbers_may_be_of_any_version(tmp_path: Path, build: str) -> None:
    listed: Record = {"products": [{"name": "Contoso Mail Server", "build": build}]}
    assert decided(catalogue_of(rule()), listed, tmp_path) == ("undetermined", "investigate")
    named: Record = {"products": [{"name": "Contoso Mail Server 5.5", "build": build}]}
    assert decided(catalogue_of(rule()), named, tmp_path) == ("not-affected", "none")


def test_a_rule_for_one_of_two_products_proves_nothing_about_the_other(tmp_path: Path) -> None:
    both = rule(
        product=None,
        affects=[{"product": "mail-server", "levels": ["5.5 SP4"]}, {"product": "host-system"}],
        fixes=[
            {"product": "mail-server", "files": {"Info.dll": {"version": NEW}}},
            {"product": "host-system", "files": {"Net.dll": {"version": "4.0.1381.99"}}},
        ],
    )
    newer = rule(
        "Q100002", supersedes=["Q100001"], fixes=[{"files": {"More.dll": {"version": "5.5.2655.1"}}}]
    )
    files = [{"name": "More.dll", "version": "5.5.2655.1"}, {"name": "Net.dll", "version": "4.0.1381.1"}]
    mail_server = {**SP4, "edition": "Standard Edition"}
    record: Record = {
        "products": [mail_server, {"name": "Contoso Host System", "level": "4.0 SP3"}],
        "files": files,
    }
    assert decided(catalogue_of(both, newer), record, tmp_path)[0] == "fix-required"
    only: Record = {"products": [mail_server], "files": files}
    assert decided(catalogue_of(both, newer), only, tmp_path)[0] == "fix-present"


def test_of_two_entries_of_another_product_both_carry_the_fix_or_it_is_not_known(tmp_path: Path) -> None:
    own = rule(corrected_in=[{"product": "host-system", "level": "4.0 SP6"}])
    first, second = ({"name": "Contoso Host System", "level": level} for level in ("4.0 SP5", "4.0 SP6"))
    files = [{"name": "Info.dll", "version": OLD}]

    def answer(*entries: Record) -> str:
        return decided(catalogue_of(own), {"products": [SP4, *entries], "files": files}, tmp_path)[0]

    assert answer(second) == "not-affected"
    assert answer(first) == "fix-required"
    assert answer(first, second) == answer(second, first) == "undetermined"


BRANCHES = rule(
    affects=["5.5 SP3", "5.5 SP4"],
    fixes=[
        {"level": "5.5 SP3", "platform": "x86", "files": {"Info.dll": {"version": "5.5.2650.9"}}},
        {"level": "5.5 SP3", "platform": "alpha", "files": {"Info.dll": {"version": "5.5.2650.9"}}},
        {"level": "5.5 SP4", "files": {"Info.dll": {"version": NEW}}},
    ],
)


def test_the_next_level_s_fix_counts_only_where_the_level_itself_rules_out_every_fix(tmp_path: Path) -> None:
    def answer(**own: str) -> tuple[str, str]:
        product = {"name": "Contoso Mail Server", "level": "5.5 SP3", **own}
        files = [{"name": "Info.dll", "version": "5.5.2650.9"}]
        return decided(catalogue_of(BRANCHES), {"products": [product], "files": files}, tmp_path)

    assert answer() == ("fix-present", "none")
    assert answer(platform="x86") == ("fix-present", "none")
    assert answer(platform="arm64") == ("undetermined", "investigate")


@pytest.mark.parametrize(
    "name",
    [
        "ContosoMailServer",
        "Contoso.Mail.Server",
        "ContosoMail5.5",
        "MailServer",
        "Mail5.5",
        "MailServer55SP4",
    ],
)
def test_a_name_that_is_written_together_may_be_the_product(tmp_path: Path, name: str) -> None:
    record: Record = {"products": [{"name": name}]}
    assert decided(catalogue_of(rule()), record, tmp_path) == ("undetermined", "investigate")


@pytest.mark.parametrize("name", ["MailServerBackup", "Postmail", "ContosoMailboxes", "Mailman"])
def test_another_name_is_another_product(tmp_path: Path, name: str) -> None:
    record: Record = {"products": [{"name": name}]}
    assert decided(catalogue_of(rule()), record, tmp_path) == ("not-affected", "none")


@pytest.mark.parametrize("prefix", ["Q279798", "q279798", "KB279798", "279798"])
def test_a_symptom_of_a_rule_may_name_it_in_any_spelling(tmp_path: Path, prefix: str) -> None:
    symptoms = [{"id": "mail-waits", "text": "Mail waits in the queue"}]
    own = rule("Q279798", apply="if-symptoms", symptoms=symptoms)
    record: Record = {
        "products": [SP4],
        "files": [{"name": "Info.dll", "version": OLD}],
        "symptoms": {"observed": [f"{prefix}/mail-waits"]},
        "complete": ["symptoms"],
    }
    assert decided(catalogue_of(own), record, tmp_path) == ("fix-required", "apply")
    present = {**record, "products": [{**SP4, "level": "5.5 SP1"}]}
    assert decided(catalogue_of(own), present, tmp_path) == ("not-affected", "investigate")
