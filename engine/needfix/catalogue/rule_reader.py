"""Builds rules from nodes: looks up levels and checks keys that depend on each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from needfix.catalogue.examples import examples_of, fitted
from needfix.catalogue.hints import hint_of_closest
from needfix.catalogue.level_lookup import LevelLookup
from needfix.catalogue.minimum_reader import build_minimum, build_range, file_minimum
from needfix.catalogue.nodes import Mapping as MappingNode
from needfix.catalogue.nodes import Node, Scalar
from needfix.catalogue.nodes import Sequence as SequenceNode
from needfix.catalogue.places import places_of
from needfix.catalogue.records import Fields
from needfix.catalogue.registry_format import registry_values
from needfix.catalogue.rule_format import RULE
from needfix.catalogue.shapes import Located
from needfix.catalogue.values import Written, WrittenLevel
from needfix.errors import Position, Problem
from needfix.model.accepted import AcceptedMutant, Silence
from needfix.model.product import ProductDefinition
from needfix.model.requirement import AnyOf, Requirement, SingleRequirement
from needfix.model.rule import Affects, Case, Correction, Fix, ReviewItem, Rule, RuleSource
from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen, Symptom
from needfix.model.value import ReadOnlyDict
from needfix.printable import in_quotes
from needfix.versions import Level, read_any_level, read_level


def read_rule(
    node: Node,
    products: Mapping[str, ProductDefinition],
    problems: list[Problem],
    faulty: Collection[str] = (),
) -> Rule | None:
    """The rule in a node; None where anything in it is wrong.

    `faulty` products are those whose definitions have problems of their own; they are not reported again.
    """
    found: list[Problem] = []
    fields = RULE.read(node, found)
    lookup = LevelLookup(products, found, faulty)
    rule = _RuleReader(fields, products, lookup, found).rule() if fields else None
    if not found:
        return rule
    product = _product_of(node, products)
    own = examples_of(product) if product is not None and product.levels else None
    problems.extend(fitted(problem, own) if own else problem for problem in found)
    return None


def _product_of(node: Node, products: Mapping[str, ProductDefinition]) -> ProductDefinition | None:
    """The first product that a rule names, if it is known."""
    if not isinstance(node, MappingNode):
        return None
    affects = node.get("affects")
    entries = affects.items if isinstance(affects, SequenceNode) else ()
    named = [node.get("product"), *(one.get("product") for one in entries if isinstance(one, MappingNode))]
    ids = (one.text for one in named if isinstance(one, Scalar))
    return next((products[one] for one in ids if one in products), None)


def read_cases(node: Node, problems: list[Problem]) -> tuple[Case, ...]:
    """Only the cases of the rule in a node."""
    fields = RULE.read(node, problems)
    return tuple(map(_case, fields.listed("cases"))) if fields is not None else ()


class _RuleReader:
    def __init__(
        self,
        fields: Fields,
        products: Mapping[str, ProductDefinition],
        lookup: LevelLookup,
        problems: list[Problem],
    ) -> None:
        self._fields = fields
        self._products = products
        self._lookup = lookup
        self._problems = problems

    def rule(self) -> Rule:
        fields = self._fields
        rule_id = fields.value("id", "")
        affects = self._affects()
        return Rule(
            id=rule_id,
            title=fields.value("title", rule_id),
            affects=affects,
            fixes=tuple(self._fix(fix, affects) for fix in fields.listed("fixes")),
            symptoms=self._symptoms(),
            requires=tuple(self._requires(fields, affects)),
            supersedes=tuple(found.value for found in fields.listed("supersedes")),
            corrected_in=tuple(self._corrected_in(affects)),
            apply=fields.value("apply", "always"),
            if_missing=fields.value("if_missing", "not-affected"),
            needs_nothing="requires" in fields and not fields.listed("requires"),
            references=tuple(found.value for found in fields.listed("references")),
            cases=tuple(map(_case, fields.listed("cases"))),
            source=_source(fields),
            review=tuple(self._review_item(item) for item in fields.listed("review")),
            silences=_silences(fields),
            accepted_mutants=_accepted_mutants(fields),
            severity=fields.value("severity"),
            advisories=tuple(found.value for found in fields.listed("advisories")),
            updates=tuple(found.value for found in fields.listed("updates")),
            released=fields.value("released"),
            also_needed=fields.value("also_needed"),
            at=fields.at,
            places=ReadOnlyDict(places_of(fields, _WITHOUT_PLACES)),
        )

    def _affects(self) -> tuple[Affects, ...]:
        found = self._fields.get("affects")
        product: Located[str] | None = self._fields.get("product")
        if product is not None:
            self._lookup.product(product)
        if found is None:
            return ()
        entries = [found] if isinstance(found, Fields) else list(found.value)
        named = [entry for entry in entries if isinstance(entry, Fields) and not _is_range(entry)]
        plain = [entry for entry in entries if entry not in named]
        affected = [self._together(entry, product) for entry in named]
        if plain:
            affected.append(self._own_product(plain, product, found.at))
        return tuple(entry for entry in affected if entry is not None)

    def _own_product(
        self, levels: list[Located[WrittenLevel] | Fields], product: Located[str] | None, at: Position
    ) -> Affects | None:
        if product is None:
            if "product" in self._fields.given:
                return None
            what = "these levels belong to no product"
            hint = "add the key 'product', or write {product: …, levels: …} here"
            self._problems.append(Problem(at, what, "a product for each level", hint))
            return None
        placed = self._lookup.levels(product.value, levels)
        return Affects(product.value, frozenset(placed), at=at, places=ReadOnlyDict(placed))

    def _together(self, entry: Fields, product: Located[str] | None) -> Affects | None:
        """An entry; of one for several products the first, with the others beside it."""
        if "all" not in entry.given:
            return self._affected(entry, product)
        found = [self._affected(one, product) for one in entry.listed("all")]
        known = [one for one in found if one is not None]
        return replace(known[0], beside=tuple(known[1:])) if known else None

    def _affected(self, entry: Fields, product: Located[str] | None) -> Affects | None:
        named: Located[str] | None = entry.get("product", product)
        if named is None:
            if "product" not in entry.given | self._fields.given:
                what, hint = "this entry has no product", "add its product, such as product: exchange-server"
                self._problems.append(Problem(entry.at, what, "a product in each entry", hint))
            return None
        self._lookup.product(named)
        placed = self._lookup.levels(named.value, entry["levels"]) if "levels" in entry else None
        levels = frozenset(placed) if placed is not None else None
        return Affects(
            named.value,
            levels,
            self._lookup.edition([named.value], entry.get("edition")),
            builds=build_range(entry["builds"], self._problems, is_free=self._is_free(named.value))
            if "builds" in entry
            else None,
            platform=entry.value("platform"),
            language=entry.value("language"),
            registry=registry_values(entry.value("registry", {}), self._problems),
            at=entry.at,
            places=ReadOnlyDict(placed or {}),
        )

    def _fix(self, fix: Fields, affects: tuple[Affects, ...]) -> Fix:
        product: Located[str] | None = fix.get("product")
        if product is not None and product.value not in {entry.product for entry in affects}:
            self._report_foreign(product, affects)
        branch = [entry for entry in affects if product is None or entry.product == product.value]
        placed = self._branch_levels(fix, branch)
        products = dict.fromkeys(entry.product for entry in branch)
        return Fix(
            files=tuple(
                file_minimum(name, found.value, self._problems)
                for name, found in fix.value("files", {}).items()
            ),
            component=fix.value("component"),
            product=product.value if product else None,
            levels=frozenset(placed) if placed is not None else None,
            edition=self._lookup.edition([entry.product for entry in branch], fix.get("edition")),
            platform=fix.value("platform"),
            language=fix.value("language"),
            build=build_minimum(fix["build"], self._problems, is_free=any(map(self._is_free, products)))
            if "build" in fix
            else None,
            requires=tuple(self._requires(fix, branch, _only_version(placed or ()))),
            needs_nothing="requires" in fix and not fix.listed("requires"),
            registry=registry_values(fix.value("registry", {}), self._problems),
            at=fix.at,
            places=ReadOnlyDict(placed or {}),
        )

    def _is_free(self, product: str) -> bool:
        """Whether the builds of a product are no versions of Windows."""
        return product in self._products and self._products[product].free_builds

    def _report_foreign(self, product: Located[str], affects: tuple[Affects, ...]) -> None:
        """Report a fix whose product is not among the rule's products, if those are known."""
        if not affects:
            self._lookup.product(product)
        elif not self._lookup.is_faulty(product.value):
            own = list(dict.fromkeys(entry.product for entry in affects))
            what = f"the rule does not concern the product {in_quotes(product.value)}"
            hint = hint_of_closest(product.value, own) or "add it to 'affects', or correct it"
            self._problems.append(Problem(product.at, what, f"one of {', '.join(own)}", hint))

    def _branch_levels(self, fix: Fields, affects: list[Affects]) -> dict[Level, Position] | None:
        if "level" not in fix or not affects:
            return None
        return self._lookup.levels_of_any(affects, fix["level"])

    def _symptoms(self) -> tuple[Symptom, ...]:
        seen: dict[str, Position] = {}
        symptoms = []
        for entry in self._fields.listed("symptoms"):
            symptom_id: Located[str] | None = entry.get("id")
            if symptom_id is None:
                continue
            first = seen.setdefault(symptom_id.value.casefold(), symptom_id.at)
            if first is not symptom_id.at:
                what = f"the symptom {in_quotes(symptom_id.value)} is already defined in line {first.line}"
                expected, hint = "unique ids (case is ignored)", "give it another id"
                self._problems.append(Problem(symptom_id.at, what, expected, hint))
            observe = tuple(self._observation(item) for item in entry.listed("observe"))
            symptoms.append(Symptom(symptom_id.value, entry.value("text", ""), observe))
        return tuple(symptoms)

    def _observation(self, item: Fields) -> Observation:
        if "counter" in item.given:
            return CounterSeen(item.value("counter", ""), item.value("above", 0.0), item.value("for", 0.0))
        if "service" in item.given:
            return ServiceSeen(item.value("service", ""), item.value("state", ""))
        if not {"id", "contains"} & item.given:
            what = "every event of this source would show the symptom"
            self._problems.append(Problem(item.at, what, "an id or a text", "add id: … or contains: …"))
        return EventSeen(item.value("source", ""), item.value("id"), item.value("contains"))

    def _requires(
        self, fields: Fields, affects: Sequence[Affects], version: str | None = None
    ) -> Iterable[Requirement]:
        """What a rule or a fix requires; a short form of a level belongs to `version` if given."""
        for entry in fields.listed("requires"):
            if isinstance(entry, Fields) and "any" in entry.given:
                found = (self._single_requirement(one, affects, version) for one in entry.listed("any"))
                yield AnyOf(tuple(dict.fromkeys(found)))
            else:
                yield self._single_requirement(entry, affects, version)

    def _single_requirement(
        self, entry: Located[str] | Fields, affects: Sequence[Affects], version: str | None
    ) -> SingleRequirement:
        if isinstance(entry, Fields):
            return self._lookup.of_entry(entry)
        level = self._required_level(affects, entry)
        return entry.value if level is None else self._lookup.in_any(affects, level, version)

    def _required_level(
        self, affects: Sequence[Affects], entry: Located[str]
    ) -> Located[WrittenLevel] | None:
        """The level that a text means; None where it is the id of a rule, which has no blanks."""
        parsed = read_any_level(entry.value)
        if parsed is None:
            return None
        written = Located(WrittenLevel(entry.value, parsed), entry.at)
        is_level = read_level(entry.value) is not None or " " in entry.value.strip()
        return written if is_level or self._lookup.is_level_of_any(affects, written) else None

    def _review_item(self, item: Fields) -> ReviewItem:
        propose: Fields | None = item.get("propose")
        return ReviewItem(
            line=item.value("line", 0),
            read=item.value("read", ""),
            why=item.value("why", ""),
            about=item.value("about"),
            propose=self._affected(propose, self._fields.get("product")) if propose is not None else None,
            at=item.at,
        )

    def _corrected_in(self, affects: tuple[Affects, ...]) -> Iterable[Correction]:
        for entry in self._fields.listed("corrected_in"):
            levels = (
                self._lookup.in_any(affects, entry)
                if isinstance(entry, Located)
                else self._lookup.of_entry(entry)
            )
            for found in levels:
                written = None if isinstance(entry, Located) else entry.get("edition")
                yield Correction(found.product, found.level, self._lookup.edition([found.product], written))


