"""Which of a rule's fixes are for a server: its branch by level, edition, platform and language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from needfix.decide.installed import Installation
from needfix.model.decision import Reason
from needfix.model.names import edition, language, platform
from needfix.model.rule import Fix, Rule, by_branch


class Branch(NamedTuple):
    """Fixes for the same branch; what they install belongs together."""

    fixes: tuple[Fix, ...]
    name: str


class Choice(NamedTuple):
    """The branches that an installation can be of: none, one, or several where facts are missing."""

    branches: tuple[Branch, ...]
    reasons: tuple[Reason, ...] = ()


_KEYS: tuple[tuple[str, Callable[[Fix, Installation], bool | None]], ...] = (
    ("product", lambda fix, here: None if fix.product is None else fix.product == here.product.product),
    (
        "level",
        lambda fix, here: None if fix.levels is None or here.level is None else here.level in fix.levels,
    ),
    ("edition", lambda fix, here: _same(edition, fix.edition, here.edition)),
    ("platform", lambda fix, here: _same(platform, fix.platform, here.platform)),
)


def choose(rule: Rule, here: Installation) -> Choice:
    """The branches for an installation. A key gates only where both sides state it."""
    fixes = list(rule.fixes)
    for key, match in _KEYS:
        kept = _kept(fixes, here, match)
        if not kept:
            return Choice((), (_no_branch(rule, here, key),))
        fixes = kept
    return _by_language(rule, fixes, here)


def _kept(
    fixes: Sequence[Fix], here: Installation, match: Callable[[Fix, Installation], bool | None]
) -> list[Fix]:
    """Those that match by name, else those that do not speak of the key."""
    answers = [(fix, match(fix, here)) for fix in fixes]
    named = [fix for fix, answer in answers if answer is True]
    return named or [fix for fix, answer in answers if answer is None]


def _same(normal: Callable[[str], str], wanted: str | None, stated: str | None) -> bool | None:
    if wanted is None or stated is None:
        return None
    return normal(wanted) == normal(stated)


def _by_language(rule: Rule, fixes: Sequence[Fix], here: Installation) -> Choice:
    kept = _kept(fixes, here, lambda fix, at: _same(language, fix.language, at.language))
    if kept:
        return Choice(_grouped(kept))
    # Versions are the same in every language; modified times are not.
    comparable = [fix for fix in fixes if not any(minimum.modified for minimum in fix.files)]
    listed = ", ".join(sorted({fix.language for fix in fixes if fix.language}))
    reason = Reason(
        "language-not-listed",
        f"the fix is listed for {listed}, and this is {here.language}",
        observed=here.language,
        expected=listed,
    )
    if not comparable:
        return Choice((), (_no_branch(rule, here, "language"), reason))
    return Choice(_grouped(comparable), (reason,))


def _grouped(fixes: Sequence[Fix]) -> tuple[Branch, ...]:
    return tuple(Branch(group, _name(group[0])) for group in by_branch(fixes))


def _name(fix: Fix) -> str:
    return " ".join(fix.branch_words) or "every server"


def _no_branch(rule: Rule, here: Installation, key: str) -> Reason:
    observed = getattr(here, key, None)
    stated = {"product": here.product.product}.get(key, str(observed))
    listed = "; ".join(dict.fromkeys(_name(fix) for fix in rule.fixes))
    sentence = f"no fix of {rule.id} is for the {key} {stated}; it has fixes for: {listed}"
    return Reason("no-branch", sentence, observed=stated, expected=listed)
