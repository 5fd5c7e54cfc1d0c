"""The page about collecting is true: its options are there, its samples parse, and its links lead on."""

from __future__ import annotations

import json
import re

from needfix.cli.collect import parser
from tests.docs.sessions import blocks
from tests.support import ROOT

PAGE = (ROOT / "docs" / "collecting.md").read_text(encoding="utf-8")


def test_every_option_is_there_and_described() -> None:
    known = {option for action in parser()._actions for option in action.option_strings if option[1] == "-"}  # noqa: SLF001 - as argparse has it
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE))
    assert named - known == {"--format"}
    assert known - named == {"--help", "--debug", "--no-shipped"}


def test_the_samples_are_json() -> None:
    samples = [block.text for block in blocks(PAGE) if block.language == "json"]
    assert samples
    assert all(json.loads(sample) for sample in samples)


def test_every_parameter_of_the_script_is_there() -> None:
    script = (ROOT / "engine" / "needfix" / "collect" / "collect.ps1").read_text(encoding="ascii")
    parameters = set(re.findall(r"^    \[string(?:\[\])?\] \$(\w+)", script, re.MULTILINE))
    own = set(re.findall(r"(?<![\w-])-([A-Z]\w+)", PAGE)) - {
        "NoProfile",
        "ExecutionPolicy",
        "File",
        "Command",
    }
    assert own <= parameters
    assert parameters == set(re.findall(r"^\.PARAMETER (\w+)$", script, re.MULTILINE))


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([\w.-]+\.md)(?:#[\w-]+)?\)", PAGE):
        assert (ROOT / "docs" / link).is_file(), link
