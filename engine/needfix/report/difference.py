"""What a change of rules alters, in every format, made from one prepared document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from needfix.model.difference import KINDS, DecidedAction, Difference, Transition
from needfix.printable import json_text
from needfix.report.difference_markdown import as_markdown
from needfix.report.difference_text import as_text
from needfix.report.style import Style


def as_json(difference: Difference, style: Style) -> str:
    """One object with everything; causes name changes by their place in the list."""
    del style
    document = {
        "old": difference.old,
        "new": difference.new,
        "summary": _summary(difference),
        "changes": [
            {**change.as_dict(), "altered": difference.altered_by(change)} for change in difference.changes
        ],
        "transitions": [_transition(difference, one) for one in difference.transitions],
    }
    return json_text(document, indent=1) + "\n"


FORMATS: dict[str, Callable[[Difference, Style], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}


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


def _transition(difference: Difference, one: Transition) -> dict[str, Any]:
    numbers = {change: number for number, change in enumerate(difference.changes)}
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
