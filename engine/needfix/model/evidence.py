"""Evidence: what the facts say about one rule, only as closed enumerations."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from needfix.model.rule import Apply, IfMissing

Affected = Literal["yes", "no", "unknown", "contradicted"]
Files = Literal["present", "outdated", "partial", "absent", "unknown", "no-branch"]
Requires = Literal["met", "unmet", "unknown"]
Symptoms = Literal["observed-for-rule", "observed", "absent", "unreported"]
"""`observed-for-rule`: under the symptom's name for one rule, such as `Q279798/id`."""
Superseded = Literal["no", "present"]
Claimed = Literal["installed", "unclaimed", "no-list"]
Running = Literal["current", "old", "pending", "unknown"]
"""`old`: a loaded module is below the minimum; `pending`: the server reports that a restart is due."""
Setting = Literal["none", "needed"]
"""`needed`: the rule names something that has to be set beside its files."""


class Evidence(NamedTuple):
    """Everything on which a decision depends. Each field takes the values of `DOMAIN` only."""

    affected: Affected
    files: Files
    requires: Requires
    symptoms: Symptoms
    apply: Apply
    if_missing: IfMissing
    superseded: Superseded
    claimed: Claimed
    running: Running
    setting: Setting = "none"


DOMAIN: dict[str, tuple[str, ...]] = {
    "affected": get_args(Affected),
    "files": get_args(Files),
    "requires": get_args(Requires),
    "symptoms": get_args(Symptoms),
    "apply": get_args(Apply),
    "if_missing": get_args(IfMissing),
    "superseded": get_args(Superseded),
    "claimed": get_args(Claimed),
    "running": get_args(Running),
    "setting": get_args(Setting),
}
"""Every field of Evidence with every value that it can take."""
