"""One import of build tables into a folder: which files are written, and what is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from needfix.catalogue import load_catalogue, load_products
from needfix.errors import InputError, Position, Problem
from needfix.importing.builds.changes import ProductChange, RuleChange
from needfix.importing.builds.corrected_cases import Correction, correct_cases, corrections
from needfix.importing.builds.draft import RuleDraft, drafts_of
from needfix.importing.builds.edits import Text
from needfix.importing.builds.product_text import product_text
from needfix.importing.builds.products import Products
from needfix.importing.builds.row import BuildRow, rows_of_levels
from needfix.importing.builds.rule_text import rule_text
from needfix.importing.builds.state import merged, state_text
from needfix.intake.written_names import yaml_name
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule

_HAS_FIXES = re.compile(r"""(?m)(?:^|[{,])[ \t]*["']?fixes["']?[ \t]*:""")


class Folder(NamedTuple):
    """The folder of rules, that of product definitions, and the file that keeps what was imported."""

    rules: Path
    products: Path
    state: Path


@dataclass(slots=True)
class Outcome:
    """Texts to write by their files, in this order, and what stays as a person wrote it."""

    texts: dict[Path, str] = field(default_factory=dict)
    new_rules: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)


class BuildImport:
    """Decides what the rows of tables change in a folder.

    `texts` are the files that the folder has, `others` further rules and definitions, which stay as they
    are; without `with_shipped`, shipped definitions are not known. Nothing is written here.
    """

    def __init__(
        self,
        folder: Folder,
        texts: Mapping[Path, str],
        others: Mapping[Path, str],
        products: Products,
        *,
        with_shipped: bool = True,
    ) -> None:
        self._folder = folder
        self._texts = dict(texts)
        self._others = dict(others)
        self._known = dict(products.known)
        self._names = products.drafted
        self._free = products.free
        self._with_shipped = with_shipped
        self.outcome = Outcome()

    def run(self, base: Sequence[BuildRow], new: Sequence[BuildRow]) -> Outcome:
        """The files that change. Raises InputError where what the tables say makes no valid rules."""
        rows = merged(base, new)
        for product in dict.fromkeys(row.product for row in rows):
            self._define(product, rows, base)
        self._known |= self._products()
        self._rules(rows, base)
        self._check()
        state = state_text(rows)
        if self._texts.get(self._folder.state) != state:
            self.outcome.texts[self._folder.state] = state
        return self.outcome

    def _define(self, product: str, rows: Sequence[BuildRow], base: Sequence[BuildRow]) -> None:
        """Add to a definition what it lacks, or draft it."""
        own = rows_of_levels(row for row in rows if row.product == product)
        file = self._folder.products / yaml_name(product)
        known = self._known.get(product)
        if known is None:
            name, is_free = self._names.get(product, product), product in self._free
            self._write(file, product_text(product, name, own, is_free=is_free))
            self.outcome.products.append(product)
            return
        source = Path(known.at.file) if known.at is not None else file
        before = {**self._others, **self._texts}.get(source)
        before = source.read_bytes().decode("utf-8-sig") if before is None else before
        text = Text(before)
        document = text.document("product", product)
        if document is None:
            return
        change = ProductChange(text, document, known)
        change.apply(own, {row.level: row for row in rows_of_levels(base) if row.product == product})
        self._note(change.kept)
        edited = text.edited()
        if edited == before:
            return
        if source in self._others:
            what = f"the tables change the definition of {product}, and files of --rules stay as they are"
            hint = f"move it to {self._folder.products}, or name its folder with --products"
            raise InputError([Problem(known.at or Position(str(source), 1), what, "", hint)])
        self._write(source if source in self._texts else file, edited)
        self.outcome.products.append(product)

    def _rules(self, rows: Sequence[BuildRow], base: Sequence[BuildRow]) -> None:
        ours = [row for row in rows if row.product in self._known]
        new = drafts_of(ours, self._known)
        old = drafts_of([row for row in base if row.product in self._known], self._known)
        there = self._rules_there()
        corrected = list(corrections(base, rows, self._known))
        for update, draft in new.items():
            rule = there.get(update)
            if rule is not None:
                own = [
                    one
                    for product, one in corrected
                    if product == draft.product and one.update in ("", update)
                ]
                self._change(rule, draft, old.get(update), own)
            elif update not in old:
                file = self._folder.rules / yaml_name(draft.id)
                if file in self._texts:
                    what = f"this file is there and does not hold the rule {draft.id}"
                    raise InputError([Problem(Position(str(file), 1), what, "", "move it away")])
                self._write(file, rule_text(draft, self._known[draft.product]))
                self.outcome.new_rules.append(draft.id)

    def _rules_there(self) -> dict[str, Rule]:
        """The rules of the folder, by their ids in small letters."""
        own = set(map(str, self._texts))
        found = (rule for rule in self._catalogue() if rule.at is not None and rule.at.file in own)
        return {rule.id.casefold(): rule for rule in found}

    def _change(
        self, rule: Rule, new: RuleDraft, old: RuleDraft | None, corrected: Sequence[Correction]
    ) -> None:
        if (new == old and not corrected) or rule.at is None:
            return
        file = Path(rule.at.file)
        before = self._texts[file]
        text = Text(self.outcome.texts.get(file, before))
        document = text.document("id", rule.id)
        if document is None:
            return
        change = RuleChange(text, document, rule, self._known[new.product])
        change.apply(new, old)
        correct_cases(text, document, self._known[new.product], corrected, new)
        self._note(change.kept)
        edited = text.edited()
        if edited != before:
            self._write(file, edited)
            self.outcome.changed.append(rule.id)

    def _note(self, kept: Iterable[tuple[BuildRow, str]]) -> None:
        for row, key in kept:
            about = f"{row.update} at {row.level}" if row.update else f"the level {row.level}"
            what = f"{about} has another {key} in its file, where a person wrote it; it stays"
            self.outcome.kept.append(Problem(row.place(key), what))

    def _write(self, file: Path, text: str) -> None:
        self.outcome.texts[file] = text

    def _check(self) -> None:
        """Raise InputError where the folder would not load."""
        self._products()
        self._catalogue()

    def _products(self) -> Mapping[str, ProductDefinition]:
        """The definitions that are known once the folder is as it will be."""
        return load_products(self._all_texts(), with_shipped=self._with_shipped)

    def _catalogue(self) -> Iterable[Rule]:
        """The rules of the folder as it will be; there may be none yet."""
        texts = self._all_texts()
        if not any(map(_HAS_FIXES.search, texts.values())):
            return ()
        return load_catalogue(texts, with_shipped=self._with_shipped)

    def _all_texts(self) -> dict[str, str]:
        own = {**self._texts, **self.outcome.texts}
        own.pop(self._folder.state, None)
        return {str(file): text for file, text in {**self._others, **own}.items()}
