"""Servers at the boundaries of a rule: one step to either side must decide differently."""

from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.probes import probes

__all__ = ["Aim", "Probe", "probes"]
