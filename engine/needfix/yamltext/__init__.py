"""The part of YAML that needfix reads: events, built into values within limits; tags construct nothing."""

from needfix.yamltext.builder import EventBuilder, Limits
from needfix.yamltext.events import (
    NOT_YAML,
    SINGLE_QUOTES,
    AnyMark,
    YamlSyntaxError,
    events_of,
    has_open_path,
    position,
    syntax_flaw,
)
from needfix.yamltext.flaws import EndError, Flaw

__all__ = [
    "NOT_YAML",
    "SINGLE_QUOTES",
    "AnyMark",
    "EndError",
    "EventBuilder",
    "Flaw",
    "Limits",
    "YamlSyntaxError",
    "events_of",
    "has_open_path",
    "position",
    "syntax_flaw",
]
