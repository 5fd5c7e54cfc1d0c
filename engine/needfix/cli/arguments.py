"""What several commands' arguments have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from needfix.catalogue import Catalogue
from needfix.errors import InputError, UsageError
from needfix.intake.formats import inventories
from needfix.intake.near import suggestion
from needfix.intake.paths import RULES_AND_CASES, may_name, named_files, none_named

_MEND = "\n    mend: see "


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError in place of leaving the program."""

    def __init__(self, command: str, what: str) -> None:
        super().__init__(prog=f"needfix {command}", description=what, allow_abbrev=False)

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse wants NoReturn, and it is one
        """Raise what is wrong with the arguments."""
        hint = close_to(message.rpartition(": ")[2].split()[0], self._option_string_actions)
        raise UsageError(f"{message}{hint or f'{_MEND}{self.prog} --help'}")


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules PATH…`."""
    parser.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        metavar="PATH",
        help="rule files, folders or patterns; left out: the rules that needfix ships",
    )


def given_back(
    values: Sequence[str] | None, positional: Sequence[str], is_value: Callable[[str], bool]
) -> tuple[list[str] | None, list[str]]:
    """Words that an option of several values took although they are positional.

    In `--rules RULES INVENTORY` the option takes both. Where nothing else is positional, only the
    words in front that can be its values are left to it, and the last word never is.
    """
    if values is None or positional:
        return (None if values is None else list(values)), list(positional)
    others = (place for place, word in enumerate(values) if not is_value(word))
    keep = max(1, min(next(others, len(values)), len(values) - 1))
    return list(values[:keep]), list(values[keep:])


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


def check_any(records: int, patterns: Sequence[str] | None) -> None:
    """Raise UsageError where a run met no record at all."""
    if records:
        return
    if patterns is None:
        raise UsageError("there is no server in the inventories")
    mend = "check the pattern; * and ? are understood"
    raise UsageError(f"no server matches {' or '.join(map(repr, patterns))}\n    mend: {mend}")


def known_rule(catalogue: Catalogue, rule_id: str) -> str:
    """A rule's id as the catalogue has it, without regard to case. Raises UsageError for others."""
    known = catalogue.known_id(rule_id)
    if known not in catalogue.rules:
        raise UsageError(f"there is no rule {rule_id!r}{close_to(rule_id, catalogue.rules)}")
    return known


def close_to(word: str, known: Iterable[str]) -> str:
    """A hint at the closest known word, or nothing."""
    close = suggestion(word, known)
    return f"\n    mend: did you mean {close}?" if close else ""
