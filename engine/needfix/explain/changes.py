"""Single changes of a server's facts that may matter to a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import starmap

from needfix.catalogue.product_names import NamedProduct
from needfix.compare.installation import Installation
from needfix.compare.level_facts import joined_level
from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.explain.minimum_values import just_below, missing_words, reaching, reaching_words
from needfix.explain.registry_changes import as_asked, met_words, value_changes
from needfix.model.explanation import Line
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, InstalledProduct, Scope, Server
from needfix.versions import as_file_version

Make = Callable[[Server], Server]


@dataclass(frozen=True, slots=True)
class FactChange:
    """One way in which the facts could be different; `size` counts the facts that it touches.

    Changes of the same fact can be reported in one line where they are `choices` of one list.
    """

    line: Line
    make: Make
    size: int = 1
    choices: bool = False

    @property
    def fact(self) -> str:
        """The fact that is changed."""
        return self.line.name


def changes(here: Evaluation, checklist: RuleChecklist) -> list[FactChange]:
    """The changes to try for a rule."""
    parts = (checklist,) if checklist.instance is None else (checklist, *checklist.also)
    checks = tuple(dict.fromkeys(check for part in parts for check in part.all_checks))
    found = [change for check in checks for change in _of_check(here, checklist.rule, check, checks)]
    found += _all_files(here, checks)
    found += _values_of_entries(here, checklist.rule)
    found += (
        change
        for product in dict.fromkeys(entry.product for entry in checklist.rule.every_entry)
        for change in _product_changes(here, checklist.rule, product)
    )
    found += _symptom_changes(checklist.rule)
    found += _other_rules(here, checklist)
    if here.server.restart_pending:
        found.append(
            FactChange(Line("restart", "done"), lambda server: replace(server, restart_pending=False))
        )
    return found


def _of_check(
    here: Evaluation, rule: Rule, check: FileCheck, checks: Sequence[FileCheck]
) -> Iterator[FactChange]:
    if check.minimum.is_build:
        yield from _build_changes(here, check)
    elif check.minimum.registry is not None:
        yield from starmap(FactChange, value_changes(check.minimum, here.registry.measure(check)))
    else:
        yield from _file_changes(here, rule, check, _has_one_minimum(check, checks))


def _values_of_entries(here: Evaluation, rule: Rule) -> Iterator[FactChange]:
    """Values of the registry that entries of the rule ask for."""
    asked = dict.fromkeys(one for entry in rule.every_entry for one in entry.registry)
    for minimum in asked:
        yield from starmap(FactChange, value_changes(minimum, here.installed.value_of(minimum)))


def _has_one_minimum(check: FileCheck, checks: Sequence[FileCheck]) -> bool:
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


def _file_changes(
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
        yield FactChange(Line(fact, text), _with_minimum(here, check))
    if state != "below" and (lower := just_below(minimum)) is not None:
        text = missing_words(minimum, lower) if is_only and not is_key else lower
        yield FactChange(Line(fact, text), _with_file(here, check, lower))
    if state != "missing":
        keys = _key_files_to_list(here, rule, minimum.name)
        among = f", {' and '.join(keys)} among them" if keys else ""
        line = Line(fact, f"not there, and all files listed{among}")
        yield FactChange(line, _without_file(here, check, keys))


def _build_changes(here: Evaluation, check: FileCheck) -> Iterator[FactChange]:
    """Builds on either side of a minimum."""
    minimum, state = check.minimum, here.files.state(check)
    fact = f"build of {here.builds.product(check).name}"
    if state != "reached":
        yield FactChange(Line(fact, reaching_words(minimum)), _with_minimum(here, check))
    if state != "below" and (lower := just_below(minimum)) is not None:
        make = _with_product(here, here.builds.product(check), _of_build, lower)
        yield FactChange(Line(fact, missing_words(minimum, lower)), make)
        yield from _key_file_changes(here, here.builds.product(check), lower)


def _key_file_changes(here: Evaluation, product: ProductDefinition, version: str) -> Iterator[FactChange]:
    """A key file of a version, where the stated build may stay behind an update."""
    if "build" not in product.shows_updates:
        for name in _key_files_of_build(here, product)[:1]:
            yield FactChange(Line(name, version), _with_key_file(name, version))


def _key_files_of_build(here: Evaluation, product: ProductDefinition) -> tuple[str, ...]:
    """The key files that show a build, at the levels that the product may be at."""
    possible = [level for one in here.installed.of(product.product) for level in one.possible]
    return tuple(key for key in product.key_files_at(possible) if product.numbered_as(key) is product)


def _with_key_file(name: str, version: str) -> Make:
    """A key file in a version, wherever it lies."""

    def make(server: Server) -> Server:
        own = [copy for copy in server.files if copy.name.casefold() == name.casefold()]
        others = (copy for copy in server.files if copy not in own)
        changed = (replace(copy, version=version) for copy in own or [FileCopy(name)])
        return replace(server, files=(*others, *changed))

    return make


def _of_build(entry: InstalledProduct, build: str) -> InstalledProduct:
    return replace(entry, build=build)


def _with_minimum(here: Evaluation, check: FileCheck) -> Make:
    """A file, a build or a value of the registry brought to its minimum."""
    if check.minimum.registry is not None:
        return as_asked(check.minimum)
    if check.minimum.is_build:
        return _with_product(here, here.builds.product(check), _of_build, reaching(check.minimum))
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


def _all_files(here: Evaluation, checks: Sequence[FileCheck]) -> Iterator[FactChange]:
    short = [check for check in checks if here.files.state(check) != "reached"]
    if len(short) > 1:
        makes = [_with_minimum(here, check) for check in short]
        names = ", ".join(
            f"{_in_folder(check.minimum.label, check)} {_brought_to(check.minimum)}" for check in short
        )
        yield FactChange(Line("all files of the fix", f"{names}, or later"), _chain(makes), len(short))


def _brought_to(minimum: Minimum) -> str:
    """What a file, a build or a value of the registry is then."""
    return reaching(minimum) if minimum.registry is None else met_words(minimum)


def _chain(makes: Iterable[Make]) -> Make:
    steps = tuple(makes)

    def make(server: Server) -> Server:
        for step in steps:
            server = step(server)
        return server

    return make


def _product_changes(here: Evaluation, rule: Rule, product: str) -> Iterator[FactChange]:
    definition = here.engine.catalogue.products[product]
    present = here.installed.of(product)
    for entry in definition.levels:
        if all(there.level != entry.level for there in present):
            line = Line(level_fact(definition), str(entry.level))
            make = _with_product(here, definition, _at_level, str(entry.level))
            yield FactChange(line, make, choices=True)
    for key, value in _branch_values(rule) if present else ():
        if all(_stated(there, key) != value for there in present):
            line = Line(f"{key} of {definition.name}", value)
            make = _with_product(here, definition, _BRANCH_KEYS[key], value)
            yield FactChange(line, make, choices=True)
    yield from _range_changes(definition, here, rule)
    if present:
        line = Line(definition.name, "not installed")
        yield FactChange(line, lambda server: _without_product(here, definition, server))


def _stated(there: Installation, key: str) -> str | None:
    """The value of a branch key, where only one is possible."""
    if key == "platform":
        return there.platforms[0] if len(there.platforms) == 1 else None
    value: str | None = getattr(there, key)
    return value


def _without_product(here: Evaluation, definition: ProductDefinition, server: Server) -> Server:
    """A server whose whole list of products does not have one, and whose files are not its key files."""
    key_files = {name.casefold() for name in definition.key_files}
    files = tuple(copy for copy in server.files if copy.name.casefold() not in key_files)
    # A complete list holds at least one file.
    complete = server.complete if files else server.complete - {"files"}
    return replace(
        server,
        products=_others(here, definition, server),
        complete=complete | {"products"},
        files=files,
    )


def level_fact(definition: ProductDefinition) -> str:
    """What the level of a product is called among changes."""
    return f"level of {definition.name}"


def _branch_values(rule: Rule) -> Iterable[tuple[str, str]]:
    stated = ((key, getattr(fix, key)) for fix in rule.fixes for key in _BRANCH_KEYS)
    of_entries = ((key, getattr(entry, key)) for entry in rule.every_entry for key in _BRANCH_KEYS)
    return dict.fromkeys((key, value) for key, value in (*stated, *of_entries) if value)


def _range_changes(definition: ProductDefinition, here: Evaluation, rule: Rule) -> Iterator[FactChange]:
    """Builds at the ends of the ranges that entries name."""
    own = (entry.builds for entry in rule.every_entry if entry.product == definition.product)
    ends = (end for asked in own if asked is not None for end in asked.minima)
    for text in dict.fromkeys(value for end in ends for value in (reaching(end), just_below(end)) if value):
        make = _with_product(here, definition, _of_build, text)
        yield FactChange(Line(f"build of {definition.name}", text), make)
        yield from _key_file_changes(here, definition, text)


def _others(here: Evaluation, definition: ProductDefinition, server: Server) -> tuple[InstalledProduct, ...]:
    find = here.engine.catalogue.names.find
    return tuple(
        entry
        for entry in server.products or ()
        if (named := find(entry.name)) is None or named.product != definition.product
    )


_Alter = Callable[[InstalledProduct, str], InstalledProduct]


def _at_level(entry: InstalledProduct, level: str) -> InstalledProduct:
    return replace(entry, level=level, build=None)


_BRANCH_KEYS: dict[str, _Alter] = {
    "edition": lambda entry, value: replace(entry, edition=value),
    "platform": lambda entry, value: replace(entry, platform=value),
    "language": lambda entry, value: replace(entry, language=value),
}


def _with_product(here: Evaluation, definition: ProductDefinition, alter: _Alter, value: str) -> Make:
    names = here.engine.catalogue.names

    def make(server: Server) -> Server:
        found = ((entry, names.find(entry.name)) for entry in server.products or ())
        own = [_plainly_named(e, n, definition) for e, n in found if n and n.product == definition.product]
        new = [alter(entry, value) for entry in own or [InstalledProduct(definition.name)]]
        return replace(server, products=(*_others(here, definition, server), *new))

    return make


def _plainly_named(
    entry: InstalledProduct, named: NamedProduct, definition: ProductDefinition
) -> InstalledProduct:
    """The product with the level and edition of its name stated beside the name."""
    level, edition = joined_level(definition, entry.level, named.level), entry.edition or named.edition
    return replace(entry, name=definition.name, level=level, edition=edition)


def _symptom_changes(rule: Rule) -> Iterator[FactChange]:
    names = frozenset(f"{rule.id}/{symptom.id}".casefold() for symptom in rule.symptoms)
    bare = frozenset(symptom.id.casefold() for symptom in rule.symptoms)
    if not names:
        return
    listed = " or ".join(symptom.id for symptom in rule.symptoms)
    yield FactChange(
        Line("symptoms", f"{listed} observed"),
        lambda server: replace(server, observed=(server.observed or frozenset()) | bare),
    )
    yield FactChange(
        Line("symptoms", "all reported absent"),
        lambda server: replace(
            server,
            observed=(server.observed or frozenset()) - names - bare,
            absent=(server.absent or frozenset()) | names,
            events=None, services=None, counters=None,
        ),
    )  # fmt: skip


def _other_rules(here: Evaluation, checklist: RuleChecklist) -> Iterator[FactChange]:
    """The fixes of rules that this one depends on, brought to their minima."""
    for rule_id in dict.fromkeys((*checklist.superseded_by, *checklist.required_rules)):
        other = here.checklist.rules.get(rule_id)
        if other is None or here.is_present(rule_id):
            continue
        checks = other.all_checks
        makes = [_with_minimum(here, check) for check in checks]
        yield FactChange(Line(rule_id, "present"), _chain(makes))
