"""References to other rules: unknown ids, and supersedence that the files do not show."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.containment.contains import Gap, gap
from needfix.intake.near import did_you_mean, nearest
from needfix.intake.vocabularies import normal_id
from needfix.lint.check import Check, Detection, all_rules
from needfix.model.requirement import alternatives
from needfix.model.rule import KeyPath, Rule

_WHY = {
    "supersedes": "it changes no decision, because the superseded rule is not known",
    "requires": "only a server's hotfix list can show whether it is met: without one, a doubt remains",
}


def _named(rule: Rule) -> Iterator[tuple[str, str, KeyPath]]:
    """The ids that a rule names, once for each list: the key of the list, the id, and its place."""
    older = ((("supersedes", number), name) for number, name in enumerate(rule.supersedes))
    needed = (
        (at, one) for at, entry in rule.requirements for one in alternatives(entry) if isinstance(one, str)
    )
    for key, named in (("supersedes", older), ("requires", needed)):
        first: dict[str, KeyPath] = {}
        for at, name in named:
            if first.setdefault(name.casefold(), at) == at:
                yield key, name, at


def _unknown(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in all_rules(catalogue):
        for key, rule_id, at in _named(rule):
            if not catalogue.meant_by(rule_id) and rule_id.casefold() not in catalogue.unread:
                what = f"{key!r} names {rule_id}, which is not in this catalogue"
                hint = _hint_of_unknown(rule_id, catalogue)
                if key == "requires":
                    hint += "; if no rule is to be written for it, silence this with that reason"
                yield Detection(rule, position_of(rule, at), what, hint, why=_WHY[key])


def _hint_of_unknown(rule_id: str, catalogue: Catalogue) -> str:
    # Vendors number their rules: a similar number belongs to a different rule.
    same_number = [known for known in catalogue.rules if _digits(known) == _digits(rule_id)]
    close = nearest(rule_id, same_number) or (same_number[0] if len(same_number) == 1 else None)
    hint = f"{did_you_mean(close)} Otherwise " if close else ""
    return f"{hint}add the rule {rule_id}, or lint this rule together with it"


def _digits(rule_id: str) -> str:
    return "".join(filter(str.isdigit, rule_id))


def _unsupported(catalogue: Catalogue) -> Iterator[Detection]:
    meant = catalogue.meant_by
    for rule in all_rules(catalogue):
        named = ((number, older) for number, name in enumerate(rule.supersedes) for older in meant(name))
        for number, older in ((number, catalogue.rules[rule_id]) for number, rule_id in named):
            lacking = gap(rule, older, catalogue.products)
            if older is not rule and lacking:
                what = (
                    f"the files do not show that this fix contains the fix of {older.id}: {_lacking(lacking)}"
                )
                hint = f"correct the minima or the branches of one of the two rules, or remove {older.id}"
                yield Detection(rule, position_of(rule, ("supersedes", number)), what, hint)


def _lacking(lack: Gap) -> str:
    if lack.branch is None:
        return "that rule compares no file"
    if lack.minimum is None:
        return f"this rule has no fix for {lack.branch}"
    path = f" in {lack.minimum.path}" if lack.minimum.path else ""
    minimum = f"{lack.minimum.label}{path} {lack.minimum.needed}"
    if lack.there is None:
        return f"that rule needs {minimum} for {lack.branch}; this rule does not have that file"
    return f"that rule needs {minimum} for {lack.branch}; this rule needs {lack.there.text}"


def _of_a_rule(catalogue: Catalogue) -> Iterator[Detection]:
    owners = {normal_id(rule.id): rule.id for rule in catalogue}
    for rule in all_rules(catalogue):
        for number, update in enumerate(rule.updates):
            owner = owners.get(normal_id(update))
            if owner is not None and owner != rule.id:
                what = f"'updates' lists {update}, which is the rule {owner}"
                hint = f"remove it, or remove the rule {owner} if this one replaces it"
                yield Detection(rule, position_of(rule, ("updates", number)), what, hint)


UNKNOWN_RULE = Check(
    "NF102",
    "warning",
    "'supersedes' or 'requires' names a rule that is not in the catalogue",
    "the supersedence then has no effect, and only hotfix lists show whether the requirement is met",
    _unknown,
)
UPDATE_OF_A_RULE = Check(
    "NF111",
    "warning",
    "'updates' lists the id of another rule",
    "a hotfix list that names it claims both rules; 'requires' and 'supersedes' mean only the other by it",
    _of_a_rule,
)
UNSUPPORTED = Check(
    "NF103",
    "error",
    "the files do not show that this fix contains one that it supersedes",
    "servers with this fix would also count as having the superseded one, although their files are older",
    _unsupported,
)
