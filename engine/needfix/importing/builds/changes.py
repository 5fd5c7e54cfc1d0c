"""What a table changes in a file that is there: only what no earlier import has brought.

`base` is what the earlier imports meant, `new` what the table means now. What differs between them is
written; a value that a person has changed since stays, and is noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from needfix.importing.builds.draft import BranchDraft, RuleDraft
from needfix.importing.builds.edits import Text, is_written
from needfix.importing.builds.product_text import level_keys, level_text
from needfix.importing.builds.row import BuildRow
from needfix.importing.builds.rule_text import (
    affects_of,
    branch_text,
    facts_of,
    key_lines,
    span_value,
)
from needfix.importing.yaml_text import Value, flow, plain
from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix, Rule
from needfix.versions import Level
from needfix.yamltext.tree import ListTree, MappingTree, Tree

_BEFORE: Mapping[str, tuple[str, ...]] = {
    "severity": ("needfix", "id", "title"),
    "released": ("needfix", "id", "title", "severity"),
    "advisories": ("needfix", "id", "title", "severity", "released"),
    "updates": ("needfix", "id", "title", "severity", "released", "advisories"),
    "requires": ("affects", "symptoms", "fixes"),
    "supersedes": ("affects", "symptoms", "fixes", "requires"),
    "references": ("affects", "symptoms", "fixes", "requires", "supersedes", "corrected_in", "apply"),
}
"""The keys behind which a key is written."""


class ProductChange:
    """Levels of a table that a definition lacks, and keys of levels that are new."""

    def __init__(self, text: Text, document: MappingTree, definition: ProductDefinition) -> None:
        self._text = text
        self._document = document
        self._definition = definition
        self.kept: list[tuple[BuildRow, str]] = []

    def apply(self, rows: Sequence[BuildRow], base: Mapping[Level, BuildRow]) -> None:
        """Write what is new; `base` has the rows of earlier imports."""
        levels = self._document.get("levels")
        if not isinstance(levels, ListTree):
            return
        known = {one.level: place for place, one in enumerate(self._definition.levels)}
        waiting: dict[int, list[str]] = {}
        last: int | None = None
        for row in rows:
            place = known.get(row.level)
            if place is not None:
                last = place
                self._change(row, levels.items[place], base.get(row.level))
            elif base.get(row.level) is None:
                waiting.setdefault(self._place(row, last, known), []).append(level_text(row))
        for place, items in waiting.items():
            self._text.insert(levels, place, items)

    def _place(self, row: BuildRow, last: int | None, known: Mapping[Level, int]) -> int:
        """Behind the level of the row before, else before the first later one of its version, else last."""
        own = [place for level, place in known.items() if level.version_name == row.level.version_name]
        if last is not None and (not own or last in own):
            return last + 1
        earlier = [place for level, place in known.items() if place in own and level < row.level]
        if earlier:
            return max(earlier) + 1
        return min(own) if own else len(known)

    def _change(self, row: BuildRow, entry: Tree, before: BuildRow | None) -> None:
        if not isinstance(entry, MappingTree):
            return
        old = level_keys(before) if before is not None else {}
        for key, value in level_keys(row).items():
            if old.get(key) == value:
                continue
            found = entry.get(key)
            if found is None and key not in old:
                self._text.add_key(entry, key, [f"{key}: {flow(value)}"])
            elif found is None or not is_written(self._text, found, value):
                self._replace(row, key, value, found, old.get(key))

    def _replace(self, row: BuildRow, key: str, value: Value, found: Tree | None, old: Value | None) -> None:
        if found is not None and old is not None and is_written(self._text, found, old):
            self._text.replace(found, flow(value))
        else:
            self.kept.append((row, key))


class RuleChange:
    """Branches, levels and facts of an update that a rule lacks."""

    def __init__(self, text: Text, document: MappingTree, rule: Rule, product: ProductDefinition) -> None:
        self._text = text
        self._document = document
        self._rule = rule
        self._product = product
        self.kept: list[tuple[BuildRow, str]] = []

    def apply(self, new: RuleDraft, base: RuleDraft | None) -> None:
        """Write what is new; `base` is what earlier imports meant."""
        self._branches(new, base)
        self._affects(new, base)
        old = facts_of(base) if base is not None else {}
        for key, value in facts_of(new).items():
            self._fact(new, key, value, old.get(key))
        self._list("requires", list(map(str, new.requires)), list(map(str, base.requires)) if base else [])
        self._list("supersedes", list(new.supersedes), list(base.supersedes) if base else [])
        self._list("references", list(new.references), list(base.references) if base else [])

    def _fact(self, new: RuleDraft, key: str, value: Value, old: Value | None) -> None:
        if isinstance(value, list):
            self._list(key, value, old if isinstance(old, list) else [])
            return
        found = self._document.get(key)
        if value == old or (found is not None and is_written(self._text, found, value)):
            return
        if found is None and old is None:
            self._text.add_key(self._document, key, key_lines(key, value), _BEFORE[key])
        elif found is not None and old is not None and is_written(self._text, found, old):
            self._text.replace(found, flow(value))
        else:
            self.kept.append((new.rows[-1], key))

    def _list(self, key: str, new: Sequence[Value], old: Sequence[Value]) -> None:
        found = self._document.get(key)
        written = _items_written(self._text, found)
        added = [one for one in new if one not in old and plain(str(one)).casefold() not in written]
        if not added:
            return
        if isinstance(found, ListTree):
            self._text.insert(found, len(found.items), list(map(flow, added)))
        elif found is None and not old:
            self._text.add_key(self._document, key, key_lines(key, list(added)), _BEFORE[key])

    def _branches(self, new: RuleDraft, base: RuleDraft | None) -> None:
        fixes = self._document.get("fixes")
        if not isinstance(fixes, ListTree):
            return
        old = {one.row.level: one for one in base.branches} if base is not None else {}
        added: dict[int, list[str]] = {}
        for branch in new.branches:
            number = self._fix_of(branch.row.level)
            before = old.get(branch.row.level)
            if number is not None:
                self._branch(branch, before, fixes.items[number])
            elif before is None:
                place = self._place(branch.row.level)
                added.setdefault(place, []).append(branch_text(branch))
        for place, items in added.items():
            self._text.insert(fixes, place, items)

    def _branch(self, branch: BranchDraft, before: BranchDraft | None, item: Tree) -> None:
        """A branch that is there: its build and its first level may have changed."""
        if before is None or not isinstance(item, MappingTree):
            found = item.get("build") if isinstance(item, MappingTree) else None
            if found is None or not is_written(self._text, found, branch.row.build_text):
                self.kept.append((branch.row, "build"))
            return
        written = (("build", branch.row.build_text, before.row.build_text), *_levels(branch, before))
        for key, value, old in written:
            found = item.get(key)
            if value == old or (found is not None and is_written(self._text, found, value)):
                continue
            if found is not None and is_written(self._text, found, old):
                self._text.replace(found, flow(value))
            else:
                self.kept.append((branch.row, key))

    def _fix_of(self, level: Level) -> int | None:
        """The fix whose last level is this one."""
        for number, fix in enumerate(self._rule.fixes):
            if fix.levels and max(fix.levels) == level:
                return number
        return None

    def _place(self, level: Level) -> int:
        """Where a new fix belongs: behind those for earlier levels."""
        places = {one.level: place for place, one in enumerate(self._product.levels)}

        def is_earlier(fix: Fix) -> bool:
            return fix.levels is None or max(places.get(one, 0) for one in fix.levels) < places[level]

        return next(
            (number for number, fix in enumerate(self._rule.fixes) if not is_earlier(fix)),
            len(self._rule.fixes),
        )

    def _affects(self, new: RuleDraft, base: RuleDraft | None) -> None:
        found = self._document.get("affects")
        if not isinstance(found, ListTree) or (base is not None and base.affects == new.affects):
            return
        if base is not None and is_written(self._text, found, affects_of(base.affects)) and found.is_flow:
            self._text.replace(found, flow(affects_of(new.affects)))
            return
        has = {level for entry in self._rule.affects for level in entry.levels or ()}
        imported = base.levels if base is not None else frozenset()
        ordered = [one.level for one in self._product.levels]
        added = [level for level in ordered if level in new.levels - imported - has]
        self._text.insert(found, len(found.items), [flow(str(level)) for level in added])


def _levels(branch: BranchDraft, before: BranchDraft) -> tuple[tuple[str, Value, Value], ...]:
    own, old = (span_value(one.span, may_be_open=False) for one in (branch, before))
    return (("level", own, old),)


def _items_written(text: Text, tree: Tree | None) -> set[str]:
    items = tree.items if isinstance(tree, ListTree) else ()
    return {plain(text.text_of(item).strip("\"'")).casefold() for item in items}
