"""Messages about a node that is wrong: what it is, what was expected, and a hint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from needfix.catalogue.nodes import Mapping, Node, Scalar, Sequence
from needfix.errors import Problem
from needfix.intake.near import did_you_mean, suggestion
from needfix.printable import MOST_SHOWN, in_quotes, shortened

_PLAIN = r"[A-Za-z][\w.-]*(?: [\w.-]+)*|[0-9][\w.-]* [\w .-]*\w"
_EXAMPLE = r" such as (.+?)(?:,? or .*)?$"


def describe(node: Node) -> str:
    """A node in words: `this is the number 5.5`, `this is a list`."""
    match node:
        case Sequence():
            return "this is a list" if node.items else "this is an empty list"
        case Mapping():
            return "this is a mapping" if node.entries else "this is an empty mapping"
        case Scalar(kind="null"):
            return "there is no value here" if not node.text else f"{node.text} means that there is no value"
        case Scalar(kind="text"):
            return f"this is the text {in_quotes(node.text)}" if node.text.strip() else "this text is empty"
        case _:
            return f"this is the {node.kind} {shortened(node.text)}"


Accepts = Callable[[str], bool]
"""Whether a text is what was expected."""


def wrong(
    node: Node,
    what: str,
    hint: str = "",
    of_text: str = "wrong-value",
    accepts: Accepts | None = None,
) -> Problem:
    """The problem of a node that is not what was expected; `of_text` is its code where it is a text.

    The hint shows the node itself, in another form, only where that form would be accepted.
    """
    code = of_text if isinstance(node, Scalar) and node.kind == "text" else "wrong-type"
    shown = hint or _obvious_hint(node, what, accepts or _anything)
    if any(len(text) > MOST_SHOWN and text in shown for text in _texts(node)):
        shown = as_example(what)
    return Problem(node.at, describe(node), what, shown, code)


def _texts(node: Node) -> Iterator[str]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return (one.text for one in items if isinstance(one, Scalar))


def _anything(text: str) -> bool:
    return bool(text.strip())


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in the order of files, lines and columns."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.at)


def _obvious_hint(node: Node, what: str, accepts: Accepts) -> str:
    match node:
        case Scalar(kind="null"):
            return "write the value, or remove the key or the line"
        case Scalar(kind="text"):
            return as_example(what)
        case Scalar():
            return f'write "{node.text}", in quotes' if accepts(node.text) else as_example(what)
        case Sequence(items=(Scalar(kind="text") as item,)) if accepts(item.text):
            return f"write {flow(item)}, without the list"
        case Sequence():
            return _hint_of_list(node, what)
        case Mapping():
            return as_example(what) if example(what) else f"write only {what}, without keys"


def _hint_of_list(node: Sequence, what: str) -> str:
    if not example(what):
        return f"write only {what}, without a list"
    if len(node.items) > 1 and all(isinstance(one, Scalar) for one in node.items):
        return "write one of them here, and for each of the others a whole entry of its own"
    return as_example(what)


def as_example(what: str) -> str:
    """A hint that shows the example in `what`, or repeats `what`."""
    shown = example(what)
    return f"write it as {shown}" if shown else f"write {what}"


def example(what: str) -> str:
    """The example in the name of a shape: `Q279798` of `the id of a rule such as Q279798`."""
    found = re.search(_EXAMPLE, what)
    return found[1] if found else ""


def flow(node: Scalar) -> str:
    """A scalar as a text of a flow list, in quotes where it needs them."""
    is_plain = node.kind == "text" and re.fullmatch(_PLAIN, node.text, re.ASCII)
    return node.text if is_plain else json.dumps(node.text, ensure_ascii=False)


def hint_of_closest(word: str, known: Iterable[str]) -> str:
    """A hint with the closest known word, or "" where none is close."""
    return did_you_mean(suggestion(word, known), quoted=True)
