"""Loading: files found, read, told apart and turned into a catalogue."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from needfix.catalogue.assemble import assemble
from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.nodes import MOST_BYTES, Mapping, Node, read_documents
from needfix.catalogue.product_format import read_product
from needfix.catalogue.rule_reader import read_rule
from needfix.catalogue.shapes import wrong
from needfix.catalogue.shipped import shipped_rules
from needfix.errors import CatalogueError, Position, Problem
from needfix.model.product import ProductDefinition

_ENDINGS = (".yaml", ".yml")
_CASES = (".cases.yaml", ".cases.yml")

AnyPath = str | os.PathLike[str]


def load_catalogue(paths: AnyPath | Iterable[AnyPath] | None = None) -> Catalogue:
    """The rules and product definitions at `paths`: files, folders or patterns.

    Without paths, the shipped catalogue. Shipped product definitions stay known in any case,
    unless a path defines them anew. Raises CatalogueError with every problem of every file.
    """
    problems: list[Problem] = []
    shipped = shipped_rules()
    documents = _documents(_files(_listed(paths, shipped), problems), problems)
    products = _shipped_products(shipped, problems) if paths is not None else {}
    products.update(_products(documents, problems))
    rules = [read_rule(node, products, problems) for node in documents if not is_product(node)]
    catalogue = assemble([rule for rule in rules if rule is not None], products, problems)
    if problems:
        raise CatalogueError(_in_order(problems))
    if not rules:
        where = ", ".join(map(str, _listed(paths, shipped)))
        what, mend = "there is no rule here", "name the files or folders that hold rules"
        raise CatalogueError([Problem(Position(where, 1), what, "at least one rule", mend)])
    return catalogue


def is_product(node: Node) -> bool:
    """Whether a document defines a product: it has `levels` and no `fixes`."""
    return isinstance(node, Mapping) and node.get("levels") is not None and node.get("fixes") is None


def _listed(paths: AnyPath | Iterable[AnyPath] | None, shipped: Path) -> list[AnyPath]:
    if paths is None:
        return [shipped]
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


def _files(paths: Iterable[AnyPath], problems: list[Problem]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        here = list(_matches(Path(path)))
        if not here:
            mend = "check the path; it is taken from the folder you are in"
            problems.append(
                Problem(Position(os.fspath(path), 1), "no such file", "a rule file or a folder", mend)
            )
        found.update(dict.fromkeys(here))
    return list(found)


def _matches(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if _is_rule_file(file.relative_to(path), file))
    if path.exists():
        return [path]
    return [Path(match) for match in sorted(glob.glob(str(path), recursive=True)) if Path(match).is_file()]


def _is_rule_file(inside: Path, file: Path) -> bool:
    hidden = any(part.startswith(".") for part in inside.parts)
    return file.name.endswith(_ENDINGS) and not file.name.endswith(_CASES) and not hidden and file.is_file()


def _documents(files: Sequence[Path], problems: list[Problem]) -> list[Node]:
    documents: list[Node] = []
    for file in files:
        text = _text(file, problems)
        read = read_documents(text, str(file), problems) if text is not None else []
        problems.extend(
            wrong(n, "a rule or a product definition") for n in read if not isinstance(n, Mapping)
        )
        documents.extend(node for node in read if isinstance(node, Mapping))
    return documents


def _text(file: Path, problems: list[Problem]) -> str | None:
    data = b""
    try:
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
        return data.decode("utf-8-sig")
    except OSError as error:
        what, mend = f"the file cannot be read: {error.strerror}", "check that it exists and may be read"
        problems.append(Problem(Position(str(file), 1), what, "a readable file", mend))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"the byte {data[error.start]:#04x} is not UTF-8"
        problems.append(Problem(Position(str(file), line), what, "UTF-8 text", "save the file as UTF-8"))
    return None


def _products(documents: Iterable[Node], problems: list[Problem]) -> dict[str, ProductDefinition]:
    products: dict[str, ProductDefinition] = {}
    for node in filter(is_product, documents):
        product = read_product(node, problems)
        if product is None:
            continue
        first = products.setdefault(product.product, product)
        if first is not product:
            what = f"the product {product.product} is defined at {first.at} already"
            problems.append(Problem(node.at, what, "every product once", "remove one of the two"))
    return products


def _shipped_products(shipped: Path, problems: list[Problem]) -> dict[str, ProductDefinition]:
    files = sorted((shipped / "products").glob("*.yaml"))
    return _products(_documents(files, problems), problems)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.at)
