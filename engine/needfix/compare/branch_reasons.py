"""Why a branch of a rule's fixes counts, or none: the reasons of a choice of branches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from needfix.compare.installation import Installation
from needfix.model.decision import Reason
from needfix.model.rule import Fix, Rule
from needfix.versions import Level

_LEAST_RUN = 3
"""Neighbours that are written as the first and the last of them."""


def no_fix_for_levels(
    rule: Rule, here: Installation, levels: Iterable[tuple[Level | None, Level | None]]
) -> Iterator[Reason]:
    """Why the fix for a later level counts: one reason for each such level, behind those that lack a fix."""
    lacking: dict[Level, dict[Level | None, None]] = {}
    for level, later in levels:
        if later is not None:
            lacking.setdefault(later, {})[level] = None
    why = "which the fix brings along" if here.product.cumulative else "which is needed first"
    for later, own in lacking.items():
        named = levels_in_words(here, own)
        sentence = f"{rule.id} has no fix for {here.product.name} {named}; the next one is for {later}, {why}"
        yield Reason("no-fix-for-level", sentence, observed=named, expected=str(later))


def levels_in_words(here: Installation, levels: Iterable[Level | None]) -> str:
    """Levels of a product; of several neighbours the first and the last: 2019 RTM to 2019 CU12."""
    places = {entry.level: place for place, entry in enumerate(here.product.levels)}
    runs: list[list[Level | None]] = []
    for level in levels:
        last = runs[-1][-1] if runs else None
        is_next = last in places and level in places and places[last] + 1 == places[level]
        if is_next:
            runs[-1].append(level)
        else:
            runs.append([level])
    texts = (
        [f"{run[0]} to {run[-1]}"] if len(run) >= _LEAST_RUN else [str(one) for one in run] for run in runs
    )
    return ", ".join(text for own in texts for text in own)


def language_not_listed(about: str, foreign: Iterable[Fix], here: Installation) -> Reason:
    """Why versions of a fix for other languages are compared."""
    listed = ", ".join(sorted({fix.language for fix in foreign if fix.language}))
    sentence = f"{about} is listed for {listed}; this server's language is {here.language}"
    return Reason("language-not-listed", sentence, observed=here.language, expected=listed)


def no_branch(rule: Rule, here: Installation, levels: Sequence[Level], keys: Sequence[str]) -> Reason:
    """Why no fix is for an installation: the keys that rule out the last one."""
    is_every = levels == here.possible and not here.is_known
    level = "a level that is not known" if is_every else " or ".join(map(str, levels))
    platforms = " or ".join(here.platforms) or "None"
    named = {"product": here.product.product, "level": level, "platform": platforms}
    observed = [named.get(key, str(getattr(here, key, None))) for key in keys]
    stated = " and ".join(f"the {key} {value}" for key, value in zip(keys, observed, strict=True))
    if levels != here.possible and "level" not in keys:
        stated += f" at {level}"
    listed = "; ".join(dict.fromkeys(fix.branch_name for fix in rule.fixes))
    sentence = f"{rule.id} has no fix for {stated}; its fixes are for: {listed}"
    return Reason("no-branch", sentence, observed=observed[-1], expected=listed)
