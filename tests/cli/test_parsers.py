"""The words of every command can be listed without running it, so that shells can complete them."""

from __future__ import annotations

import argparse
import shlex
from importlib import import_module

import pytest

from needfix.cli.arguments import Parser
from needfix.cli.commands import COMMANDS, EXAMPLES
from needfix.report.formats import formats_of

MODULES = {
    "rules new": "rules_new",
    "import": "imports",
    "import kb": "import_kb",
    "import builds": "import_builds",
}
EVERY = [*COMMANDS, "rules new", "import kb", "import builds"]


def parser_of(command: str) -> Parser:
    found = import_module(f"needfix.cli.{MODULES.get(command, command)}").parser()
    assert isinstance(found, Parser)
    return found


@pytest.mark.parametrize("command", EVERY)
def test_a_command_has_a_parser_and_every_option_a_help_text(command: str) -> None:
    parser = parser_of(command)
    assert parser.prog == f"needfix {command}"
    assert [action.dest for action in parser._actions if not action.help] == []  # noqa: SLF001 - to list them


@pytest.mark.parametrize("command", EVERY)
def test_help_ends_with_examples_that_parse(command: str) -> None:
    parser = parser_of(command)
    assert 2 <= len(parser.examples) <= 3
    assert parser.format_help().endswith("\nExamples:\n" + "".join(f"  {one}\n" for one in parser.examples))
    for example in parser.examples:
        words = shlex.split(example.removeprefix(parser.prog))
        if command != "import":
            parser.parse_intermixed_args(words)  # raises UsageError for words that it does not know
        assert example.startswith(f"{parser.prog} ")


def test_the_examples_of_the_program_parse() -> None:
    for example in EXAMPLES:
        _, command, *words = shlex.split(example)
        assert parser_of(command).parse_intermixed_args(words).debug is False


def options_of(command: str) -> dict[str, argparse.Action]:
    actions = parser_of(command)._actions  # noqa: SLF001 - to list them
    return {name: action for action in actions for name in action.option_strings}


@pytest.mark.parametrize("command", EVERY)
def test_what_reads_rules_can_leave_out_what_ships(command: str) -> None:
    options = options_of(command)
    assert ("--rules" in options) == ("--no-shipped" in options)


@pytest.mark.parametrize("option", ["--rules", "--no-shipped", "--join", "--strict", "--server", "--rule"])
def test_an_option_takes_the_same_words_in_every_command(option: str) -> None:
    found = [options[option] for command in EVERY if option in (options := options_of(command))]
    assert len({(type(action), action.nargs, action.metavar) for action in found}) == 1


@pytest.mark.parametrize("command", EVERY)
def test_every_help_text_is_a_sentence(command: str) -> None:
    helps = [action.help or "" for action in parser_of(command)._actions]  # noqa: SLF001 - to list them
    assert [text for text in helps if not (text[:1].isupper() and text.endswith("."))] == []


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
