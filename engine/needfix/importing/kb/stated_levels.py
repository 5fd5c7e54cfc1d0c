"""Levels that an article's sentences state: what a fix requires, and where it came with a level."""

from __future__ import annotations

from collections.abc import Sequence

from needfix.catalogue.level_finding import levels_meant
from needfix.importing.kb.draft import LevelDraft
from needfix.importing.kb.naming import matching
from needfix.importing.kb.phrases import Mention, mentions
from needfix.importing.kb.statements import (
    Statement,
    corrected_part,
    corrections,
    required_part,
    requirements,
)
from needfix.importing.kb.subject import ArticleSubject
from needfix.intake.vocabularies import same_edition
from needfix.model.product import ProductDefinition
from needfix.versions import Level, read_level


def required(subject: ArticleSubject) -> tuple[LevelDraft, ...]:
    """The levels that must be there before the fix can be installed: all of them."""
    found: dict[LevelDraft, None] = {}
    for statement in requirements(subject.article):
        for mention in _lowest_of_alternatives(statement, subject):
            levels = _levels(mention, statement, subject, "requires")
            found.update(dict.fromkeys(_one_of(levels, mention, statement, subject)))
    own = [needed for needed in found if needed.product is None]
    if len({needed.level.version for needed in own}) > 1:
        why = "the required level differs by version, which one rule cannot express; left out"
        statement = requirements(subject.article)[0]
        subject.doubt(statement.line, statement.text, why, "requires")
        return tuple(needed for needed in found if needed.product is not None)
    return tuple(found)


def corrected(subject: ArticleSubject) -> tuple[LevelDraft, ...]:
    """The levels from which the products carry the fix."""
    found: dict[LevelDraft, None] = {}
    for statement in corrections(subject.article):
        part = corrected_part(statement.text)
        listed = list(mentions(part))
        if not listed:
            why = "the level in which the problem was corrected is not named"
            subject.doubt(statement.line, part, why, "corrected_in")
        for mention in listed:
            found.update(dict.fromkeys(_levels(mention, statement, subject, "corrected_in")))
    return tuple(found)


def _lowest_of_alternatives(statement: Statement, subject: ArticleSubject) -> list[Mention]:
    """The service packs of a requirement. Of "4, 5 or 6a" the first is enough."""
    text, _, _ = required_part(statement.text).partition(" because ")
    found = list(mentions(text))
    first = [mention for mention in found if not mention.alternative]
    ways = {(mention.name, mention.version) for mention in found if mention.alternative}
    if ways - {(mention.name, mention.version) for mention in first}:
        why = "these are alternatives, which one rule cannot express; the first was taken"
        subject.doubt(statement.line, statement.text, why, "requires")
    return first


def _levels(
    mention: Mention, statement: Statement, subject: ArticleSubject, about: str
) -> tuple[LevelDraft, ...]:
    own = subject.products
    matched = matching(mention.name, own, subject.naming) if mention.name else own
    found = [
        LevelDraft(level, product, _edition(mention, subject.definition(product)))
        for product in matched or _elsewhere(mention, subject)
        for level in _of_product(mention, product, subject)
    ]
    if not found:
        subject.doubt(
            statement.line, statement.text, "no known level of the article's products; left out", about
        )
    return tuple(found)


def _elsewhere(mention: Mention, subject: ArticleSubject) -> tuple[str, ...]:
    """Products that the article does not apply to, such as the system that they run on."""
    label = " ".join(filter(None, (mention.name, mention.version)))
    if named := subject.naming.find(label):
        return (named.product,)
    found = matching(label, subject.naming.products, subject.naming) if mention.name else ()
    return tuple(p for p in found if _has_version(subject.definition(p), mention.version))


def _has_version(definition: ProductDefinition, version: str | None) -> bool:
    stated = read_level(version) if version else None
    return stated is None or stated.version in definition.versions


def _of_product(mention: Mention, product: str, subject: ArticleSubject) -> tuple[Level, ...]:
    """The level of a product that is meant. A bare service pack is of the only version that is listed."""
    read = read_level(mention.label(""))
    if read is None:
        return ()
    definition = subject.definition(product)
    versions = {level.version for level in subject.listed((product,))}
    of = [None] if read.version is not None else sorted(versions) or definition.versions
    found = tuple(level for version in of for level in levels_meant(definition, read, version))
    return found if len(found) == 1 else ()


def _edition(mention: Mention, definition: ProductDefinition) -> str | None:
    stated = mention.edition
    return next((known for known in definition.editions if stated and same_edition(known, stated)), None)


def _one_of(
    levels: Sequence[LevelDraft], mention: Mention, statement: Statement, subject: ArticleSubject
) -> tuple[LevelDraft, ...]:
    """A requirement of a rule's own products is one level that any of them must reach."""
    listed = [found for found in levels if found.product in subject.products]
    if listed:
        one_of_several = len({found.product for found in listed}) == 1 and len(subject.products) > 1
        return (LevelDraft(listed[0].level, listed[0].product if one_of_several else None),)
    if len(levels) > 1:
        named = ", ".join(str(found.product) for found in levels)
        why = f"{mention.name} can be {named}; the first was taken"
        subject.doubt(statement.line, statement.text, why, "requires")
    return tuple(LevelDraft(found.level, found.product) for found in levels[:1])
