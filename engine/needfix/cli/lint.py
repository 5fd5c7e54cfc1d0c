"""`needfix lint`: mistakes in rules, and points that a person should settle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from needfix.catalogue import load_for_lint
from needfix.cli.arguments import check_output
from needfix.cli.exits import exit_code
from needfix.cli.lint_arguments import LintRequest, lint_request, parser
from needfix.cli.lint_repair import Repaired, repair
from needfix.cli.reports import annotated_problems, write_report
from needfix.lint import lint
from needfix.lint.settings import Settings
from needfix.lint.settings_file import read_settings, settings_file
from needfix.model.finding import Findings

__all__ = ["parser", "run"]


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = lint_request(words)
    check_output(arguments.output, arguments.paths)
    with annotated_problems("findings", arguments.format):
        settings = _settings(arguments)
        report = _report(arguments, settings)
    write_report("findings", arguments.format, report, arguments.output)
    return exit_code(bad=0, found=settings.ends_badly(report.findings))


def _settings(arguments: LintRequest) -> Settings:
    file = settings_file(Path.cwd())
    return arguments.settings.over(read_settings(file)) if file else arguments.settings


def _report(arguments: LintRequest, settings: Settings) -> Findings:
    checks = settings.checks()
    repaired = repair(arguments.paths, checks) if arguments.fix else Repaired()
    catalogue = load_for_lint(arguments.paths or None)
    return Findings(
        rules=len(catalogue) + len(catalogue.repeated),
        findings=lint(catalogue, checks),
        definitions=len(catalogue.defined),
        checks=tuple(check.text for check in checks),
        repaired=repaired.done,
        left=repaired.left,
    )
