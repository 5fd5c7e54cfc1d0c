"""Products that an article names, found among the known definitions or drafted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from needfix.catalogue.level_finding import levels_meant
from needfix.catalogue.product_names import NamedProduct, ProductNames
from needfix.importing.kb.applies_to import AppliesTo
from needfix.importing.kb.draft import AffectedDraft, Doubt
from needfix.intake.vocabularies import same_edition
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, parse_level, read_level

_WORD = re.compile(r"[a-z0-9]+(?:[.+][a-z0-9]+)*")
_NOISE = frozenset(
    {
        "microsoft",
        "ms",
        "for",
        "the",
        "and",
        "or",
        "on",
        "fix",
        "this",
        "of",
        "version",
        "versions",
        "edition",
    }
)
_EVERY_EDITION = re.compile(r"\(?(?:all |[0-9]+-bit )?editions\)?", re.IGNORECASE)
_ANY_OF_VERSION = re.compile(r"([0-9]+)\.x", re.IGNORECASE)


@dataclass(slots=True)
class Naming:
    """What the products of one import run are called. Drafts join those that are known."""

    products: dict[str, ProductDefinition]
    drafts: dict[str, ProductDefinition] = field(default_factory=dict)
    _names: ProductNames | None = None

    def find(self, name: str) -> NamedProduct | None:
        """The product that a name means, with the level and edition that the name itself states."""
        self._names = self._names or ProductNames.of(self.products.values())
        return self._names.find(name)

    def draft(self, entry: AppliesTo, levels: Iterable[Level]) -> ProductDefinition:
        """A definition of a product that none is known of, or the draft of it with more levels."""
        product = slug(entry.product)
        before = self.drafts.get(product)
        known = [one.level for one in before.levels] if before else []
        every = sorted({*known, *levels})
        editions = dict.fromkeys(
            [*(before.editions if before else ()), *([entry.edition] if entry.edition else [])]
        )
        found = ProductDefinition(
            product, entry.product, tuple(LevelDefinition(level) for level in every), editions=tuple(editions)
        )
        self.drafts[product] = self.products[product] = found
        self._names = None
        return found


def slug(name: str) -> str:
    """An id for a product: its name in small letters, without the maker."""
    words = re.findall(r"[a-z0-9]+", name.casefold().replace("c++", "cpp"))
    kept = words[1:] if len(words) > 1 and words[0] == "microsoft" else words
    return "-".join(kept) or f"product-{sha256(name.encode()).hexdigest()[:8]}"


def affected(bullets: Sequence[AppliesTo], naming: Naming, doubts: list[Doubt]) -> tuple[AffectedDraft, ...]:
    """The products under "applies to". What of them is doubtful joins `doubts`."""
    drafts: list[AffectedDraft] = []
    for bullet in bullets:
        if bullet.is_setting and not all(other.is_setting for other in bullets):
            doubts.append(
                _doubt(
                    bullet, "an operating system that a product runs on, not taken as a product of its own"
                )
            )
            continue
        draft = _affected(bullet, naming, doubts)
        if bullet.unread:
            doubts.append(_doubt(bullet, f"a range of levels; {bullet.unread!r} was not read"))
        if bullet.levels and not draft.levels and naming.products[draft.product].levels:
            why = "none of its levels is known, so the product is left out"
            doubts.append(_doubt(bullet, why))
            continue
        drafts.append(draft)
    return tuple(dict.fromkeys(drafts))


def _affected(bullet: AppliesTo, naming: Naming, doubts: list[Doubt]) -> AffectedDraft:
    named = _named(bullet, naming)
    definition = naming.products.get(named.product) if named else None
    if definition is None or definition.product in naming.drafts:
        definition = naming.draft(bullet, _levels_read(bullet))
    levels = _levels(bullet, definition, named.level if named else None, doubts)
    edition = _edition(bullet, definition, named.edition if named else None, doubts)
    return AffectedDraft(definition.product, levels, edition, bullet.line.number, bullet.line.text)


def _levels_read(bullet: AppliesTo) -> Iterable[Level]:
    """The levels of a bullet as written, for a product that has no definition."""
    return filter(None, (parse_level(label.removeprefix("Build ")) for label in bullet.levels))


def _named(bullet: AppliesTo, naming: Naming) -> NamedProduct | None:
    """The known product of a bullet. `Windows versions 2000, 2000 SP1 Server` is Windows 2000 Server."""
    version = next((read.version for read in map(read_level, bullet.levels) if read), None)
    ways = (
        (bullet.product, bullet.edition),
        (bullet.product,),
        (bullet.product, version, bullet.edition),
    )
    names = (" ".join(filter(None, way)) for way in ways)
    return next(filter(None, map(naming.find, names)), None)


def _levels(
    bullet: AppliesTo, definition: ProductDefinition, in_name: str | None, doubts: list[Doubt]
) -> tuple[Level, ...]:
    found: dict[Level, None] = {}
    for label in bullet.levels:
        levels = _of_label(label, definition, doubts, bullet)
        found.update(dict.fromkeys(levels))
    if not bullet.levels and in_name:
        version = read_level(in_name)
        every = [one.level for one in definition.levels if version and one.level.version == version.version]
        return tuple(every) if len(every) < len(definition.levels) else ()
    return tuple(found)


def _of_label(
    label: str, definition: ProductDefinition, doubts: list[Doubt], bullet: AppliesTo
) -> Iterable[Level]:
    read = read_level(label.removeprefix("Build "))
    levels = levels_meant(definition, read) if read else ()
    if len(levels) == 1:
        return levels
    if wildcard := _ANY_OF_VERSION.fullmatch(label):
        every = [one.level for one in definition.levels if one.level.version.split(".")[0] == wildcard[1]]
        doubts.append(_doubt(bullet, f"{label} was read as every known level of version {wildcard[1]}"))
        return every
    known = "can mean several levels" if levels else f"is not a known level of {definition.product}"
    doubts.append(_doubt(bullet, f"{label} {known} and was left out"))
    return ()


def _edition(
    bullet: AppliesTo, definition: ProductDefinition, in_name: str | None, doubts: list[Doubt]
) -> str | None:
    edition = in_name or bullet.edition
    if (
        edition is None
        or _EVERY_EDITION.fullmatch(edition)
        or (in_name is None and edition.casefold() in definition.name.casefold())
    ):
        return None
    same = next((known for known in definition.editions if same_edition(known, edition)), None)
    if same is None and definition.editions:
        doubts.append(
            _doubt(bullet, f"{edition} is not a known edition of {definition.product} and was left out")
        )
        return None
    return same or edition


def _doubt(bullet: AppliesTo, why: str) -> Doubt:
    return Doubt(bullet.line.number, bullet.line.text, why, "affects")


def matching(text: str, products: Iterable[str], naming: Naming) -> tuple[str, ...]:
    """Those of some products that a heading or phrase names, by its words.

    `Windows NT` means both its Server and its Workstation.
    """
    of_text = _words(text)
    if not of_text:
        return ()
    return tuple(dict.fromkeys(p for p in products if _matches(of_text, naming.products[p])))


def _matches(of_text: frozenset[str], definition: ProductDefinition) -> bool:
    names = (definition.name, definition.product.replace("-", " "), *definition.aliases)
    return any(words and (words <= of_text or of_text <= words) for words in map(_words, names))


def _words(text: str) -> frozenset[str]:
    found = _WORD.findall(text.casefold())
    return frozenset(
        word for word in found if word not in _NOISE and not re.fullmatch(r"[0-9]+(\.[0-9]+)+", word)
    )
