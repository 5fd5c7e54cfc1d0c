"""Rules chosen by words: ids, advisories and severities, as patterns and comma lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.vocabularies import normal_id
from needfix.model.rule import Rule
from needfix.model.server import is_called

_WILDCARDS = frozenset("*?")
_CHECK_PATTERN = "check the pattern; the wildcards are * and ?"
_SEE_RULES = "\n    hint: needfix rules show ID lists those of a rule"


class RuleWords(NamedTuple):
    """The words of options that choose rules; None where the option is not given."""

    rules: Collection[str] | None = None
    advisories: Collection[str] | None = None
    severities: Collection[str] | None = None


def chosen_rules(catalogue: Catalogue, words: RuleWords) -> tuple[str, ...] | None:
    """The ids of the rules that all options choose, in the order of the catalogue; None where none is given.

    Raises UsageError where a word chooses no rule, and where the options together choose none.
    """
    found = [
        {one for word in of_option for one in choose(catalogue, word)}
        for of_option, choose in (
            (words.rules, _by_id),
            (words.advisories, _by_advisory),
            (words.severities, _by_severity),
        )
        if of_option is not None
    ]
    if not found:
        return None
    chosen = set.intersection(*found)
    if not chosen:
        what = "no rule is chosen by --rule, --advisory and --severity together"
        raise UsageError(f"{what}\n    hint: leave one of them out")
    return tuple(rule_id for rule_id in catalogue.rules if rule_id in chosen)


def known_rules(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The ids of the rules of a name: an id in any spelling, else an update. Raises UsageError for others."""
    own = catalogue.get(name)
    found = (own.id,) if own is not None else catalogue.meant_by(name)
    if not found:
        raise UsageError(f"there is no rule {name!r}{_hint(name, catalogue.rules)}")
    return found


def comma_lists(words: Iterable[str] | None) -> list[str] | None:
    """The words of which each may be several with commas between; None where there are none at all.

    Raises UsageError for one that is empty.
    """
    if words is None:
        return None
    found = [part.strip() for word in words for part in word.split(",")]
    if not all(found):
        hint = "write the words with a comma between them"
        raise UsageError(f"a list of words has an empty one\n    hint: {hint}")
    return found


def _by_id(catalogue: Catalogue, word: str) -> Iterable[str]:
    if not _WILDCARDS.intersection(word):
        return known_rules(catalogue, word)
    return _matching(catalogue, lambda rule: (rule.id, *rule.updates), word, f"no rule matches {word!r}")


def _by_advisory(catalogue: Catalogue, word: str) -> Iterable[str]:
    what = f"no rule has the advisory {word!r}"
    return _matching(catalogue, lambda rule: rule.advisories, word, what)


def _by_severity(catalogue: Catalogue, word: str) -> Iterable[str]:
    found = [rule.id for rule in catalogue if rule.severity == word]
    if not found:
        stated = dict.fromkeys(rule.severity for rule in catalogue if rule.severity)
        hint = f"write {' or '.join(stated)}" if stated else "leave it out; no rule states its severity"
        raise UsageError(f"no rule has the severity {word}\n    hint: {hint}")
    return found


def _matching(
    catalogue: Catalogue, names_of: Callable[[Rule], Iterable[str]], word: str, nothing: str
) -> list[str]:
    """The rules with a name that a pattern, or the name itself, means."""
    found = [rule.id for rule in catalogue if any(_is_meant(name, word) for name in names_of(rule))]
    if not found:
        is_pattern = bool(_WILDCARDS.intersection(word))
        # A number that is only similar is that of something else.
        alike = (name for name in _names(catalogue, names_of) if _digits(name) == _digits(word))
        hint = _hint(word, alike) or _SEE_RULES
        raise UsageError(nothing + (f"\n    hint: {_CHECK_PATTERN}" if is_pattern else hint))
    return found


def _names(catalogue: Catalogue, names_of: Callable[[Rule], Iterable[str]]) -> Iterator[str]:
    return (name for rule in catalogue for name in names_of(rule))


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _is_meant(name: str, word: str) -> bool:
    return is_called(name, word) or normal_id(name) == normal_id(word)


def _hint(word: str, known: Iterable[str]) -> str:
    hint = did_you_mean(suggestion(word, dict.fromkeys(known)))
    return f"\n    hint: {hint}" if hint else ""
