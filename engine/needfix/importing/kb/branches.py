"""What a table is for: the product, levels, edition and language that the text around it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from needfix.catalogue.level_finding import levels_meant
from needfix.importing.kb.fix_tables import FixTable
from needfix.importing.kb.naming import matching
from needfix.importing.kb.phrases import Mention, mentions, named_in
from needfix.importing.kb.subject import ArticleSubject
from needfix.importing.kb.table_cells import PLATFORM
from needfix.intake.known_names import LANGUAGES
from needfix.versions import Level, read_level

_VARIANTS = {
    "pan chinese": "zh", "simplified chinese": "zh-Hans", "chinese simplified": "zh-Hans",
    "traditional chinese": "zh-Hant", "chinese traditional": "zh-Hant", "us": "en",
}  # fmt: skip
_SHORTEST_NAME = 4
"""Shorter ones among the names of languages are codes, which are words in other places."""
_WRITTEN = [*_VARIANTS, *(name for name in LANGUAGES if len(name) >= _SHORTEST_NAME)]
_LANGUAGE = re.compile(rf"\b(?:{'|'.join(name.replace(' ', '[- ]') for name in _WRITTEN)})\b", re.IGNORECASE)
_OTHER_WORD = re.compile(
    r"\b(?!(?:versions?|language|files?|fix|of|the|this|for|and|only|localized)\b)[A-Za-z]{2,}\b",
    re.IGNORECASE,
)
_EVERY_LANGUAGE = re.compile(r"\b(?:all|any) language", re.IGNORECASE)
_PRODUCT_LIKE = re.compile(
    r"\b(?:Windows|Server|Exchange|Outlook|IIS|SMS|SQL|NT|Office|MDAC|Pocket|[0-9]+\.[0-9]+)\b"
    r"|\bService Pack\b|\bSP[0-9]\b|\bICP\s?[0-9]\b"
)
_FOR = re.compile(
    r"\bversion of (?:the|this) (?P<before>.*?) (?:fix|feature|software update)\b"
    r"|\b(?:fix|feature|software update|later)\b,? (?:for|of) (?P<after>.+?)(?: should| sites|[:.]?$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch that the text names; what it does not name gates nothing. No product: every one."""

    products: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    edition: str | None = None
    language: str | None = None
    platform: str | None = None


def language(text: str | None) -> str | None:
    """The language that a text names; None where it names none or all of them."""
    plain = re.sub(r"[()]", " ", text or "").replace("  ", " ")
    if code := LANGUAGES.get(plain.strip().casefold()):
        return code
    found = _LANGUAGE.search(plain)
    if found is None or _EVERY_LANGUAGE.search(plain):
        return None
    name = found[0].casefold().replace("-", " ")
    return _VARIANTS.get(name) or LANGUAGES[name]


def languages(text: str) -> tuple[str, ...]:
    """The languages that a sentence names, such as "The German and French versions of this fix"."""
    if _EVERY_LANGUAGE.search(text):
        return ()
    return tuple(dict.fromkeys(filter(None, (language(found[0]) for found in _LANGUAGE.finditer(text)))))


def branch_of(table: FixTable, subject: ArticleSubject) -> Branch:
    """The branch that a table is for, as the heading, the sentence above it and its label state it."""
    found = Branch(language=language(table.lead.text))
    for text in filter(None, (table.heading, _branch_text(table.lead.text), table.label)):
        found = _narrowed(found, text, table, subject)
    return found


def _branch_text(lead: str) -> str | None:
    found = _FOR.search(lead)
    if found:
        return found["before"] or found["after"]
    return lead if any(True for _ in mentions(lead)) else None


def _narrowed(found: Branch, text: str, table: FixTable, subject: ArticleSubject) -> Branch:
    if re.fullmatch(PLATFORM, text.strip(": "), re.IGNORECASE):
        return replace(found, platform=text.strip(":() "))
    # The language in the sentence above a table is more certain than that in the heading.
    of_label = None if found.language and text is not table.label else _only_language(text)
    names_product = bool(matching(named_in(text).name, subject.products, subject.naming))
    if not names_product and not _PRODUCT_LIKE.search(text):
        return replace(found, language=of_label or found.language)
    narrowed = _by_product(text, subject)
    if narrowed is None:
        why = "the table is for this, which is not a product that the article applies to"
        subject.doubt(table.rows[0].line, text, why, "fixes")
        return found
    return Branch(
        narrowed.products or found.products,
        narrowed.levels or found.levels,
        narrowed.edition or found.edition,
        of_label or found.language,
        found.platform,
    )


def _only_language(text: str) -> str | None:
    """The language that a label names, where it says nothing else."""
    rest = _LANGUAGE.sub(" ", re.sub(r"[()]", " ", text).replace("  ", " "))
    return language(text) if not _OTHER_WORD.search(rest) or _PRODUCT_LIKE.search(rest) else None


def _by_product(text: str, subject: ArticleSubject) -> Branch | None:
    """The branch of a text such as `Exchange Server 5.0` or `post-SP3`; None where nothing fits."""
    packs = list(mentions(text))
    matched = _products_in(text, packs, subject)
    if not matched and not packs:
        return None
    matched = matched or subject.products
    levels = _levels_in(text, packs, matched, subject)
    if levels is None:
        return None
    narrows = len(matched) < len(subject.products)
    return Branch(matched if narrows else (), levels, _edition_in(text, matched, subject))


def _products_in(text: str, packs: Sequence[Mention], subject: ArticleSubject) -> tuple[str, ...]:
    """The products of the article that a text names: by name and version, else by name; all by neither."""
    named = [(pack.name, pack.version) for pack in packs] or [(named_in(text).name, named_in(text).version)]
    name = " ".join(name for name, _ in named)
    if not name:
        return subject.products
    with_version = " ".join(f"{name} {version or ''}" for name, version in named)
    ways = (with_version, name)
    return next(filter(None, (matching(way, subject.products, subject.naming) for way in ways)), ())


def _edition_in(text: str, products: Sequence[str], subject: ArticleSubject) -> str | None:
    """The edition that a text names, where more than that edition is affected."""
    editions = {entry.edition for entry in subject.affected if entry.product in products}
    folded = text.casefold()
    named = [e for e in editions if e and e.casefold().removesuffix(" edition") in folded]
    return named[0] if len(named) == 1 and len(editions) > 1 else None


def _levels_in(
    text: str, packs: Sequence[Mention], products: Sequence[str], subject: ArticleSubject
) -> tuple[Level, ...] | None:
    """The levels that a text narrows to; () where it narrows nothing, None where it fits no level."""
    listed = subject.listed(products)
    if packs:
        return _levels_of_packs(packs, listed, products, subject)
    version = named_in(text).version
    stated = read_level(version) if version else None
    if version is None or stated is None or not listed:
        return ()
    chosen = tuple(dict.fromkeys(level for level in listed if level.version == stated.version))
    if not chosen:
        in_names = any(version in subject.definition(product).name for product in products)
        return () if in_names else None
    return chosen if len(chosen) < len(set(listed)) else ()


def _levels_of_packs(
    packs: Sequence[Mention], listed: Sequence[Level], products: Sequence[str], subject: ArticleSubject
) -> tuple[Level, ...] | None:
    versions = {level.version for level in listed}
    only = versions.pop() if len(versions) == 1 else ""
    levels = [read_level(pack.label(only)) for pack in packs]
    found = [
        level
        for product in products
        for one in levels
        if one and one.version
        for level in levels_meant(subject.definition(product), one)
    ]
    return tuple(dict.fromkeys(found)) or None
