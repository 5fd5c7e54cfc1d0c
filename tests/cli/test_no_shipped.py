"""`--no-shipped`: only the definitions that are named are known, in every command that reads rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.importing.kb.support import kb_article
from tests.support import Needfix
from tests.support.catalogues import MAIL, OLD, Document, mail, rule

CASE = {"name": "old", "given": {"level": "5.5 SP4", "files": {"Info.dll": OLD}}, "expect": "fix-required"}
OF_SHIPPED = rule("Q100002", product="exchange-server", affects=["5.5 SP4"], cases=[CASE])
UNKNOWN = "unknown product 'exchange-server'"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an inventory."""
    monkeypatch.chdir(tmp_path)
    write("servers.json", mail(info=OLD).as_record())
    return tmp_path


def write(name: str, *documents: Document) -> str:
    text = json.dumps(documents[0]) if name.endswith("json") else yaml.safe_dump_all(documents)
    Path(name).parent.mkdir(exist_ok=True, parents=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


COMMANDS = [
    ("lint", "rules"),
    ("test", "rules"),
    ("test", "rules", "--generate", "--coverage"),
    ("diff", "rules", "rules", "--inventory", "servers.json"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_ships_is_known_unless_it_is_left_out(needfix: Needfix, words: tuple[str, ...]) -> None:
    write("rules/a.yaml", MAIL, rule(cases=[CASE]))
    write("rules/b.yaml", OF_SHIPPED)
    assert UNKNOWN not in needfix(*words).err
    found = needfix(*words, "--no-shipped")
    assert (found.code, UNKNOWN in found.err) == (2, True)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_own_definitions_suffice(needfix: Needfix, words: tuple[str, ...]) -> None:
    write("rules/a.yaml", MAIL, rule(cases=[CASE]))
    assert needfix(*words, "--no-shipped").code == 0


@pytest.mark.parametrize("command", ["lint", "test"])
def test_it_needs_rules(needfix: Needfix, command: str) -> None:
    found = needfix(command, "--no-shipped")
    assert (found.code, "hint: name rules" in found.err) == (2, True)


MAIL_TABLE = """product,level,build,update,released
mail-server,5.5 SP4,5.5.2653,,
exchange-server,2019 CU14,15.2.1544.4,,2024-02-13
exchange-server,2019 CU14,15.2.1544.9,Exchange-X,2024-03-12
"""


def test_a_new_rule_is_for_a_product_that_is_named(needfix: Needfix) -> None:
    write("mail.yaml", MAIL)
    words = ("rules", "new", "--rules", "mail.yaml", "--no-shipped")
    unknown = needfix(*words, "Q1")
    assert (unknown.code, "'exchange-server'; expected one of mail-server\n" in unknown.err) == (2, True)
    ran = needfix(*words, "Q1", "--product", "mail-server")
    assert (ran.code, "needfix lint Q1.yaml --rules mail.yaml --no-shipped\n" in ran.out) == (0, True)
    assert "hint: name yours with --rules" in needfix("rules", "new", "Q2", "--no-shipped").err


def test_a_table_drafts_a_product_that_ships(needfix: Needfix) -> None:
    Path("table.csv").write_text(MAIL_TABLE, encoding="utf-8")
    words = ("import", "builds", "table.csv", "--output", "out", "--no-shipped")
    for _ in range(2):
        assert needfix(*words).code == 0
        drafted = Path("out/products/exchange-server.yaml").read_text(encoding="utf-8")
        assert drafted.count("level:") == 1
    assert needfix("test", "out", "--no-shipped").code == 0
    ran = needfix("import", "builds", "table.csv", "--output", "other", "--no-shipped")
    assert ran.out.endswith("next: needfix test other other/products --no-shipped\n")


def test_an_article_drafts_a_product_that_ships(needfix: Needfix) -> None:
    article = kb_article("Microsoft Exchange Server, version 5.5")
    Path("a.txt").write_text(article, encoding="utf-8")
    products = write("mail.yaml", {**MAIL, "name": "Microsoft Exchange Server", "product": "mail"})
    assert (
        needfix("import", "kb", "a.txt", "--output", "known", "--rules", products, "--no-shipped").code == 0
    )
    assert not Path("known/products").exists()
    assert needfix("import", "kb", "a.txt", "--output", "shipped").code == 0
    assert not Path("shipped/products").exists()
    assert needfix("import", "kb", "a.txt", "--output", "drafted", "--no-shipped").code == 0
    (drafted,) = Path("drafted/products").iterdir()
    assert drafted.name == "exchange-server.yaml"


def test_a_case_file_with_rules_of_its_own_does_not_know_what_ships_either(needfix: Needfix) -> None:
    write("other/b.yaml", OF_SHIPPED)
    case = {"name": "MAIL01", "server": "MAIL01", "expect": {"Q100002": "not-affected"}}
    write("a.cases.yaml", {"needfix": 1, "rules": ["other"], "inventory": "servers.json", "cases": [case]})
    write("rules/a.yaml", MAIL, rule())
    assert needfix("test", "rules", "a.cases.yaml").code == 0
    assert UNKNOWN in needfix("test", "rules", "a.cases.yaml", "--no-shipped").err


def test_a_repair_knows_the_definitions_that_other_paths_have(needfix: Needfix) -> None:
    """And changes no file there, nor stops at one that cannot be read."""
    twice: Document = {"requires": ["Q1", "Q1"]}
    other = write("products/mail.yaml", MAIL, rule("Q100003", **twice))
    own = write("own.yaml", rule(**twice))
    write("broken.yaml", {"needfix": 1, "id": "Q100004"})
    texts = [Path(one).read_text(encoding="utf-8") for one in (own, other)]
    found = needfix("lint", own, "broken.yaml", "--rules", "products", "--fix", "--no-shipped")
    assert "broken.yaml" in found.err
    assert "unknown product" not in found.err
    assert "1 repaired" in found.out
    repaired = [Path(one).read_text(encoding="utf-8") for one in (own, other)]
    assert [one == before for one, before in zip(repaired, texts, strict=True)] == [False, True]
