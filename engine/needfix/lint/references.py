"""Rules that name other rules: ids that nobody has, and supersedence that the files do not show."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.containment.contains import Gap, gap
from needfix.intake.near import nearest
from needfix.lint.check import Check, Detection, all_rules
from needfix.model.rule import KeyPath, Rule

_WHY = {
    "supersedes": "it changes no decision: nothing is known to be contained in this fix",
    "requires": "it is never known to be met, so that nobody is told to apply the fix without a doubt",
}


def _named(rule: Rule) -> Iterator[tuple[str, str, KeyPath]]:
    """The ids that a rule names, each once a list: the list, the id, and where it stands."""
    for key, entries in (("supersedes", rule.supersedes), ("requires", rule.requires)):
        first: dict[str, int] = {}
        for number, entry in enumerate(entries):
            if isinstance(entry, str) and first.setdefault(entry.casefold(), number) == number:
                yield key, entry, (key, number)


def _unknown(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        for key, rule_id, at in _named(rule):
            if catalogue.known_id(rule_id) not in catalogue.rules:
                what = f"{key!r} names {rule_id}, which is no rule of this catalogue"
                hint = _hint_of_unknown(rule_id, catalogue)
                yield Detection(rule, position_of(rule, at), what, hint, why=_WHY[key])


def _hint_of_unknown(rule_id: str, catalogue: Catalogue) -> str:
    # A vendor numbers its rules: one with another number is another rule, however close the two are.
    same_number = [known for known in catalogue.rules if _digits(known) == _digits(rule_id)]
    close = nearest(rule_id, same_number) or (same_number[0] if len(same_number) == 1 else None)
    hint = f"did you mean {close}? Else " if close else ""
    return f"{hint}add the rule {rule_id}, or lint it together with the rules that it names"


def _digits(rule_id: str) -> str:
    return "".join(filter(str.isdigit, rule_id))


def _unsupported(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        for number, named in enumerate(rule.supersedes):
            older = catalogue.rules.get(catalogue.known_id(named))
            lacking = gap(rule, older, catalogue.products) if older else None
            if older and older is not rule and lacking:
                what = f"the files do not show that this fix contains {older.id}'s: {_lacking(lacking)}"
                hint = f"correct the minima or the branches of one of the two, or remove {older.id}"
                yield Detection(rule, position_of(rule, ("supersedes", number)), what, hint)


def _lacking(lack: Gap) -> str:
    if lack.branch is None:
        return "that one compares no file"
    if lack.wanted is None:
        return f"this one has no fix for {lack.branch}"
    path = f" in {lack.wanted.path}" if lack.wanted.path else ""
    wanted = f"{lack.wanted.name}{path} of {lack.wanted.text} or later"
    if lack.there is None:
        return f"that one has {wanted} for {lack.branch}, and this one does not have that file"
    return f"that one has {wanted} for {lack.branch}, and this one {lack.there.text}"


UNKNOWN_RULE = Check(
    "NF102",
    "warning",
    "'supersedes' or 'requires' names a rule that the catalogue does not have",
    "supersedence then changes no decision, and a requirement is never known to be met",
    _unknown,
)
UNSUPPORTED = Check(
    "NF103",
    "error",
    "'supersedes' names a rule whose fix this one is not shown to contain",
    "a server with this fix would count as one that has the other, too, with files that are older",
    _unsupported,
)
