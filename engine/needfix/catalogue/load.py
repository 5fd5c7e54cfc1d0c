"""Loading: finds and reads files, separates rules from product definitions, and builds a catalogue."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from needfix.catalogue.assemble import assemble
from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.files import AnyPath, listed, rule_files, text_of
from needfix.catalogue.header_format import date_of, is_header
from needfix.catalogue.hints import in_order, wrong
from needfix.catalogue.later_cases import LaterCases, with_cases, without_cases
from needfix.catalogue.nodes import Mapping, Node, Scalar, read_documents
from needfix.catalogue.places import with_pointers
from needfix.catalogue.product_format import PRODUCT, read_product
from needfix.catalogue.product_names import shared_names
from needfix.catalogue.rule_format import RULE
from needfix.catalogue.rule_reader import read_rule
from needfix.catalogue.shipped import CompiledRules, compile_rules, shipped_rules, state_for
from needfix.catalogue.torn_documents import whole_documents
from needfix.catalogue.zipped import is_zip, texts_in
from needfix.errors import CatalogueError, Position, Problem, UsageError
from needfix.garbage import without_collecting
from needfix.model.product import ProductDefinition
from needfix.printable import in_quotes

_OF_PRODUCTS = PRODUCT.fields.keys() - RULE.fields.keys()
_OF_RULES = {"id", "affects", "fixes"}
_Texts = AnyMapping[str, str]
_DOCUMENT = ("a rule or a product definition", "remove it, or write keys such as id, affects and fixes")


def load_catalogue(
    paths: AnyPath | Iterable[AnyPath] | AnyMapping[str, str] | None = None, *, with_shipped: bool = True
) -> Catalogue:
    """The rules and product definitions at `paths`: files, folders or patterns.

    A mapping contains the texts of files, by the names that messages show for them. Without paths, the
    shipped catalogue is loaded; its cases are read when they are first used. Shipped product definitions
    are always known, unless a path redefines them or `with_shipped` is False.
    Raises CatalogueError with every problem of every file, also if no rule is found, and UsageError where
    neither paths nor the shipped catalogue are to be read.
    """
    problems: list[Problem] = []
    shipped = shipped_rules()
    if paths is not None:
        sources = _checked_texts(paths) if isinstance(paths, AnyMapping) else listed(paths)
        known = _shipped_products(shipped, problems) if with_shipped else {}
        return _catalogue(sources, known, problems)
    if not with_shipped:
        raise _nothing_named()
    with suppress(CatalogueError):  # raised below, with what is wrong in cases
        return _catalogue([shipped], {}, [], later={})
    return _catalogue([shipped], {}, problems)


def _nothing_named() -> UsageError:
    return UsageError("no rules are named, and the shipped ones are left out\n    hint: name rules")


def load_with(paths: AnyPath | Iterable[AnyPath], products: AnyMapping[str, ProductDefinition]) -> Catalogue:
    """The rules and definitions at `paths`, beside product definitions that are known.

    Raises CatalogueError with every problem of every file, also if no rule is found.
    """
    return _catalogue(listed(paths), products, [])


def compile_shipped(target: Path) -> None:
    """Write the shipped catalogue for `load_for_decisions` to a file, which the build ships or keeps."""
    state = state_for(target)  # a file that is edited from here on is not what is compiled
    shipped = load_catalogue()
    compiled = CompiledRules(tuple(shipped), shipped.products, shipped.date, shipped.digest)
    compile_rules(target, compiled, state)


def _checked_texts(texts: AnyMapping[Any, Any]) -> AnyMapping[str, str]:
    """Texts by their names. Raises UsageError where one is something else."""
    for name, text in texts.items():
        if not (isinstance(name, str) and isinstance(text, str)):
            raise UsageError(f"the text of a file of rules has a name, and is text; not so {name!r}")
    return texts


def load_for_lint(
    paths: AnyPath | Iterable[AnyPath] | None = None, *, with_shipped: bool = True
) -> Catalogue:
    """Like `load_catalogue`, but rules may be repeated or in a circle, and may be missing.

    Raises CatalogueError where a file cannot be read or contains something other than rules.
    """
    loaded = load_readable(paths, with_shipped=with_shipped)
    if loaded.problems:
        raise CatalogueError(loaded.problems)
    return loaded.catalogue


class Loaded(NamedTuple):
    """The rules and definitions that could be read, and what is wrong with the others."""

    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()


def load_readable(paths: AnyPath | Iterable[AnyPath] | None = None, *, with_shipped: bool = True) -> Loaded:
    """Like `load_for_lint`, without what cannot be read; rules of a product that cannot be read are left out.

    Raises CatalogueError with every problem where no rule and no definition can be read.
    """
    problems: list[Problem] = []
    shipped = shipped_rules()
    if paths is None and not with_shipped:
        raise _nothing_named()
    known = {} if paths is None or not with_shipped else _shipped_products(shipped, problems)
    sources = [shipped] if paths is None else listed(paths)
    texts = dict(_texts(sources, problems))
    every = _documents(texts.items(), problems)
    day, documents = date_of(every, problems), [node for node in every if not is_header(node)]
    defined = _products(documents, problems)
    faulty = (_ids(documents) | _products_in(texts, problems)) - defined.keys()
    products = {**defined, **{name: one for name, one in known.items() if name not in {*faulty, *defined}}}
    read = [read_rule(node, products, problems, faulty) for node in documents if not is_product(node)]
    rules = [rule for rule in read if rule is not None and products.keys() >= set(rule.products)]
    found = tuple(in_order(with_pointers(problems, every)))
    if not rules and not defined:
        raise CatalogueError(found or [_no_rule(sources)])
    unread = frozenset(name.casefold() for name in _ids_in(texts, problems))
    return Loaded(replace(assemble(rules, products, [], defined, day), unread=unread), found)


def _ids_in(texts: _Texts, problems: Iterable[Problem]) -> set[str]:
    """The ids that stand in files with problems, whether or not such a file can be parsed."""
    faulty = {problem.at.file for problem in problems}
    written = {found for name in faulty & texts.keys() for found in _ID.findall(texts[name])}
    return written | {Path(name).stem for name in faulty}


def _products_in(texts: _Texts, problems: Iterable[Problem]) -> set[str]:
    """The ids of products that files with problems may define, whether or not such a file can be parsed."""
    faulty = {problem.at.file for problem in problems}
    documents = (one for name in faulty & texts.keys() for one in _BETWEEN.split(texts[name]))
    written = {found for one in documents if not _OF_RULE.search(one) for found in _PRODUCT_ID.findall(one)}
    return written | {Path(name).stem for name in faulty if not _OF_RULE.search(texts.get(name, ""))}


_BETWEEN = re.compile("^---", re.MULTILINE)
_OF_RULE = re.compile("^(?:affects|fixes):", re.MULTILINE)
_PRODUCT_ID = re.compile(r"""^product:[ \t]*["']?([\w.-]+)""", re.MULTILINE)
_ID = re.compile(r"""^(?:id|product):[ \t]*["']?([\w.-]+)""", re.MULTILINE)


