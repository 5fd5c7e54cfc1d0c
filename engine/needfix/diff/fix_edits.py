"""Changes of a rule's fixes: their branches and their minima."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from needfix.catalogue.describe import fix_text
from needfix.catalogue.places import minimum_place
from needfix.diff.edits import Edit, Pair, StatedValue
from needfix.model.minimum import Minimum
from needfix.model.requirement import AnyOf, Requirement, requirement
from needfix.model.rule import Fix, KeyPath, Rule

_BRANCH: Mapping[str, Callable[[Fix], object]] = {
    "product": lambda fix: fix.product,
    "levels": lambda fix: fix.levels,
    "edition": lambda fix: fix.edition,
    "platform": lambda fix: fix.platform,
    "language": lambda fix: fix.language,
}
_WRITTEN_AS = {"levels": "level"}
"""Keys whose name in the file is another."""


def fix_edits(pair: Pair[Rule]) -> Iterator[Edit[Rule]]:
    """Changes within fixes, then fixes removed, then fixes added."""
    paired = _paired(pair.old.fixes, pair.new.fixes)
    for here, there in paired.items():
        yield from _Within(pair, here, there).edits()
    for number in reversed(range(len(pair.old.fixes))):
        if number not in paired:
            yield Edit(pair.change("fix", _stated(pair.old, number), None), _taken_out(number))
    for number, fix in enumerate(pair.new.fixes):
        if number not in paired.values():
            yield Edit(pair.change("fix", None, _stated(pair.new, number)), _put_in(fix))


def _paired(old: Sequence[Fix], new: Sequence[Fix]) -> dict[int, int]:
    """Which fixes are versions of one another: those that are the most similar, and the rest in order."""
    paired: dict[int, int] = {}
    for key in _SIMILARITY:
        free = [number for number in range(len(new)) if number not in paired.values()]
        for here in [number for number in range(len(old)) if number not in paired]:
            there = next((n for n in free if key(new[n]) == key(old[here])), None)
            if there is not None:
                free.remove(there)
                paired[here] = there
    return dict(sorted(paired.items()))


def _names(fix: Fix) -> Hashable:
    return frozenset(_by_name(fix))


def _minima(fix: Fix) -> Hashable:
    return frozenset((name, _meaning(minimum)) for name, minimum in _by_name(fix).items())


_SIMILARITY: tuple[Callable[[Fix], Hashable], ...] = (
    lambda fix: (fix.branch, _minima(fix)),
    lambda fix: (fix.branch, _names(fix)),
    _minima,
    lambda fix: fix.branch,
    _names,
    lambda _: (),
)


def _by_name(fix: Fix) -> dict[str, Minimum]:
    return {_key(minimum): minimum for minimum in (*fix.files, *fix.others)}


def _key(minimum: Minimum) -> str:
    """What a minimum is known by: the file's name, nothing for a build, else the value of the registry."""
    if (asked := minimum.registry) is not None:
        return f"{asked.key}\\{asked.name} {asked.view or ''}"
    return minimum.name.casefold()


def _meaning(minimum: Minimum) -> Hashable:
    """A minimum without its spelling."""
    return minimum.meaning, minimum.path


