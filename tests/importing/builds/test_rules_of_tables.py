"""What a table becomes: definitions, branches, affected levels, cases."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.importing.builds.support import DATABASE, DATABASE_PRODUCT, MAIL, import_builds
from tests.support import Needfix


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def text(folder: Path, name: str) -> str:
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")


def test_a_table_becomes_a_definition_and_a_rule_an_update(needfix: Needfix, out: Path) -> None:
    ran = import_builds(needfix, out, MAIL)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"2 rules written, 1 product definition written or extended in {out}\n"
        f"next: needfix test {out} {out / 'products'}\n"
    )
    assert text(out / "products", "exampla-mail") == (
        "needfix: 1\n"
        "product: exampla-mail\n"
        "name: exampla-mail\n"
        "levels:\n"
        '  - {level: 2019 RTM, build: "15.2.221.12", released: 2018-10-22}\n'
        '  - {level: 2019 CU1, build: "15.2.330.5", released: 2019-02-12}\n'
        '  - {level: 2019 CU2, build: "15.2.397.3", released: 2019-06-18, supported_until: 2030-01-08}\n'
    )
    assert text(out, "Mail-Jul19") == (
        "needfix: 1\n"
        "id: Mail-Jul19\n"
        'title: "exampla-mail 2019: security update Mail-Jul19"\n'
        "released: 2019-07-09\n"
        "advisories: [CVE-2019-1137, CVE-2019-1084]\n"
        "updates: [KB4509408]\n"
        "product: exampla-mail\n"
        "affects: [{to: 2019 CU2}]\n"
        "\n"
        "fixes:\n"
        '  - {level: 2019 CU1, build: "15.2.330.9"}\n'
        '  - {level: 2019 CU2, build: "15.2.397.5"}\n'
        "supersedes: [Mail-Apr19]\n"
        'references: ["https://support.microsoft.com/help/4509408"]\n'
        "\n"
        "cases:\n"
        "  - name: 2019 CU2 before the update\n"
        '    given: {level: 2019 CU2, build: "15.2.397.4"}\n'
        "    expect: fix-required\n"
        "    action: apply\n"
        "  - name: 2019 CU2 with the update\n"
        '    given: {level: 2019 CU2, build: "15.2.397.5"}\n'
        "    expect: fix-present\n"
        "    action: none\n"
        "  - name: 2019 RTM needs a later level first\n"
        '    given: {level: 2019 RTM, build: "15.2.221.12"}\n'
        "    expect: fix-required\n"
        "    action: upgrade-first\n"
    )
    assert "severity: important\n" in text(out, "Mail-Apr19")


@pytest.mark.parametrize("table", [MAIL, DATABASE])
def test_the_rules_pass_their_cases(needfix: Needfix, out: Path, table: str) -> None:
    (out / "products").mkdir(parents=True)
    (out / "products" / "exampla-base.yaml").write_text(DATABASE_PRODUCT, encoding="utf-8")
    assert import_builds(needfix, out, table).code == 0
    ran = needfix("test", out)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 rules, 6 cases: 6 passed, 0 failed, 0 errors, 0 skipped\n"


def test_a_cumulative_product_has_a_branch_a_line(needfix: Needfix, out: Path) -> None:
    (out / "products").mkdir(parents=True)
    (out / "products" / "exampla-base.yaml").write_text(DATABASE_PRODUCT, encoding="utf-8")
    import_builds(needfix, out, DATABASE)
    security = text(out, "Base-2017-08-08")
    assert 'fixes:\n  - {level: 2016 SP1, build: "13.0.4206"}\n' in security
    assert '  - {level: {from: 2016 SP1 CU1, to: 2016 SP1 CU2}, build: "13.0.4425"}\n' in security
    assert "affects: [{to: 2016 SP1 CU2}]\n" in security  # packs before SP1 lack the fix, too
    assert "requires: [2016 SP1]\n" in security
    hotfix = text(out, "Base-KB4019916")
    assert "affects: [{from: 2016 SP1 CU1, to: 2016 SP1 CU3}]\n" in hotfix  # a hotfix is for its line only
    assert 'fixes:\n  - {level: {from: 2016 SP1 CU1, to: 2016 SP1 CU3}, build: "13.0.4440"}\n' in hotfix
    assert "supersedes" not in hotfix  # the security update is for more lines


def test_json_is_read_like_csv(needfix: Needfix, tmp_path: Path) -> None:
    header, *lines = [line.split(",") for line in MAIL.splitlines()]
    rows = ",\n".join(
        "{" + ", ".join(f'"{key}": "{value}"' for key, value in zip(header, row, strict=True)) + "}"
        for row in lines
    )
    import_builds(needfix, tmp_path / "csv", MAIL)
    for form in (f"[{rows}]", f'{{"about": "builds", "rows": [{rows}]}}'):
        folder = tmp_path / f"json{len(form)}"
        assert import_builds(needfix, folder, form).code == 0
        assert [file.read_bytes() for file in sorted(folder.rglob("*.yaml"))] == [
            file.read_bytes() for file in sorted((tmp_path / "csv").rglob("*.yaml"))
        ]


def test_a_list_in_json_is_several_values(needfix: Needfix, out: Path) -> None:
    table = (
        '[{"product": "a", "level": "1.0", "build": "1.0.1"},\n'
        ' {"product": "a", "level": "1.0", "build": "1.0.2", "update": "A-1", "released": null,\n'
        '  "kb": ["KB1000001", "KB1000002"], "advisories": ["CVE-2020-1"]}]'
    )
    assert import_builds(needfix, out, table).code == 0
    assert "advisories: [CVE-2020-1]\nupdates: [KB1000001, KB1000002]\n" in text(out, "A-1")


def test_columns_under_other_names(needfix: Needfix, out: Path) -> None:
    table = MAIL.replace("product,level", "What,Stand").replace("released", "Day of release")
    ran = import_builds(
        needfix,
        out,
        table,
        "--map",
        "What=product",
        "--map",
        "stand = level",
        "--map",
        "Day of release=released",
    )
    assert (ran.code, ran.err) == (0, "")
    assert "released: 2019-07-09\n" in text(out, "Mail-Jul19")


def test_a_column_that_is_not_read_is_noted(needfix: Needfix, out: Path, tmp_path: Path) -> None:
    table = MAIL.replace(",kind", ",kind,Remarks of ours")
    ran = import_builds(needfix, out, table)
    assert ran.code == 0
    assert ran.err == f"needfix: note: {tmp_path / 'table.csv'}: columns that are not read: Remarks of ours\n"


def test_a_product_by_its_name_and_version(needfix: Needfix, out: Path) -> None:
    table = (
        "product,level,build,update\n"
        "Microsoft Exchange Server 5.5,SP4,5.5.2653,\n"
        "Microsoft Exchange Server 5.5,SP4,5.5.2655,Mail-1\n"
    )
    assert import_builds(needfix, out, table).code == 0
    assert "product: exchange-server\naffects: [{to: 5.5 SP4}]\n" in text(out, "Mail-1")
    assert not (out / "products").exists()  # the shipped definition has all that the table says


def test_a_shipped_definition_that_lacks_levels_is_copied_and_extended(needfix: Needfix, out: Path) -> None:
    table = "product,level,build\nexchange-server,5.5 SP5,5.5.9000\n"
    assert import_builds(needfix, out, table).code == 0
    lines = text(out / "products", "exchange-server").splitlines()
    assert lines[lines.index('  - {level: 5.5 SP5, build: "5.5.9000"}') - 1].startswith("  - {level: 5.5 SP4")


def test_several_tables_in_any_order(needfix: Needfix, tmp_path: Path) -> None:
    header, *rows = MAIL.splitlines(keepends=True)
    (tmp_path / "levels.csv").write_text(header + "".join(row for row in rows if "Mail-" not in row))
    (tmp_path / "updates.csv").write_text(header + "".join(row for row in rows if "Mail-" in row))
    words = [tmp_path / "updates.csv", tmp_path / "levels.csv"]
    assert needfix("import", "builds", *words, "--output", tmp_path / "two").code == 0
    import_builds(needfix, tmp_path / "one", MAIL)
    assert text(tmp_path / "two", "Mail-Jul19") == text(tmp_path / "one", "Mail-Jul19")


def test_definitions_in_a_zip_are_known(needfix: Needfix, out: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr("base.yaml", DATABASE_PRODUCT.replace("cumulative: true\n", ""))
    table = "product,level,build,update\nExampla Base,2016 RTM,13.0.1601.5,Base-1\n"
    ran = import_builds(needfix, out, table, "--rules", str(file), "--no-shipped")
    assert (ran.code, ran.err) == (0, "")
    assert "product: exampla-base\n" in text(out, "Base-1")
    assert ran.out.endswith(f"next: needfix test {out} {file} --no-shipped\n")
    assert needfix("test", out, file, "--no-shipped").code == 0


def test_a_named_definition_that_lacks_levels_is_reported(
    needfix: Needfix, out: Path, tmp_path: Path
) -> None:
    """It is not the importer's to change, and a copy beside it would define the product twice."""
    file = tmp_path / "own" / "base.yaml"
    file.parent.mkdir()
    file.write_text(DATABASE_PRODUCT, encoding="utf-8")
    ran = import_builds(needfix, out, DATABASE, "--rules", str(file))
    assert (ran.code, out.exists()) == (2, False)
    assert f"{file}:1:1: the tables change the definition of exampla-base" in ran.err
    assert f"hint: move it to {out / 'products'}, or name its folder with --products" in ran.err
    assert import_builds(needfix, out, DATABASE, "--products", str(file.parent)).code == 0


