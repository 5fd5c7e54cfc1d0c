"""Versions, levels and modified times, and their order."""

from needfix.versions.file_version import (
    AFTER_YEARS,
    FIRST_OF_YEARS,
    as_file_version,
    behind,
    counts_years,
    is_bare,
    parse_build,
    parse_file_version,
    parse_version,
)
from needfix.versions.level import Level
from needfix.versions.level_text import LevelText, parse_level, read_level
from needfix.versions.moment import DURATION, Moment, parse_clock_time, parse_duration, parse_moment

__all__ = [
    "AFTER_YEARS",
    "DURATION",
    "FIRST_OF_YEARS",
    "Level",
    "LevelText",
    "Moment",
    "as_file_version",
    "behind",
    "counts_years",
    "is_bare",
    "parse_build",
    "parse_clock_time",
    "parse_duration",
    "parse_file_version",
    "parse_level",
    "parse_moment",
    "parse_version",
    "read_level",
]
