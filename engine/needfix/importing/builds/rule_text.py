"""A rule that a table means, as the text of a file, with three cases for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.importing.builds.draft import BranchDraft, RuleDraft, Span
from needfix.importing.builds.row import BuildRow
from needfix.importing.yaml_text import Value, flow, plain
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, stepped_free_build

_WIDTH = 110


def rule_text(draft: RuleDraft, product: ProductDefinition) -> str:
    """The text of the rule's file."""
    lines = ["needfix: 1", f"id: {plain(draft.id)}", f"title: {plain(draft.title)}"]
    for key, value in facts_of(draft).items():
        lines += key_lines(key, value)
    lines += [f"product: {draft.product}", *key_lines("affects", affects_of(draft.affects)), "", "fixes:"]
    lines += [f"  - {branch_text(branch)}" for branch in draft.branches]
    further: dict[str, Value] = {
        "requires": [str(level) for level in draft.requires],
        "supersedes": list(draft.supersedes),
        "references": list(draft.references),
    }
    for key, value in further.items():
        lines += key_lines(key, value) if value else []
    if any(_is_level_itself(branch.row, product) for branch in draft.branches):
        lines += ["lint:", f"  ignore: [{flow({'code': 'NF301', 'reason': _LEVEL_ITSELF})}]"]
    cases = [_case_text(case) for case in _cases(draft, product)]
    return "\n".join([*lines, "", "cases:", *cases]) + "\n"


def facts_of(draft: RuleDraft) -> dict[str, Value]:
    """The keys of a rule that only state facts, without those that are empty."""
    facts: dict[str, Value | None] = {
        "severity": draft.severity,
        "released": draft.released,
        "advisories": list(draft.advisories),
        "updates": list(draft.updates),
    }
    return {key: value for key, value in facts.items() if value}


def key_lines(key: str, value: Value) -> list[str]:
    """A key with its value, on one line or, where that is too long, with an item a line."""
    line = f"{key}: {flow(value)}"
    if len(line) <= _WIDTH or not isinstance(value, list):
        return [line]
    return [f"{key}:", *(f"  - {flow(item)}" for item in value)]


def affects_of(spans: Sequence[Span]) -> list[Value]:
    """The affected levels as a rule writes them."""
    return [span_value(span) for span in spans]


def span_value(span: Span, *, may_be_open: bool = True) -> Value:
    """Levels in a row: a level, or a range, which may begin with the first level of its version."""
    if span.first == span.last:
        return str(span.first)
    if span.is_open and may_be_open:
        return {"to": str(span.last)}
    return {"from": str(span.first), "to": str(span.last)}


def branch_text(branch: BranchDraft) -> str:
    """A branch of a rule as an item of its list."""
    build = f'"{branch.row.build_text}"'
    return f"{{level: {flow(span_value(branch.span, may_be_open=False))}, build: {build}}}"


class CaseDraft(NamedTuple):
    """A case of a rule: a server, and what is decided of it."""

    name: str
    given: Value
    expect: str
    action: str = ""


def _case_text(case: CaseDraft) -> str:
    lines = [f"  - name: {plain(case.name)}", f"    given: {flow(case.given)}", f"    expect: {case.expect}"]
    return "\n".join([*lines, f"    action: {case.action}"] if case.action else lines)


def _cases(draft: RuleDraft, product: ProductDefinition) -> Iterator[CaseDraft]:
    """A server that needs the update, one that has it, and one that it does not concern or cannot take it."""
    row = next((one for one in reversed(draft.rows) if below(one, product) is not None), draft.rows[-1])
    before = below(row, product)
    if before is not None:
        name = f"{row.level} before the update"
        yield CaseDraft(name, given(product, row.level, before), "fix-required", "apply")
    name = f"{row.level} with the update"
    yield CaseDraft(name, given(product, row.level, row.build_text), "fix-present", "none")
    yield _other(draft, product)


_LEVEL_ITSELF = "The update came out as a level of its own"


def _is_level_itself(row: BuildRow, product: ProductDefinition) -> bool:
    """Whether the update's build is that with which its level begins."""
    return any(one.level == row.level and one.build == row.build for one in product.levels)


def below(row: BuildRow, product: ProductDefinition) -> str | None:
    """The build just below the update's that is still one of the level; None where there is none."""
    if row.build is None or not row.build.release[-1]:
        return None
    before = Version(".".join(map(str, (*row.build.release[:-1], row.build.release[-1] - 1))))
    start = next((one.build for one in product.levels if one.level == row.level), None)
    text = stepped_free_build(row.build_text, -1) if product.free_builds else str(before)
    return text if start is None or before >= start else None


def given(product: ProductDefinition, level: Level, build: str) -> Value:
    """A server at a level with a build, shown by the fact that changes with every update."""
    key_files = product.key_files_at({level})
    if "build" in product.shows_updates or not key_files:
        return {"level": str(level), "build": build}
    return {"level": str(level), "files": {key_files[-1]: build}}


def _other(draft: RuleDraft, product: ProductDefinition) -> CaseDraft:
    return next(other_cases(draft, product))


def other_cases(draft: RuleDraft, product: ProductDefinition) -> Iterator[CaseDraft]:
    """A level that is too old for every branch, one that is too new, and no product at all."""
    with_branch = _with_branch(draft, product)
    known = [one for one in product.levels if one.build is not None]
    old = [one for one in known if one.level in draft.levels and one.level not in with_branch]
    if old:
        yield _too_old(product, old[-1])
    version = draft.rows[-1].level.version_name
    new = [one for one in known if one.level.version_name == version and one.level > draft.rows[-1].level]
    if new and new[0].level not in draft.levels:
        yield _too_new(product, new[0])
    yield CaseDraft("without the product", {"products": [], "complete": ["products"]}, "not-affected")


def untrue_cases(
    draft: RuleDraft, product: ProductDefinition, levels: Iterable[LevelDefinition]
) -> Iterator[CaseDraft]:
    """What an earlier import may have written of these levels, and is no longer so."""
    with_branch = _with_branch(draft, product)
    for one in levels:
        if one.build is not None and (one.level in with_branch or one.level not in draft.levels):
            yield _too_old(product, one)
        if one.build is not None and one.level in draft.levels:
            yield _too_new(product, one)


def _too_old(product: ProductDefinition, one: LevelDefinition) -> CaseDraft:
    facts = given(product, one.level, str(one.build))
    return CaseDraft(f"{one.level} needs a later level first", facts, "fix-required", "upgrade-first")


def _too_new(product: ProductDefinition, one: LevelDefinition) -> CaseDraft:
    facts = given(product, one.level, str(one.build))
    return CaseDraft(f"{one.level} carries the update", facts, "not-affected")


def _with_branch(draft: RuleDraft, product: ProductDefinition) -> set[Level]:
    return {level for one in draft.branches for level in _within(one.span, product)}


def _within(span: Span, product: ProductDefinition) -> Iterator[Level]:
    return (one.level for one in product.levels if span.first <= one.level <= span.last)
