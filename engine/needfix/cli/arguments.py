"""What several commands' arguments have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from needfix.catalogue import Catalogue
from needfix.errors import InputError, UsageError
from needfix.intake.formats import inventories
from needfix.intake.near import suggestion
from needfix.intake.paths import RULES_AND_CASES, may_name, named_files, none_named

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_HINT = "\n    hint: see "
_DEBUG = "show a traceback where needfix itself fails (exit code 70)"


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError in place of leaving the program."""

    def __init__(self, command: str, what: str) -> None:
        super().__init__(prog=f"needfix {command}", description=what, allow_abbrev=False)
        self.add_argument("--debug", action="store_true", help=_DEBUG)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help; argparse passes over a disk that is full."""
        (sys.stdout if file is None else file).write(self.format_help())

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse wants NoReturn, and it is one
        """Raise what is wrong with the arguments."""
        word = next(iter(message.rpartition(": ")[2].split()), "")
        hint = close_to(word, self._option_string_actions)
        raise UsageError(f"{message}{hint or f'{_HINT}{self.prog} --help'}")


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules PATH…`."""
    parser.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        metavar="PATH",
        help="rule files, folders or patterns; left out: the rules that needfix ships",
    )


def give_back(arguments: argparse.Namespace, positional: str, **options: Callable[[str], bool]) -> None:
    """Let options of several values give back the words that they took although they are positional.

    In `--rules RULES INVENTORY` the option takes both. Where nothing else is positional, only the words in
    front that can be its values, as `options` says of each, are left to it, and the last word never is.
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


def known_rule(catalogue: Catalogue, rule_id: str) -> str:
    """A rule's id as the catalogue has it, without regard to case. Raises UsageError for others."""
    known = catalogue.known_id(rule_id)
    if known not in catalogue.rules:
        raise UsageError(f"there is no rule {rule_id!r}{close_to(rule_id, catalogue.rules)}")
    return known


def close_to(word: str, known: Iterable[str]) -> str:
    """A hint at the closest known word, or nothing."""
    close = suggestion(word, known)
    return f"\n    hint: did you mean {close}?" if close else ""
