"""A rule that a table means, as the text of a file, with three cases for the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from packaging.version import Version

from needfix.importing.builds.draft import BranchDraft, RuleDraft, Span
from needfix.importing.builds.row import BuildRow
from needfix.importing.yaml_text import Value, flow, plain
from needfix.model.product import ProductDefinition
from needfix.versions import Level

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


class _Case(NamedTuple):
    name: str
    given: Value
    expect: str
    action: str = ""


def _case_text(case: _Case) -> str:
    lines = [f"  - name: {plain(case.name)}", f"    given: {flow(case.given)}", f"    expect: {case.expect}"]
    return "\n".join([*lines, f"    action: {case.action}"] if case.action else lines)


def _cases(draft: RuleDraft, product: ProductDefinition) -> Iterator[_Case]:
    """A server that needs the update, one that has it, and one that it does not concern or cannot take it."""
    row = next((one for one in reversed(draft.rows) if below(one, product) is not None), draft.rows[-1])
    before = below(row, product)
    if before is not None:
        name = f"{row.level} before the update"
        yield _Case(name, given(product, row.level, before), "fix-required", "apply")
    name = f"{row.level} with the update"
    yield _Case(name, given(product, row.level, row.build_text), "fix-present", "none")
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
    return str(before) if start is None or before >= start else None


def given(product: ProductDefinition, level: Level, build: str) -> Value:
    """A server at a level with a build, shown by the fact that changes with every update."""
    if "build" in product.shows_updates or not product.key_files:
        return {"level": str(level), "build": build}
    return {"level": str(level), "files": {product.key_files[-1]: build}}


def _other(draft: RuleDraft, product: ProductDefinition) -> _Case:
    """A level that is too old for every branch, else one that is too new, else no product at all."""
    with_branch = {level for one in draft.branches for level in _within(one.span, product)}
    known = [one for one in product.levels if one.build is not None]
    old = [one for one in known if one.level in draft.levels and one.level not in with_branch]
    if old:
        oldest = old[-1]
        name = f"{oldest.level} needs a later level first"
        return _Case(name, given(product, oldest.level, str(oldest.build)), "fix-required", "upgrade-first")
    version = draft.rows[-1].level.version_name
    new = [one for one in known if one.level.version_name == version and one.level > draft.rows[-1].level]
    if new and new[0].level not in draft.levels:
        name = f"{new[0].level} carries the update"
        return _Case(name, given(product, new[0].level, str(new[0].build)), "not-affected")
    return _Case("without the product", {"products": [], "complete": ["products"]}, "not-affected")


def _within(span: Span, product: ProductDefinition) -> Iterator[Level]:
    return (one.level for one in product.levels if span.first <= one.level <= span.last)
