"""needfix: which servers need which hotfix, and why."""

TYPE_CHECKING = False  # the module `typing` is slow to import, and a run cannot be interrupted meanwhile

if TYPE_CHECKING:
    from needfix._version import __version__
    from needfix.catalogue import Catalogue, load_catalogue
    from needfix.decide.evaluate import evaluate
    from needfix.diff.servers import diff
    from needfix.errors import (
        PROBLEM_CODES,
        CatalogueError,
        InferenceError,
        InputError,
        InventoryError,
        NeedfixError,
        NeedfixWarning,
        Position,
        Problem,
        UnknownRuleError,
        UsageError,
    )
    from needfix.explain.explain import explain
    from needfix.inventory import read_inventory
    from needfix.inventory.answer_sheets import read_answers
    from needfix.inventory.joining import joined
    from needfix.inventory.reading_options import ReadingOptions
    from needfix.model.accepted import AcceptedMutant, Silence
    from needfix.model.answer_sheet import Answer, AnswerSheet
    from needfix.model.decision import (
        ACTIONS,
        DECISIONS,
        SEVERITIES,
        Action,
        Decision,
        DecisionKind,
        Reason,
        Severity,
    )
    from needfix.model.difference import CatalogueChange, Cause, DecidedAction, Difference, Transition
    from needfix.model.explanation import Alteration, EvidenceLine, Explanation, Line
    from needfix.model.minimum import BuildRange, Minimum, MinimumLine
    from needfix.model.note import NOTE_CODES, Note
    from needfix.model.product import BuildFactKind, LevelDefinition, ProductDefinition
    from needfix.model.reason_codes import REASON_CODES
    from needfix.model.registry import RegistryAsked, RegistryView
    from needfix.model.requirement import AnyOf, ProductLevel, Requirement
    from needfix.model.rule import (
        Affects,
        Apply,
        Case,
        Correction,
        Fix,
        IfMissing,
        KeyPath,
        ReviewItem,
        Rule,
        RuleSource,
    )
    from needfix.model.server import (
        SCOPES,
        CounterSample,
        DisputedProducts,
        Event,
        FileCopy,
        InstalledProduct,
        RegistryValue,
        Scope,
        Server,
        ServiceState,
    )
    from needfix.model.symptom import CounterSeen, EventSeen, Observation, ServiceSeen, Symptom
    from needfix.versions import Level, LevelName, Moment

__all__ = [
    "ACTIONS",
    "DECISIONS",
    "NOTE_CODES",
    "PROBLEM_CODES",
    "REASON_CODES",
    "SCOPES",
    "SEVERITIES",
    "AcceptedMutant",
    "Action",
    "Affects",
    "Alteration",
    "Answer",
    "AnswerSheet",
    "AnyOf",
    "Apply",
    "BuildFactKind",
    "BuildRange",
    "Case",
    "Catalogue",
    "CatalogueChange",
    "CatalogueError",
    "Cause",
    "Correction",
    "CounterSample",
    "CounterSeen",
    "DecidedAction",
    "Decision",
    "DecisionKind",
    "Difference",
    "DisputedProducts",
    "Event",
    "EventSeen",
    "EvidenceLine",
    "Explanation",
    "FileCopy",
    "Fix",
    "IfMissing",
    "InferenceError",
    "InputError",
    "InstalledProduct",
    "InventoryError",
    "KeyPath",
    "Level",
    "LevelDefinition",
    "LevelName",
    "Line",
    "Minimum",
    "MinimumLine",
    "Moment",
    "NeedfixError",
    "NeedfixWarning",
    "Note",
    "Observation",
    "Position",
    "Problem",
    "ProductDefinition",
    "ProductLevel",
    "ReadingOptions",
    "Reason",
    "RegistryAsked",
    "RegistryValue",
    "RegistryView",
    "Requirement",
    "ReviewItem",
    "Rule",
    "RuleSource",
    "Scope",
    "Server",
    "ServiceSeen",
    "ServiceState",
    "Severity",
    "Silence",
    "Symptom",
    "Transition",
    "UnknownRuleError",
    "UsageError",
    "__version__",
    "diff",
    "evaluate",
    "explain",
    "joined",
    "load_catalogue",
    "read_answers",
    "read_inventory",
]

_MODULES = {
    "_version": ["__version__"],
    "catalogue": ["Catalogue", "load_catalogue"],
    "decide.evaluate": ["evaluate"],
    "errors": [
        "CatalogueError",
        "InferenceError",
        "InputError",
        "InventoryError",
        "NeedfixError",
        "NeedfixWarning",
        "PROBLEM_CODES",
        "Position",
        "Problem",
        "UnknownRuleError",
        "UsageError",
    ],
    "inventory": ["read_inventory"],
    "inventory.answer_sheets": ["read_answers"],
    "inventory.joining": ["joined"],
    "inventory.reading_options": ["ReadingOptions"],
    "model.accepted": ["AcceptedMutant", "Silence"],
    "model.answer_sheet": ["Answer", "AnswerSheet"],
    "model.decision": [
        "ACTIONS",
        "Action",
        "DECISIONS",
        "Decision",
        "DecisionKind",
        "Reason",
        "SEVERITIES",
        "Severity",
    ],
    "model.difference": ["CatalogueChange", "Cause", "DecidedAction", "Difference", "Transition"],
    "model.explanation": ["Alteration", "EvidenceLine", "Explanation", "Line"],
    "model.minimum": ["BuildRange", "Minimum", "MinimumLine"],
    "model.note": ["NOTE_CODES", "Note"],
    "model.product": ["BuildFactKind", "LevelDefinition", "ProductDefinition"],
    "model.reason_codes": ["REASON_CODES"],
    "model.registry": ["RegistryAsked", "RegistryView"],
    "model.requirement": ["AnyOf", "ProductLevel", "Requirement"],
    "model.rule": [
        "Affects",
        "Apply",
        "Case",
        "Correction",
        "Fix",
        "IfMissing",
        "KeyPath",
        "ReviewItem",
        "Rule",
        "RuleSource",
    ],
    "model.server": [
        "CounterSample",
        "DisputedProducts",
        "Event",
        "FileCopy",
        "InstalledProduct",
        "RegistryValue",
        "SCOPES",
        "Scope",
        "Server",
        "ServiceState",
    ],
    "model.symptom": ["CounterSeen", "EventSeen", "Observation", "ServiceSeen", "Symptom"],
    "versions": ["Level", "LevelName", "Moment"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
_CALLED = ("diff", "explain")
"""Rooms that are called as the function of their name."""

if not TYPE_CHECKING:  # for a type checker, a name that is not imported above does not exist

    def __getattr__(name: str) -> object:
        # Imported when first used: the pytest plugin is part of every run where needfix is installed.
        from importlib import import_module  # noqa: PLC0415 - as above

        if name in _CALLED:
            return import_module(f"{__name__}.{name}")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