OTHER_BUILDS = """\
product,level,build,update,kb,released
Atlas Agent,1.0,2023-01-15,,,
Atlas Agent,1.0,2023-02-20,Atlas-1,ATSA-2023-07,2023-02-20
Bolt,3,4711,,,
Bolt,3,4800,Bolt-1,,
Contoso Center,8.0 U3,8.0.3.24022515,,,
Contoso Center,8.0 U3,8.0.3.24322831,Center-1,,
Delta,2.1,2.1.0.5,,,
"""


def test_builds_that_are_no_versions_of_windows(needfix: Needfix, out: Path) -> None:
    ran = import_builds(needfix, out, OTHER_BUILDS)
    assert (ran.code, ran.err) == (0, "")
    free = {file.stem for file in (out / "products").iterdir() if "builds: free\n" in file.read_text()}
    assert free == {"atlas-agent", "bolt", "contoso-center"}
    assert 'build: "2023-02-19"' in text(out, "Atlas-1")
    assert "updates: [ATSA-2023-07]\n" in text(out, "Atlas-1")
    assert "references" not in text(out, "Atlas-1")
    ran = needfix("test", out)
    assert (ran.code, "9 passed" in ran.out) == (0, True)
    grown = OTHER_BUILDS + "Bolt,4,5000,,,\nBolt,4,5001,Bolt-2,,\n"
    assert import_builds(needfix, out, grown).code == 0
    assert import_builds(needfix, out, grown).out == f"nothing is new; no file in {out} is changed\n"
    assert needfix("test", out).code == 0


