"""Servers at the boundaries of a rule: one step to either side must decide differently."""

from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.probes import probes
from needfix.cases.probes.refused import unreachable

__all__ = ["Aim", "Probe", "probes", "unreachable"]
