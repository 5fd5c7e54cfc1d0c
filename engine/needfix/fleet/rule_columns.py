"""What rows of decisions carry of their rules: severity and advisories, by the numbers of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Ints
from needfix.model.rule import Rule

SEVERITY = pa.dictionary(pa.int8(), pa.string())
ADVISORIES = pa.dictionary(pa.int32(), pa.string())
"""The ids, joined by blanks: a row has the code of its rule's text, and costs no more than the rule does."""


class RuleColumns:
    """The columns of a catalogue's rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        every = tuple(rules)
        self._columns = (
            _Column([rule.severity for rule in every], SEVERITY),
            _Column([" ".join(rule.advisories) or None for rule in every], ADVISORIES),
        )

    def of(self, numbers: Ints) -> list[pa.Array]:
        """Severity and advisories for rows of these rules; null where the rule states none."""
        return [column.of(numbers) for column in self._columns]


class _Column:
    """One text for each rule, or none."""

    def __init__(self, texts: Sequence[str | None], kind: pa.DictionaryType) -> None:
        self._kind = kind
        known: dict[str | None, int] = {
            text: code for code, text in enumerate(dict.fromkeys(filter(None, texts)))
        }
        self._texts = pa.array(list(known), pa.string())
        self._codes = np.array([known.get(text, 0) for text in texts], kind.index_type.to_pandas_dtype())
        self._is_none = np.array([text is None for text in texts], np.bool_)
        self._nothing = pa.nulls(0, kind)

    def of(self, numbers: Ints) -> pa.Array:
        if not len(self._texts):
            if len(self._nothing) < len(numbers):
                self._nothing = pa.nulls(len(numbers), self._kind)
            return self._nothing.slice(0, len(numbers))
        mask = self._is_none[numbers] if self._is_none.any() else None
        codes = pa.array(self._codes[numbers], mask=mask)
        return pa.DictionaryArray.from_arrays(codes, self._texts, safe=False)
