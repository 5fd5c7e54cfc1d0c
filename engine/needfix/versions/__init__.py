"""Versions, levels and modified times: the only place that orders them."""

from needfix.versions.file_version import parse_version
from needfix.versions.level import Level
from needfix.versions.level_text import LevelText, parse_level, read_level
from needfix.versions.moment import Moment, parse_moment

__all__ = [
    "Level",
    "LevelText",
    "Moment",
    "parse_level",
    "parse_moment",
    "parse_version",
    "read_level",
]
