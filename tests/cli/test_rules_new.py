"""`needfix rules new`: the file that it writes is a rule at once, and nothing is overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from needfix.catalogue import load_catalogue, load_products
from needfix.catalogue.case_format import CASE, GIVEN_FACTS
from needfix.catalogue.minimum_shapes import MINIMUM
from needfix.catalogue.records import Record
from needfix.catalogue.rule_format import FIX, RULE, SYMPTOM
from needfix.cli.schema import SCHEMAS
from needfix.rules_new.skeleton import skeleton
from tests.support import Needfix

PRODUCTS = load_products()
OWN_PRODUCT = """\
needfix: 1
product: acme-mail
name: Acme Mail
editions: ["Club: gold"]
levels: [{level: "1.0"}, {level: "2.0"}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def uncommented(text: str) -> str:
    """The skeleton with every key that it holds as a comment."""
    return re.sub(r"^( *)# ((?:  - \{|[a-z_]+:(?! ?//)).*)$", r"\1\2", text, flags=re.MULTILINE)


def test_the_file_is_named_by_the_id_and_wired_for_editors(needfix: Needfix) -> None:
    ran = needfix("rules", "new", "Q123456")
    assert (ran.code, ran.err) == (0, "")
    assert "Q123456.yaml written" in ran.out
    first, *rest = Path("Q123456.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=https://needfix.dev/schemas/rule.json"
    assert "id: Q123456  # the vendor's id of the hotfix" in rest
    assert "affects: [SE RTM]" in "\n".join(rest)


@pytest.mark.parametrize("product", sorted(PRODUCTS))
def test_the_rule_loads_and_lints_and_its_cases_pass(needfix: Needfix, product: str) -> None:
    assert needfix("rules", "new", "Q123456", "--product", product).code == 0
    lint = needfix("lint", "Q123456.yaml")
    assert (lint.code, lint.err) == (0, ""), lint.out
    test = needfix("test", "Q123456.yaml")
    assert (test.code, "0 failed, 0 errors, 0 skipped" in test.out) == (0, True), test.out


def test_the_newest_level_of_the_product_is_affected(needfix: Needfix) -> None:
    needfix("rules", "new", "Q1", "--product", "windows-nt-server")
    (affects,) = load_catalogue("Q1.yaml").rules["Q1"].affects
    assert affects.levels == frozenset({PRODUCTS["windows-nt-server"].levels[-1].level})


@pytest.mark.parametrize(
    "record", [RULE, SYMPTOM, FIX, MINIMUM, CASE, GIVEN_FACTS], ids=lambda r: r.what[:12]
)
def test_every_key_of_the_format_stands_there_with_its_meaning(record: Record) -> None:
    text = skeleton("Q1", PRODUCTS["exchange-server"])
    for key, field in record.fields.items():
        assert re.search(rf"^ *(- |# )?{key}:.*  # {re.escape(field.meaning)}$", text, re.MULTILINE), key


@pytest.mark.parametrize("product", ["exchange-server", "windows-nt-server", "mail-gateway-mhs"])
def test_the_keys_in_comments_are_right_when_they_are_uncommented(product: str) -> None:
    text = uncommented(skeleton("Q1", PRODUCTS[product]))
    assert re.findall(r"^ *# [a-z_]+:.*", text, re.MULTILINE) == []
    Path("Q1.yaml").write_text(text, encoding="utf-8")
    rule = load_catalogue("Q1.yaml").rules["Q1"]
    assert (len(rule.symptoms[0].observe), rule.if_missing, rule.cases[0].skip is None) == (
        3,
        "fix-required",
        False,
    )
    schema = Draft202012Validator(SCHEMAS["rule"]())
    assert [error.message for error in schema.iter_errors(yaml.safe_load(text))] == []


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True))
def test_any_id_that_rules_may_have_is_written_so_that_it_is_read_back(rule_id: str) -> None:
    assert yaml.safe_load(skeleton(rule_id, PRODUCTS["exchange-server"]))["id"] == rule_id


@pytest.mark.parametrize("rule_id", ["279798", "null", "1e5", "Yes", "2001-01-01"])
def test_an_id_that_looks_like_another_value_stands_in_quotes(needfix: Needfix, rule_id: str) -> None:
    needfix("rules", "new", rule_id)
    assert needfix("test", f"{rule_id}.yaml").code == 0


@pytest.mark.parametrize("rule_id", ["Q 1", "-1", ".hidden", "", "../Q1", "a/b", "Q\n1", "x" * 101])
def test_an_id_that_no_rule_may_have_is_refused(needfix: Needfix, rule_id: str, tmp_path: Path) -> None:
    ran = needfix("rules", "new", "--output", "rule.yaml", "--", rule_id)
    assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert "is not an id; expected the id of a rule such as Q279798\n    hint: use letters" in ran.err


@pytest.mark.parametrize(
    ("product", "hint"),
    [
        ("exchange-sever", "did you mean 'exchange-server'?"),
        ("Microsoft Exchange Server", "write exchange-server"),
        ("zzz", "give the file that defines it as well, or add one with its product, name and levels"),
    ],
)
def test_an_unknown_product_is_reported_with_those_that_are_known(
    needfix: Needfix, product: str, hint: str
) -> None:
    ran = needfix("rules", "new", "Q1", "--product", product)
    assert ran.code == 2
    assert ran.err == (
        f"needfix: unknown product {product!r}; expected one of {', '.join(sorted(PRODUCTS))}\n"
        f"    hint: {hint}\n"
    )


