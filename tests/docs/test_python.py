"""docs/python.md is true: its examples print what it shows, and its tables name what there is."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

import needfix
from needfix import fleet
from tests.docs.sessions import blocks
from tests.support import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
CODE = [block.text for block in blocks(PAGE) if block.language in ("python", "text")]
EXAMPLES = [block.text for block in blocks(PAGE) if block.language == "python"]


def shown_after(example: str) -> str:
    """What the page shows as printed by an example; nothing where it shows no more of it."""
    after = CODE[CODE.index(example) + 1 :]
    return after[0] if after and after[0] not in EXAMPLES else ""


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_prints_what_the_page_shows(example: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(example, "docs/python.md", "exec"), {})  # noqa: S102 - our own page
    assert out.getvalue() == shown_after(example)


def test_every_name_of_the_page_is_public() -> None:
    named = set(re.findall(r"`(?:needfix\.)?(fleet\.)?([A-Za-z_]+)(?:\.\w+)?\(", PAGE))
    assert {name for of_fleet, name in named if of_fleet} == {"decisions"}
    functions = {name for of_fleet, name in named if not of_fleet} - METHODS
    assert functions <= set(needfix.__all__)
    assert len(functions) > 8
    assert set(re.findall(r"needfix\.fleet\.(\w+)", PAGE)) <= set(fleet.__all__)


METHODS = {"as_dict", "as_record", "server"}


def test_every_exception_of_the_page_is_as_the_page_says() -> None:
    listed = re.findall(r"`(\w+Error)`", PAGE)
    assert listed
    assert all(
        issubclass(getattr(needfix, name), needfix.NeedfixError) for name in listed if name != "KeyError"
    )
    assert issubclass(needfix.UnknownRuleError, KeyError)


def test_the_readme_and_the_list_of_what_is_public_lead_to_the_page() -> None:
    assert "(docs/python.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(python.md)" in (ROOT / "docs" / "public.md").read_text(encoding="utf-8")
