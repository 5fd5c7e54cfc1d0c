"""Bullets under "applies to": product, levels, edition."""

from __future__ import annotations

import pytest

from needfix.importing.kb.applies_to import AppliesTo, read_applies_to
from needfix.importing.kb.lines import numbered

MAIL = "Exampla Mail Server"


def bullets(text: str) -> tuple[AppliesTo, ...]:
    return read_applies_to(numbered(text))


@pytest.mark.parametrize(
    ("bullet", "product", "levels", "edition"),
    [
        ("Exampla Mail Server, version 5.5", MAIL, ["5.5"], None),
        ("Exampla Mail Server version 5.5", MAIL, ["5.5"], None),
        ("Exampla Mail Server 5.5", MAIL, ["5.5"], None),
        ("Exampla Mail Server", MAIL, [], None),
        ("Exampla Mail Server, versions 5.5, 5.5 SP1", MAIL, ["5.5", "5.5 SP1"], None),
        ("Exampla Mail Server, versions 5.5, SP1, SP2", MAIL, ["5.5", "5.5 SP1", "5.5 SP2"], None),
        ("Exampla Mail Server, version 5.5 Service Packs 1, 2", MAIL, ["5.5 SP1", "5.5 SP2"], None),
        ("Exampla Mail Server, version 5.5 Service Packs 1, 2, and 3", MAIL,
         ["5.5 SP1", "5.5 SP2", "5.5 SP3"], None),
        ("Exampla Mail Server, versions 5.0, 5.5 Service Pack 1", MAIL, ["5.0", "5.5 SP1"], None),
        ("Exampla Mail Server, versions 5.5, 5.5 SP1.", MAIL, ["5.5", "5.5 SP1"], None),
        ("Exampla Mail Server, versions 5.5 and 5.5 SP1", MAIL, ["5.5", "5.5 SP1"], None),
        ("Fabled Gateway version 4.0, Terminal Edition", "Fabled Gateway", ["4.0"], "Terminal Edition"),
        ("Fabled Gateway, Terminal Edition, version 4.0", "Fabled Gateway", ["4.0"], "Terminal Edition"),
        ("Fabled Gateway Terminal Edition, version 4.0", "Fabled Gateway", ["4.0"], "Terminal Edition"),
        ("Fabled Gateway versions 4.0, 4.0 SP4, Terminal Edition", "Fabled Gateway",
         ["4.0", "4.0 SP4"], "Terminal Edition"),
        ("Quarry, version 2.0, used with:", "Quarry", ["2.0"], None),
        ("Quarry, version 2.0, on platform(s):", "Quarry", ["2.0"], None),
    ],
)  # fmt: skip
def test_a_bullet(bullet: str, product: str, levels: list[str], edition: str | None) -> None:
    (found,) = bullets(f" - {bullet} ")
    assert (found.product, list(found.levels), found.edition) == (product, levels, edition)
    assert not found.is_setting


def test_a_bullet_may_run_over_several_lines() -> None:
    first, second = bullets(" - Exampla Mail, versions 5.5, 5.5 SP1,\n   5.5 SP2\n - Quarry, version 1.0")
    assert (first.levels, first.line.number) == (("5.5", "5.5 SP1", "5.5 SP2"), 1)
    assert (second.product, second.line.number) == ("Quarry", 3)


@pytest.mark.parametrize(
    ("words", "below", "counts"),
    [
        ("used with", "Granite System, version 2.0", True),
        ("used with", "the operating system: Granite System, version 2.0", False),
        ("on platform(s)", "Granite System, version 2.0", False),
    ],
)
def test_nested_bullets_may_only_say_where_the_product_runs(words: str, below: str, counts: bool) -> None:  # noqa: FBT001  # an expected value
    text = f" - Fabled Gateway, version 4.0, {words}:\n    - {below}\n    - {below}\n - Quarry, version 1.2"
    expected = ["Fabled Gateway", *(["Granite System"] * 2 if counts else []), "Quarry"]
    assert [found.product for found in bullets(text)] == expected


@pytest.mark.parametrize("mark", ["-", "*", "\u2022", "o"])
def test_every_mark_of_a_bullet(mark: str) -> None:
    assert [found.product for found in bullets(f" {mark} Quarry, version 1.0")] == ["Quarry"]


def test_what_a_product_runs_on_is_kept_apart() -> None:
    mail, system = bullets(" - Quarry, version 1.0\n - the operating system: Granite System, version 2.0")
    assert (mail.is_setting, system.is_setting) == (False, True)
    assert (system.product, system.levels) == ("Granite System", ("2.0",))


@pytest.mark.parametrize("text", ["", "\n", "no bullet at all"])
def test_no_bullets(text: str) -> None:
    assert bullets(text) == ()


@pytest.mark.parametrize(
    ("bullet", "levels", "unread"),
    [
        ("Fabled Gateway versions 3.5 SP1 and later", ("3.5",), "SP1 and later"),
        ("Fabled Gateway versions 3.5, 4.0 SP1-SP3", ("3.5", "4.0"), "SP1-SP3"),
    ],
)
def test_a_range_that_is_not_read_is_reported(bullet: str, levels: tuple[str, ...], unread: str) -> None:
    (entry,) = read_applies_to(numbered(f" - {bullet}"))
    assert (entry.levels, entry.edition, entry.unread) == (levels, None, unread)
