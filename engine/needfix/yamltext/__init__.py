"""The part of YAML that needfix reads: events, built into values within limits; tags construct nothing."""

from needfix.yamltext.builder import EventBuilder, Limits
from needfix.yamltext.events import NOT_YAML, AnyMark, YamlSyntaxError, events_of, position, syntax_flaw
from needfix.yamltext.flaws import EndError, Flaw

__all__ = [
    "NOT_YAML",
    "AnyMark",
    "EndError",
    "EventBuilder",
    "Flaw",
    "Limits",
    "YamlSyntaxError",
    "events_of",
    "position",
    "syntax_flaw",
]
