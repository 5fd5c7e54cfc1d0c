"""Levels that an article's sentences state: what a fix requires, and where it came with a level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from needfix.authoring.importing.article import Article
from needfix.authoring.importing.draft import AffectedDraft, Doubt, LevelDraft
from needfix.authoring.importing.naming import Naming, matching
from needfix.authoring.importing.phrases import Mention, mentions
from needfix.authoring.importing.statements import (
    Statement,
    corrected_part,
    corrections,
    required_part,
    requirements,
)
from needfix.model.names import same_edition
from needfix.model.product import ProductDefinition
from needfix.versions import Level, read_level


def required(
    article: Article, affected: Sequence[AffectedDraft], naming: Naming, doubts: list[Doubt]
) -> tuple[LevelDraft, ...]:
    """The levels that must be there before the fix can be installed: all of them."""
    found: dict[LevelDraft, None] = {}
    for said in requirements(article):
        for mention in _lowest_of_alternatives(said):
            levels = _levels(mention, said, affected, naming, doubts, "requires")
            found.update(dict.fromkeys(_least_specific(levels, affected, mention, said, doubts)))
    return tuple(found)


def corrected(
    article: Article, affected: Sequence[AffectedDraft], naming: Naming, doubts: list[Doubt]
) -> tuple[LevelDraft, ...]:
    """The levels from which the products carry the fix."""
    found: dict[LevelDraft, None] = {}
    for said in corrections(article):
        part = corrected_part(said.text)
        listed = list(mentions(part))
        if not listed:
            doubts.append(Doubt(said.line, part, "no level is named that the problem was corrected in", "corrected_in"))
        for mention in listed:
            found.update(dict.fromkeys(_levels(mention, said, affected, naming, doubts, "corrected_in")))
    return tuple(found)


def _lowest_of_alternatives(said: Statement) -> Iterable[Mention]:
    """The service packs of a requirement. Of "4, 5 or 6a" the first is enough."""
    text, _, _ = required_part(said.text).partition(" because ")
    kept: list[Mention] = []
    for mention in mentions(text):
        if not mention.alternative:
            kept.append(mention)
    return kept


def _levels(
    mention: Mention,
    said: Statement,
    affected: Sequence[AffectedDraft],
    naming: Naming,
    doubts: list[Doubt],
    about: str,
) -> tuple[LevelDraft, ...]:
    own = tuple(dict.fromkeys(entry.product for entry in affected))
    matched = matching(mention.name, own, naming) if mention.name else own
    products = matched or _elsewhere(mention, naming)
    found = [
        LevelDraft(level, product, _edition(mention, naming.products[product]))
        for product in products
        for level in _of_product(mention, product, affected, naming)
    ]
    if not found:
        why = "no known level of the article's products; left out"
        doubts.append(Doubt(said.line, said.text, why, about))
    return tuple(found)


def _elsewhere(mention: Mention, naming: Naming) -> tuple[str, ...]:
    """Products that the article does not apply to, such as the system that they run on."""
    label = " ".join(filter(None, (mention.name, mention.version)))
    if named := naming.find(label):
        return (named.product,)
    found = matching(label, naming.products, naming) if mention.name else ()
    version = mention.version or ""
    return tuple(p for p in found if _has_version(naming.products[p], version))


def _has_version(definition: ProductDefinition, version: str) -> bool:
    wanted = read_level(version) if version else None
    return wanted is None or wanted.version in definition.versions


def _of_product(
    mention: Mention, product: str, affected: Sequence[AffectedDraft], naming: Naming
) -> tuple[Level, ...]:
    definition = naming.products[product]
    said = read_level(mention.label(""))
    if said is None:
        return ()
    versions = {level.version for entry in affected if entry.product == product for level in entry.listed}
    only = versions.pop() if len(versions) == 1 else None
    found = definition.find(said, only)
    return found if len(found) == 1 else ()


def _edition(mention: Mention, definition: ProductDefinition) -> str | None:
    wanted = mention.edition
    return next((known for known in definition.editions if wanted and same_edition(known, wanted)), None)


def _least_specific(
    levels: Sequence[LevelDraft],
    affected: Sequence[AffectedDraft],
    mention: Mention,
    said: Statement,
    doubts: list[Doubt],
) -> tuple[LevelDraft, ...]:
    """A requirement of a rule's own products is one level that any of them must reach."""
    own = {entry.product for entry in affected}
    listed = [found for found in levels if found.product in own]
    if listed:
        return (LevelDraft(listed[0].level),)
    if len(levels) > 1:
        named = ", ".join(str(found.product) for found in levels)
        why = f"{mention.name} can be {named}; the first was taken"
        doubts.append(Doubt(said.line, said.text, why, "requires"))
    return tuple(LevelDraft(found.level, found.product) for found in levels[:1])
