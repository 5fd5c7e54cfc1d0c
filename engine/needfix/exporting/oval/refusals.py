"""What of a rule OVAL cannot express."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.errors import NOWHERE, Position, Problem
from needfix.exporting.oval.branches import build_sources
from needfix.exporting.oval.objects import architecture
from needfix.exporting.oval.sources import Sources
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Fix, Rule

_CODE = "not-expressible"
_MOST_NAMED = 3
_LEAVE_OUT = "leave the rule out with --rule, or use --keep-going"


class Refusal(NamedTuple):
    """A statement of a rule that OVAL has no words for, and where it stands."""

    rule: Rule
    at: Position | None
    what: str
    hint: str = _LEAVE_OUT


def problems_of(refusals: Iterable[Refusal]) -> Iterator[Problem]:
    """The refusals as problems: one for the same statement, with the rules that make it."""
    found: dict[tuple[str, str], list[Refusal]] = {}
    for one in refusals:
        found.setdefault((one.what, one.hint), []).append(one)
    for (what, hint), own in found.items():
        names = list(dict.fromkeys(one.rule.id for one in own))
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        text = f"{', '.join(names[:_MOST_NAMED])}{more}: {what}"
        yield Problem(own[0].at or NOWHERE, text, "rules that OVAL can express", hint, _CODE)


def refusals(catalogue: Catalogue, rule: Rule, sources: Sources) -> Iterator[Refusal]:
    """A refusal for each statement of a rule that OVAL has no words for."""
    for product in rule.products:
        definition = catalogue.products[product]
        if not sources[product]:
            yield _without_source(rule, definition)
        elif definition.separate_editions:
            editions = ", ".join(definition.separate_editions)
            what = f"{definition.name} has editions with files of their own ({editions})"
            yield Refusal(rule, rule.at, f"{what}, which no file distinguishes")
        if definition.free_builds:
            what = f"the builds of {definition.name} are no versions of Windows, and OVAL orders only these"
            yield Refusal(rule, rule.at, what)
    for entry in rule.affects:
        yield from _of_entry(rule, entry)
    for mark in rule.corrected_in:
        where = rule.places.get(("corrected_in",), rule.at)
        if mark.edition is not None:
            yield Refusal(rule, where, f"OVAL cannot see the edition {mark.edition}")
        if mark.product not in rule.products:
            name = (
                catalogue.products[mark.product].name if mark.product in catalogue.products else mark.product
            )
            yield Refusal(rule, where, f"that {name} {mark.level} carries the fix of another product")
    for fix in rule.fixes:
        yield from _of_fix(rule, fix, sources)


def _of_entry(rule: Rule, entry: Affects) -> Iterator[Refusal]:
    if entry.edition is not None:
        yield Refusal(rule, entry.at, f"OVAL cannot see the edition {entry.edition}")
    stated = {"builds": entry.builds, "platform": entry.platform, "language": entry.language}
    for key, value in stated.items():
        if value is not None:
            yield Refusal(rule, entry.at, f"an entry of affects with {key} is not translated")
    if entry.registry:
        yield Refusal(rule, entry.at, "an entry of affects with registry is not translated")
    if entry.beside:
        yield Refusal(rule, entry.at, "an entry of affects with several products together is not translated")


def _of_fix(rule: Rule, fix: Fix, sources: Sources) -> Iterator[Refusal]:
    if fix.edition is not None:
        yield Refusal(rule, fix.at, f"OVAL cannot see the edition {fix.edition}")
    if fix.platform is not None and architecture(fix.platform) is None:
        yield Refusal(rule, fix.at, f"Windows has no processor architecture for the platform {fix.platform}")
    if fix.language is not None and any(minimum.modified for minimum in fix.files if not minimum.by_version):
        what = f"its modified times are those of the language {fix.language}, which OVAL cannot see"
        yield Refusal(rule, fix.at, what)
    if fix.build is None:
        return
    for product in rule.products if fix.product is None else (fix.product,):
        own = sources.get(product, ())
        if own and not build_sources(fix.build, own):
            what = f"no file and no value of the registry shows the build of {product}"
            yield Refusal(rule, fix.at, what, f"use --build-value {product}=KEY\\NAME")


def _without_source(rule: Rule, product: ProductDefinition) -> Refusal:
    what = f"no file shows whether {product.name} is installed, and OVAL sees no list of products"
    if product.key_files:
        what = f"the key files of {product.name} are also those of other products, so they do not show it"
    name = product.product
    hint = f"name the value of the registry that holds its build: --build-value {name}=KEY\\NAME"
    return Refusal(rule, rule.at, what, hint)


def never_affected(rule: Rule) -> Refusal:
    """The refusal of a rule of which no level can be seen."""
    what = "no build of its products is at an affected level"
    return Refusal(rule, rule.at, what, "add the builds to the product definition, or leave the rule out")


def depending(rule: Rule, newer: str) -> Refusal:
    """The refusal of a rule that is superseded by one that is refused itself."""
    what = f"{newer}, which supersedes it, cannot be expressed"
    return Refusal(rule, rule.at, what)
