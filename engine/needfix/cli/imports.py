"""`needfix import kb|builds`: the first word chooses what is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from needfix.cli import import_builds, import_kb
from needfix.cli.arguments import Parser
from needfix.errors import UsageError
from needfix.intake.near import did_you_mean, suggestion

_KINDS: dict[str, Callable[[Sequence[str]], int]] = {"kb": import_kb.run, "builds": import_builds.run}


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    place = next((place for place, word in enumerate(words) if word in _KINDS), None)
    if place is not None:
        return _KINDS[words[place]]([*words[:place], *words[place + 1 :]])
    kind = next((word for word in words if not word.startswith("-")), None)
    if kind is None and not {"-h", "--help"}.isdisjoint(words):
        parser().parse_args(words)
    what = f"there is no import of {kind!r}" if kind else "the kind of import is not named"
    hint = did_you_mean(suggestion(kind or "", _KINDS), "write needfix import kb, or needfix import builds")
    raise UsageError(f"{what}\n    hint: {hint}")


def parser() -> Parser:
    """The parser of the command without a kind; each kind has a parser of its own."""
    parser = Parser(
        "import",
        "Turn vendor articles or build tables into rules.",
        "needfix import kb --help",
        "needfix import builds --help",
    )
    kinds = "Kind of input: kb is knowledge-base articles, builds is tables of levels and updates."
    parser.add_argument("kind", choices=tuple(_KINDS), help=kinds)
    return parser
