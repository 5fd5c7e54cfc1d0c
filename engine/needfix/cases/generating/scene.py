"""A server held against one rule: what a case and a probe are compared by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from needfix.cases.plain import Answer
from needfix.cases.plain.affected import asked_for
from needfix.cases.plain.branches import branches, choices
from needfix.cases.plain.decide import Evaluation
from needfix.cases.plain.places import Here, Place
from needfix.cases.plain.registry import is_value
from needfix.cases.plain.symptoms import symptoms
from needfix.cases.testing.short_form import product_of, server_of
from needfix.catalogue import Catalogue
from needfix.compare.path_patterns import is_in
from needfix.errors import Position
from needfix.intake.registry_names import registry_text
from needfix.model.evidence import Requires, Symptoms
from needfix.model.minimum import Minimum
from needfix.model.requirement import alternatives
from needfix.model.rule import Fix, Rule
from needfix.model.server import FileCopy, Server


@dataclass(frozen=True)
class Scene:
    """A server, a rule, and what the plain evaluator makes of them."""

    catalogue: Catalogue
    rule: Rule
    server: Server

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the plain evaluator knows of the server; each rule is decided once, where it is asked for."""
        return Evaluation(self.catalogue, self.server)

    @property
    def answer(self) -> Answer:
        """What is decided for the rule."""
        return self.answer_of(self.rule.id)

    def answer_of(self, rule_id: str) -> Answer:
        """What is decided for the rule, or for one that it depends on."""
        return self.evaluation.finding(self.catalogue.rules[rule_id]).answer

    @property
    def here(self) -> Here:
        """The products of the server."""
        return self.evaluation.here

    @cached_property
    def own(self) -> tuple[Place, ...]:
        """Where the rule's products are installed."""
        return tuple(place for product in self.rule.products for place in self.here.of(product))

    @cached_property
    def branches(self) -> frozenset[tuple[int, ...]]:
        """The numbers of the fixes that are compared, those of one branch together."""
        numbers = {id(fix): number for number, fix in enumerate(self.rule.fixes)}
        chosen = (branches(self.rule, choices(self.rule, place, self.here)) for place in self.own)
        groups = (group for some in chosen for group in some)
        return frozenset(tuple(numbers[id(fix)] for fix in group) for group in groups)

    @property
    def fixes(self) -> list[Fix]:
        """The fixes that are compared."""
        return [self.rule.fixes[number] for group in sorted(self.branches) for number in group]

    @property
    def compared(self) -> list[Minimum]:
        """The minima of those fixes."""
        return [minimum for fix in self.fixes for minimum in fix.minima]

    @cached_property
    def levels(self) -> frozenset[tuple[str, str]]:
        """The rule's products with the levels that they are known to have."""
        return frozenset((one.product.product, one.level.text) for one in self.own if one.level is not None)

    @cached_property
    def asked(self) -> frozenset[tuple[int, str]]:
        """Whether what each entry of the rule asks for beside a level is there, by its number."""
        entries = enumerate(self.rule.affects)
        return frozenset(
            (number, asked_for(entry, place, self.here))
            for number, entry in entries
            for place in self.own
            if place.product.product == entry.product
        )

    @cached_property
    def requires(self) -> tuple[Requires, ...]:
        """Whether each thing is there that the rule or one of its fixes requires."""
        entries = (one for _, entry in self.rule.requirements for one in alternatives(entry))
        return tuple(self.evaluation.required(entry) for entry in entries)

    @cached_property
    def symptoms(self) -> Symptoms:
        """Whether the rule's symptoms are there."""
        return symptoms(self.rule, self.server)

    @property
    def is_complete(self) -> bool:
        """Whether the inventory lists every file of the server."""
        return "files" in self.server.complete

    def copies(self, name: str, folder: str | None = None) -> list[FileCopy]:
        """The copies of a file, or those in the path in which a rule looks for it."""
        named = [copy for copy in self.server.files if copy.name.casefold() == name.casefold()]
        return [copy for copy in named if folder is None or (copy.path and is_in(copy.path, folder))]

    @cached_property
    def builds(self) -> list[str]:
        """The builds of the rule's products, as their entries and their key files state them."""
        names = {
            name for product in self.rule.products for name in self.catalogue.products[product].key_files
        }
        entries = (entry.build for entry in self.server.products or ())
        versions = (copy.version for name in sorted(names) for copy in self.copies(name))
        return [text for text in (*entries, *versions) if text]

    def values(self, minimum: Minimum) -> list[str]:
        """What the inventory states of a value of the registry; an empty text where there is none."""
        entries = [one for one in self.server.registry or () if is_value(minimum, one)]
        is_absent = not entries and "registry" in self.server.complete
        return [""] if is_absent else [registry_text(one.value or "") or "" for one in entries]

    def has_any(self, minima: Iterable[Minimum]) -> bool:
        """Whether some of the files are there."""
        return any(self.copies(minimum.name) for minimum in minima)


def scene(catalogue: Catalogue, rule: Rule, given: Mapping[str, object], at: Position) -> Scene | None:
    """The scene that facts describe; None where they are not a server. All have the same server's name."""
    facts = server_of(rule.id, given, product_of(catalogue, rule), at)
    return Scene(catalogue, rule, facts) if isinstance(facts, Server) else None
