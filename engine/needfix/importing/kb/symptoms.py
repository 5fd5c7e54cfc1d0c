"""The symptoms section as symptom texts, each with the events that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from needfix.importing.kb.article import Article
from needfix.importing.kb.draft import SymptomDraft
from needfix.importing.kb.lines import ArticleLine

_SECTIONS = ("SYMPTOMS", "SYMPTOM")
_EVENT = re.compile(r"\bEvent\s*(?:ID)?\s*[:#]?\s*(?P<id>[0-9]{1,5})\b", re.IGNORECASE)
_SOURCE = re.compile(
    r"\bSource\s*:\s*(?P<source>[A-Za-z][\w/-]*(?:\.\w+)*(?: (?!\w+\s*:|Event\b)[A-Z][\w/-]+)?)"
)
_RULE = re.compile(r"\s*[-=+|]{3,}.*")
_GOES_ON = re.compile(r"^(?:\s{2,}|\s*[-*] |\s*[0-9]+\. )")
_LONGEST = 1500


def symptoms_of(article: Article) -> tuple[SymptomDraft, ...]:
    """Each paragraph of the section with what is listed or quoted below it."""
    section = next((found for name in _SECTIONS if (found := article.section(name))), None)
    if section is None:
        return ()
    parts = list(_parts(section.lines))
    return tuple(
        SymptomDraft(f"{article.id.lower()}-symptom-{number}", text[:_LONGEST], _events(text[:_LONGEST]))
        for number, text in enumerate(parts, start=1)
    )


def _parts(lines: Sequence[ArticleLine]) -> Iterator[str]:
    part: list[str] = []
    for block in _blocks(lines):
        text = " ".join(" ".join(line.text for line in block).split())
        goes_on = part and (part[-1].endswith(":") or _GOES_ON.match(block[0].text))
        if part and not goes_on:
            yield " ".join(part)
            part = []
        part.append(text)
    if part:
        yield " ".join(part)


def _blocks(lines: Sequence[ArticleLine]) -> Iterator[list[ArticleLine]]:
    block: list[ArticleLine] = []
    for line in lines:
        if line.text.strip() and not _RULE.fullmatch(line.text):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _events(text: str) -> tuple[tuple[str, int], ...]:
    """Events with their source.

    The source follows its event and precedes the next one; where the text begins with a source, it
    precedes its event.
    """
    sources = [(found.start(), found["source"]) for found in _SOURCE.finditer(text)]
    events = [(found.start(), int(found["id"])) for found in _EVENT.finditer(text)]
    leads = bool(sources and events) and sources[0][0] < events[0][0]
    found: dict[tuple[str, int], None] = {}
    for (start, number), (end, _) in pairwise([*events, (len(text), 0)]):
        behind = [source for place, source in sources if start < place < end and not leads]
        before = [source for place, source in sources if place < start]
        if behind or before:
            found[behind[0] if behind else before[-1], number] = None
    return tuple(found)
