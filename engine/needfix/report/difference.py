"""What a change of rules alters, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from needfix.model.difference import (
    KINDS,
    CatalogueChange,
    DecidedAction,
    Difference,
    Transition,
    decisions_in,
)
from needfix.printable import json_text
from needfix.report.style import View


def write_json(out: TextIO, difference: Difference, view: View) -> None:
    """Write one object with everything; causes name changes by their place in the list."""
    del view
    numbers = {change: number for number, change in enumerate(difference.changes)}
    document = {
        "old": difference.old,
        "new": difference.new,
        "summary": _summary(difference),
        "changes": [
            {**change.as_dict(), "altered": decisions_in(caused)}
            for change, caused in difference.transitions_by_change().items()
        ],
        "transitions": [_transition(numbers, one) for one in difference.transitions],
    }
    out.write(json_text(document, indent=1) + "\n")


def _summary(difference: Difference) -> dict[str, Any]:
    return {
        "servers": difference.servers,
        "servers_altered": difference.servers_altered,
        "rules": difference.rules,
        "rules_changed": difference.changed("rule"),
        "products_changed": difference.changed("product"),
        "altered": {kind: difference.of_kind(kind) for kind in KINDS},
        "not_affected_by_rules_added_or_removed": dict(difference.unconcerned),
        "bad_records": difference.bad_records,
    }


def _transition(numbers: Mapping[CatalogueChange, int], one: Transition) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "before": _answer(one.before),
        "after": _answer(one.after),
        "causes": [[numbers[change] for change in cause] for cause in one.causes],
        "servers": list(one.servers),
    }


def _answer(answer: DecidedAction | None) -> dict[str, str] | None:
    return {"decision": answer.decision, "action": answer.action} if answer else None
