"""Files in cases that are most likely spelled wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from needfix.catalogue import Catalogue
from needfix.intake.near import did_you_mean, nearest
from needfix.lint.check import Check, Detection, all_rules, remembered
from needfix.model.rule import Rule


@remembered
def _known(catalogue: Catalogue) -> Iterator[str]:
    """The names of all files that a fix or a definition has."""
    for rule in all_rules(catalogue):
        yield from (minimum.name.casefold() for fix in rule.fixes for minimum in fix.files)
    for product in catalogue.products.values():
        yield from (name.casefold() for name in product.key_files)


def _misspelled(catalogue: Catalogue) -> Iterator[Detection]:
    known = set(_known(catalogue))
    for rule in all_rules(catalogue):
        own = _own_names(rule, catalogue)
        for case in rule.cases:
            names = list(_names(case.given))
            unknown = [name for name in names if name.casefold() not in known]
            for name in unknown:
                meant = nearest(name, own)
                if meant is not None or (len(unknown) == len(names) and not case.given.get("complete")):
                    what = f"the case {case.name!r} has the file {name}, which no fix and no definition has"
                    hint = did_you_mean(meant, f"correct the name, or state one of {', '.join(own)}")
                    yield Detection(rule, case.at, what, hint)


def _own_names(rule: Rule, catalogue: Catalogue) -> list[str]:
    """The names of files that the rule compares, and of the key files of its products."""
    compared = [minimum.name for fix in rule.fixes for minimum in fix.files]
    key_files = [name for product in rule.products for name in catalogue.products[product].key_files]
    return list(dict.fromkeys((*compared, *key_files)))


def _names(given: Mapping[str, object]) -> Iterator[str]:
    """The names of the files of a case, without their folders."""
    files = given.get("files")
    listed = files if isinstance(files, list) else list(files) if isinstance(files, Mapping) else []
    for file in listed:
        name = file.get("name") if isinstance(file, Mapping) else file
        if isinstance(name, str):
            yield name.replace("/", "\\").rpartition("\\")[2]


MISSPELLED_FILE = Check(
    "NF606",
    "warning",
    "a case has a file that no fix and no definition has",
    "the file is compared with nothing, so the case shows something else than its author means",
    _misspelled,
)
