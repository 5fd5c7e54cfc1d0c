"""XML as text: escaped, indented, the same for the same content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

OVAL = "http://oval.mitre.org/XMLSchema"
SCHEMA_VERSION = "5.11"
NO_TIME = "1970-01-01T00:00:00"
"""Stands for a time that is not known: the same content is always the same text."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
}  # fmt: skip
_SPECIAL = re.compile('[&<>"\t\n\r]')


class Element(NamedTuple):
    """An element with its attributes in order, and either a text or other elements."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()
    text: str | None = None


def element(tag: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """An element; `_` in the names of attributes stands as it is."""
    return Element(tag, tuple(attributes.items()), children, text)


def document(root: Element) -> Iterator[str]:
    """The lines of a document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield from _lines(root, "")


def _lines(own: Element, indent: str) -> Iterator[str]:
    head = own.tag + "".join(f' {name}="{_escaped(value)}"' for name, value in own.attributes)
    if own.text is not None:
        yield f"{indent}<{head}>{_escaped(own.text)}</{own.tag}>\n"
    elif not own.children:
        yield f"{indent}<{head}/>\n"
    else:
        yield f"{indent}<{head}>\n"
        for child in own.children:
            yield from _lines(child, f"{indent}  ")
        yield f"{indent}</{own.tag}>\n"


def _escaped(text: str) -> str:
    """A text as XML can hold it; a replacement character stands for signs that it cannot."""
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], _ILLEGAL.sub("\ufffd", text))


def generator(timestamp: str) -> Element:
    """What made a document."""
    return element(
        "generator",
        element("oval:product_name", text="needfix"),
        element("oval:schema_version", text=SCHEMA_VERSION),
        element("oval:timestamp", text=timestamp),
    )
