"""Cases that an import wrote, whose builds the table has corrected since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from needfix.importing.builds.edits import Text, is_written
from needfix.importing.builds.row import BuildRow
from needfix.importing.builds.rule_text import below, given
from needfix.importing.yaml_text import flow
from needfix.model.product import ProductDefinition
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
    text: Text, document: MappingTree, product: ProductDefinition, corrected: Iterable[Correction]
) -> None:
    """Write the new builds into the cases that have the old ones just as an import writes them."""
    cases = document.get("cases")
    known = [(given(product, one.level, one.old), given(product, one.level, one.new)) for one in corrected]
    for case in cases.items if isinstance(cases, ListTree) else ():
        facts = case.get("given") if isinstance(case, MappingTree) else None
        new = next((new for old, new in known if facts is not None and is_written(text, facts, old)), None)
        if facts is not None and new is not None:
            text.replace(facts, flow(new))
