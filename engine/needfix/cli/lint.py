"""`needfix lint`: mistakes in rules, and points that a person should settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from needfix.catalogue import load_readable
from needfix.catalogue.files import rule_files
from needfix.catalogue.zipped import is_zip
from needfix.cli.arguments import check_output, settings_file
from needfix.cli.exits import exit_code
from needfix.cli.lint_arguments import LintRequest, lint_request, parser
from needfix.cli.lint_repair import Repaired, repair
from needfix.cli.messages import state_problems
from needfix.cli.reports import annotated_problems, write_report
from needfix.cli.settings_file import read_settings
from needfix.errors import Position
from needfix.lint import lint
from needfix.lint.check import all_rules
from needfix.lint.settings import Settings
from needfix.model.finding import Findings

__all__ = ["parser", "run"]


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = lint_request(words)
    check_output(arguments.output, [*arguments.paths, *arguments.rules])
    with annotated_problems("findings", arguments.format):
        settings = _settings(arguments)
        report = _report(arguments, settings)
    state_problems(report.problems)
    write_report("findings", arguments.format, report, arguments.output)
    return exit_code(bad=len(report.problems), found=settings.ends_badly(report.findings))


def _settings(arguments: LintRequest) -> Settings:
    file = settings_file(Path.cwd())
    return arguments.settings.over(read_settings(file).lint) if file else arguments.settings


def _report(arguments: LintRequest, settings: Settings) -> Findings:
    checks = settings.checks()
    is_linted = _is_below(arguments.paths) if arguments.rules else _is_any
    load = partial(
        load_readable, [*arguments.paths, *arguments.rules] or None, with_shipped=arguments.with_shipped
    )
    repaired = repair(load, checks, is_linted) if arguments.fix else Repaired()
    catalogue, problems = load()
    rules = [rule for rule in all_rules(catalogue) if is_linted(rule.at)]
    return Findings(
        rules=len(rules),
        findings=tuple(finding for finding in lint(catalogue, checks) if is_linted(finding.at)),
        definitions=sum(is_linted(catalogue.products[name].at) for name in catalogue.defined),
        checks=tuple(check.text for check in checks),
        repaired=repaired.done,
        left=repaired.left,
        problems=problems,
    )


def _is_below(paths: Sequence[str]) -> Callable[[Position | None], bool]:
    """Whether a position is in a file that these paths name."""
    zipped = tuple(f"{path}/" for path in paths if is_zip(path))
    files = set(map(str, rule_files(paths, [])))
    return lambda at: at is not None and (at.file in files or at.file.startswith(zipped))


def _is_any(at: Position | None) -> bool:
    del at
    return True
