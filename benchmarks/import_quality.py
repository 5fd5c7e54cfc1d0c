"""How well `needfix import kb` reads articles: against labels made by hand, and over a whole drawer.

    python -m benchmarks.import_quality --gold ../shared/gold/gold.json --articles ../shared/articles

The labels are compared with what the written rules say, since that is what people get.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from needfix.catalogue import load_products
from needfix.errors import Problem
from needfix.importing.kb.kb import ImportedRule, KbImport
from needfix.importing.kb.sources import article_files, read_articles
from needfix.intake.vocabularies import language, platform
from needfix.versions import parse_version, read_level

Facts = frozenset[tuple[object, ...]]
Labels = Mapping[str, Any]
RuleData = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Facts in both, only in the rules, and only in the labels."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of what was read that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was read."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact, as the labels and as a rule state it."""

    of_labels: Callable[[Labels], Iterable[tuple[object, ...]]]
    of_rule: Callable[[RuleData], Iterable[tuple[object, ...]]]


def score(labelled: Iterable[Labels], rules: Mapping[str, RuleData]) -> dict[str, Score]:
    """The score of each kind of fact over all labelled articles. One without a rule is missed whole."""
    total = dict.fromkeys(KINDS, Score())
    for labels in labelled:
        for kind, found in compare(labels, rules.get(labels["id"], {})).items():
            total[kind] += Score(*map(len, found))
    return total


def compare(labels: Labels, rule: RuleData) -> dict[str, tuple[Facts, Facts, Facts]]:
    """For each kind the facts in both, only in the rule, and only in the labels."""
    found = {}
    for name, kind in KINDS.items():
        stated, read = frozenset(kind.of_labels(labels)), frozenset(kind.of_rule(rule))
        found[name] = (stated & read, read - stated, stated - read)
    return found


def _labelled_rows(labels: Labels) -> Iterator[tuple[object, ...]]:
    for fix in labels["fixes"]:
        for row in fix["files"]:
            yield _row(row["name"] or "", row["version"], row["date"], row["platform"])


def _rule_rows(rule: RuleData) -> Iterator[tuple[object, ...]]:
    for fix in rule.get("fixes", ()):
        for name, minimum in fix["files"].items():
            day = minimum.get("modified")
            yield _row(name, minimum.get("version"), day and day[:10], fix.get("platform"))


def _row(name: str, version: str | None, day: str | None, on: str | None) -> tuple[object, ...]:
    return (name.casefold(), parse_version(version or "") or version, day, platform(on) if on else None)


def _labelled_levels(labels: Labels) -> Iterator[tuple[object, ...]]:
    for bullet in labels["applies_to"]:
        for label in bullet["levels"]:
            yield (_level(label), _edition(bullet["edition"]))


_PRODUCTS = ("Server", "Advanced Server", "Datacenter Server", "Professional")
"""What the vendor prints behind "Windows versions 2000": kinds of Windows 2000 that are products here."""


def _edition(printed: str | None) -> str | None:
    """An edition as definitions have it: `32-bit Editions` are all of them."""
    plain = (printed or "").removeprefix("32-bit ")
    return None if plain in (*_PRODUCTS, "Editions", "") else plain


def _rule_levels(rule: RuleData) -> Iterator[tuple[object, ...]]:
    entries = rule.get("affects", ())
    for entry in entries:
        if isinstance(entry, Mapping):
            yield from ((_level(label), entry.get("edition")) for label in entry.get("levels", ()))
        else:
            yield (_level(entry), None)


def _labelled_requires(labels: Labels) -> Iterator[tuple[object, ...]]:
    return ((_level(label),) for fix in labels["fixes"] for label in fix["requires"])


def _rule_requires(rule: RuleData) -> Iterator[tuple[object, ...]]:
    return ((_level(_label(entry)),) for entry in rule.get("requires", ()))


def _labelled_corrections(labels: Labels) -> Iterator[tuple[object, ...]]:
    for text in labels["corrected_in"]:
        number = re.search(r"\d+\.\d+|20\d\d", text)
        pack = re.search(r"Service Pack (\d+\w?)", text)
        rollup = re.search(r"\(([A-Z]{3})\)", text)
        if number and pack:
            yield (_level(" ".join(filter(None, (number[0], f"SP{pack[1]}", rollup and rollup[1])))),)


