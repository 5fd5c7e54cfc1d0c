"""The words of a product name, and which of them state an edition, a platform, a language or a level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.intake.vocabularies import language_names, platform

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_MAKERS = frozenset({"microsoft", "ms", "r", "tm", "version", "v"})

Words = tuple[str, ...]


def words_of(name: str) -> Words:
    """The words of a name in small letters, without those of its maker."""
    return tuple(word for word in _WORD.findall(name.casefold()) if word not in _MAKERS)


def any_words(pattern: str) -> re.Pattern[str]:
    """A pattern over words, each with a blank before it; `*` stands for any words, or the rest of one."""
    text = ""
    for token in pattern.split():
        own = "".join(f" {re.escape(word)}" for word in words_of(token.replace("*", "")))
        if token.startswith("*"):
            own = rf"(?: \S+)*{own}"
        elif token.endswith("*"):
            own = rf"{own}\S*(?: \S+)*"
        text += own
    return re.compile(text)


def edition_words(edition: str) -> tuple[Words, ...]:
    """The words of an edition, with and without the word `edition`."""
    bare = tuple(word for word in words_of(edition) if word != "edition")
    return ((*bare, "edition"), bare)


_MOST_WORDS_OF_PLATFORM = 3


def platform_phrases(words: Words) -> Iterator[tuple[str, tuple[Words, ...]]]:
    """The runs of words that are names of a platform; a number alone states a level."""
    for size in range(1, _MOST_WORDS_OF_PLATFORM + 1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            texts = (joint.join(run) for joint in (" ", "-"))
            known = next((one for text in texts if (one := platform(text)) is not None), None)
            if known is not None and not all(word.isdecimal() for word in run):
                yield known, (run,)


LANGUAGE_PHRASES = tuple((name, (words_of(name),)) for name in sorted(language_names()))


_OF_LEVEL = re.compile("(?:sp|cu|ru|ur|u)[0-9]+[a-z]?|r[0-9]|rtm|gdr")
_UPDATES = frozenset({"cumulative", "update", "rollup", "cu", "ru", "ur", "u"})


def _states_level(words: Words, place: int) -> bool:
    word = words[place]
    before = words[place - 1] if place else ""
    return (
        word[0].isdigit()
        or _OF_LEVEL.fullmatch(word) is not None
        or (word in ("service", "pack") and "pack" in words[place : place + 2])
        or before in ("pack", "sp")
        or (word in _UPDATES and _next_word(words[place:])[:1].isdigit())
    )


def _next_word(words: Words) -> str:
    """The word behind those that name an update: 14 of `cumulative update 14`."""
    return next((word for word in words if word not in _UPDATES), "")


def parted(words: Words) -> tuple[Words, Words]:
    """The words that do not state a level, and those that do."""
    states = [_states_level(words, place) for place in range(len(words))]
    rest = tuple(word for word, is_level in zip(words, states, strict=True) if not is_level)
    return rest, tuple(word for word, is_level in zip(words, states, strict=True) if is_level)


def without_edition(words: Words, edition: str | None) -> Iterator[Words]:
    """The words without an edition, wherever it stands, with or without the word `edition`."""
    if edition is None:
        yield words
        return
    bare = tuple(word for word in words_of(edition) if word != "edition")
    for name in ((*bare, "edition"), bare):
        for start in range(1, len(words) - len(name) + 1):
            if words[start : start + len(name)] == name:
                yield words[:start] + words[start + len(name) :]
