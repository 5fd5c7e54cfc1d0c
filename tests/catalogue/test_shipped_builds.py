"""Every level and update of the shipped build tables is decided rightly, on both sides of its build."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import needfix
from needfix.model.server import Server
from tests.catalogue.build_tables import EXCHANGE, NOT_CONCERNED, SQL_SERVER, TABLES, Machine, Table, sqlservr
from tests.support import ROOT, Needfix
from tests.support.shipped import SHIPPED

MODERN = ROOT.parent / "shared" / "modern"


def facts(table: Table, machine: Machine, *, states_level: bool = True) -> dict[str, object]:
    """What tools show of a machine: the build of SQL Server, and a file's version for Exchange."""
    if table.product == "exchange-server":
        name, level = "Microsoft Exchange Server", {"level": machine.level} if states_level else {}
        files = [{"name": "ExSetup.exe", "version": machine.written}]
        return {"products": [{"name": name, **level}], "files": files}
    pack = machine.level if states_level else machine.level.split(" CU")[0].split(" Azure")[0]
    return {"products": [{"name": "Microsoft SQL Server", "level": pack, "build": f"{machine.written}.1"}]}


@pytest.mark.broad
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.product)
@pytest.mark.parametrize("states_level", [True, False])
def test_every_level_and_one_of_twelve_updates(table: Table, *, states_level: bool) -> None:
    check_verdicts(table, table.updates[::12], states_level=states_level)


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.product)
@pytest.mark.parametrize("states_level", [True, False])
def test_every_level_and_update(table: Table, *, states_level: bool) -> None:
    check_verdicts(table, table.updates, states_level=states_level)


def check_verdicts(table: Table, updates: list[str], *, states_level: bool) -> None:
    machines = dict.fromkeys(table.machines())
    by_name = {f"{machine.level}/{machine.written}": machine for machine in machines}
    servers = [
        Server.from_record({"server": name, **facts(table, machine, states_level=states_level)})
        for name, machine in by_name.items()
    ]
    wrong = []
    counted: Counter[str] = Counter()
    for decided in needfix.evaluate(SHIPPED, servers, rules=updates):
        expected = table.verdict(decided.rule, by_name[decided.server])
        counted[decided.decision] += 1
        if (decided.decision, decided.action) != expected:
            wrong.append((decided.server, decided.rule, decided.decision, decided.action, expected))
    assert wrong == []
    assert sum(counted.values()) == len(machines) * len(updates)
    assert min(counted[kind] for kind in ("fix-required", "fix-present", "not-affected")) > len(updates)


def test_sqlservr_exe_shows_every_level_by_its_own_numbering() -> None:
    defined = {str(one.level): one.files for one in SHIPPED.products["sql-server"].levels}
    for row in SQL_SERVER.levels:
        (version,) = defined[row.level].values()
        assert version.release == sqlservr(row.build)


@pytest.mark.broad
@pytest.mark.parametrize("with_build", [False, True])
def test_sqlservr_exe_decides_what_its_level_decides(*, with_build: bool) -> None:
    updates = SQL_SERVER.updates[::12]
    machines = {f"{one.level}/{one.written}": one for one in SQL_SERVER.machines()}
    servers = [
        Server.from_record({"server": name, **facts_of_file(machine, with_build=with_build)})
        for name, machine in machines.items()
    ]
    counted: Counter[str] = Counter()
    for decided in needfix.evaluate(SHIPPED, servers, rules=updates):
        expected = SQL_SERVER.verdict(decided.rule, machines[decided.server])
        if not with_build and expected != NOT_CONCERNED:
            expected = ("undetermined", "investigate")  # the file shows the level, and no build
        assert (decided.decision, decided.action) == expected, (decided.server, decided.rule)
        counted[decided.decision] += 1
    assert counted["not-affected"] > counted["undetermined" if not with_build else "fix-present"] > 100


def facts_of_file(machine: Machine, *, with_build: bool) -> dict[str, object]:
    """What an administrator sees of SQL Server: the file version of sqlservr.exe, and its product version."""
    version = ".".join(map(str, sqlservr(machine.build)))
    file = {"name": "sqlservr.exe", "path": r"D:\MSSQL\Binn\sqlservr.exe", "version": f"{version}.1"}
    build = {"build": f"{machine.written}.1"} if with_build else {}
    return {"products": [{"name": "Microsoft SQL Server", **build}], "files": [file]}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.product)
