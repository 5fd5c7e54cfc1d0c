"""YAML as far as needfix reads it: events, made into values under limits, nothing that acts."""

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
