"""The table of decisions and actions, written down a second time in plain Python."""

from __future__ import annotations

from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import Evidence


def decision_by_table(e: Evidence) -> DecisionKind:
    """The decision of the first row that holds."""
    if e.affected == "no":
        return "not-affected"
    if e.files == "present" or e.superseded == "present":
        return "fix-present"
    if e.affected == "unknown" or e.files in ("unknown", "no-branch"):
        return "undetermined"
    if e.files == "absent" and e.if_missing == "not-affected":
        return "not-affected"
    return "fix-required"


def action_by_table(e: Evidence, decision: DecisionKind) -> Action:
    """What to do about a decision."""
    if decision == "fix-required":
        return _action_where_required(e)
    if decision == "fix-present" and e.running == "old":
        return "restart"
    despite_fix = decision == "fix-present" and e.symptoms == "observed"
    return "investigate" if despite_fix or decision == "undetermined" else "none"


def _action_where_required(e: Evidence) -> Action:
    if e.apply == "if-symptoms" and e.symptoms == "absent":
        return "wait"
    if e.apply == "if-symptoms" and e.symptoms == "unreported":
        return "confirm-symptoms"
    return "upgrade-first" if e.requires == "unmet" else "apply"
