"""How often a law is tried: by the profile of Hypothesis, which tests/conftest.py registers."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import HealthCheck, settings

_LEAST = 3
_SLOWNESS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Checks that depend on the machine or on how large a catalogue is, and so say nothing about a law."""


def register_profiles() -> None:
    """`quick` has the same few examples each time; `deep` has five times as many, others in each run."""
    settings.register_profile(
        "quick",
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=_SLOWNESS,
    )
    settings.register_profile(
        "deep", max_examples=100, print_blob=True, deadline=None, suppress_health_check=_SLOWNESS
    )
    settings.load_profile("quick")


def tried(times: int, *, suppress: Iterable[HealthCheck] = ()) -> settings:
    """A law tried so often with `--hypothesis-profile=deep`, and proportionally less with another one."""
    share = settings().max_examples / 100
    return settings(
        max_examples=max(_LEAST, round(times * share)), suppress_health_check=[*_SLOWNESS, *suppress]
    )
