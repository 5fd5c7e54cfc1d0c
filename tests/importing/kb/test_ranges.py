"""Bare versions that seem to stand for all their service packs."""

from __future__ import annotations

import pytest

from needfix.importing.kb.draft import Range
from tests.importing.kb.support import MAIL, TABLE, document, draft, kb_article

BUILT_UPON_SP2 = TABLE.replace("5.5.2000.1", "5.5.2412.1")


@pytest.mark.parametrize(
    ("bullet", "sections", "last"),
    [
        (MAIL, {"status": "It was first corrected in Exampla Mail Server 5.5 Service Pack 3."}, "5.5 SP2"),
        (MAIL, {"status": "This fix requires Service Pack 1."}, "5.5 SP1"),
        (MAIL, {"resolution": BUILT_UPON_SP2}, "5.5 SP2"),
        (f"{MAIL}, Enterprise Edition", {"resolution": BUILT_UPON_SP2}, "5.5 SP2"),
        (MAIL, {"status": "It was first corrected in Exampla Mail Server 5.5 Service Pack 1."}, None),
        (MAIL, {}, None),
        ("Exampla Mail Server, versions 5.5 SP1, 5.5 SP2", {"resolution": BUILT_UPON_SP2}, None),
    ],
)
def test_a_range_is_proposed(bullet: str, sections: dict[str, str], last: str | None) -> None:
    text = kb_article(bullet, **sections)
    proposed = [doubt.propose for doubt in draft(text).doubts if doubt.propose]
    spans = [span for entry in proposed for span in entry.levels if isinstance(span, Range)]
    assert [(str(span.first), str(span.last)) for span in spans] == ([("5.5", last)] if last else [])
    (entry,) = draft(text).affects
    assert not any(isinstance(level, Range) for level in entry.levels)


def test_an_accepted_range_leaves_no_doubt() -> None:
    found = draft(kb_article(resolution=BUILT_UPON_SP2), accept_ranges=True)
    (entry,) = found.affects
    (span,) = entry.levels
    assert isinstance(span, Range)
    assert (str(span.first), str(span.last), found.doubts) == ("5.5", "5.5 SP2", ())


def test_levels_that_are_listed_one_by_one_are_doubted_without_a_proposal() -> None:
    text = kb_article("Exampla Mail Server, versions 5.5, 5.5 SP1", resolution=BUILT_UPON_SP2)
    (doubt,) = draft(text).doubts
    assert doubt.propose is None
    assert doubt.why.startswith("5.5, 5.5 SP1 are listed, yet ")


def test_a_review_item_states_the_line_and_what_is_proposed() -> None:
    text = kb_article(resolution=BUILT_UPON_SP2)
    (item,) = document(text)["review"]
    assert text.splitlines()[item["line"] - 1].strip(" -") == item["read"] == MAIL
    assert item["propose"] == {
        "product": "exampla-mail-server",
        "levels": [{"from": "5.5", "to": "5.5 SP2"}],
    }
