"""Decision and action of evidence, by the table of the documentation, row by row."""

from __future__ import annotations

from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import Evidence


def decision_by_table(e: Evidence) -> DecisionKind:
    """The decision of the first row that holds."""
    if e.affected == "no":
        return "not-affected"
    if e.affected == "contradicted":
        return "undetermined"
    if e.files == "present" or e.superseded == "present":
        return "fix-present"
    if e.files == "absent" and e.if_missing == "not-affected":
        return "not-affected"
    if e.affected == "unknown" or e.files in ("unknown", "no-branch"):
        return "undetermined"
    return "fix-required"


def action_by_table(e: Evidence, decision: DecisionKind) -> Action:
    """What to do about a decision."""
    is_observed = e.symptoms in ("observed", "observed-for-rule")
    match decision:
        case "fix-required":
            return _action_where_required(e)
        case "fix-present":
            if e.running in ("old", "pending"):
                return "restart"
            return "investigate" if is_observed or e.setting == "needed" else "none"
        case "not-affected":
            speaks_against = e.claimed == "installed" or e.symptoms == "observed-for-rule"
            return "investigate" if speaks_against else "none"
        case "undetermined":
            return "investigate"


def _action_where_required(e: Evidence) -> Action:
    if e.claimed == "installed" and e.running == "pending":
        return "restart"
    if e.apply == "if-symptoms" and e.symptoms == "absent":
        return "wait"
    if e.apply == "if-symptoms" and e.symptoms == "unreported":
        return "confirm-symptoms"
    return "upgrade-first" if e.requires == "unmet" else "apply"
