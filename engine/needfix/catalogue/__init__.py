"""The catalogue: YAML read with positions, validated, levels looked up, rules put in order."""

from typing import TYPE_CHECKING

from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.shipped import load_for_decisions, shipped_rules

if TYPE_CHECKING:
    from needfix.catalogue.load import Loaded, load_catalogue, load_for_lint, load_products, load_readable
else:

    def __getattr__(name: str) -> object:
        # Reading YAML loads slowly, and the shipped rules are compiled.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from needfix.catalogue import load  # noqa: PLC0415 - as above

        return getattr(load, name)


__all__ = [
    "Catalogue",
    "Loaded",
    "load_catalogue",
    "load_for_decisions",
    "load_for_lint",
    "load_products",
    "load_readable",
    "shipped_rules",
]
