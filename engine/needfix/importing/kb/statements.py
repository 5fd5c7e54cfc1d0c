"""What an article states in sentences: what a fix requires, corrects, replaces, and whom it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from needfix.importing.kb.article import Article, Section

_RULED = re.compile(r"\s[-=]{4,}\s|\s\+-[-+]*\+")
_END = re.compile(r"(?<=[.:!?])\s+(?=[A-Z(])|(?<=[a-z0-9)]\.)(?=[A-Z][a-z])|\s(?=NOTES?\b|- [A-Z])")
_REQUIRES = re.compile(
    r"\brequires?\b(?! (?:that|you to (?:restart|re-?boot)))"
    r"|\bbefore you (?:apply|install)\b[^.]{0,60}\bmust (?:first )?(?:apply|install)\b"
    r"|\bmust be (?:applied|installed) before\b|\bmust be running\b|\bis required\b|\bprerequisites?\b"
    r"|\bmust (?:first )?(?:apply|install|have)\b.{0,200}\b(?:before|to (?:use|apply|install))\b",
    re.IGNORECASE,
)
_AFTER_ITS_SUBJECT = re.compile(r"must be (?:applied|installed)|is required|prerequisite", re.IGNORECASE)
_PACK = r"(?:Service[ -]?Pack\s*-?\s*[0-9]+[a-z]?(?:\.0)?|SP-?\s?[0-9]+[a-z]?\b)"
_MENTION = re.compile(_PACK, re.IGNORECASE)
_NOT_REQUIRED = re.compile(
    r"\bdoes not require\b|\bis not required\b|\brequires? (?:a|the) (?:restart|reboot)"
    r"|\bmust apply the (?:hot)?fix\b|\b(?:hot)?fix (?:that )?you must (?:apply|install)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\bfirst (?:corrected|included|fixed|resolved|addressed|introduced as a fix) in\b", re.IGNORECASE
)
_ONLY_IF_SEEN = re.compile(
    r"\b(?:appl(?:y|ied)\b[^.]{0,30}\bonly to|only\b[^.]{0,20}\bappl(?:y|ied)\b[^.]{0,12}\bto)\b"
    r"[^.]{0,40}\b(?:systems|computers|servers|sites)\b[^.]{0,60}"
    r"\b(?:experienc\w+|show\w*|exhibit\w*|(?:have|has|having) (?:this|the)|severely affected)",
    re.IGNORECASE,
)
"""Not systems at risk of an attack: a risk is not a symptom that can be observed."""
_ARTICLE = re.compile(r"\bQ[0-9]{5,6}\b")
_REPLACES = re.compile(
    r"\b(?:this|the) (?:hot)?(?:fix|update|patch|rollup|package)[^.]{0,40}\b(?:supersedes|replaces)\b",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"\b(?:has been|is|was) (?:superseded|replaced) by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, its line and its section."""

    text: str
    line: int
    section: str

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that the sentence names."""
        return tuple(dict.fromkeys(_ARTICLE.findall(self.text)))


def requirements(article: Article) -> tuple[Statement, ...]:
    """Sentences that say which level must be there before the fix can be installed."""
    return tuple(
        sentence
        for sentence in sentences(article)
        if _REQUIRES.search(sentence.text)
        and _MENTION.search(sentence.text)
        and not _NOT_REQUIRED.search(sentence.text)
    )


def corrections(article: Article) -> tuple[Statement, ...]:
    """Sentences that say in which level the problem was first corrected."""
    return tuple(sentence for sentence in sentences(article) if _CORRECTED.search(sentence.text))


def corrected_part(text: str) -> str:
    """What a sentence says behind "first corrected in"."""
    found = _CORRECTED.search(text)
    return text[found.end() :].strip().rstrip(".") if found else ""


def required_part(text: str) -> str:
    """What a sentence requires: the text after the verb, or all where the verb ends it."""
    found = _REQUIRES.search(text)
    stands_before = found is not None and _AFTER_ITS_SUBJECT.match(found[0])
    return text if found is None or stands_before else text[found.start() :]


def replaced(article: Article) -> tuple[Statement, ...]:
    """Sentences that say that this fix replaces the fix of another article."""
    return tuple(
        sentence for sentence in sentences(article) if sentence.articles and _REPLACES.search(sentence.text)
    )


def replacements(article: Article) -> tuple[Statement, ...]:
    """Sentences that say that another fix replaces this one."""
    return tuple(
        sentence for sentence in sentences(article) if sentence.articles and _REPLACED.search(sentence.text)
    )


def only_if_seen(article: Article) -> Statement | None:
    """The sentence that restricts the fix to systems that show the problem."""
    return next((sentence for sentence in sentences(article) if _ONLY_IF_SEEN.search(sentence.text)), None)


@lru_cache(maxsize=1)
def sentences(article: Article) -> tuple[Statement, ...]:
    """The sentences of all sections, each on one line. Every reader of an article needs them."""
    return tuple(
        Statement(sentence, start, section.name)
        for section in article.sections
        for start, text in _paragraphs(section)
        for sentence in _split(text)
    )


def _split(text: str) -> Iterable[str]:
    for part in _RULED.split(f" {text} "):
        yield from (sentence for sentence in map(str.strip, _END.split(part)) if sentence)


def _paragraphs(section: Section) -> Iterator[tuple[int, str]]:
    """Paragraphs without headings, each with the line at which it starts."""
    block: list[str] = []
    start = 0
    lines = section.lines
    for index, line in enumerate(lines):
        text = line.text.strip()
        below = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
        is_heading = not block and len(below) > 2 and set(below) == {"-"} and "|" not in text  # noqa: PLR2004
        if text and not is_heading and not (set(text) <= {"-"}):
            start = start if block else line.number
            block.append(text)
            continue
        if block:
            yield start, " ".join(block)
            block = []
    if block:
        yield start, " ".join(block)
