"""Repairs texts of rules where the repair is certain; comments and layout elsewhere do not change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

from needfix.catalogue.nodes import read_documents
from needfix.catalogue.rule_reader import read_rule
from needfix.errors import NOWHERE, Problem
from needfix.intake.vocabularies import normal_id
from needfix.lint.edits import Edit, Remove, Reorder
from needfix.lint.observations import observation_key
from needfix.model.product import ProductDefinition
from needfix.model.requirement import AnyOf, Requirement
from needfix.model.rule import Rule
from needfix.model.symptom import Symptom
from needfix.yamltext.spans import ListSpan, Span, lists_of

T = TypeVar("T")
Products = Mapping[str, ProductDefinition]


class Replacement(NamedTuple):
    """A part of a text, and the text that replaces it."""

    span: Span
    text: str


def repaired(text: str, edits: Iterable[Edit], products: Products) -> tuple[str, tuple[Edit, ...]]:
    """The text with the edits that keep its meaning, and these edits.

    An edit is skipped if a comment is between the items it moves, if it overlaps an earlier edit,
    or if the rules read from the new text would differ.
    """
    done: list[Edit] = []
    changes: list[Replacement] = []
    lists = {(one.line, one.column): one for one in lists_of(text)}
    meaning = _meaning(text, products)
    for edit in edits:
        own = _changes(text, lists.get((edit.list_at.line, edit.list_at.column)), edit)
        if own and not _overlap(own, changes) and _meaning(_changed(text, own), products) == meaning:
            done.append(edit)
            changes += own
    whole = _changed(text, changes)
    return (whole, tuple(done)) if _meaning(whole, products) == meaning else (text, ())


def _changed(text: str, changes: Iterable[Replacement]) -> str:
    for change in sorted(changes, reverse=True):
        text = text[: change.span.start] + change.text + text[change.span.end :]
    return text


def _overlap(own: Iterable[Replacement], others: Iterable[Replacement]) -> bool:
    return any(
        one.span.start < other.span.end and other.span.start < one.span.end for one in own for other in others
    )


def _changes(text: str, where: ListSpan | None, edit: Edit) -> list[Replacement]:
    """The replacements of an edit; none if they are not certain."""
    if where is None:
        return []
    match edit:
        case Remove(_, number):
            return _removal(text, where, number)
        case Reorder(_, order):
            return _new_order(text, where, order)


def _removal(text: str, where: ListSpan, number: int) -> list[Replacement]:
    if not 0 < number < len(where.items):
        return []
    item, before = where.items[number], where.items[number - 1]
    if where.is_flow:
        gone = Span(before.end, item.end)
        return [] if "#" in text[before.end : item.start] else [Replacement(gone, "")]
    start = text.rfind("\n", 0, item.start) + 1
    end = text.find("\n", item.start + len(text[item.start : item.end].rstrip()))
    is_own_line = text[start : item.start].strip() == "-"
    return [Replacement(Span(start, len(text) if end < 0 else end + 1), "")] if is_own_line else []


def _new_order(text: str, where: ListSpan, order: tuple[int, ...]) -> list[Replacement]:
    """The items in their new places; none if there is a comment, which would lose its item."""
    if len(order) != len(where.items):
        return []
    end = where.span.end if where.is_flow else text.find("\n", where.items[-1].end)
    if "#" in text[where.span.start : len(text) if end < 0 else end]:
        return []
    written = [text[item.start : item.end] for item in where.items]
    return [
        Replacement(place, written[number])
        for place, number in zip(where.items, order, strict=True)
        if text[place.start : place.end] != written[number]
    ]


def _meaning(text: str, products: Products) -> list[Rule] | None:
    """The rules of a text without their places and repeated items; None if the text is not valid."""
    problems: list[Problem] = []
    documents = read_documents(text, "", problems)
    rules = [rule for node in documents if (rule := read_rule(node, products, [])) is not None]
    return None if problems else [_bare(rule) for rule in rules]


def _bare(rule: Rule) -> Rule:
    own = normal_id(rule.id)
    return replace(
        rule,
        affects=tuple(replace(entry, at=None) for entry in rule.affects),
        fixes=tuple(
            replace(fix, at=None, requires=_first_of_each(fix.requires, _folded)) for fix in rule.fixes
        ),
        symptoms=tuple(map(_once, rule.symptoms)),
        requires=_first_of_each(rule.requires, _folded),
        supersedes=_first_of_each(rule.supersedes, _folded),
        references=tuple(dict.fromkeys(rule.references)),
        advisories=_first_of_each(rule.advisories, str.casefold),
        updates=_first_of_each((one for one in rule.updates if normal_id(one) != own), normal_id),
        cases=tuple(replace(case, at=NOWHERE) for case in rule.cases),
        review=tuple(item._replace(at=NOWHERE, propose=None) for item in rule.review),
        silences=tuple(silence._replace(at=NOWHERE) for silence in rule.silences),
        accepted_mutants=tuple(mutant._replace(at=NOWHERE) for mutant in rule.accepted_mutants),
        at=None,
        places={},
    )


def _once(symptom: Symptom) -> Symptom:
    return replace(symptom, observe=_first_of_each(symptom.observe, observation_key))


def _folded(entry: Requirement) -> Hashable:
    if isinstance(entry, AnyOf):
        return frozenset(map(_folded, entry.entries))
    return entry.casefold() if isinstance(entry, str) else entry


def _first_of_each(items: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    first: dict[Hashable, T] = {}
    for item in items:
        first.setdefault(key(item), item)
    return tuple(first.values())
