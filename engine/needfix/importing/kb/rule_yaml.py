"""Rule drafts and drafted product definitions written as YAML that people can read and edit."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

import yaml

from needfix.importing.kb.draft import (
    AffectedDraft,
    Doubt,
    FileDraft,
    FixDraft,
    LevelDraft,
    Range,
    RuleDraft,
    SymptomDraft,
)
from needfix.model.product import ProductDefinition
from needfix.versions import Level

_WIDTH = 110
_LONGEST_ON_ONE_LINE = 90
Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


class _Quoted(str):
    """Text in quotes, since YAML would read it as a number or a date."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Knows quoted text, and indents lists below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # PyYAML's
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML's
        return True


def _represent_quoted(dumper: _Dumper, text: _Quoted) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')


_Dumper.add_representer(_Quoted, _represent_quoted)


def rule_text(draft: RuleDraft) -> str:
    """The rule as the text of a file."""
    parts = (
        {"needfix": 1, "id": draft.id, "title": draft.title, **_affects(draft.affects)},
        {"symptoms": [_symptom(symptom) for symptom in draft.symptoms]},
        {"fixes": [_fix(fix) for fix in draft.fixes]},
        _further(draft),
        {"review": [_review(doubt) for doubt in draft.doubts]},
    )
    return "\n".join(_dumped(part) for part in parts if any(part.values()))


def product_text(definition: ProductDefinition) -> str:
    """A drafted product definition as the text of a file."""
    document: dict[str, Value] = {
        "needfix": 1,
        "product": definition.product,
        "name": definition.name,
        "editions": list(definition.editions),
        "levels": [{"level": _level(one.level)} for one in definition.levels],
    }
    return _dumped({key: value for key, value in document.items() if value or key == "levels"})


def _affects(entries: Sequence[AffectedDraft]) -> dict[str, Value]:
    if len(entries) == 1 and entries[0].edition is None and entries[0].levels:
        return {"product": entries[0].product, "affects": [_span(level) for level in entries[0].levels]}
    return {"affects": [_entry(entry) for entry in entries]}


def _entry(entry: AffectedDraft) -> Value:
    return _present(
        product=entry.product, levels=[_span(level) for level in entry.levels], edition=entry.edition
    )


def _span(level: Level | Range) -> Value:
    return (
        {"from": _level(level.first), "to": _level(level.last)} if isinstance(level, Range) else _level(level)
    )


def _level(level: Level) -> str:
    return _Quoted(level) if re.fullmatch(r"[0-9.]+", str(level)) else str(level)


def _symptom(symptom: SymptomDraft) -> Value:
    observe: list[Value] = [{"source": source, "id": number} for source, number in symptom.events]
    return _present(id=symptom.id, text=symptom.text, observe=observe)


def _fix(fix: FixDraft) -> Value:
    return _present(
        component=fix.component,
        product=fix.product,
        level=[_level(level) for level in fix.levels],
        edition=fix.edition,
        platform=fix.platform,
        language=fix.language,
        files={file.name: _minimum(file) for file in fix.files},
    )


def _minimum(file: FileDraft) -> Value:
    found: dict[str, Value] = {}
    if file.version:
        found["version"] = _Quoted(file.version)
    if file.modified:
        found["modified"] = _Quoted(file.modified)
    return found


def _further(draft: RuleDraft) -> dict[str, Value]:
    further: dict[str, Value] = {
        "requires": [_needed(level) for level in draft.requires],
        "supersedes": list(draft.supersedes),
        "corrected_in": [_needed(level) for level in draft.corrected_in],
        "apply": "if-symptoms" if draft.only_if_seen else "always",
        "references": [draft.reference] if draft.reference else [],
        "source": _present(title=draft.title, revised=_Quoted(draft.revised) if draft.revised else None),
    }
    return {key: value for key, value in further.items() if value}


def _needed(needed: LevelDraft) -> Value:
    if needed.product is None:
        return _level(needed.level)
    return _present(product=needed.product, level=_level(needed.level), edition=needed.edition)


def _review(doubt: Doubt) -> Value:
    return _present(
        about=doubt.about,
        line=doubt.line,
        read=doubt.read,
        why=doubt.why,
        propose=_entry(doubt.propose) if doubt.propose else None,
    )


def _present(**fields: Value | None) -> dict[str, Value]:
    """The fields that say something."""
    return {key: value for key, value in fields.items() if value not in (None, [], ())}


def _dumped(document: Mapping[str, Value]) -> str:
    node = _Dumper(io.StringIO(), sort_keys=False).represent_dict(document)
    _set_style(node)
    node.flow_style = False
    return str(yaml.serialize(node, Dumper=_Dumper, width=_WIDTH, allow_unicode=True))


def _set_style(node: yaml.Node) -> None:
    """Lists and mappings of a few plain values go on one line, all others line by line."""
    if not isinstance(node, yaml.CollectionNode):
        return
    pairs = isinstance(node, yaml.MappingNode)
    children = [child for pair in node.value for child in pair] if pairs else list(node.value)
    for child in children:
        _set_style(child)
    plain = all(isinstance(child, yaml.ScalarNode) for child in children)
    node.flow_style = plain and sum(len(child.value) + 2 for child in children) <= _LONGEST_ON_ONE_LINE
