"""Edits of a YAML text in place: what they do not concern keeps every character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from needfix.importing.yaml_text import Value, flow
from needfix.yamltext.spans import Span
from needfix.yamltext.tree import ListTree, MappingTree, Tree, trees_of


class Edit(NamedTuple):
    """A part of a text, and the text that replaces it."""

    span: Span
    text: str


class Text:
    """A YAML text with the edits collected for it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edits: list[Edit] = []
        self._break = "\r\n" if "\r\n" in text else "\n"
        self.documents = [tree for tree in trees_of(text) if isinstance(tree, MappingTree)]

    def document(self, key: str, value: str) -> MappingTree | None:
        """The document in which a key has this value; case does not matter."""
        for tree in self.documents:
            found = tree.get(key)
            if found is not None and self.text_of(found).strip("\"'").casefold() == value.casefold():
                return tree
        return None

    def text_of(self, tree: Tree) -> str:
        """The text of a value as written."""
        return self._text[tree.span.start : tree.span.end].strip()

    def edited(self) -> str:
        """The text with all edits; those at one place in the order in which they were asked for."""
        text = self._text
        last_first = sorted(self._edits, key=lambda edit: edit.span.start)[::-1]
        for edit in last_first:
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        return text

    def replace(self, tree: Tree, value: str) -> None:
        """Write another value, on one line."""
        self._edits.append(Edit(Span(tree.span.start, tree.span.start + len(self.text_of(tree))), value))

    def insert(self, where: ListTree, place: int, items: Sequence[str]) -> None:
        """Put items into a list, before the item that has this number now."""
        if not items:
            return
        if where.is_flow:
            self._insert_in_brackets(where, place, items)
            return
        column = self._column(where.items[0].span.start) - len("- ")
        lines = [f"{' ' * column}- {item}{self._break}" for item in items]
        if place < len(where.items):
            at = self._line_start(where.items[place].span.start)
        else:
            at = self._line_end(where.items[-1])
        self._add_lines(at, lines)

    def _insert_in_brackets(self, where: ListTree, place: int, items: Sequence[str]) -> None:
        if place < len(where.items):
            at, text = where.items[place].span.start, "".join(f"{item}, " for item in items)
        elif where.items:
            at, text = where.items[-1].span.end, "".join(f", {item}" for item in items)
        else:
            at, text = where.span.start + 1, ", ".join(items)
        self._edits.append(Edit(Span(at, at), text))

    def add_key(self, where: MappingTree, key: str, lines: Sequence[str], after: Sequence[str] = ()) -> None:
        """Add a key, whose lines these are, behind the last of `after` that is there, else at the end.

        In braces there is one line.
        """
        del key
        anchors = [entry for entry in where.entries if entry[0].text in after] or list(where.entries)
        name, value = anchors[-1]
        if where.is_flow:
            at = value.span.start + len(self.text_of(value))
            self._edits.append(Edit(Span(at, at), f", {lines[0]}"))
            return
        indent = " " * self._column(name.span.start)
        self._add_lines(self._line_end(value), [f"{indent}{line}{self._break}" for line in lines])

    def _add_lines(self, at: int, lines: Sequence[str]) -> None:
        text = "".join(lines)
        if at == len(self._text) and not self._text.endswith("\n"):
            text = self._break + text
        self._edits.append(Edit(Span(at, at), text))

    def _column(self, at: int) -> int:
        return at - self._line_start(at)

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, tree: Tree) -> int:
        """Behind the line in which a value ends, with a comment that stands there."""
        end = tree.span.start + len(self._text[tree.span.start : tree.span.end].rstrip())
        found = self._text.find("\n", end)
        return len(self._text) if found < 0 else found + 1


def is_written(text: Text, tree: Tree, value: Value) -> bool:
    """Whether a value stands there, in whatever quotes."""
    written = text.text_of(tree)
    if isinstance(value, list | dict):
        return "".join(written.split()) == "".join(flow(value).split())
    return written.strip("\"'") == (value if isinstance(value, str) else str(value))