def test_every_update_is_a_rule_and_every_level_is_defined(table: Table) -> None:
    own = [rule.id for rule in SHIPPED if rule.affects[0].product == table.product]
    assert set(table.updates) == {rule for rule in own if rule.startswith(("Exchange-", "SQL"))}
    defined = {str(one.level): one.build for one in SHIPPED.products[table.product].levels}
    for row in table.levels:
        build = defined[row.level]
        assert build is not None
        assert build.release == row.build


@pytest.mark.parametrize(
    "rule", [rule for rule in SHIPPED if rule.id.startswith(("Exchange-", "SQL"))], ids=lambda rule: rule.id
)
def test_three_cases_for_the_reader(rule: needfix.Rule) -> None:
    expected = [case.expect for case in rule.cases]
    assert "fix-present" in expected
    assert len(expected) == 3 or rule.silences  # those that came out as levels have no server just below


def test_the_table_of_exchange_has_the_facts_of_its_source() -> None:
    if not MODERN.is_dir():
        pytest.skip(f"{MODERN} is missing")
    versions = {"2013": "2013", "2016": "2016", "2019": "2019", "Edition": "SE"}
    found = set()
    for product in json.loads((MODERN / "exchange-builds.json").read_text())["products"]:
        version = versions[product["product"].split(" ")[-1]]
        for level in product["levels"]:
            own = f"{version} {level['level']}"
            found.add((own, level["build"], ""))
            found |= {(own, one["build"], f"Exchange-{one['name']}") for one in level["updates"]}
    assert found == {(row.level, ".".join(map(str, row.build)), row.update) for row in EXCHANGE.rows}


def test_the_table_of_sql_server_has_the_builds_of_its_source() -> None:
    if not MODERN.is_dir():
        pytest.skip(f"{MODERN} is missing")
    released: set[str] = set()
    is_out = False
    for one in json.loads((MODERN / "sql-server-builds.json").read_text())["builds"]:
        is_out = (is_out and "Name" not in one) or one.get("SP") == "RTM"
        if is_out and one["Version"].startswith(("13.", "14.", "15.", "16.", "17.")):
            is_withdrawn = "Retired" in one and "CU" not in one
            released |= set() if is_withdrawn else {one["Version"]}
    more = {"14.0.2014"}  # the security update of May 2019 for servers without a cumulative update
    assert {".".join(map(str, row.build)) for row in SQL_SERVER.rows} == released | more


@pytest.mark.broad
@pytest.mark.parametrize("update", [update for table in TABLES for update in table.updates[::25]])
def test_the_tables_detect_every_change_of_one_of_25_rules(
    needfix: Needfix, tmp_path: Path, update: str
) -> None:
    assert survivors(needfix, tmp_path, update) == []


@pytest.mark.catalogue
@pytest.mark.parametrize("update", [update for table in TABLES for update in table.updates])
def test_the_tables_detect_every_change_of_every_rule(needfix: Needfix, tmp_path: Path, update: str) -> None:
    assert survivors(needfix, tmp_path, update) == []


def survivors(needfix: Needfix, folder: Path, update: str) -> list[str]:
    """The small changes of a rule by itself that no server of the table shows."""
    table = next(table for table in TABLES if update in table.updates)
    rule = ROOT / "rules" / ("exchange" if table is EXCHANGE else "sql-server") / f"{update}.yaml"
    ran = needfix("test", rule, case_file(table, update, folder), "--mutate")
    assert "mutants detected" in ran.out
    assert "mutation:" in ran.out
    return [line for line in ran.out.splitlines() if " SURVIVED " in line]


def case_file(table: Table, update: str, folder: Path) -> Path:
    """The cases that a table gives for a rule."""
    cases: list[dict[str, Any]] = []
    for machine in dict.fromkeys(table.machines_near(update)):
        decision, action = table.verdict(update, machine)
        server = {"server": f"{machine.level}/{machine.written}", **facts(table, machine)}
        expected: dict[str, dict[str, Any]] = {update: {"decision": decision, "action": action}}
        cases.append({"name": server["server"], "inventory": server, "expect": expected})
    claims = [kb for row in table.of(update) for kb in row.kb]
    needing = next((case for case in cases if case["expect"][update]["decision"] == "fix-required"), None)
    if claims and needing is not None:
        expected = {update: {**needing["expect"][update], "reasons": ["claimed-but-files-older"]}}
        server = {**needing["inventory"], "server": "CLAIMS", "hotfixes": claims}
        cases.append({"name": "claimed", "inventory": server, "expect": expected})
    file = folder / f"{update}.cases.yaml"
    file.write_text(yaml.safe_dump({"needfix": 1, "cases": cases}), encoding="utf-8")
    return file
