"""Products that bullets name: known ones, and drafts of those that are not."""

from __future__ import annotations

import pytest

from tests.importing.kb.support import draft, kb_article, run, whys

MAIL, GATE = "exampla-mail-server", "fabled-gateway"


@pytest.mark.parametrize(
    ("bullet", "product", "levels", "edition"),
    [
        ("Exampla Mail Server, version 5.5", MAIL, ["5.5"], None),
        ("Exampla Mail, versions 5.0, 5.0 SP1", MAIL, ["5.0", "5.0 SP1"], None),
        ("Exampla Mail Server", MAIL, [], None),
        ("Exampla Mail Server Enterprise Edition, version 5.5", MAIL, ["5.5"], "Enterprise Edition"),
        ("Fabled Gateway 4.0 Terminal Edition", GATE, ["4.0"], "Terminal Edition"),
        ("Halcyon Desk versions 7.0, 7.1 SP1, Pocket Edition", "halcyon-desk",
         ["7.0", "7.1 SP1"], "Pocket Edition"),
        ("Halcyon Desk", "halcyon-desk", [], None),
        ("Exampla Mail 5.0 SP1", MAIL, ["5.0 SP1"], None),
        ("Exampla Mail Server 5.5 SP2, Enterprise Edition", MAIL, ["5.5 SP2"], "Enterprise Edition"),
    ],
)  # fmt: skip
def test_a_bullet(bullet: str, product: str, levels: list[str], edition: str | None) -> None:
    found = draft(kb_article(bullet))
    (entry,) = found.affects
    assert (entry.product, [str(level) for level in entry.levels], entry.edition) == (
        product,
        levels,
        edition,
    )
    assert whys(found, "affects") == []


def test_a_level_that_is_not_known_is_doubted() -> None:
    found = draft(kb_article("Exampla Mail Server, versions 5.5, 9.9"))
    assert [str(level) for level in found.affects[0].levels] == ["5.5"]
    assert whys(found) == ["9.9 is not a known level of exampla-mail-server and was left out"]


def test_a_bullet_of_which_no_level_is_known_does_not_concern_every_level() -> None:
    both = draft(kb_article("Exampla Mail Server, version 9.9", "Fabled Gateway, version 4.0"))
    assert [entry.product for entry in both.affects] == ["fabled-gateway"]
    rules, problems, _ = run(kb_article("Exampla Mail Server, version 9.9"))
    assert rules == []
    assert "9.9 is not a known level of exampla-mail-server" in problems[0].what


def test_a_wildcard_is_every_known_level_and_doubted() -> None:
    found = draft(kb_article("Fabled Gateway, version 3.x"))
    assert [str(level) for level in found.affects[0].levels] == ["3.5", "3.5 SP1"]
    assert whys(found) == ["3.x was read as every known level of version 3"]


def test_an_edition_that_is_not_known_is_doubted() -> None:
    found = draft(kb_article("Exampla Mail Server, version 5.5, Garden Edition"))
    assert found.affects[0].edition is None
    assert whys(found) == ["Garden Edition is not a known edition of exampla-mail-server and was left out"]


def test_a_draft_gathers_what_all_articles_of_a_run_say() -> None:
    rules, problems, importing = run(
        kb_article("Halcyon Desk, version 7.1 SP1", number="Q900051"),
        kb_article("Halcyon Desk, version 7.0, Pocket Edition", number="Q900052"),
    )
    (product,) = importing.products()
    assert (len(rules), problems, product.file) == (2, [], "products/halcyon-desk.yaml")
    assert '- {level: "7.0"}\n  - {level: 7.1 SP1}' in product.text
    assert "Pocket Edition" in product.text


def test_a_known_product_is_not_drafted() -> None:
    _, _, importing = run(kb_article())
    assert list(importing.products()) == []


def test_what_a_product_runs_on_is_not_affected() -> None:
    found = draft(
        kb_article("Exampla Mail Server, version 5.5", "the operating system: Granite System, version 2.0")
    )
    assert [entry.product for entry in found.affects] == [MAIL]
    assert len(whys(found, "affects")) == 1