def load_products(
    paths: AnyPath | Iterable[AnyPath] | AnyMapping[str, str] = (), *, with_shipped: bool = True
) -> dict[str, ProductDefinition]:
    """The shipped product definitions and those at `paths`, which take precedence; rules there are ignored.

    A mapping contains the texts of files, as for `load_catalogue`; without `with_shipped` only the
    definitions at `paths` are known. Raises CatalogueError with every problem of the definitions.
    """
    problems: list[Problem] = []
    sources = _checked_texts(paths) if isinstance(paths, AnyMapping) else listed(paths)
    defined = _products(_documents(_texts(sources, problems), problems), problems)
    shipped = _shipped_products(shipped_rules(), problems) if with_shipped else {}
    if problems:
        raise CatalogueError(in_order(problems))
    return {**defined, **{name: known for name, known in shipped.items() if name not in defined}}


@without_collecting()
def _catalogue(
    paths: Sequence[AnyPath] | _Texts,
    known: AnyMapping[str, ProductDefinition],
    problems: list[Problem],
    later: dict[Position, LaterCases] | None = None,
) -> Catalogue:
    every = _documents(_texts(paths, problems), problems, later)
    day, documents = date_of(every, problems), [node for node in every if not is_header(node)]
    defined = _products(documents, problems)
    faulty = _ids(documents) - defined.keys()
    # A name that a path defines belongs to that product, even if a shipped product has it.
    kept = {name: product for name, product in known.items() if name not in {*faulty, *defined}}
    products = {**defined, **kept}
    read = [read_rule(node, products, problems, faulty) for node in documents if not is_product(node)]
    rules = [with_cases(rule, later or {}) for rule in read if rule is not None]
    misfits: list[Problem] = []
    catalogue = assemble(rules, products, misfits, defined, day)
    if problems or misfits:
        raise CatalogueError(in_order(with_pointers([*problems, *misfits], every)))
    if not rules:
        raise CatalogueError([_no_rule(paths)])
    return catalogue


