"""What a table is for: the product, levels, edition and language that the text around it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from needfix.authoring.importing.cells import PLATFORM
from needfix.authoring.importing.draft import AffectedDraft, Doubt
from needfix.authoring.importing.fix_tables import FixTable
from needfix.authoring.importing.naming import Naming, matching
from needfix.authoring.importing.phrases import mentions, named_in
from needfix.model.names import LANGUAGES
from needfix.versions import Level, read_level

_VARIANTS = {
    "pan chinese": "zh", "simplified chinese": "zh-Hans", "chinese simplified": "zh-Hans",
    "traditional chinese": "zh-Hant", "chinese traditional": "zh-Hant", "us": "en",
}  # fmt: skip
_WRITTEN = [*_VARIANTS, *(name for name in LANGUAGES if len(name) > 3)]  # noqa: PLR2004  # names, not codes
_LANGUAGE = re.compile(
    rf"\b(?:{'|'.join(name.replace(' ', '[- ]') for name in _WRITTEN)})\b", re.IGNORECASE
)
_PRODUCT_LIKE = re.compile(r"\b(?:Windows|Server|Exchange|Outlook|IIS|SMS|SQL|NT|Office|MDAC|Pocket|[0-9]+\.[0-9]+)\b|\bService Pack\b|\bSP[0-9]\b|\bICP\s?[0-9]\b")  # noqa: E501  # one pattern
_FOR = re.compile(r"\b(?:version of (?:the|this) (?P<before>.*?) (?:fix|feature|software update)\b|(?:fix|feature|software update|later)\b,? (?:for|of) (?P<after>.+?)(?: should| sites|[:.]?$))", re.IGNORECASE)  # noqa: E501  # one pattern


@dataclass(frozen=True, slots=True)
class BranchRead:
    """The branch that the text names; empty parts gate nothing."""

    product: str | None = None
    levels: tuple[Level, ...] = ()
    edition: str | None = None
    language: str | None = None
    platform: str | None = None


def language(text: str | None) -> str | None:
    """The language that a text names; None where it names none or all of them."""
    found = _LANGUAGE.search(re.sub(r"[()]", " ", text).replace("  ", " ")) if text else None
    if text is None or found is None or re.search(r"\ball language|\bany language", text, re.IGNORECASE):
        return None
    name = found[0].casefold().replace("-", " ")
    return _VARIANTS.get(name) or LANGUAGES[name]


def branch_of(
    table: FixTable, affected: Sequence[AffectedDraft], naming: Naming, doubts: list[Doubt]
) -> BranchRead:
    """The branch that a table is for, told by its label, the sentence above it and the heading."""
    found = BranchRead(language=language(table.lead.text))
    for text in filter(None, (table.heading, _said_to_be_for(table.lead.text), table.label)):
        found = _narrowed(found, text, table, affected, naming, doubts)
    return found


def _said_to_be_for(lead: str) -> str | None:
    found = _FOR.search(lead)
    if found:
        return found["before"] or found["after"]
    return lead if any(True for _ in mentions(lead)) else None


def _narrowed(
    found: BranchRead,
    text: str,
    table: FixTable,
    affected: Sequence[AffectedDraft],
    naming: Naming,
    doubts: list[Doubt],
) -> BranchRead:
    if re.fullmatch(PLATFORM, text.strip(": "), re.IGNORECASE):
        return BranchRead(found.product, found.levels, found.edition, found.language, text.strip(":() "))
    told = language(text) if text != table.lead.text else None
    if told and not _PRODUCT_LIKE.search(text):
        return BranchRead(found.product, found.levels, found.edition, told, found.platform)
    if not _PRODUCT_LIKE.search(text):
        return found
    narrowed = _by_product(text, affected, naming)
    if narrowed is None:
        why = "the table is said to be for this, which is none of the products that the article applies to"
        doubts.append(Doubt(table.rows[0].line, text, why, "fixes"))
        return found
    return BranchRead(
        narrowed.product or found.product,
        narrowed.levels or found.levels,
        narrowed.edition or found.edition,
        told or found.language,
        found.platform,
    )


def _by_product(text: str, affected: Sequence[AffectedDraft], naming: Naming) -> BranchRead | None:
    """The branch of a text such as `Exchange Server 5.0` or `post-SP3`; None where nothing fits."""
    named = named_in(text)
    packs = list(mentions(text))
    products = tuple(dict.fromkeys(entry.product for entry in affected))
    named_words = named.name if not packs else " ".join(mention.name for mention in packs)
    matched = matching(named_words, products, naming) if named_words else products
    if not matched and not packs:
        return None
    matched = matched or products
    edition = _edition_in(text, affected, matched)
    levels = _levels_in(text, affected, matched, naming)
    if levels is None:
        return None
    product = matched[0] if len(matched) == 1 and len(products) > 1 else None
    return BranchRead(product, levels, edition)


def _edition_in(text: str, affected: Sequence[AffectedDraft], products: Sequence[str]) -> str | None:
    """The edition that a text names, where more than that edition is affected."""
    editions = {entry.edition for entry in affected if entry.product in products}
    folded = text.casefold()
    named = [e for e in editions if e and e.casefold().removesuffix(" edition") in folded]
    return named[0] if len(named) == 1 and len(editions) > 1 else None


def _levels_in(
    text: str, affected: Sequence[AffectedDraft], products: Sequence[str], naming: Naming
) -> tuple[Level, ...] | None:
    """The levels that a text narrows to; () where it narrows nothing, None where it fits no level."""
    packs = list(mentions(text))
    version = named_in(text).version
    listed = [level for entry in affected if entry.product in products for level in sorted(entry.listed)]
    if packs:
        return _levels_of_packs(packs, listed, products, naming)
    if version is None or not listed:
        return ()
    wanted = read_level(version)
    chosen = tuple(dict.fromkeys(level for level in listed if wanted and level.version == wanted.version))
    if not chosen:
        return () if version in _versions_of_names(products, naming) else None
    return chosen if len(chosen) < len(set(listed)) else ()


def _versions_of_names(products: Sequence[str], naming: Naming) -> str:
    return " ".join(naming.products[product].name for product in products)


def _levels_of_packs(
    packs: Sequence[object], listed: Sequence[Level], products: Sequence[str], naming: Naming
) -> tuple[Level, ...] | None:
    versions = {level.version for level in listed}
    only = versions.pop() if len(versions) == 1 else ""
    found: dict[Level, None] = {}
    for pack in packs:
        said = read_level(pack.label(only))  # type: ignore[attr-defined]  # a Mention
        for product in products:
            for level in naming.products[product].find(said) if said and said.version else ():
                found[level] = None
    return tuple(found) or None
