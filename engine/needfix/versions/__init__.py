"""Versions, levels and modified times, and their order."""

from needfix.versions.file_version import parse_version
from needfix.versions.level import Level
from needfix.versions.level_text import LevelText, parse_level, read_level
from needfix.versions.moment import DURATION, Moment, parse_duration, parse_moment

__all__ = [
    "DURATION",
    "Level",
    "LevelText",
    "Moment",
    "parse_duration",
    "parse_level",
    "parse_moment",
    "parse_version",
    "read_level",
]
