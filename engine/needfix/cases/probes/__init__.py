"""Servers at the boundaries of a rule: what one step to either side must decide otherwise."""

from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.probes import probes

__all__ = ["Aim", "Probe", "probes"]
