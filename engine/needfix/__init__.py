"""needfix: which servers need which hotfix, and why."""

TYPE_CHECKING = False  # the module `typing` is slow to import, and a run cannot be interrupted meanwhile

if TYPE_CHECKING:
    from needfix._version import __version__
    from needfix.catalogue import Catalogue, load_catalogue
    from needfix.decide.evaluate import evaluate
    from needfix.errors import (
        CatalogueError,
        InferenceError,
        InputError,
        InventoryError,
        NeedfixError,
        Position,
        Problem,
        UsageError,
    )
    from needfix.inventory import read_inventory
    from needfix.model.decision import Decision, Reason
    from needfix.model.product import ProductDefinition
    from needfix.model.rule import Rule
    from needfix.model.server import Server

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Decision",
    "InferenceError",
    "InputError",
    "InventoryError",
    "NeedfixError",
    "Position",
    "Problem",
    "ProductDefinition",
    "Reason",
    "Rule",
    "Server",
    "UsageError",
    "__version__",
    "evaluate",
    "load_catalogue",
    "read_inventory",
]

_MODULES = {
    "_version": ["__version__"],
    "catalogue": ["Catalogue", "load_catalogue"],
    "decide.evaluate": ["evaluate"],
    "errors": [name for name in __all__ if name.endswith("Error")] + ["Position", "Problem"],
    "inventory": ["read_inventory"],
    "model.decision": ["Decision", "Reason"],
    "model.product": ["ProductDefinition"],
    "model.rule": ["Rule"],
    "model.server": ["Server"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    # Imported when first used: the pytest plugin is part of every run where needfix is installed.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
