"""Which changes alter a decision: the smallest sets of them that lead from the old answer to the new."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations, count, islice

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.compare.file_names import is_nameless
from needfix.decide.engine import Engine, Memory
from needfix.decide.evaluation import Evaluation
from needfix.diff.subjects import Subjects
from needfix.errors import Problem
from needfix.model.difference import CatalogueChange, Cause, DecidedAction
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, Server, altered, as_read


def mixture(subjects: Subjects, ids: Iterable[str], chosen: frozenset[CatalogueChange]) -> Catalogue | None:
    """The old version of these rules with the chosen changes made; None if that is not a catalogue."""
    every_product = (subject.with_changes(chosen) for subject in subjects.products.values())
    products = {product.product: product for product in every_product if product is not None}
    every_rule = (subjects.rules[folded].with_changes(chosen) for folded in ids)
    rules = [rule for rule in every_rule if rule is not None]
    if not all(_is_sound(rule, products.keys()) for rule in rules):
        return None
    problems: list[Problem] = []
    catalogue = assemble(rules, products, problems)
    return None if problems else catalogue


def _is_sound(rule: Rule, products: Iterable[str]) -> bool:
    """Whether a rule names only known products, and every fix of it has a file, or compares anything else."""
    named = {entry.product for entry in rule.every_entry}
    has_all = all(fix.files or fix.minima for fix in rule.fixes)
    return bool(rule.fixes) and has_all and named.issubset(products)


_Leads = Callable[[Sequence[CatalogueChange]], bool]
"""Whether changes lead to the new answer."""

_MOST_TOGETHER = 3
_MOST_TRIALS = 200
"""Sets of one size that are tried; beyond that, changes are left out one by one."""
_MOST_CAUSES = 8
"""Sets of several changes that are reported as causes of one answer."""


class Blame:
    """Finds the causes of altered decisions; servers that are the same to a rule are examined once."""

    def __init__(self, subjects: Subjects, dependencies: Callable[[str], tuple[str, ...]]) -> None:
        self._subjects = subjects
        self._dependencies = dependencies
        self._of_products = _changes_of_products(subjects)
        self._with_old_products: Engine | None = None
        self._names: dict[str, frozenset[str]] = {}
        self._engines: Memory[tuple[str, frozenset[CatalogueChange]], tuple[Engine | None]] = Memory()
        self._together: dict[tuple[str, DecidedAction | None], dict[tuple[Cause, ...], None]] = {}
        self._causes: Memory[Hashable, tuple[Cause, ...]] = Memory()

    def causes(self, server: Server, folded: str, after: DecidedAction | None) -> tuple[Cause, ...]:
        """Minimal sets of changes, each enough for the new answer."""
        reduced = _reduced(server, self._file_names(folded))
        return self._causes.get((folded, after, reduced), lambda: self._search(reduced, folded, after))

    def _search(self, server: Server, folded: str, after: DecidedAction | None) -> tuple[Cause, ...]:
        candidates = self._candidates(folded)

        def leads_there(chosen: Sequence[CatalogueChange]) -> bool:
            made = self._engine(folded, frozenset(chosen))
            return made is not None and answer(made, server, folded) == after

        if single := tuple((change,) for change in candidates if leads_there((change,))):
            return single
        known = self._together.setdefault((folded, after), {})
        for causes in known:
            if all(_needs_all(cause, leads_there) for cause in causes):
                return causes
        causes = _together(candidates, leads_there)
        known[causes] = None
        return causes

    def _candidates(self, folded: str) -> tuple[CatalogueChange, ...]:
        """The changes that can matter to a rule, its own first."""
        rules = (self._subjects.rules[one] for one in self._dependencies(folded))
        own = (change for rule in rules for change in rule.changes)
        return tuple(dict.fromkeys((*own, *self._of_products)))

    def _engine(self, folded: str, chosen: frozenset[CatalogueChange]) -> Engine | None:
        def make() -> tuple[Engine | None]:
            catalogue = mixture(self._subjects, self._dependencies(folded), chosen)
            return (self._engine_of(catalogue, chosen) if catalogue is not None else None,)

        return self._engines.get((folded, chosen), make)[0]

    def _engine_of(self, catalogue: Catalogue, chosen: frozenset[CatalogueChange]) -> Engine:
        """An engine; those with the product definitions of old share what these state about servers."""
        if not chosen.isdisjoint(self._of_products):
            return Engine(catalogue)
        engine = Engine(catalogue, self._with_old_products)
        self._with_old_products = self._with_old_products or engine
        return engine

    def _file_names(self, folded: str) -> frozenset[str]:
        """The files that matter to a rule in either version, and those that show levels."""
        if folded not in self._names:
            self._names[folded] = frozenset(self._every_file_name(folded))
        return self._names[folded]

    def _every_file_name(self, folded: str) -> Iterator[str]:
        for product in self._subjects.products.values():
            for definition in filter(None, (product.old, product.new)):
                yield from map(str.casefold, definition.key_files)
        for one in self._dependencies(folded):
            subject = self._subjects.rules[one]
            for rule in filter(None, (subject.old, subject.new)):
                yield from (minimum.name.casefold() for fix in rule.fixes for minimum in fix.files)


def answer(engine: Engine, server: Server, folded: str) -> DecidedAction | None:
    """What a catalogue answers for a rule; None where it has no such rule."""
    outcome = Evaluation(engine, server).outcomes.get(engine.catalogue.known_id(folded))
    return DecidedAction(outcome.decision, outcome.action) if outcome is not None else None


def _changes_of_products(subjects: Subjects) -> tuple[CatalogueChange, ...]:
    return tuple(change for product in subjects.products.values() for change in product.changes)


def _together(candidates: Sequence[CatalogueChange], leads_there: _Leads) -> tuple[Cause, ...]:
    """Sets of several changes, the smallest that are found."""
    for size in range(2, _MOST_TOGETHER + 1):
        sets = islice(combinations(candidates, size), _MOST_TRIALS)
        if found := tuple(islice(filter(leads_there, sets), _MOST_CAUSES)):
            # Smaller sets can be among those for which there were too many to try.
            needed = tuple(dict.fromkeys(_without_idle(one, leads_there) for one in found))
            least = min(map(len, needed))
            return tuple(cause for cause in needed if len(cause) == least)
    return (_without_idle(candidates, leads_there),)


def _without_idle(candidates: Sequence[CatalogueChange], leads_there: _Leads) -> Cause:
    """The changes without those that can be left out."""
    kept = list(candidates)
    while (idle := next((one for one in kept if leads_there(_others(kept, one))), None)) is not None:
        kept = _others(kept, idle)
    return tuple(kept)


def _needs_all(cause: Cause, leads_there: _Leads) -> bool:
    """Whether changes lead there together, and without any one of them do not."""
    return leads_there(cause) and not any(leads_there(_others(cause, one)) for one in cause)


def _others(changes: Sequence[CatalogueChange], but: CatalogueChange) -> list[CatalogueChange]:
    return [one for one in changes if one is not but]


def _reduced(server: Server, names: frozenset[str]) -> Server:
    """What of a server can matter to a rule that compares files of these names.

    Of other files it matters what platforms they are for, whether any is loaded, and whether any has no name.
    """
    files = [copy for copy in server.files if copy.name.casefold() in names]
    others = {
        (is_nameless(copy.name, copy.path), copy.platform, bool(copy.loaded))
        for copy in server.files
        if copy.name.casefold() not in names
    }
    another = next(name for name in map("another{}.file".format, count()) if name not in names)
    stand_ins = (
        as_read(
            FileCopy, name="" if lacks_name else another, platform=platform, loaded="0" if is_loaded else None
        )
        for lacks_name, platform, is_loaded in sorted(others, key=str)
    )
    return altered(server, server="", collected=None, files=(*files, *stand_ins), at=None)
