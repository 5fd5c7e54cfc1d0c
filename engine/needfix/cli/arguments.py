"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from needfix.catalogue.zipped import is_zip
from needfix.errors import InputError, UsageError
from needfix.intake.formats import inventories
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.paths import RULES_AND_CASES, may_name, named_files, none_named

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_HINT = "\n    hint: see "
_DEBUG = "Show a traceback if needfix itself fails (exit code 70)."

# Help texts that several commands share.
FORMAT = "Report format (default: text)."
SETTINGS = ".needfix.yaml"
"""The name of the file with the settings of a project."""

OUTPUT = "Write the report to FILE, whole or not at all (default: standard output)."
RULES = "Rule files, folders or patterns (default: the rules that needfix ships)."


def settings_file(folder: Path) -> Path | None:
    """The settings file of a project: in the folder, or in the nearest folder above."""
    places = (above / SETTINGS for above in (folder, *folder.parents))
    return next((place for place in places if place.is_file()), None)


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of ending the program; its help ends with `examples`."""

    def __init__(self, command: str, what: str, *examples: str) -> None:
        super().__init__(prog=f"needfix {command}", description=what, allow_abbrev=False, add_help=False)
        self.examples = examples
        self.add_argument("-h", "--help", action="help", help="Show this help and exit.")
        self.add_argument("--debug", action="store_true", help=_DEBUG)

    def format_help(self) -> str:
        """The help, with the examples as they stand: argparse would wrap them."""
        examples = "".join(f"  {example}\n" for example in self.examples)
        return f"{super().format_help()}\nExamples:\n{examples}"

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help; argparse ignores a full disk."""
        (sys.stdout if file is None else file).write(self.format_help())

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse wants NoReturn, and it is one
        """Raise UsageError with what is wrong with the arguments."""
        word = next(iter(message.rpartition(": ")[2].split()), "")
        hint = "" if "required" in message else close_to(word, self._option_string_actions)
        raise UsageError(f"{message}{hint or f'{_HINT}{self.prog} --help'}")


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules PATH…`."""
    parser.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        metavar="PATH",
        help=RULES,
    )
    add_no_shipped(parser, "needs --rules")


def add_no_shipped(parser: argparse.ArgumentParser, needs: str) -> None:
    """Add `--no-shipped`, which needs that rules are named."""
    what = f"Leave out the product definitions that needfix ships; {needs}."
    parser.add_argument("--no-shipped", action="store_true", help=what)


def give_back(arguments: argparse.Namespace, positional: str, **options: Callable[[str], bool]) -> None:
    """Return positional words that an option of several values took to `positional`.

    In `--rules RULES INVENTORY` the option takes both. If there is no other positional word, the option
    keeps only its leading words that can be its values (`options` has a test for each), never the last.
    """
    for option, is_value in options.items():
        values, taken = getattr(arguments, option), getattr(arguments, positional)
        if values and not taken:
            others = (place for place, word in enumerate(values) if not is_value(word))
            keep = max(1, min(next(others, len(values)), len(values) - 1))
            setattr(arguments, option, values[:keep])
            setattr(arguments, positional, values[keep:])


def may_hold_rules(word: str) -> bool:
    """Whether a path can be one of rules: a YAML file, or a folder or pattern of such files."""
    return may_name(word, RULES_AND_CASES)


def check_inventories(arguments: argparse.Namespace) -> None:
    """Raise UsageError where the arguments name no inventory."""
    if not arguments.inventory:
        raise none_named(inventories())


def check_output(output: str | None, rules: Iterable[str] | None) -> None:
    """Raise InputError where a report would replace a file of rules or cases."""
    if output and rules and Path(output).is_file():
        _, problems = named_files(rules, RULES_AND_CASES, output)
        if problems:
            raise InputError(problems)


def check_writable(option: str, paths: Iterable[str]) -> None:
    """Raise UsageError where an option would change files in a zip."""
    for path in filter(is_zip, paths):
        hint = "unpack it, and name the folder"
        raise UsageError(f"{option} changes files, and {path} is a zip file\n    hint: {hint}")


def close_to(word: str, known: Iterable[str]) -> str:
    """A hint at the closest known word, or nothing."""
    hint = did_you_mean(suggestion(word, known))
    return f"\n    hint: {hint}" if hint else ""