def test_builds_that_cannot_be_compared_are_reported(needfix: Needfix, out: Path) -> None:
    table = "product,level,build\n"
    table += "Atlas Agent,1.0,1.0.15\nAtlas Agent,1.1,24322831\nBolt,1,4711\nBolt,2,2023-01-15\n"
    ran = import_builds(needfix, out, table)
    assert (ran.code, out.exists()) == (2, False)
    assert "table.csv:3:17: 24322831 and 1.0.15 in " in ran.err
    assert "table.csv:5:8: 2023-01-15 and 4711 in " in ran.err


def test_such_a_build_of_a_product_that_is_defined_otherwise(needfix: Needfix, out: Path) -> None:
    assert import_builds(needfix, out, "product,level,build\nDelta,2.1,2.1.0.5\n").code == 0
    ran = import_builds(needfix, out, "product,level,build\nDelta,2.2,4711\n")
    assert "table.csv:2:11: '4711' is not a build; expected a build such as 15.2.1544.9" in ran.err
    assert "hint: write four numbers, or add 'builds: free' to the definition of delta\n" in ran.err


def test_a_table_of_levels_only_is_checked_and_not_tested(needfix: Needfix, out: Path) -> None:
    ran = import_builds(needfix, out, "product,level,build\nDelta,2.1,2.1.0.5\n")
    assert ran.out.endswith(f"next: needfix lint {out} {out / 'products'}\n")
    assert needfix("lint", out, out / "products").code == 0


def test_the_title_of_a_rule_has_the_version_once(needfix: Needfix, out: Path) -> None:
    table = MAIL.replace("exampla-mail,", "Exampla Mail 2019,")
    assert import_builds(needfix, out, table).code == 0
    assert 'title: "Exampla Mail 2019: security update Mail-Jul19"\n' in text(out, "Mail-Jul19")
