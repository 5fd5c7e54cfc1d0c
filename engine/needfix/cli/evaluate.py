"""`needfix evaluate`: which servers need which hotfix, and why."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from needfix.catalogue import Catalogue, load_for_decisions
from needfix.cli.arguments import (
    OUTPUT,
    Parser,
    add_rules,
    check_inventories,
    check_output,
    give_back,
    may_hold_rules,
)
from needfix.cli.bad_records import reported_problems
from needfix.cli.exits import exit_code
from needfix.cli.inventory_arguments import add_reading, request_of
from needfix.cli.messages import complain
from needfix.cli.output import style_of
from needfix.cli.progress import progress_bar
from needfix.cli.reports import report_stream
from needfix.cli.rule_choice import RuleWords, chosen_rules, comma_lists
from needfix.errors import UsageError
from needfix.intake.formats import FORMATS as FILE_FORMATS
from needfix.model.decision import ACTIONS, DECISIONS, SEVERITIES
from needfix.model.run_request import RunRequest, Selection
from needfix.report.formats import Format, Kind, formats_of
from needfix.report.style import View
from needfix.run import Cluster, Run, begin, check_replaced, in_columns, with_files

_WORTH_A_LINE = 0.01


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_for_decisions(arguments.rules, with_shipped=not arguments.no_shipped)
    request = _request(arguments, catalogue)
    if arguments.on:  # Spark lists files itself
        check_replaced(request, arguments.output)
    else:
        request = with_files(request, arguments.output)
    columnar = bool(arguments.on) or in_columns(request)
    chosen = formats_of(*_KINDS)[arguments.format or ("summary" if columnar else "table")]
    cluster = _cluster(arguments, chosen) if arguments.on else None
    is_found = False
    with reported_problems(request, is_quiet=arguments.quiet) as bad:
        decided = begin(catalogue, request, bad, cluster, columnar=columnar or _is_of_columns(chosen))
        if cluster is None or cluster.folder is None:
            _report(decided, chosen, arguments, request.names)
        is_found = any(map(decided.summary().decided, arguments.fail_on or ()))
        _state_slow_servers(decided)
    return exit_code(bad=bad.count, found=is_found)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "evaluate",
        "Report which servers need which hotfix, and why.",
        "needfix evaluate servers.json",
        "needfix evaluate files.csv symptoms.csv --join --only fix-required --output todo.csv",
        "needfix evaluate servers.csv --rules my-rules/ --server 'MAIL*' --severity critical,important",
    )
    add = parser.add_argument
    add("inventory", nargs="*", metavar="INVENTORY", help=_INVENTORY)
    add_rules(parser)
    add("--format", choices=formats_of(*_KINDS), help=_FORMAT)
    add("--output", metavar="FILE", help=OUTPUT)
    add("--only", **_several("DECISION"), help=f"Show only these decisions: {', '.join(DECISIONS)}.")
    add("--action", **_several("ACTION"), help=f"Show only these actions: {', '.join(ACTIONS)}.")
    add("--server", action="append", metavar="PATTERN", help=_SERVER)
    add("--rule", action="append", metavar="ID", help=_RULE)
    add("--advisory", action="append", metavar="ID", help=_ADVISORY)
    add("--severity", action="append", metavar="SEVERITY", help=_SEVERITY)
    add("--fail-on", **_several("DECISION"), help="Exit with 1 if any server has one of these decisions.")
    add("--on", metavar="MASTER", help=_ON)
    add_reading(parser)
    return parser


_KINDS: tuple[Kind, ...] = ("decisions", "summary", "rows")
_INVENTORY = (
    f"Inventory files, folders or patterns ({', '.join(known.name for known in FILE_FORMATS)});"
    " - is standard input."
)
_FORMAT = "Report format (default: table; summary with --on or for Parquet inventories)."
_SERVER = (
    "Evaluate only servers matching PATTERN (wildcards * and ?), or several with commas between them; may be"
    " repeated."
)
_RULE = (
    "Evaluate only these rules: ids or updates, in any spelling (KB279798, 279798), with commas between them,"
    " or patterns with * and ?; may be repeated."
)
_ADVISORY = "Evaluate only rules with these advisories, as --rule takes ids: CVE-2024-26198, 'CVE-2024-*'."
_SEVERITY = f"Evaluate only rules of these severities, with commas between them: {', '.join(SEVERITIES)}."
_COUNT = r"\s*(?:[1-9][0-9]*|\*)\s*"
_MASTER = (
    rf"local(?:\[{_COUNT}(?:,\s*[1-9][0-9]*\s*)?\])?|local-cluster\[\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\]"
    r"|spark://[^\s/,:]+:\d+(?:,[^\s/,:]+:\d+)*|k8s://\S+|yarn"
)
"""The forms in which Spark takes the address of a cluster; another one fails after Java has started."""
_MASTERS = "write local, local[2], local[*], spark://HOST:PORT, yarn or k8s://HOST:PORT"
_ON = "Evaluate on this Spark cluster, such as spark://HOST:PORT or local[2] (default: this process)."


def _several(metavar: str) -> dict[str, Any]:
    return {"nargs": "+", "action": "extend", "metavar": metavar}


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    is_decision, is_action = _words_of(DECISIONS), _words_of(ACTIONS)
    give_back(arguments, "inventory", rules=may_hold_rules, only=is_decision)
    give_back(arguments, "inventory", action=is_action, fail_on=is_decision)
    for option in ("only", "action", "fail_on", "server", "severity"):
        setattr(arguments, option, comma_lists(getattr(arguments, option)))
    _check_words("decision", DECISIONS, [*(arguments.only or ()), *(arguments.fail_on or ())])
    _check_words("action", ACTIONS, arguments.action or ())
    _check_words("severity", SEVERITIES, arguments.severity or ())
    check_inventories(arguments)
    if arguments.on is not None and not re.fullmatch(_MASTER, arguments.on):
        raise UsageError(f"--on {arguments.on!r} is not the address of a Spark cluster\n    hint: {_MASTERS}")
    return arguments


def _words_of(known: Collection[str]) -> Callable[[str], bool]:
    """Whether a word is one of the known ones, or several with commas between them."""
    return lambda word: all(part.strip() in known for part in word.split(","))


def _check_words(noun: str, known: Collection[str], words: Iterable[str]) -> None:
    for word in words:
        if word not in known:
            article = "an" if noun.startswith("a") else "a"
            raise UsageError(f"{word!r} is not {article} {noun}\n    hint: write one of {', '.join(known)}")


def _request(arguments: argparse.Namespace, catalogue: Catalogue) -> RunRequest:
    words = RuleWords(comma_lists(arguments.rule), comma_lists(arguments.advisory), arguments.severity)
    selection = Selection(
        chosen_rules(catalogue, words),
        tuple(arguments.server) if arguments.server else None,
        tuple(arguments.only or DECISIONS),
        tuple(arguments.action or ACTIONS),
    )
    return request_of(arguments, catalogue, selection)


def _is_of_columns(chosen: Format) -> bool:
    return not {"summary", "rows"}.isdisjoint(chosen.kinds)


def _cluster(arguments: argparse.Namespace, chosen: Format) -> Cluster:
    """The cluster. Raises UsageError where it does not support the request."""
    if not _is_of_columns(chosen):
        *others, last = formats_of("summary", "rows")
        hint = f"write {', '.join(others)} or {last}"
        raise UsageError(f"--format {chosen.name} is not supported with --on\n    hint: {hint}")
    if "rows" not in chosen.kinds:
        return Cluster(arguments.on)
    if arguments.output in (None, "-"):
        raise UsageError("with --on, decisions are written to a folder\n    hint: name one with --output")
    if Path(arguments.output).is_file():
        raise UsageError(f"{arguments.output} is a file\n    hint: name a folder with --output")
    return Cluster(arguments.on, arguments.output)


def _report(decided: Run, chosen: Format, arguments: argparse.Namespace, inventories: Sequence[str]) -> None:
    view = View(style_of(arguments.output), whole=bool(arguments.only or arguments.action))
    with (
        report_stream(arguments.output, chosen, hold_back=not arguments.keep_going) as out,
        progress_bar(inventories) as decided.progress,
    ):
        chosen.write(out, decided, view)


def _state_slow_servers(decided: Run) -> None:
    servers = decided.summary().servers
    if decided.rowwise > _WORTH_A_LINE * servers:
        share = f"{decided.rowwise:,} of {servers:,} servers"
        why = "their records do not fit the columnar format"
        complain(f"{share} were evaluated one at a time, which is slower: {why}")