def _no_rule(paths: Collection[AnyPath]) -> Problem:
    where = ", ".join(os.fspath(path) for path in paths) or "<rules>"
    what = "no rule was found" if paths else "no path is given"
    return Problem(
        Position(where, 1), what, "at least one rule", "give the files or folders that contain rules"
    )


def is_product(node: Node) -> bool:
    """Whether a document defines a product: it has `levels` and no `fixes`.

    One whose `levels` are missing or misspelled is recognised by its other keys.
    """
    if not isinstance(node, Mapping):
        return False
    keys = {key.text for key, _ in node.entries}
    if "levels" in keys:
        return "fixes" not in keys
    return bool(keys & _OF_PRODUCTS) and not keys & _OF_RULES


def _texts(paths: Sequence[AnyPath] | _Texts, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """The name and content of each text to read."""
    if isinstance(paths, AnyMapping):
        yield from paths.items()
        return
    zipped = [os.fspath(path) for path in paths if is_zip(os.fspath(path))]
    for path in zipped:
        yield from texts_in(path, problems)
    for file in rule_files([path for path in paths if os.fspath(path) not in zipped], problems):
        text = text_of(file, problems)
        if text is not None:
            yield str(file), text


def _documents(
    texts: Iterable[tuple[str, str]],
    problems: list[Problem],
    later: dict[Position, LaterCases] | None = None,
) -> list[Node]:
    """The documents of the texts; if `later` is given, cases are put there unread."""
    documents: list[Node] = []
    for name, text in texts:
        head = text if later is None else without_cases(text)
        read = read_documents(head, name, problems)
        if later is not None and head is not text:
            later.update((node.at, LaterCases(text, name)) for node in read)
        problems.extend(wrong(n, *_DOCUMENT) for n in read if not isinstance(n, Mapping))
        documents.extend(whole_documents([n for n in read if isinstance(n, Mapping)], head, problems))
    return documents


def _ids(documents: Iterable[Node]) -> set[str]:
    """The ids of the products that are defined, with or without mistakes."""
    ids = (node.get("product") for node in documents if isinstance(node, Mapping) and is_product(node))
    return {node.text for node in ids if isinstance(node, Scalar)}


def _products(documents: Iterable[Node], problems: list[Problem]) -> dict[str, ProductDefinition]:
    products: dict[str, ProductDefinition] = {}
    for node in filter(is_product, documents):
        product = read_product(node, problems)
        if product is None:
            continue
        first = products.setdefault(product.product, product)
        if first is not product:
            what = f"the product {product.product} is already defined at {first.at}"
            problems.append(Problem(node.at, what, "each product once", "remove one of the two"))
    problems.extend(_shared_name(*shared) for shared in shared_names(products.values()))
    return products


def _shared_name(name: str, first: ProductDefinition, other: ProductDefinition) -> Problem:
    what = f"the name {in_quotes(name)} also belongs to the product {first.product}, defined at {first.at}"
    at = other.at or Position("<rules>", 1)
    return Problem(at, what, "each name for one product only", "remove it from one of the two")


def _shipped_products(shipped: Path, problems: list[Problem]) -> AnyMapping[str, ProductDefinition]:
    products, found = _products_below(shipped)
    problems.extend(found)
    return products


@cache
def _products_below(shipped: Path) -> tuple[AnyMapping[str, ProductDefinition], Sequence[Problem]]:
    """Read once per process: reading them takes four times as long as loading a few rules."""
    problems: list[Problem] = []
    files = sorted((shipped / "products").glob("*.yaml"))
    return _products(_documents(_texts(files, problems), problems), problems), problems


def check_rule(text: str, name: str, products: AnyMapping[str, ProductDefinition]) -> list[Problem]:
    """Every problem that would prevent a rule from loading with these products."""
    problems: list[Problem] = []
    for node in read_documents(text, name, problems):
        read_rule(node, products, problems)
    return problems
