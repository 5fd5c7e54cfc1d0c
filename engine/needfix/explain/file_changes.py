"""Changes of files and builds to either side of their minima."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from needfix.compare.tracked import FileCheck
from needfix.decide.evaluation import Evaluation
from needfix.explain.fact_change import FactChange, Make, chain
from needfix.explain.minimum_values import just_below, missing_words, reaching, reaching_words
from needfix.explain.product_changes import key_file_changes, of_build, with_product
from needfix.explain.registry_changes import as_asked, met_words
from needfix.model.explanation import Line
from needfix.model.minimum import Minimum
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, Scope, Server
from needfix.versions import as_file_version


def has_one_minimum(check: FileCheck, checks: Sequence[FileCheck]) -> bool:
    """Whether the file of a check has no other minimum in the same place."""
    key = check.minimum.name.casefold(), check.instance
    return sum((other.minimum.name.casefold(), other.instance) == key for other in checks) == 1


def _in_folder(name: str, check: FileCheck) -> str:
    """A name with the folder of the installation that a check is about, where a product has several."""
    folder = check.instance.path if check.instance is not None else None
    return name if folder is None else f"{name} in {folder}"


def _copy_for(name: str, path: str | None, check: FileCheck) -> FileCopy:
    """A copy of a file that is not there; in the folder of the installation where a product has several."""
    folder = check.instance.path if check.instance is not None else None
    return FileCopy(name, path if folder is None else f"{folder}\\{name}")


def file_changes(
    here: Evaluation,
    rule: Rule,
    check: FileCheck,
    is_only: bool,  # noqa: FBT001
) -> Iterator[FactChange]:
    """Values of a file on either side of a minimum; `is_only` where there is no other minimum beyond it."""
    minimum = check.minimum
    state = here.files.state(check)
    # The version of a key file also shows the level: there only the value that was tried is certain.
    is_key, is_derived = _shows_level(here, minimum.name), _is_level_from_files(here)
    fact = _in_folder(minimum.name, check)
    if state != "reached":
        text = reaching_words(minimum) if is_only and not (is_key and is_derived) else reaching(minimum)
        yield FactChange(Line(fact, text), with_minimum(here, check))
    if state != "below" and (lower := just_below(minimum)) is not None:
        text = missing_words(minimum, lower) if is_only and not is_key else lower
        yield FactChange(Line(fact, text), _with_file(here, check, lower))
    if state != "missing":
        keys = _key_files_to_list(here, rule, minimum.name)
        among = f", {' and '.join(keys)} among them" if keys else ""
        line = Line(fact, f"not there, and all files listed{among}")
        yield FactChange(line, _without_file(here, check, keys))


def build_changes(here: Evaluation, check: FileCheck) -> Iterator[FactChange]:
    """Builds on either side of a minimum."""
    minimum, state = check.minimum, here.files.state(check)
    fact = f"build of {here.builds.product(check).name}"
    if state != "reached":
        yield FactChange(Line(fact, reaching_words(minimum)), with_minimum(here, check))
    if state != "below" and (lower := just_below(minimum)) is not None:
        make = with_product(here, here.builds.product(check), of_build, lower)
        yield FactChange(Line(fact, missing_words(minimum, lower)), make)
        yield from key_file_changes(here, here.builds.product(check), lower)


def with_minimum(here: Evaluation, check: FileCheck) -> Make:
    """A file, a build or a value of the registry brought to its minimum."""
    if check.minimum.registry is not None:
        return as_asked(check.minimum)
    if check.minimum.is_build:
        return with_product(here, here.builds.product(check), of_build, reaching(check.minimum))
    return _with_file(here, check, reaching(check.minimum))


def _key_files_to_list(here: Evaluation, rule: Rule, left_out: str) -> tuple[str, ...]:
    """Key files of the rule's products without which no list of files is believed to be complete."""
    known = {copy.name.casefold() for copy in here.server.files} - {left_out.casefold()}
    found = []
    for product in rule.products if here.installed.is_listed else ():
        keys = [key for one in here.installed.of(product) for key in one.product.key_files_at(one.possible)]
        others = [key for key in keys if key.casefold() != left_out.casefold()]
        if others and known.isdisjoint(key.casefold() for key in others):
            found.append(others[0])
    return tuple(dict.fromkeys(found))


def _shows_level(here: Evaluation, name: str) -> bool:
    products = here.engine.catalogue.products.values()
    return any(name.casefold() == key.casefold() for product in products for key in product.key_files)


def _is_level_from_files(here: Evaluation) -> bool:
    """Whether the level of some product is, or could be, derived only from its key files."""
    installed = here.installed
    return not installed.is_listed or any(
        there.level is None or any(remark.code == "level-from-file" for remark in there.remarks)
        for there in installed.installations
    )


def _with_file(here: Evaluation, check: FileCheck, value: str) -> Make:
    # Of a copy that may be another installation's only the path is known.
    counted = [copy for copy in here.files.copies(check) if copy in here.server.files]

    def make(server: Server) -> Server:
        kept = tuple(copy for copy in server.files if copy not in counted)
        absent = _copy_for(check.minimum.name, check.minimum.path, check)
        changed = (_changed(copy, check, value) for copy in counted or [absent])
        return replace(server, files=(*kept, *changed))

    return make


def _changed(copy: FileCopy, check: FileCheck, value: str) -> FileCopy:
    """A copy with another version, or another modified time where the minimum is one."""
    if check.minimum.modified is not None:
        return replace(copy, modified=value)
    return replace(copy, version=as_file_version(value))


_OTHERS = (FileCopy("Other.dll", version="1.0"),)
"""What a list of all files holds where the one is not there."""


def _without_file(here: Evaluation, check: FileCheck, others: Iterable[str]) -> Make:
    """The file left out of a list of all files, which has `others`."""
    folded, added = check.minimum.name.casefold(), [_copy_for(name, None, check) for name in others]
    kept = () if check.instance is None else tuple(set(here.server.files) - {*here.files.copies(check)})

    def make(server: Server) -> Server:
        own = (copy for copy in server.files if copy.name.casefold() != folded or copy in kept)
        files = (*own, *added)
        complete: frozenset[Scope] = server.complete | {"files"}
        return replace(server, files=files or _OTHERS, complete=complete, looked_for=None)

    return make


def all_files(here: Evaluation, checks: Sequence[FileCheck]) -> Iterator[FactChange]:
    """All files that are short of their minima, brought to them at once."""
    short = [check for check in checks if here.files.state(check) != "reached"]
    if len(short) > 1:
        makes = [with_minimum(here, check) for check in short]
        names = ", ".join(
            f"{_in_folder(check.minimum.label, check)} {_brought_to(check.minimum)}" for check in short
        )
        yield FactChange(Line("all files of the fix", f"{names}, or later"), chain(makes), len(short))


def _brought_to(minimum: Minimum) -> str:
    """What a file, a build or a value of the registry is then."""
    return reaching(minimum) if minimum.registry is None else met_words(minimum)
