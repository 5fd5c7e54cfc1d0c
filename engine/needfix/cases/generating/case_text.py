"""A case as lines of YAML, in the style of the shipped rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z0-9_.\\/(;][A-Za-z0-9_.\\/ ();,'+-]*", re.ASCII)
_NUMERIC = re.compile(r"[0-9][0-9.,:TZ+-]*")
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers


def item_lines(case: Mapping[str, object], indent: int) -> list[str]:
    """A case, given by its keys, as an item of a list of cases, without line ends."""
    lines = [line for key, value in case.items() for line in _entry(key, value, indent + 2)]
    return [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]]


def _entry(key: str, value: object, indent: int) -> Iterator[str]:
    """A key with its value: on one line where that fits, else line by line."""
    start = f"{' ' * indent}{_scalar(key, in_flow=False)}:"
    line = f"{start} {_flow(value) if isinstance(value, Mapping | list) else _scalar(value, in_flow=False)}"
    if len(line) <= _WIDTH or not isinstance(value, Mapping | list) or not value:
        yield line
        return
    yield start
    if isinstance(value, Mapping):
        for inner, found in value.items():
            yield from _entry(inner, found, indent + 2)
    else:
        for found in value:
            yield from _item(found, indent + 2)


def _item(value: object, indent: int) -> Iterator[str]:
    line = f"{' ' * indent}- {_flow(value)}"
    if len(line) <= _WIDTH or not isinstance(value, Mapping):
        yield line
        return
    lines = [line for key, found in value.items() for line in _entry(key, found, indent + 2)]
    yield f"{' ' * indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(found)}' for key, found in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: object, *, in_flow: bool = True) -> str:
    """A text without quotes where YAML reads it as that text anywhere, a truth or nothing as such."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and not text.endswith(" ") and not (in_flow and "," in text)
    if is_plain and not _NUMERIC.fullmatch(text) and not _is_another_kind(text):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """A character as written in double quotes."""
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _is_another_kind(text: str) -> bool:
    """Whether YAML would read a number, a truth, a time or nothing."""
    resolvers = [*_RESOLVERS.get(text[:1], ()), *_RESOLVERS.get(None, ())]
    return any(pattern.match(text) for _, pattern in resolvers)