@dataclass(frozen=True, slots=True)
class _Within:
    """The changes within one fix, known by its number on either side."""

    pair: Pair[Rule]
    here: int
    there: int

    def edits(self) -> Iterator[Edit[Rule]]:
        old, new = self.pair.old.fixes[self.here], self.pair.new.fixes[self.there]
        for key, read in _BRANCH.items():
            if read(old) != read(new):
                yield self._branch_edit(key, read)
        before, after = _by_name(old), _by_name(new)
        for name in dict.fromkeys((*before, *after)):
            one, other = before.get(name), after.get(name)
            if one is None or other is None or _meaning(one) != _meaning(other):
                yield self._file_edit(one, other)
        if _required(old) != _required(new):
            yield self._requires_edit(new)

    def _branch_edit(self, key: str, read: Callable[[Fix], object]) -> Edit[Rule]:
        value: Any = read(self.pair.new.fixes[self.there])
        values = (
            self._stated_branch(self.pair.old, self.here, key, read),
            self._stated_branch(self.pair.new, self.there, key, read),
        )
        name = _WRITTEN_AS.get(key, key)
        return Edit(
            self.pair.change(f"{name} of the fix", *values),
            self._changed(lambda fix: replace(fix, **{key: value})),
        )

    def _stated_branch(
        self, rule: Rule, number: int, key: str, read: Callable[[Fix], object]
    ) -> StatedValue | None:
        value = read(rule.fixes[number])
        if value is None:
            return None
        text = ", ".join(map(str, sorted(value))) if isinstance(value, frozenset) else str(value)
        return StatedValue(text, rule.places.get(("fixes", number, _WRITTEN_AS.get(key, key))))

    def _file_edit(self, before: Minimum | None, after: Minimum | None) -> Edit[Rule]:
        named = after or before
        change = self.pair.change(
            named.label if named else "",
            _stated_minimum(self.pair.old, self.here, before),
            _stated_minimum(self.pair.new, self.there, after),
        )
        name = _key(named) if named else ""
        kept = (after,) if after else ()

        def make(fix: Fix) -> Fix:
            if not name:
                return replace(fix, build=after)
            if named is not None and named.registry is not None:
                values = (minimum for minimum in fix.registry if _key(minimum) != name)
                return replace(fix, registry=(*values, *kept))
            others = (minimum for minimum in fix.files if minimum.name.casefold() != name)
            return replace(fix, files=(*others, *kept))

        return Edit(change, self._changed(make))

    def _requires_edit(self, new: Fix) -> Edit[Rule]:
        values = (
            _stated_requires(self.pair.old, self.here),
            _stated_requires(self.pair.new, self.there),
        )
        return Edit(
            self.pair.change("requires of the fix", *values),
            self._changed(lambda fix: replace(fix, requires=new.requires, needs_nothing=new.needs_nothing)),
        )

    def _changed(self, make: Callable[[Fix], Fix]) -> Callable[[Rule], Rule]:
        number = self.here
        return lambda rule: replace(
            rule, fixes=tuple(make(fix) if n == number else fix for n, fix in enumerate(rule.fixes))
        )


def _required(fix: Fix) -> Hashable:
    return frozenset(map(requirement_identity, fix.requires)), fix.needs_nothing


def requirement_identity(entry: Requirement) -> Hashable:
    """What is equal for entries of `requires` that mean the same."""
    if isinstance(entry, AnyOf):
        return "any", frozenset(map(requirement_identity, entry.entries))
    return entry.casefold() if isinstance(entry, str) else frozenset(entry)


def _stated_requires(rule: Rule, number: int) -> StatedValue | None:
    fix = rule.fixes[number]
    if not fix.requires and not fix.needs_nothing:
        return None
    text = ", ".join(map(requirement, fix.requires)) or "[]"
    return StatedValue(text, rule.places.get(("fixes", number, "requires")))


def _stated_minimum(rule: Rule, number: int, minimum: Minimum | None) -> StatedValue | None:
    if minimum is None:
        return None
    if minimum.registry is not None:
        return _stated_value(rule, minimum, minimum_place(number, minimum))
    value = minimum.text if minimum.is_compared else "(not compared)"
    text = f"{value} in {minimum.path}" if minimum.path else value
    place = minimum_place(number, minimum)
    if minimum.lines:
        return StatedValue(text, rule.places.get((*place, 0, "version")) or rule.places.get(place))
    kind = "above" if minimum.above is not None else "version" if minimum.by_version else "modified"
    return StatedValue(text, rule.places.get((*place, kind)) or rule.places.get(place))


def _stated_value(rule: Rule, minimum: Minimum, place: KeyPath) -> StatedValue:
    """A value of the registry that is asked for."""
    kinds = ("equals", "version", "present")
    places = (rule.places.get((*place, kind)) for kind in kinds)
    return StatedValue(minimum.value_needed, next(filter(None, places), None) or rule.places.get(place))


def _stated(rule: Rule, number: int) -> StatedValue:
    fix = rule.fixes[number]
    return StatedValue(f"({fix_text(fix)})", fix.at)


def _taken_out(number: int) -> Callable[[Rule], Rule]:
    return lambda rule: replace(rule, fixes=tuple(fix for n, fix in enumerate(rule.fixes) if n != number))


def _put_in(fix: Fix) -> Callable[[Rule], Rule]:
    return lambda rule: replace(rule, fixes=(*rule.fixes, fix))
