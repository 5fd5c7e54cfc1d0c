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
from needfix.versions.free_build import (
    Numbering,
    counts_days,
    numbering,
    parse_free_build,
    stepped_free_build,
)
from needfix.versions.level import Level, LevelName, VersionName, comes_before, version_name
from needfix.versions.level_text import LevelText, parse_level, read_any_level, read_level
from needfix.versions.moment import DURATION, Moment, parse_clock_time, parse_duration, parse_moment

__all__ = [
    "AFTER_YEARS",
    "DURATION",
    "FIRST_OF_YEARS",
    "Level",
    "LevelName",
    "LevelText",
    "Moment",
    "Numbering",
    "VersionName",
    "as_file_version",
    "behind",
    "comes_before",
    "counts_days",
    "counts_years",
    "is_bare",
    "numbering",
    "parse_build",
    "parse_clock_time",
    "parse_duration",
    "parse_file_version",
    "parse_free_build",
    "parse_level",
    "parse_moment",
    "parse_version",
    "read_any_level",
    "read_level",
    "stepped_free_build",
    "version_name",
]