def test_a_product_of_ones_own(needfix: Needfix) -> None:
    Path("acme.yaml").write_text(OWN_PRODUCT, encoding="utf-8")
    ran = needfix("rules", "new", "Q1", "--product", "acme-mail", "--rules", "acme.yaml")
    assert ran.code == 0
    assert "  needfix lint Q1.yaml --rules acme.yaml\n  needfix test Q1.yaml --rules acme.yaml\n" in ran.out
    assert needfix("lint", "Q1.yaml", "acme.yaml").code == 0
    assert needfix("test", "Q1.yaml", "--rules", "acme.yaml").code == 0
    Path("Q1.yaml").write_text(uncommented(Path("Q1.yaml").read_text(encoding="utf-8")), encoding="utf-8")
    assert needfix("rules", "list", "--rules", "Q1.yaml", "acme.yaml").code == 0


def test_a_product_without_levels_is_refused(needfix: Needfix) -> None:
    Path("acme.yaml").write_text(OWN_PRODUCT.partition("levels")[0] + "levels: []\n", encoding="utf-8")
    ran = needfix("rules", "new", "Q1", "--product", "acme-mail", "--rules", "acme.yaml")
    assert ran.code == 2
    assert "the definition of acme-mail has no levels" in ran.err


def test_nothing_is_overwritten(needfix: Needfix, tmp_path: Path) -> None:
    Path("Q1.yaml").write_text("mine", encoding="utf-8")
    Path("Q2.yaml").symlink_to("nowhere.yaml")
    for words in (["Q1"], ["Q2"], ["Q3", "--output", "Q1.yaml"], ["Q1", "--output", "."]):
        ran = needfix("rules", "new", *words)
        assert ran.code == 2
        assert re.fullmatch(r"needfix: Q\d.yaml exists already\n    hint: .*--output\n", ran.err)
    assert Path("Q1.yaml").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Q1.yaml", "Q2.yaml"]


def test_the_output_is_a_file_a_folder_or_standard_output(needfix: Needfix, tmp_path: Path) -> None:
    needfix("rules", "new", "Q1", "--output", "rules/new/")
    needfix("rules", "new", "Q2", "--output", "rules")
    needfix("rules", "new", "Q3", "--output", "rules/other/third.yml")
    printed = needfix("rules", "new", "Q4", "--output", "-").out
    written = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.y*ml"))
    assert written == ["rules/Q2.yaml", "rules/new/Q1.yaml", "rules/other/third.yml"]
    assert printed == skeleton("Q4", PRODUCTS["exchange-server"])


def test_a_name_that_would_be_read_as_cases_is_refused(needfix: Needfix) -> None:
    ran = needfix("rules", "new", "Q1.cases")
    assert (ran.code, ran.err.startswith("needfix: Q1.cases.yaml has the name of a case file")) == (
        2,
        True,
    )


def test_the_schema_that_lies_in_the_repository_is_named(needfix: Needfix) -> None:
    assert needfix("schema", "rule", "--output", ".needfix/rule.schema.json").code == 0
    ran = needfix("rules", "new", "Q1", "--output", "rules/exchange/")
    first = Path("rules/exchange/Q1.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../.needfix/rule.schema.json"
    assert "needfix schema" not in ran.out
    assert Path("rules/exchange", first.partition("=")[2]).is_file()


def test_a_schema_beyond_the_repository_is_left_alone(needfix: Needfix) -> None:
    needfix("schema", "rule", "--output", ".needfix/rule.schema.json")
    Path("repository/.git").mkdir(parents=True)
    needfix("rules", "new", "Q1", "--output", "repository/rules/")
    assert "needfix.dev" in Path("repository/rules/Q1.yaml").read_text(encoding="utf-8").splitlines()[0]


def test_new_stands_before_its_options(needfix: Needfix) -> None:
    assert "hint: write needfix rules new ID" in needfix("rules", "--format", "json", "new", "Q1").err
    assert needfix("rules", "new").code == 2


def test_an_output_without_an_ending_is_a_folder(needfix: Needfix) -> None:
    ran = needfix("rules", "new", "KB5036386", "--output", "patches/mail")
    assert (ran.code, ran.err) == (0, "")
    assert Path("patches/mail/KB5036386.yaml").is_file()
    assert needfix("lint", "patches").out.splitlines()[-1].startswith("1 rule: ")


def test_an_output_that_no_command_would_read_is_refused(needfix: Needfix) -> None:
    ran = needfix("rules", "new", "KB5036386", "--output", "KB5036386.txt")
    assert (ran.code, ran.out, Path("KB5036386.txt").exists()) == (2, "", False)
    assert "is not named like a rule" in ran.err


def test_the_next_commands_run_with_own_definitions(needfix: Needfix) -> None:
    Path("products").mkdir()
    Path("products/acme.yaml").write_text(OWN_PRODUCT, encoding="utf-8")
    ran = needfix("rules", "new", "Q1", "--product", "acme-mail", "--rules", "products")
    lint, test = (line.split()[1:] for line in ran.out.splitlines() if line.startswith("  "))
    assert lint == ["lint", "Q1.yaml", "--rules", "products"]
    assert (needfix(*lint).code, needfix(*test).code) == (0, 0)
    assert "1 rule: " in needfix(*lint).out
