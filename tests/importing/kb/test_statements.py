"""What sentences state: required levels, corrections, fixes that are replaced, whom a fix is for."""

from __future__ import annotations

import pytest

from needfix.importing.kb.draft import LevelDraft, RuleDraft
from tests.importing.kb.support import MAIL, TABLE, draft, kb_article, whys

BOTH = ("Exampla Mail Server, versions 5.0, 5.5",)
EDITIONS = ("Fabled Gateway version 4.0", "Fabled Gateway version 4.0, Terminal Edition")


def drafted(sentence: str, *bullets: str) -> RuleDraft:
    return draft(kb_article(*(bullets or (MAIL,)), resolution=f"{sentence}\n\n{TABLE}"))


def levels(marks: tuple[LevelDraft, ...]) -> list[str]:
    parts = ((mark.product, str(mark.level), mark.edition) for mark in marks)
    return [" ".join(filter(None, part)) for part in parts]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("This fix requires Exampla Mail Server 5.5 Service Pack 2.", ["5.5 SP2"]),
        ("This fix requires Exampla Mail Server 5.5 SP2 or later.", ["5.5 SP2"]),
        ("This fix requires Service Pack 2 or Service Pack 3.", ["5.5 SP2"]),
        ("This fix requires Exampla Mail Server 5.5 Service Pack 1, 2, or 3.", ["5.5 SP1"]),
        ("This fix requires Fabled Gateway 4.0 Service Pack 4.", ["fabled-gateway 4.0 SP4"]),
        ("This fix requires Fabled Gateway 4.0 Service Pack 4 and Exampla Mail Server 5.5 Service Pack 1.",
         ["fabled-gateway 4.0 SP4", "5.5 SP1"]),
        ("You must install Service Pack 1 before you install this fix.", ["5.5 SP1"]),
        ("Service Pack 3 must be installed before you apply this fix.", ["5.5 SP3"]),
        ("Fabled Gateway 4.0 Service Pack 4 is required.", ["fabled-gateway 4.0 SP4"]),
        ("To use this fix you must be running SP3.", ["5.5 SP3"]),
        ("This fix does not require Service Pack 2.", []),
        ("Service Pack 2 was a great success.", []),
    ],
)  # fmt: skip
def test_a_level_that_is_required(sentence: str, expected: list[str]) -> None:
    found = drafted(sentence)
    assert levels(found.requires) == expected
    assert whys(found, "requires") == []


@pytest.mark.parametrize(
    ("sentence", "bullets"),
    [
        ("The fix requires Exampla Mail 5.0 SP5 or later.", (MAIL,)),
        ("The fix is only for servers with Service Pack 2.", (MAIL,)),
        ("The Halcyon Desk fix requires Halcyon Desk 7.1 Service Pack 1.", ("Halcyon Desk, version 7.1",)),
        ("This fix requires Service Pack 1.", BOTH),
    ],
)
def test_a_level_that_may_be_required_is_doubted(sentence: str, bullets: tuple[str, ...]) -> None:
    found = drafted(sentence, *bullets)
    assert found.requires == ()
    assert whys(found, "requires")


@pytest.mark.parametrize(
    ("sentence", "bullets"),
    [
        ("This fix requires Fabled Gateway 4.0 SP4 or Fabled Gateway 3.5 SP1.", (MAIL,)),
        ("This fix requires Exampla Mail 5.5 Service Pack 2 or Exampla Mail 5.0 Service Pack 1.", BOTH),
    ],
)  # fmt: skip
def test_alternatives_of_several_versions_are_not_all_required(
    sentence: str, bullets: tuple[str, ...]
) -> None:
    assert len(drafted(sentence, *bullets).requires) < 2


@pytest.mark.parametrize(
    ("sentence", "bullets", "expected"),
    [
        ("It was first corrected in Exampla Mail Server 5.5 Service Pack 3.", (MAIL,), ["5.5 SP3"]),
        ("It was first fixed in Service Pack 3.", (MAIL,), ["5.5 SP3"]),
        ("It was first corrected in Service Pack 3 for Exampla Mail Server 5.5.", (MAIL,), ["5.5 SP3"]),
        ("It was first corrected in Exampla Mail 5.0 Service Pack 1 and 5.5 Service Pack 3.", BOTH,
         ["5.0 SP1", "5.5 SP3"]),
        ("It was first corrected in Exampla Mail 5.5 SP3 and Fabled Gateway 4.0 SP5.", (MAIL,),
         ["5.5 SP3", "fabled-gateway 4.0 SP5"]),
        ("It was corrected in Exampla Mail Server 5.5 Service Pack 3.", (MAIL,), []),
        ("It was first corrected in Fabled Gateway 4.0 Service Pack 5, Terminal Edition.", EDITIONS,
              ["fabled-gateway 4.0 SP5 Terminal Edition"]),
        ("It was first corrected in Fabled Gateway 4.0, Terminal Edition, Service Pack 5.", EDITIONS,
              ["fabled-gateway 4.0 SP5 Terminal Edition"]),
        ("It was first corrected in Service Pack 1 (5.0) and Service Pack 3 (5.5).", BOTH,
              ["5.0 SP1", "5.5 SP3"]),
    ],
)  # fmt: skip
def test_a_level_that_brought_the_fix(sentence: str, bullets: tuple[str, ...], expected: list[str]) -> None:
    assert levels(drafted(sentence, *bullets).corrected_in) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It was first corrected in Exampla Mail Server 5.5 Service Pack 9.",
        "It was first corrected in the version that came next.",
    ],
)
def test_a_correction_without_a_known_level_is_doubted(sentence: str) -> None:
    found = drafted(sentence)
    assert (found.corrected_in, len(whys(found, "corrected_in"))) == ((), 1)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("This fix replaces the fix of Q900099.", ["Q900099"]),
        ("This fix supersedes the fixes of articles Q900098 and Q900099.", ["Q900098", "Q900099"]),
        ("The fix in this article replaces that of Q900098.", ["Q900098"]),
        ("This fix replaces the fix of Q900050.", []),
        ("This fix does not replace the fix of Q900098.", []),
        ("See Q900098 for what came before.", []),
    ],
)
def test_a_fix_that_is_replaced(sentence: str, expected: list[str]) -> None:
    assert list(drafted(sentence).supersedes) == expected


def test_a_fix_that_replaces_this_one_is_reported() -> None:
    found = drafted("This fix has been replaced by the fix of Q900099.")
    assert (found.supersedes, len(whys(found, "supersedes"))) == ((), 1)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Apply this fix only to servers that show the problem.", True),
        ("It should be applied only to computers experiencing this.", True),
        ("Apply it only to systems that are severely affected.", True),
        ("Install it on all servers.", False),
        ("Apply it to servers that are at risk.", False),
    ],
)
def test_a_fix_for_those_who_see_the_problem(sentence: str, expected: bool) -> None:  # noqa: FBT001  # an expected value
    assert drafted(sentence).only_if_seen is expected
