"""Rules as a document of OVAL definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from needfix.exporting.oval.criteria import (
    Criteria,
    Joined,
    Known,
    Reference,
    Single,
    State,
    Test,
    Unknown,
    unknowns_of,
)
from needfix.exporting.oval.export import Export
from needfix.exporting.oval.identifiers import (
    OWN,
    PATCH,
    PRESENT,
    definition_id,
    object_id,
    old_copies_id,
    state_id,
    test_id,
    unknown_test_id,
)
from needfix.exporting.oval.objects import (
    OLD_FOLDERS,
    AskedObject,
    FileObject,
    Object,
    ValueObject,
    folder_pattern,
    key_pattern,
)
from needfix.exporting.oval.rules import RuleCriteria
from needfix.exporting.oval.xml import NO_TIME, OVAL, Element, element, generator
from needfix.model.rule import Rule

_SPACE = f"{OVAL}/oval-definitions-5"
_NAMESPACES = {
    "xmlns": _SPACE,
    "xmlns:oval": f"{OVAL}/oval-common-5",
    "xmlns:win": f"{_SPACE}#windows",
    "xmlns:ind": f"{_SPACE}#independent",
}


class _Asked(NamedTuple):
    """A definition: what it asks, of which class it is, and its words."""

    asked: str
    kind: str
    criteria: Criteria
    words: str


def definitions(export: Export) -> Element:
    """The document. A rule has two definitions, and one more where other rules refer to its own files."""
    asked = [(one.rule, own) for one in export.rules for own in _asked(export, one)]
    states = [*_old_copies(export.objects), *(_state(own, state) for own, state in _states(export.tests))]
    unknown = dict.fromkeys(words for _, own in asked for words in unknowns_of(own.criteria))
    tests = [*(_unknown_test(words) for words in unknown), *map(_test, export.tests)]
    return Element(
        "oval_definitions",
        tuple(_NAMESPACES.items()),
        (
            generator(_timestamp(export)),
            element("definitions", *(_definition(export, rule, own) for rule, own in asked)),
            element("tests", *tests),
            element("objects", *map(_object, _each_view(export.objects))),
            element("states", *states),
        ),
    )


def _timestamp(export: Export) -> str:
    day = export.catalogue.date
    return NO_TIME if day is None else f"{day.isoformat()}T00:00:00"


def _asked(export: Export, one: RuleCriteria) -> Iterator[_Asked]:
    rule = one.rule
    if rule.id in export.chosen:
        yield _Asked(PATCH, "patch", one.required, f"{rule.id} is required: {rule.title}")
        yield _Asked(PRESENT, "compliance", one.present, f"{rule.id} is present: {rule.title}")
    if rule.id in export.referenced:
        words = f"An affected product has the files of {rule.id}: {rule.title}"
        yield _Asked(OWN, "miscellaneous", one.own, words)


# ---- definitions


def _definition(export: Export, rule: Rule, own: _Asked) -> Element:
    names = dict.fromkeys(export.catalogue.products[one].name for one in rule.products)
    affected = element("affected", *(element("product", text=name) for name in names), family="windows")
    metadata = element(
        "metadata",
        element("title", text=own.words),
        affected,
        *_references(rule),
        element("description", text=_DESCRIPTIONS[own.asked].format(rule.id)),
    )
    head = {"id": definition_id(rule.id, own.asked), "version": "1", "class": own.kind}
    return Element("definition", tuple(head.items()), (metadata, _criteria(own.criteria)))


_DESCRIPTIONS = {
    PATCH: "True: the decision of needfix on {} is fix-required. False: it is fix-present or not-affected.",
    PRESENT: "True: the decision of needfix on {} is fix-present. False: it is fix-required or not-affected.",
    OWN: "True: all files of {} reach their minima at a level that it affects.",
}


def _references(rule: Rule) -> Iterator[Element]:
    yield element("reference", source="needfix", ref_id=rule.id)
    for name in rule.advisories:
        yield element("reference", source="CVE" if name.startswith("CVE-") else "VENDOR", ref_id=name)
    for name in rule.updates:
        yield element("reference", source="VENDOR", ref_id=name)
    for address in rule.references:
        yield element("reference", source="URL", ref_id=address, ref_url=address)


def _criteria(own: Criteria) -> Element:
    """The criteria of a definition, which have one element at the top."""
    if isinstance(own, Joined):
        return _element_of(own)
    return element("criteria", _element_of(own), operator="AND")


def _element_of(own: Criteria) -> Element:
    match own:
        case Joined():
            children = tuple(map(_element_of, own.parts))
            return Element(
                "criteria", (("operator", own.operator), *_negation(negated=own.negated)), children
            )
        case Reference():
            return element(
                "extend_definition",
                definition_ref=definition_id(own.rule, OWN),
                **dict(_negation(negated=own.negated)),
                comment=f"The files of {own.rule} are there",
            )
        case Single():
            return element(
                "criterion",
                test_ref=test_id(own.test),
                **dict(_negation(negated=own.negated)),
                comment=_words(own.test),
            )
        case Unknown():
            return element("criterion", test_ref=unknown_test_id(own.words), comment=own.words)
        case Known():
            raise ValueError("criteria that are always true or never have no form in OVAL")


def _negation(*, negated: bool) -> Iterable[tuple[str, str]]:
    return (("negate", "true"),) if negated else ()


# ---- tests, objects and states


def _words(test: Test) -> str:
    if not test.states:
        return f"{test.object.words} exists"
    each = (f"{state.entity} {state.operation} {state.value}" for state in test.states)
    return f"{test.object.words}: {f' {test.operator.lower()} '.join(each)}"


def _kind(own: Object) -> str:
    return "file" if isinstance(own, FileObject) else "registry"


def _test(test: Test) -> Element:
    several = {"state_operator": test.operator} if len(test.states) > 1 else {}
    return element(
        f"win:{_kind(test.object)}_test",
        element("win:object", object_ref=object_id(test.object)),
        *(element("win:state", state_ref=state_id(test.object, state)) for state in test.states),
        id=test_id(test),
        version="1",
        check="all",
        check_existence="at_least_one_exists",
        **several,
        comment=_words(test),
    )


def _unknown_test(words: str) -> Element:
    return element("ind:unknown_test", id=unknown_test_id(words), version="1", check="all", comment=words)


def _each_view(objects: Iterable[Object]) -> Iterable[Object]:
    """The objects, and beside each that is of both views of the registry that of each view."""
    return dict.fromkeys(
        one for own in objects for one in (own, *(own.views if isinstance(own, AskedObject) else ()))
    )


def _object(own: Object) -> Element:
    head = {"id": object_id(own), "version": "1"}
    if isinstance(own, AskedObject) and own.views:
        # Without a view an interpreter looks at one of them only.
        views = (element("object_reference", text=object_id(one)) for one in own.views)
        return element("win:registry_object", element("set", *views, set_operator="UNION"), **head)
    if isinstance(own, AskedObject):
        return element(
            "win:registry_object",
            element("win:behaviors", windows_view=f"{own.view}_bit"),
            element("win:hive", text=own.hive),
            _entity("key", own.key, "case insensitive equals"),
            _entity("name", own.name, "case insensitive equals"),
            **head,
        )
    if isinstance(own, ValueObject):
        key = (key_pattern(own), "pattern match") if own.has_pattern else (own.key, "case insensitive equals")
        return element(
            "win:registry_object",
            element("win:hive", text=own.hive),
            _entity("key", *key),
            _entity("name", own.name, "case insensitive equals"),
            **head,
        )
    folder = ".*" if own.path is None else folder_pattern(own)
    return element(
        "win:file_object",
        _entity("path", folder, "pattern match"),
        _entity("filename", own.name, "case insensitive equals"),
        element("filter", text=old_copies_id(), action="exclude"),
        **head,
    )


def _entity(name: str, text: str, operation: str, **more: str) -> Element:
    return element(f"win:{name}", text=text, **more, operation=operation)


def _states(tests: Iterable[Test]) -> Iterable[tuple[Object, State]]:
    found: dict[str, tuple[Object, State]] = {}
    for test in tests:
        for state in test.states:
            found.setdefault(state_id(test.object, state), (test.object, state))
    return found.values()


def _state(own: Object, state: State) -> Element:
    entity = _entity(state.entity, state.value, state.operation, datatype=state.datatype)
    return element(f"win:{_kind(own)}_state", entity, id=state_id(own, state), version="1")


def _old_copies(objects: Iterable[Object]) -> Iterator[Element]:
    if any(isinstance(own, FileObject) for own in objects):
        head = {
            "id": old_copies_id(),
            "version": "1",
            "comment": "Copies that Windows keeps and does not run",
        }
        yield element("win:file_state", _entity("path", OLD_FOLDERS, "pattern match"), **head)