def _only_version(levels: Iterable[Level]) -> str | None:
    """The version of levels that all have the same."""
    versions = {level.version for level in levels}
    return versions.pop() if len(versions) == 1 else None


def _is_range(entry: Fields) -> bool:
    """Whether an entry is a range of levels; either end may be left out."""
    return not {"from", "to"}.isdisjoint(entry.given)


_WITHOUT_PLACES = frozenset({"cases", "source"})
"""Keys whose inner places are not kept: they are most of a rule's text."""


def _silences(fields: Fields) -> tuple[Silence, ...]:
    listed = fields["lint"].listed("ignore") if "lint" in fields else ()
    return tuple(Silence(item.value("code", ""), item.value("reason", ""), item.at) for item in listed)


def _accepted_mutants(fields: Fields) -> tuple[AcceptedMutant, ...]:
    listed = fields["mutation"].listed("accept") if "mutation" in fields else ()
    return tuple(
        AcceptedMutant(item.value("change", ""), item.value("reason", ""), item.at) for item in listed
    )


def _source(fields: Fields) -> RuleSource | None:
    entry: Fields | None = fields.get("source")
    if entry is None:
        return None
    revised = entry.value("revised")
    return RuleSource(entry.value("title"), revised.text if revised else None)


def _case(entry: Fields) -> Case:
    return Case(
        name=entry.value("name", ""),
        given=facts(entry.get("given")),
        expect=entry.value("expect", ""),
        action=entry.value("action"),
        reasons=tuple(found.value for found in entry.listed("reasons")),
        at=entry.at,
        skip=entry.value("skip"),
        review=entry.value("review"),
    )


def facts(given: Fields | None) -> dict[str, object]:
    """The facts of a case as plain data."""
    return {key: _plain(value) for key, value in given.items()} if given else {}


def _plain(read: object) -> object:
    """A value as the plain data of an inventory record."""
    match read:
        case Located():
            return _plain(read.value)
        case dict():
            return {key: _plain(value) for key, value in read.items()}
        case Written():
            return read.text
        case _:
            return read
