r"""Names and values of the registry: keys by the usual names of their roots, texts as they are compared.

`HKLM\X`, `HKLM:\X`, `HKEY_LOCAL_MACHINE\X`, `Computer\HKEY_LOCAL_MACHINE\X` and
`Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\X` are one key. Of a key with Wow6432Node the rest is
a key in the view of 32 bits, whatever view is stated beside it: there, 64-bit programs see that view.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from needfix.intake.known_names import REGISTRY_ROOTS, VIEWS_OF_REGISTRY
from needfix.intake.vocabularies import says_nothing
from needfix.model.registry import REGISTRY_VIEWS, RegistryView

_SHORT = {name.casefold(): short for short, long in REGISTRY_ROOTS.items() for name in (short, long)}
_BEFORE_ROOT = re.compile(
    r"^(?:(?:microsoft\.powershell\.core\\)?registry::|(?:my )?computer\\)", re.IGNORECASE
)
_OF_32_BITS = "wow6432node"
_HEXADECIMAL = re.compile("0x([0-9a-f]{1,16})", re.ASCII)


class RegistryKey(NamedTuple):
    """A key: its root by its short name and the rest as written, and the view that the text itself names."""

    root: str
    rest: str
    view: RegistryView | None = None

    @property
    def written(self) -> str:
        """The key as it is shown."""
        return f"{self.root}\\{self.rest}"

    @property
    def compared(self) -> str:
        """The key as it is compared."""
        parts = (part for part in self.rest.casefold().split("\\") if part != _OF_32_BITS)
        return "\\".join((self.root.casefold(), *parts))


@lru_cache(maxsize=1 << 14)
def registry_key(text: str) -> RegistryKey | None:
    """The key that a text names; None where it begins with no known root, or names only that."""
    plain = _BEFORE_ROOT.sub("", text.strip().replace("/", "\\"))
    root, *parts = (part.strip() for part in plain.split("\\"))
    known = _SHORT.get(root.casefold().removesuffix(":"))
    named = [part for part in parts if part]
    if known is None or not named:
        return None
    view: RegistryView | None = "32" if _OF_32_BITS in map(str.casefold, named) else None
    return RegistryKey(known, "\\".join(named), view)


@lru_cache(maxsize=64)
def registry_view(text: str) -> RegistryView | None:
    """The view that a word means; None for one that is not understood."""
    found = VIEWS_OF_REGISTRY.get(text.strip().casefold())
    return next((view for view in REGISTRY_VIEWS if view == found), None)


@lru_cache(maxsize=1 << 14)
def registry_text(text: str) -> str | None:
    """A value as it is compared: without case, `0x1` as 1; None where it says nothing."""
    if says_nothing(text):
        return None
    folded = text.strip().casefold()
    number = _HEXADECIMAL.fullmatch(folded)
    return str(int(number[1], 16)) if number else folded
