"""Which rules `requires` and `supersedes` mean: by a rule's id, or by one of its updates."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.intake.vocabularies import normal_id
from needfix.model.rule import Rule


class RuleNames:
    """The rules by the texts that name them in other rules.

    Ids compare without case. Updates are spelled as in hotfix lists: `KB279798` is `Q279798`.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_id: dict[str, str] = {}
        self._by_update: dict[str, dict[str, None]] = {}
        for rule in rules:
            self._by_id.setdefault(rule.id.casefold(), rule.id)
            for update in rule.updates:
                self._by_update.setdefault(normal_id(update), {})[rule.id] = None

    def meant(self, text: str) -> tuple[str, ...]:
        """The ids of the rules that are meant: the one with this id, else all that have it as an update."""
        own = self._by_id.get(text.casefold())
        if own is not None or not self._by_update:
            return () if own is None else (own,)
        return tuple(self._by_update.get(normal_id(text), ()))
