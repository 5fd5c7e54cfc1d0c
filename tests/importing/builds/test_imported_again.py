"""A table that grew changes only what is new, and keeps what a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.builds.support import DATABASE, DATABASE_PRODUCT, MAIL, import_builds
from tests.support import Needfix

GROWN = MAIL + (
    "exampla-mail,2019 CU3,15.2.464.5,,,2019-09-17,,,,\n"
    "exampla-mail,2019 CU3,15.2.464.7,Mail-Jul19,KB5000001,,,CVE-2019-9999,,\n"
    "exampla-mail,2019 CU3,15.2.464.9,Mail-Nov19,KB5000002,2019-11-12,,CVE-2019-1373,,security\n"
)


@pytest.fixture
def out(tmp_path: Path, needfix: Needfix) -> Path:
    folder = tmp_path / "out"
    assert import_builds(needfix, folder, MAIL).code == 0
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_bytes(text.encode())


def added_lines(before: bytes, after: bytes) -> list[str]:
    old = before.decode().splitlines()
    return [line for line in after.decode().splitlines() if line not in old]


def test_without_anything_new_no_byte_changes(needfix: Needfix, out: Path) -> None:
    edit(
        out / "Mail-Jul19.yaml",
        ("fixes:", "# ours\r\nfixes:"),
        ('build: "15.2.397.5"', "build: '15.2.397.6'"),
    )
    before = contents(out)
    ran = import_builds(needfix, out, MAIL)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"nothing is new; no file in {out} is changed\n"
    assert contents(out) == before


def test_what_is_new_is_added(needfix: Needfix, out: Path) -> None:
    before = contents(out)
    ran = import_builds(needfix, out, GROWN)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1 rule written, 1 rule extended, 1 product definition written or extended in ")
    after = contents(out)
    assert after["Mail-Apr19.yaml"] == before["Mail-Apr19.yaml"]
    assert added_lines(before["products/exampla-mail.yaml"], after["products/exampla-mail.yaml"]) == [
        '  - {level: 2019 CU3, build: "15.2.464.5", released: 2019-09-17}'
    ]
    assert added_lines(before["Mail-Jul19.yaml"], after["Mail-Jul19.yaml"]) == [
        "advisories: [CVE-2019-1137, CVE-2019-1084, CVE-2019-9999]",
        "updates: [KB4509408, KB5000001]",
        "affects: [{to: 2019 CU3}]",
        '  - {level: 2019 CU3, build: "15.2.464.7"}',
        'references: ["https://support.microsoft.com/help/4509408", "https://support.microsoft.com/help/5000001"]',
    ]
    assert needfix("test", out).code == 0
    assert import_builds(needfix, out, GROWN).out == f"nothing is new; no file in {out} is changed\n"


def test_only_the_new_rows_are_enough(needfix: Needfix, out: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    import_builds(needfix, whole, MAIL)
    import_builds(needfix, whole, GROWN)
    only_new = MAIL.splitlines(keepends=True)[0] + GROWN.removeprefix(MAIL)
    assert import_builds(needfix, out, only_new).code == 0
    assert contents(out) == contents(whole)


def test_what_a_person_wrote_stays(needfix: Needfix, out: Path) -> None:
    rule = out / "Mail-Jul19.yaml"
    edit(
        rule,
        ('title: "exampla-mail 2019: security update Mail-Jul19"', "title: Ours   # a title of our own"),
        ("advisories: [CVE-2019-1137, CVE-2019-1084]", "advisories:\n  - CVE-2019-1137   # only this one"),
        ("affects: [{to: 2019 CU2}]", "affects: [{from: 2019 CU1, to: 2019 CU2}]"),
        ('  - {level: 2019 CU1, build: "15.2.330.9"}\n', ""),
        ("cases:\n", "apply: always\n\ncases:\n  # the reader's own\n"),
    )
    before = rule.read_text()
    ran = import_builds(needfix, out, GROWN)
    assert (ran.code, ran.err) == (0, "")
    expected = (
        before.replace("only this one\n", "only this one\n  - CVE-2019-9999\n")
        .replace("[KB4509408]", "[KB4509408, KB5000001]")
        .replace("to: 2019 CU2}]", "to: 2019 CU2}, 2019 CU3]")
        .replace('"15.2.397.5"}\n', '"15.2.397.5"}\n  - {level: 2019 CU3, build: "15.2.464.7"}\n', 1)
        .replace('help/4509408"]', 'help/4509408", "https://support.microsoft.com/help/5000001"]')
    )
    assert rule.read_text() == expected  # the branch that a person removed stays away


def test_a_rule_that_a_person_removed_or_renamed(needfix: Needfix, out: Path) -> None:
    (out / "Mail-Apr19.yaml").unlink()
    (out / "Mail-Jul19.yaml").rename(out / "july.yaml")
    assert import_builds(needfix, out, GROWN).code == 0
    assert sorted(contents(out)) == [
        "Mail-Nov19.yaml",
        "imported-builds.csv",
        "july.yaml",
        "products/exampla-mail.yaml",
    ]
    assert "15.2.464.7" in (out / "july.yaml").read_text()


def test_a_value_that_the_table_corrects(needfix: Needfix, out: Path, tmp_path: Path) -> None:
    edit(out / "Mail-Apr19.yaml", ("severity: important", "severity: low   # for us"))
    table = (
        MAIL.replace("15.2.397.5", "15.2.397.6")
        .replace("Important", "Critical")
        .replace("2019-07-09", "2019-07-10")
    )
    ran = import_builds(needfix, out, table.replace("15.2.397.3,,,2019-06-18", "15.2.397.2,,,2019-06-18"))
    assert ran.code == 0
    july = (out / "Mail-Jul19.yaml").read_text()
    assert '{level: 2019 CU2, build: "15.2.397.6"}' in july
    assert "released: 2019-07-10\n" in july
    assert "severity: low   # for us\n" in (out / "Mail-Apr19.yaml").read_text()
    assert 'build: "15.2.397.2"' in (out / "products" / "exampla-mail.yaml").read_text()
    where = f"{tmp_path / 'table.csv'}:4:93"
    what = "Mail-Apr19 at 2019 CU1 has another severity in its file, where a person wrote it; it stays"
    assert ran.err == f"needfix: note: {where}: {what}\n"


def test_cases_follow_a_build_that_the_table_corrects(needfix: Needfix, out: Path) -> None:
    rule = out / "Mail-Jul19.yaml"
    edit(rule, ("  - name: 2019 CU2 with the update\n", "  - name: Ours   # our own name\n"))
    table = MAIL.replace("15.2.397.5", "15.2.397.7").replace("15.2.221.12", "15.2.221.13")
    assert import_builds(needfix, out, table).code == 0
    text = rule.read_text()
    assert '    given: {level: 2019 CU2, build: "15.2.397.6"}\n    expect: fix-required\n' in text
    assert 'Ours   # our own name\n    given: {level: 2019 CU2, build: "15.2.397.7"}\n' in text
    assert '    given: {level: 2019 RTM, build: "15.2.221.13"}\n' in text
    assert needfix("test", out).code == 0
    assert import_builds(needfix, out, table).out == f"nothing is new; no file in {out} is changed\n"


BETWEEN = """\
product,level,build,update,kb,released,kind
acme-db,2022 RTM,16.0.1000,,,,
acme-db,2022 RTM,16.0.1050,SU-B,KB5000001,2023-02-14,security
acme-db,2022 CU1,16.0.4003,,,,
acme-db,2022 CU2,16.0.4015,,,,
acme-db,2022 CU2,16.0.4020,SU-B,KB5000001,2023-02-14,security
"""
AT_CU1 = "acme-db,2022 CU1,{},SU-B,KB5000001,2023-02-14,security\n"


@pytest.mark.parametrize("build", ["16.0.4003", "16.0.4001"])
def test_a_new_branch_replaces_the_case_that_there_is_none(
    needfix: Needfix, tmp_path: Path, build: str
) -> None:
    folder = tmp_path / "out"
    assert import_builds(needfix, folder, BETWEEN).code == 0
    rule = folder / "SU-B.yaml"
    old = "  - name: 2022 CU1 needs a later level first\n"
    assert old in rule.read_text()
    table = BETWEEN.replace("16.0.4003", build) + AT_CU1.format("16.0.4005")
    assert import_builds(needfix, folder, table).code == 0
    text = rule.read_text()
    assert "needs a later level first" not in text
    assert "  - name: without the product\n    given: {products: [], complete: [products]}\n" in text
    assert text.endswith("    expect: not-affected\n    action: none\n")
    assert needfix("test", folder, folder / "products").code == 0
    assert "nothing is new" in import_builds(needfix, folder, table).out


def test_a_new_last_branch_replaces_the_case_that_its_level_carries_the_update(
    needfix: Needfix, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    first = "".join(line for line in BETWEEN.splitlines(keepends=True) if "16.0.4020" not in line)
    table = first.replace("2022 CU1,16.0.4003,,,,\n", f"2022 CU1,16.0.4003,,,,\n{AT_CU1.format('16.0.4005')}")
    assert import_builds(needfix, folder, table).code == 0
    rule = folder / "SU-B.yaml"
    assert "  - name: 2022 CU2 carries the update\n" in rule.read_text()
    grown = table + BETWEEN.splitlines(keepends=True)[-1]
    assert import_builds(needfix, folder, grown).code == 0
    assert "  - name: without the product\n" in rule.read_text()
    assert needfix("test", folder, folder / "products").code == 0


def test_a_case_of_a_person_stays_where_a_branch_is_new(needfix: Needfix, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert import_builds(needfix, folder, BETWEEN).code == 0
    rule = folder / "SU-B.yaml"
    edit(rule, ("  - name: 2022 CU1 needs a later level first\n", "  - name: Ours\n"))
    assert import_builds(needfix, folder, BETWEEN + AT_CU1.format("16.0.4005")).code == 0
    assert rule.read_text().endswith("    expect: fix-required\n    action: upgrade-first\n")


def test_a_level_that_is_new_between_others(needfix: Needfix, out: Path) -> None:
    before = contents(out)
    row = "exampla-mail,2019 CU1a,15.2.350.1,,,2019-04-01,,,,\n"
    lines = MAIL.splitlines(keepends=True)
    assert import_builds(needfix, out, "".join([*lines[:4], row, *lines[4:]])).code == 0
    after = contents(out)
    levels = [line.split(",")[0] for line in after["products/exampla-mail.yaml"].decode().splitlines()[4:]]
    assert levels == [f"  - {{level: 2019 {one}" for one in ("RTM", "CU1", "CU1a", "CU2")]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"imported-builds.csv", "products/exampla-mail.yaml"}


def test_columns_under_other_names_mean_the_same(needfix: Needfix, out: Path) -> None:
    table = MAIL.replace("level,build,", "Stage,Fixed in,", 1)
    ran = import_builds(needfix, out, table, "--map", "Stage=level", "--map", "Fixed in=build")
    assert ran.out == f"nothing is new; no file in {out} is changed\n"


def test_line_ends_and_a_byte_order_mark_stay(needfix: Needfix, out: Path) -> None:
    for name in ("Mail-Jul19.yaml", "products/exampla-mail.yaml"):
        file = out / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert import_builds(needfix, out, GROWN).code == 0
    for name in ("Mail-Jul19.yaml", "products/exampla-mail.yaml"):
        data = (out / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbfneedfix")
        assert data.count(b"\r\n") == data.count(b"\n")
    assert needfix("test", out).code == 0


def test_a_rule_in_block_style_and_without_a_last_line_end(needfix: Needfix, out: Path) -> None:
    (out / "Mail-Jul19.yaml").write_text(
        "id: Mail-Jul19\n"
        "product: exampla-mail\n"
        "affects:\n"
        "- 2019 RTM\n"
        "-   2019 CU1   # and\n"
        "- 2019 CU2\n"
        "fixes:\n"
        "- level: 2019 CU1\n"
        "  build: '15.2.330.9'\n"
        "- level: 2019 CU2\n"
        "  build: 15.2.397.5   # the last one\n"
        "needfix: 1"
    )
    assert import_builds(needfix, out, GROWN).code == 0
    assert (out / "Mail-Jul19.yaml").read_text() == (
        "id: Mail-Jul19\n"
        "product: exampla-mail\n"
        "affects:\n"
        "- 2019 RTM\n"
        "-   2019 CU1   # and\n"
        "- 2019 CU2\n"
        "- 2019 CU3\n"
        "fixes:\n"
        "- level: 2019 CU1\n"
        "  build: '15.2.330.9'\n"
        "- level: 2019 CU2\n"
        "  build: 15.2.397.5   # the last one\n"
        '- {level: 2019 CU3, build: "15.2.464.7"}\n'
        "needfix: 1"
    )


def test_a_line_grows_with_its_level(needfix: Needfix, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "products").mkdir(parents=True)
    (folder / "products" / "exampla-base.yaml").write_text(DATABASE_PRODUCT, encoding="utf-8")
    import_builds(needfix, folder, DATABASE)
    definition = (folder / "products" / "exampla-base.yaml").read_text()
    assert definition.startswith(DATABASE_PRODUCT)
    before = contents(folder)
    grown = DATABASE + "exampla-base;2016 SP1 CU4;13.0.4446;;;;\nexampla-base;2016 SP2;13.0.5026;;;;\n"
    assert import_builds(needfix, folder, grown).code == 0
    after = contents(folder)
    assert [name for name in after if after[name] != before.get(name)] == [
        name for name in after if name in ("imported-builds.csv", "products/exampla-base.yaml")
    ]


def test_the_table_of_earlier_imports_is_no_table_to_import(needfix: Needfix, out: Path) -> None:
    ran = needfix("import", "builds", out / "imported-builds.csv", "--output", out)
    assert ran.code == 2
    assert (
        "keeps what earlier imports have read, so nothing in it is new\n    hint: keep the table" in ran.err
    )


def test_without_that_table_what_is_there_counts_as_known(needfix: Needfix, out: Path) -> None:
    (out / "imported-builds.csv").unlink()
    before = contents(out)
    ran = import_builds(needfix, out, MAIL)
    assert (ran.code, ran.err) == (0, "")
    assert {name: data for name, data in contents(out).items() if name in before} == before


def test_a_table_with_fewer_columns_leaves_what_is_known(needfix: Needfix, out: Path) -> None:
    """Else what it does not state would be new to the next whole table, and its corrections nobody's."""
    before = contents(out)
    days = "product,level,build,update\nexampla-mail,2019 CU1,15.2.330.7,Mail-Apr19\n"
    assert import_builds(needfix, out, days).out == f"nothing is new; no file in {out} is changed\n"
    assert contents(out) == before
    dated = "product,level,update,build,released\nexampla-mail,2019 CU1,Mail-Apr19,15.2.330.7,2019-04-10\n"
    ran = import_builds(needfix, out, dated)
    assert (ran.code, ran.err) == (0, "")
    rule = contents(out)["Mail-Apr19.yaml"]
    assert added_lines(before["Mail-Apr19.yaml"], rule) == ["released: 2019-04-10"]
    edit(out / "Mail-Apr19.yaml", ("updates: [KB4487563]\n", ""))
    whole = import_builds(needfix, out, MAIL.replace("2019-04-09", "2019-04-11"))
    assert (whole.code, whole.err) == (0, "")
    text = (out / "Mail-Apr19.yaml").read_text(encoding="utf-8")
    assert ("released: 2019-04-11\n" in text, "KB4487563]" in text.partition("affects")[0]) == (True, False)
