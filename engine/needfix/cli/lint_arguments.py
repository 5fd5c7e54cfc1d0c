"""The arguments of `needfix lint`."""

from __future__ import annotations

import argparse
import glob
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from needfix.cli.arguments import (
    FORMAT,
    OUTPUT,
    RULES,
    SETTINGS,
    Parser,
    add_no_shipped,
    check_writable,
    close_to,
    give_back,
    may_hold_rules,
)
from needfix.cli.settings_file import known_code
from needfix.errors import UsageError
from needfix.lint import CODES
from needfix.lint.settings import Settings
from needfix.lint.silences import hint_of_code
from needfix.model.finding import SEVERITIES, Severity
from needfix.report.formats import formats_of

_MORE_RULES = "Additional rules and definitions that the checked ones need, not checked (default: none)."
_GRADE = re.compile("([^=]+)=([^=]+)")


class LintRequest(NamedTuple):
    """The arguments of a lint run."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    settings: Settings
    format: str
    output: str | None
    fix: bool
    with_shipped: bool = True


def lint_request(words: Sequence[str]) -> LintRequest:
    """The arguments. Raises UsageError where they make no sense."""
    arguments = parser().parse_intermixed_args(words)
    select, after_select = _values(arguments.select)
    ignore, after_ignore = _values(arguments.ignore)
    severity, after_severity = _values(arguments.severity)
    arguments.path += [*after_select, *after_ignore, *after_severity]
    give_back(arguments, "path", rules=may_hold_rules)
    paths, rules = tuple(arguments.path), tuple(arguments.rules or ())
    if rules and not paths:
        hint = "name the files or folders to check"
        raise UsageError(f"--rules names what the checked rules need, and no PATH is named\n    hint: {hint}")
    if arguments.fix and not paths:
        hint = "name the files or folders that may be changed"
        raise UsageError(f"--fix changes files, and no PATH is named\n    hint: {hint}")
    if arguments.fix:
        check_writable("--fix", paths)
    settings = Settings(
        select=_codes(select) if arguments.select else None,
        ignore=_codes(ignore),
        severity=dict(map(_grade, severity)),
        fail_on=cast("Severity | None", arguments.fail_on),
    )
    return LintRequest(
        paths,
        rules,
        settings,
        arguments.format,
        arguments.output,
        arguments.fix,
        with_shipped=not arguments.no_shipped,
    )


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "lint",
        "Check rules and product definitions: references, levels, minima, symptoms, texts. "
        f"Settings come from {SETTINGS} in this folder or the nearest one above; options override them.",
        "needfix lint rules/ --select NF3 NF503 --fail-on error",
        "needfix lint rules/ --fix",
        "needfix lint KB5036386.yaml --rules rules/",
    )
    parser.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        help=RULES,
    )
    parser.add_argument("--rules", nargs="+", action="extend", metavar="PATH", help=_MORE_RULES)
    add_no_shipped(parser, "needs a PATH")
    codes = "codes, or their beginnings such as NF3"
    _add_list(parser, "--select", "CODE", f"Run only these checks: {codes} (default: all).")
    _add_list(parser, "--ignore", "CODE", f"Do not run these checks: {codes}.")
    severities = ", ".join(SEVERITIES)
    _add_list(parser, "--severity", "CODE=SEVERITY", f"Change the severity of a check: {severities}.")
    add = parser.add_argument
    add("--fail-on", choices=SEVERITIES, help="Exit with 1 from this severity on (default: warning).")
    add("--fix", action="store_true", help="Repair in place what has only one correct form.")
    add("--format", choices=formats_of("findings"), default="text", help=FORMAT)
    add("--output", metavar="FILE", help=OUTPUT)
    return parser


def _add_list(parser: argparse.ArgumentParser, name: str, metavar: str, help_text: str) -> None:
    parser.add_argument(name, nargs="+", action="append", metavar=metavar, help=help_text)


def _values(given: Sequence[Sequence[str]] | None) -> tuple[list[str], list[str]]:
    """The values of an option, and the paths after them that it also took; its first word is a value."""
    values: list[str] = []
    paths: list[str] = []
    for first, *others in given or ():
        end = next((number for number, word in enumerate(others) if _may_be_path(word)), len(others))
        values += [first, *others[:end]]
        paths += others[end:]
    return [value for word in values for value in word.split(",") if value], paths


def _may_be_path(word: str) -> bool:
    return "/" in word or "\\" in word or "." in word or glob.has_magic(word) or Path(word).exists()


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_code, values))


def _code(text: str) -> str:
    code = known_code(text)
    if code is None:
        raise UsageError(f"no check has the code {text!r}\n    hint: {hint_of_code(text, CODES)}")
    return code


def _grade(text: str) -> tuple[str, Severity]:
    match = _GRADE.fullmatch(text)
    if match is None:
        raise UsageError(f"--severity {text!r} is not CODE=SEVERITY\n    hint: write it as NF503=warning")
    if match[2] not in SEVERITIES:
        hint = close_to(match[2], SEVERITIES) or f"\n    hint: write one of {', '.join(SEVERITIES)}"
        raise UsageError(f"there is no severity {match[2]!r}{hint}")
    return _code(match[1]), cast("Severity", match[2])
