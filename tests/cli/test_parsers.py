"""The words of every command can be listed without running it, so that shells can complete them."""

from __future__ import annotations

from importlib import import_module

import pytest

from needfix.cli.arguments import Parser
from needfix.cli.commands import COMMANDS
from needfix.report.formats import formats_of

MODULES = {"rules new": "rules_new", "import": "import_kb"}


def parser_of(command: str) -> Parser:
    found = import_module(f"needfix.cli.{MODULES.get(command, command)}").parser()
    assert isinstance(found, Parser)
    return found


@pytest.mark.parametrize("command", [*COMMANDS, "rules new"])
def test_a_command_has_a_parser_and_every_option_a_help_text(command: str) -> None:
    parser = parser_of(command)
    assert parser.prog == f"needfix {command}"
    assert [action.dest for action in parser._actions if not action.help] == []  # noqa: SLF001 - to list them


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("evaluate", ("decisions", "summary", "rows")),
        ("explain", ("explanation",)),
        ("diff", ("difference",)),
        ("lint", ("findings",)),
        ("test", ("cases",)),
        ("rules", ("rules",)),
    ],
)
def test_the_formats_are_those_of_the_registry(command: str, kinds: tuple[str, ...]) -> None:
    (chosen,) = (one for one in parser_of(command)._actions if one.dest == "format")  # noqa: SLF001 - as above
    assert list(chosen.choices or ()) == list(formats_of(*kinds))  # type: ignore[arg-type]  # they are kinds
