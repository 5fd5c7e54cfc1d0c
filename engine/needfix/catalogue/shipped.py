"""Where the rules that needfix ships lie."""

from __future__ import annotations

from pathlib import Path


def shipped_rules() -> Path:
    """The folder of the shipped catalogue: in the wheel beside the package, else in the source tree."""
    package = Path(__file__).parents[1]
    installed = package / "rules"
    return installed if installed.is_dir() else package.parents[1] / "rules"
