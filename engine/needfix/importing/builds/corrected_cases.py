"""Cases that an import wrote, and that the table has made untrue since: other builds, and new branches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.importing.builds.draft import RuleDraft
from needfix.importing.builds.edits import Text, is_written
from needfix.importing.builds.row import BuildRow
from needfix.importing.builds.rule_text import CaseDraft, below, given, other_cases, untrue_cases
from needfix.importing.yaml_text import flow, plain
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level
from needfix.yamltext.tree import ListTree, MappingTree


class Correction(NamedTuple):
    """A build that the table had, and the one that it has now; `update` is empty for a level's own build."""

    update: str
    level: Level
    old: str
    new: str


def corrections(
    base: Iterable[BuildRow], now: Sequence[BuildRow], products: Mapping[str, ProductDefinition]
) -> Iterator[tuple[str, Correction]]:
    """The product and the builds of each row whose build has changed, with those just below."""
    later = {row.key: row for row in now}
    for before in base:
        row = later.get(before.key)
        if row is None or row.build == before.build or row.product not in products:
            continue
        product, update = products[row.product], row.update.casefold()
        builds = [(before.build_text, row.build_text)]
        if update:
            builds.append((below(before, product) or "", below(row, product) or ""))
        for old, new in builds:
            if old and new:
                yield row.product, Correction(update, row.level, old, new)


def correct_cases(
    text: Text,
    document: MappingTree,
    product: ProductDefinition,
    corrected: Sequence[Correction],
    draft: RuleDraft,
) -> None:
    """Write what is true now into the cases that are just as an import wrote them."""
    found = document.get("cases")
    cases = (
        [one for one in found.items if isinstance(one, MappingTree)] if isinstance(found, ListTree) else []
    )
    known = [(given(product, one.level, one.old), given(product, one.level, one.new)) for one in corrected]
    untrue = list(untrue_cases(draft, product, _with_old_builds(product, corrected)))
    names = {_text_of(text, case, "name") for case in cases}
    for case in cases:
        if any(_is_written(text, case, one) for one in untrue):
            instead = next((one for one in other_cases(draft, product) if one.name not in names), None)
            if instead is not None:
                names.add(instead.name)
                _replace(text, case, instead)
            continue
        facts = case.get("given")
        new = next((new for old, new in known if facts is not None and is_written(text, facts, old)), None)
        if facts is not None and new is not None:
            text.replace(facts, flow(new))


def _with_old_builds(
    product: ProductDefinition, corrected: Iterable[Correction]
) -> Iterator[LevelDefinition]:
    """The levels, and those whose build is corrected with their old one."""
    yield from product.levels
    old = {one.level: one.old for one in corrected if not one.update}
    yield from (one._replace(build=Version(old[one.level])) for one in product.levels if one.level in old)


def _text_of(text: Text, case: MappingTree, key: str) -> str:
    found = case.get(key)
    return "" if found is None else text.text_of(found).strip("\"'")


def _is_written(text: Text, case: MappingTree, draft: CaseDraft) -> bool:
    facts = case.get("given")
    own = [_text_of(text, case, key) for key in ("name", "expect", "action")]
    is_same = own == [draft.name, draft.expect, draft.action]
    return is_same and facts is not None and is_written(text, facts, draft.given)


def _replace(text: Text, case: MappingTree, draft: CaseDraft) -> None:
    """Write another case in the place of one; the action that is there is that of the decision, if any."""
    values = {"name": plain(draft.name), "given": flow(draft.given), "expect": draft.expect}
    for key, value in {**values, "action": draft.action or "none"}.items():
        found = case.get(key)
        if found is not None:
            text.replace(found, value)
