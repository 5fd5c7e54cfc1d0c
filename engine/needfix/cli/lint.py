"""`needfix lint`: what rules that load still have wrong, or leave to settle."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from needfix.authoring.lint import lint
from needfix.catalogue import load_catalogue
from needfix.cli.arguments import Parser
from needfix.cli.exits import DONE, FINDINGS
from needfix.cli.output import output, style_of
from needfix.report.findings import FORMATS, Findings


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    catalogue = load_catalogue(arguments.path or None)
    report = Findings(len(catalogue), lint(catalogue))
    with output(arguments.output, hold_back=False) as out:
        out.write(FORMATS[arguments.format](report, style_of(arguments.output)))
    asks = any(finding.severity != "note" for finding in report.findings)
    return FINDINGS if asks else DONE


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "lint", "Check rules that load: open questions, wrong supersedence, fixes that cover others."
    )
    parser.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        help="rule files, folders or patterns; left out: the rules that needfix ships",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the findings (text)")
    parser.add_argument("--output", metavar="FILE", help="write them there, whole or not at all")
    return parser.parse_intermixed_args(words)
