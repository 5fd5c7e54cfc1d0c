"""`needfix rules`: prints the rules of a catalogue and what they ask for; `new` writes one to start from."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from needfix.catalogue import Catalogue, load_catalogue
from needfix.catalogue.describe import describe
from needfix.cli import rules_new
from needfix.cli.arguments import FORMAT, Parser, add_rules, give_back, may_hold_rules
from needfix.cli.exits import DONE
from needfix.cli.reports import write_report
from needfix.cli.rule_choice import known_rules
from needfix.errors import UsageError
from needfix.model.explanation import CatalogueStatus, RuleDescription
from needfix.model.rule import Rule
from needfix.report.formats import formats_of


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    if words[:1] == ["new"]:
        return rules_new.run(words[1:])
    arguments = _arguments(words)
    catalogue = load_catalogue(arguments.rules, with_shipped=not arguments.no_shipped)
    if arguments.what == "status":
        write_report("status", arguments.format, _status(catalogue, arguments.rules or ()), None)
        return DONE
    if arguments.what == "files":
        from needfix.collect.asked import asked_by  # noqa: PLC0415 - only for this

        write_report("asked", arguments.format, asked_by(catalogue), None)
        return DONE
    described = [_described(rule) for rule in _chosen(catalogue, arguments.what, arguments.id)]
    write_report("rules", arguments.format, described, None, whole=arguments.what == "show")
    return DONE


def _chosen(catalogue: Catalogue, what: str, words: Sequence[str]) -> Iterable[Rule]:
    """The rules that are named; of a list, those in which each word is, be it in a name, title or file."""
    if what == "list" and words:
        found = [rule for rule in catalogue if all(word.casefold() in _searched(rule) for word in words)]
        if not found:
            raise UsageError(f"no rule has {' and '.join(map(repr, words))}\n    hint: try a shorter word")
        return found
    named = dict.fromkeys(own for rule_id in words for own in known_rules(catalogue, rule_id))
    return [catalogue.rules[rule_id] for rule_id in named] if words else catalogue


def _searched(rule: Rule) -> str:
    """What the words of a list are looked for in."""
    files = (minimum.name for fix in rule.fixes for minimum in fix.files)
    components = (fix.component for fix in rule.fixes if fix.component)
    texts = (rule.id, rule.title, *rule.products, *rule.advisories, *rule.updates, *files, *components)
    return "\n".join(texts).casefold()


def parser() -> Parser:
    """The parser of the command's words, except those of `new`."""
    parser = Parser(
        "rules",
        "List the rules of a catalogue or what they ask for, show some in full, or write a new one.",
        "needfix rules show Q279798",
        "needfix rules list store.exe --rules my-rules/ --format json",
        "needfix rules files",
    )
    parser.add_argument("what", choices=("list", "show", "new", "files", "status"), help=_WHAT)
    parser.add_argument("id", nargs="*", metavar="ID", help=_ID)
    add_rules(parser)
    parser.add_argument(
        "--format", choices=formats_of("rules", "asked", "status"), default="text", help=FORMAT
    )
    return parser


_ID = "Rules that show prints, by id or update; words that list looks for in ids, titles, products and files."
_WHAT = (
    "List all rules, show the named ones, write a new one (see needfix rules new --help), list the files and "
    "other facts that rules ask for, or state the date and digest of all."
)


def _status(catalogue: Catalogue, paths: Sequence[str]) -> CatalogueStatus:
    days = (rule.released for rule in catalogue if rule.released is not None)
    counts = len(catalogue), len(catalogue.products)
    return CatalogueStatus(catalogue.digest, catalogue.date, *counts, max(days, default=None), tuple(paths))


def _described(rule: Rule) -> RuleDescription:
    return RuleDescription(
        id=rule.id,
        title=rule.title,
        products=rule.products,
        asks=tuple(describe(rule)),
        references=rule.references,
        cases=tuple(f"{case.name}: {case.expect}" for case in rule.cases),
        severity=rule.severity,
        advisories=rule.advisories,
        updates=rule.updates,
        released=rule.released,
        also_needed=rule.also_needed,
    )


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    if arguments.what == "new":
        raise UsageError("new must be the first word\n    hint: write needfix rules new ID")
    if arguments.what in ("status", "files") and arguments.id:
        raise UsageError(f"{arguments.what} is that of all rules\n    hint: needfix rules show ID shows one")
    if arguments.what == "show":
        give_back(arguments, "id", rules=may_hold_rules)
        if not arguments.id:
            raise UsageError("no rule is named\n    hint: needfix rules list shows all ids")
    return arguments