def _rule_corrections(rule: RuleData) -> Iterator[tuple[object, ...]]:
    return ((_level(_label(entry)),) for entry in rule.get("corrected_in", ()))


def _label(entry: str | Mapping[str, str]) -> str:
    return entry["level"] if isinstance(entry, Mapping) else entry


def _level(text: str) -> str:
    said = read_level(text.removeprefix("Build "))
    return str(said.level() or text) if said else text


def _components(article: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    return ((fix["component"],) for fix in article.get("fixes", ()) if fix.get("component"))


def _labelled_languages(labels: Labels) -> Iterator[tuple[object, ...]]:
    return ((language(fix["language"].split()[-1]),) for fix in labels["fixes"] if fix["language"])


def _rule_languages(rule: RuleData) -> Iterator[tuple[object, ...]]:
    return ((language(fix["language"]),) for fix in rule.get("fixes", ()) if fix.get("language"))


KINDS = {
    "file rows": Kind(_labelled_rows, _rule_rows),
    "levels": Kind(_labelled_levels, _rule_levels),
    "requires": Kind(_labelled_requires, _rule_requires),
    "corrected_in": Kind(_labelled_corrections, _rule_corrections),
    "components": Kind(_components, _components),
    "languages": Kind(_labelled_languages, _rule_languages),
}


@dataclass(frozen=True, slots=True)
class Drawer:
    """The outcome of every article of a folder."""

    rules: tuple[ImportedRule, ...]
    problems: tuple[Problem, ...]
    articles: int


def imported(folder: Path) -> Drawer:
    """Every article of a folder imported, in memory."""
    run = KbImport(load_products())
    rules: list[ImportedRule] = []
    problems: list[Problem] = []
    files = article_files([str(folder)])
    for file in files:
        rules += run.rules(read_articles(file, io.BytesIO(), problems), problems)
    return Drawer(tuple(rules), tuple(problems), len(files))


def _of_labels(gold: Path, rules: Mapping[str, RuleData], *, verbose: bool) -> Iterator[str]:
    labelled = json.loads(gold.read_text(encoding="utf-8"))
    yield f"{len(labelled)} labelled articles\n"
    yield "| facts | right | wrong | missed | precision | recall |"
    yield "|---|---|---|---|---|---|"
    for kind, got in score(labelled, rules).items():
        yield (
            f"| {kind} | {got.right} | {got.wrong} | {got.missed} | {got.precision:.1%} | {got.recall:.1%} |"
        )
    for labels in labelled if verbose else ():
        for kind, (_, wrong, missed) in compare(labels, rules.get(labels["id"], {})).items():
            if wrong or missed:
                differences = f"wrong {sorted(map(str, wrong))}, missed {sorted(map(str, missed))}"
                yield f"{labels['id']} {kind}: {differences}"


def _of_drawer(drawer: Drawer) -> Iterator[str]:
    doubts = Counter(doubt.about for rule in drawer.rules for doubt in rule.draft.doubts)
    with_doubts = sum(bool(rule.draft.doubts) for rule in drawer.rules)
    unread = sum(any(doubt.drops_rows for doubt in rule.draft.doubts) for rule in drawer.rules)
    yield f"\n{drawer.articles} articles\n"
    yield "| outcome | articles |"
    yield "|---|---|"
    yield f"| a rule without review items | {len(drawer.rules) - with_doubts} |"
    yield f"| a rule with review items | {with_doubts} |"
    yield f"| refused, with the line that says why | {drawer.articles - len(drawer.rules)} |"
    yield f"| a rule with all rows of its tables | {(len(drawer.rules) - unread) / drawer.articles:.1%} |"
    listed = ", ".join(f"{about} {count}" for about, count in doubts.most_common())
    yield f"\nreview items: {listed}"


def main(words: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.import_quality", description=__doc__)
    parser.add_argument("--gold", type=Path, help="labels, as a JSON list")
    parser.add_argument("--articles", type=Path, required=True, help="the folder of the articles")
    parser.add_argument("--verbose", action="store_true", help="name every difference")
    arguments = parser.parse_args(words)
    drawer = imported(arguments.articles)
    if arguments.gold:
        rules = {rule.draft.id: yaml.safe_load(rule.text) for rule in drawer.rules}
        print("\n".join(_of_labels(arguments.gold, rules, verbose=arguments.verbose)))
    print("\n".join(_of_drawer(drawer)))


if __name__ == "__main__":
    main(sys.argv[1:])
