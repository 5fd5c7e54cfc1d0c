"""The JSON Schema of a decision, as each line of `--format jsonl` holds it."""

from __future__ import annotations

from needfix.model.decision import ACTIONS, DECISIONS, SEVERITIES
from needfix.model.document import FORMAT
from needfix.model.reason_codes import CONTRADICTIONS, REASON_CODES


def decision_schema() -> dict[str, object]:
    """The schema of one decision."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://needfix.dev/schemas/decision.json",
        "title": "A needfix decision: the answer for one server and one rule",
        "$comment": f"format {FORMAT}",
        "type": "object",
        "additionalProperties": False,
        "required": list(_REQUIRED),
        "properties": {
            "server": {"type": "string", "description": "the server's name"},
            "collected": {"type": ["string", "null"], "description": "when the facts were collected"},
            "rule": {"type": "string", "description": "the rule's id"},
            "title": {"type": "string", "description": "the rule's title, or its id where it has none"},
            "severity": {
                "enum": [*SEVERITIES, None],
                "description": "how severe the vendor calls what the rule fixes",
            },
            "advisories": {
                "type": "array",
                "items": {"type": "string"},
                "description": "the ids of the advisories that the rule fixes",
            },
            "decision": {"enum": list(DECISIONS), "description": "whether the server needs the fix"},
            "action": {"enum": list(ACTIONS), "description": "what to do about it"},
            "reasons": {
                "type": "array",
                "items": _REASON,
                "description": "the reasons, deciding facts first",
            },
            "contradictions": {
                "type": "array",
                "items": {"enum": sorted(CONTRADICTIONS)},
                "description": "the codes of reasons that exclude each other or speak against the decision",
            },
        },
    }


_REQUIRED = (
    "server", "collected", "rule", "title", "severity", "advisories", "decision", "action", "reasons",
    "contradictions",
)  # fmt: skip
_TEXT = {"type": "string"}
_REASON: dict[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "text"],
    "properties": {
        "code": {"oneOf": [{"const": code, "description": what} for code, what in REASON_CODES.items()]},
        "text": {**_TEXT, "description": "a sentence for people"},
        "file": {**_TEXT, "description": "the name of the file"},
        "path": {**_TEXT, "description": "the path of the copy that decided"},
        "observed": {**_TEXT, "description": "the value that was found"},
        "expected": {**_TEXT, "description": "the value that was needed"},
    },
}
